/* Virtual AT ports: the AT interpreter without a cable. */
#ifndef QL_API_VIRT_AT_H
#define QL_API_VIRT_AT_H

#include "ql_osi_def.h"

typedef int ql_errcode_virt_at_e;
#define QL_VIRT_AT_SUCCESS 0

#define QUEC_VIRT_AT_RX_RECV_DATA_IND 0x1u

typedef enum {
    QL_VIRT_AT_PORT_0 = 0,
    QL_VIRT_AT_PORT_1,
    QL_VIRT_AT_PORT_2,
    QL_VIRT_AT_PORT_3,
    QL_VIRT_AT_PORT_4,
    QL_VIRT_AT_PORT_5,
    QL_VIRT_AT_PORT_6,
    QL_VIRT_AT_PORT_7,
    QL_VIRT_AT_PORT_8,
    QL_VIRT_AT_PORT_9,
    QL_VIRT_AT_PORT_MAX
} ql_virt_at_port_number_e;

typedef void (*ql_virt_at_callback)(uint32 ind_type, uint32 size);

ql_errcode_virt_at_e ql_virt_at_open(ql_virt_at_port_number_e port, ql_virt_at_callback callback);
ql_errcode_virt_at_e ql_virt_at_close(ql_virt_at_port_number_e port);
/* Bytes, or a negative error. The answer to a write is announced by the callback, from another task. */
int ql_virt_at_read(ql_virt_at_port_number_e port, unsigned char *bytes, unsigned int room);
int ql_virt_at_write(ql_virt_at_port_number_e port, unsigned char *bytes, unsigned int count);

#endif
