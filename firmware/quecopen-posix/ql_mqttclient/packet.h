/* Control packets of MQTT 3.1.1 as they are on the wire. */
#ifndef MQ_PACKET_H
#define MQ_PACKET_H

enum mq_packet_type {
    MQ_CONNECT = 1,
    MQ_CONNACK,
    MQ_PUBLISH,
    MQ_PUBACK,
    MQ_PUBREC,
    MQ_PUBREL,
    MQ_PUBCOMP,
    MQ_SUBSCRIBE,
    MQ_SUBACK,
    MQ_UNSUBSCRIBE,
    MQ_UNSUBACK,
    MQ_PINGREQ,
    MQ_PINGRESP,
    MQ_DISCONNECT
};

#define MQ_FLAG_DUP 0x08
#define MQ_FLAG_RETAIN 0x01
#define MQ_SUBACK_FAILURE 0x80

/* Fixed header and remaining length at their longest. */
#define MQ_HEADER_MAX 5

#endif
