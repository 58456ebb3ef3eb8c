#ifndef QLV_UFS_H
#define QLV_UFS_H

/* `folder` holds the files of UFS; it exists. */
void qlv_ufs_start(const char *folder);

#endif
