/* UFS: the module's flash file system, kept flat in one folder of the host. */
#include "ufs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "module.h"
#include "ql_fs.h"

#define PREFIX "UFS:"
#define MAX_OPEN 16
#define NAME_BYTES 128

static char folder[4096];
static FILE *open_files[MAX_OPEN];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void qlv_ufs_start(const char *path)
{
    snprintf(folder, sizeof folder, "%s", path);
}

/* stdio waits are cancellation points; a task deleted inside one would leave the lock taken. */
static int enter(void)
{
    int before = 0;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
    pthread_mutex_lock(&lock);
    return before;
}

static void leave(int before)
{
    pthread_mutex_unlock(&lock);
    pthread_setcancelstate(before, NULL);
}

/* False for every name that could lead out of the folder. */
static bool host_path(const char *name, char *path, size_t room)
{
    if (name == NULL || strncmp(name, PREFIX, strlen(PREFIX)) != 0)
        return false;
    const char *base = name + strlen(PREFIX);
    const size_t length = strlen(base);
    if (length == 0 || length > NAME_BYTES || strchr(base, '/') != NULL || strstr(base, "..") != NULL || strcmp(base, ".") == 0)
        return false;
    const int used = snprintf(path, room, "%s/%s", folder, base);
    return used > 0 && (size_t)used < room;
}

static int64 used_bytes(void)
{
    int64 used = 0;
    DIR *list = opendir(folder);
    if (list == NULL)
        return 0;
    for (struct dirent *entry = readdir(list); entry != NULL; entry = readdir(list)) {
        struct stat about;
        if (fstatat(dirfd(list), entry->d_name, &about, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(about.st_mode))
            used += (int64)about.st_size;
    }
    closedir(list);
    return used;
}

static int64 free_bytes(void)
{
    const int64 left = qlv_module_settings().ufs_total_bytes - used_bytes();
    return left > 0 ? left : 0;
}

static FILE *file_of(QFILE file)
{
    return file >= 1 && file <= MAX_OPEN ? open_files[file - 1] : NULL;
}

static bool is_mode(const char *mode)
{
    return mode != NULL && mode[0] != '\0' && strchr("rwa", mode[0]) != NULL && strspn(mode + 1, "+b") == strlen(mode + 1);
}

static QFILE keep_open(FILE *file)
{
    for (int i = 0; i < MAX_OPEN; i++) {
        if (open_files[i] == NULL) {
            open_files[i] = file;
            return i + 1;
        }
    }
    fclose(file);
    return QL_FILE_TOO_MANY_OPEN;
}

QFILE ql_fopen(const char *name, const char *mode)
{
    char path[4096 + NAME_BYTES + 2];
    if (!is_mode(mode) || !host_path(name, path, sizeof path))
        return QL_FILE_INVALID_PARAM;
    const int before = enter();
    FILE *file = fopen(path, mode);
    QFILE handle = QL_FILE_IO_ERR;
    if (file != NULL) {
        /* Unbuffered: what was written survives a panic, and room is known at once. */
        setvbuf(file, NULL, _IONBF, 0);
        handle = keep_open(file);
    } else if (errno == ENOENT) {
        handle = QL_FILE_NOT_FOUND;
    }
    leave(before);
    return handle;
}

int ql_fclose(QFILE handle)
{
    const int before = enter();
    FILE *file = file_of(handle);
    int status = QL_FILE_INVALID_PARAM;
    if (file != NULL) {
        status = fclose(file) == 0 ? QL_FILE_OK : QL_FILE_IO_ERR;
        open_files[handle - 1] = NULL;
    }
    leave(before);
    return status;
}

static bool is_size(size_t size, size_t count)
{
    return size > 0 && count <= INT32_MAX / size;
}

int ql_fread(void *bytes, size_t size, size_t count, QFILE handle)
{
    if (bytes == NULL || !is_size(size, count))
        return QL_FILE_INVALID_PARAM;
    const int before = enter();
    FILE *file = file_of(handle);
    int got = QL_FILE_INVALID_PARAM;
    if (file != NULL) {
        const size_t read = fread(bytes, 1, size * count, file);
        got = ferror(file) != 0 ? QL_FILE_IO_ERR : (int)read;
        clearerr(file);
    }
    leave(before);
    return got;
}

int ql_fwrite(void *bytes, size_t size, size_t count, QFILE handle)
{
    if (bytes == NULL || !is_size(size, count))
        return QL_FILE_INVALID_PARAM;
    const int before = enter();
    FILE *file = file_of(handle);
    int put = QL_FILE_INVALID_PARAM;
    if (file != NULL && (int64)(size * count) > free_bytes()) {
        put = QL_FILE_NO_SPACE;
    } else if (file != NULL) {
        const size_t written = fwrite(bytes, 1, size * count, file);
        put = written == size * count ? (int)written : QL_FILE_IO_ERR;
        clearerr(file);
    }
    leave(before);
    return put;
}

int ql_fseek(QFILE handle, long offset, int whence)
{
    const int before = enter();
    FILE *file = file_of(handle);
    const int status = file != NULL && fseek(file, offset, whence) == 0 ? QL_FILE_OK : QL_FILE_INVALID_PARAM;
    leave(before);
    return status;
}

int ql_fsize(QFILE handle)
{
    const int before = enter();
    FILE *file = file_of(handle);
    struct stat about;
    int size = QL_FILE_INVALID_PARAM;
    if (file != NULL)
        size = fstat(fileno(file), &about) == 0 ? (int)about.st_size : QL_FILE_IO_ERR;
    leave(before);
    return size;
}

int ql_ftruncate(QFILE handle, uint32 length)
{
    const int before = enter();
    FILE *file = file_of(handle);
    const int status = file != NULL && ftruncate(fileno(file), (off_t)length) == 0 ? QL_FILE_OK : QL_FILE_INVALID_PARAM;
    leave(before);
    return status;
}

int ql_file_exist(const char *name)
{
    char path[4096 + NAME_BYTES + 2];
    if (!host_path(name, path, sizeof path))
        return QL_FILE_INVALID_PARAM;
    return access(path, F_OK) == 0 ? QL_FILE_OK : QL_FILE_NOT_FOUND;
}

int ql_remove(const char *name)
{
    char path[4096 + NAME_BYTES + 2];
    if (!host_path(name, path, sizeof path))
        return QL_FILE_INVALID_PARAM;
    return unlink(path) == 0 ? QL_FILE_OK : QL_FILE_NOT_FOUND;
}

int ql_rename(const char *from, const char *to)
{
    char from_path[4096 + NAME_BYTES + 2];
    char to_path[4096 + NAME_BYTES + 2];
    if (!host_path(from, from_path, sizeof from_path) || !host_path(to, to_path, sizeof to_path))
        return QL_FILE_INVALID_PARAM;
    return rename(from_path, to_path) == 0 ? QL_FILE_OK : QL_FILE_NOT_FOUND;
}

/* UFS is flat here: nothing of ours needs folders on the module. */
int ql_mkdir(const char *path, uint32 mode)
{
    (void)path;
    (void)mode;
    return QL_FILE_INVALID_PARAM;
}

int64 ql_fs_free_size(const char *path)
{
    if (path == NULL || strncmp(path, "UFS", 3) != 0)
        return QL_FILE_INVALID_PARAM;
    const int before = enter();
    const int64 left = free_bytes();
    leave(before);
    return left;
}
