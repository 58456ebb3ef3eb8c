/* Files. `UFS:name` is the module's own flash file system; the virtual module keeps it in a folder. */
#ifndef QL_FS_H
#define QL_FS_H

#include "ql_osi_def.h"

/* A file handle: greater than 0 when open, an error otherwise. */
typedef int QFILE;

typedef int ql_errcode_fs_e;
#define QL_FILE_OK 0
#define QL_FILE_INVALID_PARAM (-1)
#define QL_FILE_NOT_FOUND (-2)
#define QL_FILE_IO_ERR (-3)
#define QL_FILE_TOO_MANY_OPEN (-4)
#define QL_FILE_NO_SPACE (-5)

/* Modes as in C: r, w, a, with + and b. */
QFILE ql_fopen(const char *name, const char *mode);
int ql_fclose(QFILE file);
/* Bytes, or a negative error. */
int ql_fread(void *bytes, size_t size, size_t count, QFILE file);
int ql_fwrite(void *bytes, size_t size, size_t count, QFILE file);
int ql_fseek(QFILE file, long offset, int whence);
int ql_fsize(QFILE file);
int ql_ftruncate(QFILE file, uint32 length);
/* 0 when it exists. */
int ql_file_exist(const char *name);
int ql_remove(const char *name);
int ql_rename(const char *from, const char *to);
int ql_mkdir(const char *path, uint32 mode);
/* Bytes left on the file system that `path` names. */
int64 ql_fs_free_size(const char *path);

#endif
