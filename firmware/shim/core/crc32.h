/* CRC-32 (IEEE 802.3, reflected EDB88320). */
#ifndef SHIM_CRC32_H
#define SHIM_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* Continues from `crc`; begin with 0. shim_crc32(0, "123456789", 9) is cbf43926. */
uint32_t shim_crc32(uint32_t crc, const void *bytes, size_t count);

#endif
