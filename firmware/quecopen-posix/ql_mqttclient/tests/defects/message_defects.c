/* Messages that the server sends. */
#include <string.h>

#include "exercise.h"

static void replaced_callback(void)
{
    manners.greeting = "\x30\x04\x00\x01"
                       "az";
    manners.greeting_length = 6;
    start();
    note("set again %d", ql_mqtt_set_inpub_callback(&own, incoming, &arg_a));
    connect_as(info);
    await(2);
    finish();
}

static void greeted(const char *packets, size_t length, unsigned messages)
{
    manners.greeting = packets;
    manners.greeting_length = length;
    start_up();
    if (messages > 0)
        await(messages);
    publish(1, 1, &arg_a);
    await(1);
    finish();
}

#define GREETED(packets, messages) greeted(packets, sizeof packets - 1, messages)

static void messages(void)
{
    manners.mute = 1u << 5; /* a PUBREL could come before or after what the application sends */
    GREETED("\x32\x05\x00\x01t\x12\x34\x34\x05\x00\x01t\x00\x02\x3c\x05\x00\x01t\x00\x02\x30\x04\x00\x01"
            "az\x30\x04\x00\x01"
            "bz\x30\x04\x00\x01"
            "cz",
            5);
}

static void two_to_acknowledge(void)
{
    GREETED("\x32\x05\x00\x01t\x00\x05\x32\x05\x00\x01t\x00\x06", 2);
}

static void message_in_pieces(void)
{
    manners.piecemeal = true;
    GREETED("\x30\x05\x00\x01tyz", 1);
}

static void half_a_message(void)
{
    manners.hang_up_greeted = true;
    manners.greeting = "\x30\x09\x00\x01tx";
    manners.greeting_length = 6;
    start_up();
    await(1);
    note("deinit %d", ql_mqtt_client_deinit(&own));
}

static void message_too_early(void)
{
    manners.early = true;
    manners.greeting = "\x30\x04\x00\x01tx";
    manners.greeting_length = 6;
    start_up();
    note("deinit %d", ql_mqtt_client_deinit(&own));
}

static void long_message(void)
{
    static char packet[4 + 70 + 2000];
    memset(packet, 'm', sizeof packet);
    const size_t remaining = sizeof packet - 3;
    packet[0] = 0x30;
    packet[1] = (char)(0x80 | (remaining & 0x7f));
    packet[2] = (char)(remaining >> 7);
    packet[3] = 0;
    packet[4] = 70;
    greeted(packet, sizeof packet, 1);
}

static void very_long_message(void)
{
    static char packet[4 + 3 + 20000];
    memset(packet, 'm', sizeof packet);
    const size_t remaining = sizeof packet - 4;
    packet[0] = 0x30;
    packet[1] = (char)(0x80 | (remaining & 0x7f));
    packet[2] = (char)(0x80 | (remaining >> 7 & 0x7f));
    packet[3] = (char)(remaining >> 14);
    packet[4] = 0;
    packet[5] = 1;
    greeted(packet, sizeof packet, 1);
}

static void empty_message(void)
{
    GREETED("\x30\x03\x00\x01t", 1);
}

static void illegal_flags(void)
{
    manners.greeting = "\xd1\x00";
    manners.greeting_length = 2;
    start_up();
    await(1);
}

static void unheard(void)
{
    manners.greeting = "\x32\x05\x00\x01t\x12\x34";
    manners.greeting_length = 7;
    start();
    ql_mqtt_set_inpub_callback(&own, NULL, NULL);
    connect_as(info);
    await(1);
    (void)await_packet("40021234");
    publish(1, 1, &arg_a);
    await(1);
    finish();
}

static const struct showing showings[] = {
    { "message-truncated", long_message, "" },
    { "message-topic-truncated", long_message, "" },
    { "long-message-cut", very_long_message, "" },
    { "message-id-swapped", messages, "" },
    { "message-arg-lost", messages, "" },
    { "messages-reordered", messages, "" },
    { "message-lost-in-segment", messages, "" },
    { "qos2-delivered-twice", messages, "" },
    { "puback-missing", messages, "" },
    { "inpub-wiped-by-connect", messages, "" },
    { "set-callback-returns-one", messages, "" },
    { "set-callback-wouldblock", messages, "" },
    { "puback-twice", messages, "" },
    { "acks-newest-first", two_to_acknowledge, "" },
    { "message-in-pieces-cut", message_in_pieces, "" },
    { "message-before-session", message_too_early, "" },
    { "half-message-brought", half_a_message, "" },
    { "unheard-message-unacknowledged", unheard, "" },
    { "empty-message-fatal", empty_message, "" },
    { "invalid-flags-tolerated", illegal_flags, "" },
    { "inpub-not-replaced", replaced_callback, "" },
};

const struct showings message_defects = SHOWINGS(showings);
