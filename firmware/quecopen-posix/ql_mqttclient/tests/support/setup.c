#include "setup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "call_listeners.h"
#include "module.h"
#include "options.h"
#include "recorder.h"

#define PROFILE 1

/* The module around the client: files, clock, and a data call that is up. */
static void start_module(void)
{
    static bool started;
    struct qlv_settings settings;
    if (started)
        return;
    started = true;
    qlv_settings_default(&settings);
    qlv_module_start(&settings, "power key");
    qlv_call_listeners_start();
    assert_true(qlv_module_start_call(PROFILE));
}

void use_options(const char *settings)
{
    char text[512];
    char complaint[160] = "";
    snprintf(text, sizeof text, "personality=manual;%s", settings);
    start_module();
    mq_options_load();
    if (mq_options_apply(text, complaint, sizeof complaint) != 0)
        fail_msg("%s", complaint);
    recorder_reset();
}

struct mqtt_connect_client_info_t plain_info(const char *client_id)
{
    return (struct mqtt_connect_client_info_t){ .client_id = client_id, .clean_session = 1 };
}

void bring_up(struct peer *peer, mqtt_client_t *client, const struct mqtt_connect_client_info_t *info)
{
    uint8_t packet[1024];
    const struct mqtt_connect_client_info_t plain = plain_info("c");
    assert_int_equal(ql_mqtt_client_init(client, 1), MQTTCLIENT_SUCCESS);
    assert_int_equal(ql_mqtt_set_inpub_callback(client, on_message, NULL), MQTTCLIENT_SUCCESS);
    assert_int_equal(ql_mqtt_connect(client, peer->url, on_connection, NULL, info != NULL ? info : &plain, on_exception), MQTTCLIENT_WOUNDBLOCK);
    peer_accept(peer);
    peer_read(peer, packet, sizeof packet);
    assert_int_equal(packet[0], 0x10);
    PEER_SEND(peer, 0x20, 0x02, 0x00, 0x00);
    assert_int_equal(recorder_expect(HEARD_CONNECTION, MQTT_CONNECT_ACCEPTED).connected, 1);
}

void take_down(mqtt_client_t *client)
{
    assert_int_equal(ql_mqtt_client_deinit(client), MQTTCLIENT_SUCCESS);
    assert_int_equal(recorder_left(), 0);
}
