#ifndef QLV_FIRMWARE_MAIN_H
#define QLV_FIRMWARE_MAIN_H

/* Boots the platform as the environment (qlv_env.h) says, starts the application and never returns. */
__attribute__((noreturn)) void qlv_firmware_main(void);

#endif
