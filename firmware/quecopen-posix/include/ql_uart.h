/* Serial ports. On the virtual module only the USB ports exist; each is the master side of a PTY. */
#ifndef QL_UART_H
#define QL_UART_H

#include "ql_osi_def.h"

/* Indications given to the callback of a port. */
#define QUEC_UART_RX_OVERFLOW_IND 0x1u
#define QUEC_UART_RX_RECV_DATA_IND 0x2u
#define QUEC_UART_TX_FIFO_COMPLETE_IND 0x3u

/* The numbers differ between SDKs: use the names. */
typedef enum {
    QL_UART_PORT_NONE = -1,
    QL_UART_PORT_1 = 0,
    QL_UART_PORT_2,
    QL_UART_PORT_3,
    QL_USB_PORT_AT,
    QL_USB_PORT_MODEM,
    QL_USB_PORT_NMEA,
#if QL_SDK_GENERATION >= 2
    QL_USB_PORT_ACM0,
#endif
    QL_PORT_MAX
} ql_uart_port_number_e;

typedef enum {
    QL_UART_SUCCESS = 0,
    QL_UART_EXECUTE_ERR = -1,
    QL_UART_INVALID_PARAM_ERR = -2,
    QL_UART_OPEN_REPEAT_ERR = -3,
    QL_UART_NOT_OPEN_ERR = -4
} ql_uart_errcode_e;

typedef enum { QL_UART_BAUD_9600 = 9600, QL_UART_BAUD_115200 = 115200, QL_UART_BAUD_921600 = 921600 } ql_uart_baud_e;
typedef enum { QL_UART_DATABIT_8 = 8 } ql_uart_databit_e;
typedef enum { QL_UART_STOP_1 = 1, QL_UART_STOP_2 = 2 } ql_uart_stopbit_e;
typedef enum { QL_UART_PARITY_NONE = 0, QL_UART_PARITY_ODD, QL_UART_PARITY_EVEN } ql_uart_paritybit_e;
typedef enum { QL_FC_NONE = 0, QL_FC_HW } ql_uart_flowctrl_e;

/* Accepted and ignored by USB ports. */
typedef struct {
    ql_uart_baud_e baudrate;
    ql_uart_databit_e data_bit;
    ql_uart_stopbit_e stop_bit;
    ql_uart_paritybit_e parity_bit;
    ql_uart_flowctrl_e flow_ctrl;
} ql_uart_config_s;

typedef void (*ql_uart_callback)(uint32 ind_type, ql_uart_port_number_e port, uint32 size);

ql_uart_errcode_e ql_uart_set_dcbconfig(ql_uart_port_number_e port, ql_uart_config_s *config);
ql_uart_errcode_e ql_uart_open(ql_uart_port_number_e port);
ql_uart_errcode_e ql_uart_close(ql_uart_port_number_e port);
/* Bytes accepted, possibly fewer than asked and possibly 0; negative on error. Never blocks. */
int ql_uart_write(ql_uart_port_number_e port, unsigned char *bytes, unsigned int count);
/* Bytes read, 0 when nothing is there; negative on error. Never blocks. */
int ql_uart_read(ql_uart_port_number_e port, unsigned char *bytes, unsigned int room);
int ql_uart_read_aviable(ql_uart_port_number_e port);
int ql_uart_write_aviable(ql_uart_port_number_e port);
/* Called from the port's own task, never from inside ql_uart_*. Release a semaphore there and nothing else. */
ql_uart_errcode_e ql_uart_register_cb(ql_uart_port_number_e port, ql_uart_callback callback);

#endif
