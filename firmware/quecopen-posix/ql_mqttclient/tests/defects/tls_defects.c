/* TLS, against mosquitto and against the server of the other exercises. */
#include <stdio.h>
#include <string.h>

#include "broker.h"
#include "exercise.h"
#include "module.h"

static char ca[] = "UFS:ca.pem";
static char absent[] = "UFS:absent.pem";
static char stranger[] = "UFS:stranger.pem";
static char cert[] = "UFS:client.pem";
static char locked_key[] = "UFS:client-locked.key";
static char password[] = "secret";

static void tls_connect(enum listener listener, const char *host, char *ca_path, int level, bool mutual)
{
    struct mqtt_ssl_config_t ssl = { .verify_level = level, .cacert_path = ca_path };
    take_own_id();
    char url[64];
#if QL_SDK_GENERATION >= 2
    ssl.ssl_version = 4;
#endif
    if (mutual) {
        ssl.client_cert_path = cert;
        ssl.client_key_path = locked_key;
        ssl.client_key_pwd = password;
    }
    snprintf(url, sizeof url, "mqtts://%s:%u", host, (unsigned)broker_port(listener));
    start();
    info.ssl_cfg = &ssl;
    note("connect %d", ql_mqtt_connect(&own, url, connected, &arg_a, &info, excepted));
    await(1);
    note("deinit %d", ql_mqtt_client_deinit(&own));
}

static void tls_stranger(void)
{
    tls_connect(TLS_GOOD, "localhost", stranger, 1, false);
}

static void tls_no_ca(void)
{
    tls_connect(TLS_GOOD, "localhost", absent, 1, false);
}

/* The server shows that it has seen CONNECT by closing the connection of the same client id. */
static void tls_take_over(void)
{
    static mqtt_client_t first;
    take_own_id();
    snprintf(peer.url, sizeof peer.url, "mqtt://localhost:%u", (unsigned)broker_port(PLAIN));
    start_up();
    first = own;
    tls_connect(TLS_OTHER, "localhost", ca, 1, false);
    own = first;
    await(1);
}

static void tls_other_name(void)
{
    tls_connect(TLS_OTHER, "localhost", ca, 1, false);
}

static void tls_expired(void)
{
    char why[64];
    qlv_module_set("clock.offset_s", "3456000", why, sizeof why);
    tls_connect(TLS_GOOD, "localhost", ca, 1, false);
}

static void tls_mutual(void)
{
    tls_connect(TLS_MUTUAL, "localhost", ca, 2, true);
}

static void tls_leave(void)
{
    struct mqtt_ssl_config_t ssl = { .verify_level = 1, .cacert_path = ca };
    take_own_id();
#if QL_SDK_GENERATION >= 2
    ssl.ssl_version = 4;
#endif
    snprintf(peer.url, sizeof peer.url, "mqtts://localhost:%u", (unsigned)broker_port(TLS_GOOD));
    start();
    info.ssl_cfg = &ssl;
    connect_as(info);
    await(1);
    note("disconnect %d", ql_mqtt_disconnect(&own, disconnected, &arg_b));
    await(1);
    note("deinit %d", ql_mqtt_client_deinit(&own));
}

static void tls_greeting(const char *host)
{
    struct mqtt_ssl_config_t ssl = { .verify_level = 0 };
#if QL_SDK_GENERATION >= 2
    ssl.ssl_version = 4;
    ssl.sni_enable = 1;
#endif
    snprintf(peer.url, sizeof peer.url, "mqtts://%s:%u", host, (unsigned)peer.port);
    start();
    info.ssl_cfg = &ssl;
    connect_as(info);
    await(1);
}

/* The server looks at what comes before TLS is up, and hangs up. */
static void tls_hello(void)
{
    manners.listen_only = true;
    tls_greeting("localhost");
    await_end();
}

static void tls_hello_to_address(void)
{
    manners.listen_only = true;
    tls_greeting("127.0.0.1");
    await_end();
}

static void tls_unanswered(void)
{
    manners.deaf = true;
    tls_greeting("localhost");
    note("deinit %d", ql_mqtt_client_deinit(&own));
}

/* No CA at level 1, and a server that would take plain MQTT. */
static void tls_to_plain_server(void)
{
    struct mqtt_ssl_config_t ssl = { .verify_level = 1, .cacert_path = absent };
#if QL_SDK_GENERATION >= 2
    ssl.ssl_version = 4;
#endif
    start();
    info.ssl_cfg = &ssl;
    memmove(peer.url + 5, peer.url + 4, strlen(peer.url + 4) + 1);
    peer.url[4] = 's';
    connect_as(info);
    await(1);
    note("deinit %d", ql_mqtt_client_deinit(&own));
}

static const struct showing showings[] = {
    { "tls-given-up", tls_to_plain_server, "" },
    { "sni-missing", tls_hello, "" },
    { "weak-ciphers-offered", tls_hello, "" },
    { "sni-carries-address", tls_hello_to_address, "" },
    { "handshake-unbounded", tls_unanswered, "tls_ms=200" },
};

const struct showings tls_defects = SHOWINGS(showings);

static const struct showing broker_showings[] = {
    { "verify-level-ignored", tls_stranger, "" },
    { "ca-missing-tolerated", tls_no_ca, "" },
    { "connect-before-verification", tls_take_over, "" },
    { "host-name-unchecked", tls_other_name, "" },
    { "client-certificate-withheld", tls_mutual, "" },
    { "key-password-ignored", tls_mutual, "" },
    { "certificate-time-ignored", tls_expired, "" },
    { "exception-after-tls-disconnect", tls_leave, "" },
};

const struct showings tls_broker_defects = SHOWINGS(broker_showings);
