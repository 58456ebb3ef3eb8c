#include "facts.h"

#include <stddef.h>
#include <string.h>

#include "ql_api_dev.h"
#include "ql_power.h"
#include "tasks.h"

struct shim_own_task shim_own_tasks[SHIM_OWN_TASKS];

#if HAVE_BOOT_CAUSE
/* Bits of ql_get_boot_cause. The rarest first: a watchdog's reset may also show as a pin's. */
static const struct {
    uint8_t bit;
    const char *name;
} causes[] = {
    {9, "panic"}, {4, "watchdog"}, {15, "software-reset"}, {2, "alarm"}, {6, "psm"}, {5, "pin-wake"}, {1, "pin-reset"}, {0, "power-key"}, {3, "charge"},
};

static const char *boot_cause(uint32_t *raw)
{
    if (ql_get_boot_cause(raw) != 0)
        return "unknown";
    for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++)
        if ((*raw >> causes[i].bit & 1) != 0)
            return causes[i].name;
    return "unknown";
}
#else
/* The first generation has no reason for a reset that software asked for. */
static const char *boot_cause(uint32_t *raw)
{
    uint8_t reason = 0;
    if (ql_get_powerup_reason(&reason) != 0)
        return "unknown";
    *raw = reason;
    switch (reason) {
    case QL_PWRUP_PWRKEY:
        return "power-key";
    case QL_PWRUP_PIN_RESET:
        return "pin-reset";
    case QL_PWRUP_ALARM:
        return "alarm";
    case QL_PWRUP_CHARGE:
        return "charge";
    case QL_PWRUP_WDG:
        return "watchdog";
    case QL_PWRUP_PIN_WAKEUP:
        return "pin-wake";
    case QL_PWRUP_PSM_WAKEUP:
        return "psm";
    case QL_PWRUP_PANIC:
        return "panic";
    default:
        return "unknown";
    }
}
#endif

void shim_put_boot(const struct shim *shim, struct shim_text *text)
{
    uint32_t raw = 0;
    const char *cause = boot_cause(&raw);
    shim_text_raw(text, ",\"boot\":{\"id\":\"");
    shim_text_raw(text, shim->session.boot);
    shim_text_raw(text, "\",\"cause\":\"");
    shim_text_raw(text, cause);
    shim_text_raw(text, "\",\"raw\":");
    shim_text_uint(text, raw);
    shim_text_raw(text, ",\"upMs\":");
    shim_text_int(text, ql_rtos_up_time_ms());
    shim_text_char(text, '}');
}

struct field {
    const char *name;
    uint16_t number;
};

#define INFO(field) {",\"" #field "\":", offsetof(struct mqtt_connect_client_info_t, field)}
#define SSL(field) {",\"" #field "\":", offsetof(struct mqtt_ssl_config_t, field)}

static const struct field layout[] = {
    {",\"layout\":{\"client_info\":{\"size\":", sizeof(struct mqtt_connect_client_info_t)},
    INFO(client_id),
    INFO(client_user),
    INFO(client_pass),
    INFO(keep_alive),
#if HAVE_PKT_TIMEOUT
    INFO(pkt_timeout),
    INFO(retry_times),
#endif
    INFO(will_topic),
    INFO(will_msg),
    INFO(will_qos),
    INFO(will_retain),
    INFO(clean_session),
    INFO(ssl_cfg),
    {"},\"ssl_config\":{\"size\":", sizeof(struct mqtt_ssl_config_t)},
    SSL(ssl_ctx_id),
    SSL(verify_level),
    SSL(cacert_path),
    SSL(client_cert_path),
    SSL(client_key_path),
    SSL(client_key_pwd),
#if HAVE_SSL_EXT
    SSL(ssl_version),
    SSL(sni_enable),
    SSL(ssl_negotiate_timeout),
    SSL(ignore_invalid_certsign),
    SSL(ignore_multi_certchain_verify),
    SSL(ignore_certitem),
    SSL(cacert_buffer),
    SSL(client_cert_type),
#endif
    {"},\"pointer\":", sizeof(void *)},
};

/* Quoted names, each with a comma in front of it. */
static const char features[] = ""
#if HAVE_SETOPT
                               ",\"setopt\""
#endif
#if HAVE_PKT_TIMEOUT
                               ",\"pkt-timeout\""
#endif
#if HAVE_SSL_EXT
                               ",\"ssl-ext\""
#endif
#if HAVE_ONENET_TOKEN
                               ",\"onenet-token\""
#endif
#if HAVE_BIND_SIM
                               ",\"bind-sim\""
#endif
#if HAVE_BOOT_CAUSE
                               ",\"boot-cause\""
#endif
#if HAVE_CPU_USE
                               ",\"cpu-use\""
#endif
    ;

void shim_put_sdk(struct shim_text *text)
{
    shim_text_raw(text, HAVE_SETOPT || HAVE_SSL_EXT ? ",\"sdk\":\"r03\"" : ",\"sdk\":\"manual\"");
    shim_text_raw(text, ",\"features\":[");
    shim_text_raw(text, features[0] == '\0' ? features : features + 1);
    shim_text_char(text, ']');
    for (size_t i = 0; i < sizeof layout / sizeof layout[0]; i++) {
        shim_text_raw(text, layout[i].name);
        shim_text_uint(text, layout[i].number);
    }
    shim_text_char(text, '}');
}

static void put_identity(struct shim_text *text, const char *name, int failed, const char *value, size_t room)
{
    const char *end = memchr(value, '\0', room);
    shim_text_raw(text, name);
    shim_text_quoted_lossy(text, value, failed || end == NULL ? 0 : (size_t)(end - value));
}

void shim_put_module(struct shim_text *text)
{
    char value[64] = "";
    int failed = ql_dev_get_model(value, sizeof value);
    put_identity(text, ",\"module\":{\"model\":", failed, value, sizeof value);
    failed = ql_dev_get_firmware_version(value, sizeof value);
    put_identity(text, ",\"revision\":", failed, value, sizeof value);
    failed = ql_dev_get_imei(value, sizeof value, 0);
    put_identity(text, ",\"imei\":", failed, value, sizeof value);
    shim_text_char(text, '}');
}

void shim_put_heap(struct shim_text *text)
{
    ql_memory_heap_state_t heap = {0, 0, 0};
    ql_dev_memory_size_query(&heap);
    shim_text_raw(text, "{\"total\":");
    shim_text_uint(text, heap.total_size);
    shim_text_raw(text, ",\"avail\":");
    shim_text_uint(text, heap.avail_size);
    shim_text_raw(text, ",\"maxBlock\":");
    shim_text_uint(text, heap.max_block_size);
    shim_text_char(text, '}');
}

void shim_put_tasks(struct shim_text *text)
{
    for (unsigned i = 0; i < SHIM_OWN_TASKS; i++) {
        ql_task_status_t status;
        memset(&status, 0, sizeof status);
        ql_rtos_task_get_status(shim_own_tasks[i].task, &status);
        shim_text_raw(text, i == 0 ? "[{\"name\":\"" : ",{\"name\":\"");
        shim_text_raw(text, shim_own_tasks[i].name);
        shim_text_raw(text, "\",\"stackFree\":");
        shim_text_uint(text, status.usStackHighWaterMark);
        shim_text_char(text, '}');
    }
    shim_text_char(text, ']');
}

void shim_put_cpu(struct shim_text *text)
{
#if HAVE_CPU_USE
    const int percent = ql_rtos_get_cpu_using();
    if (percent < 0)
        return;
    shim_text_raw(text, ",\"cpu\":");
    shim_text_int(text, percent);
#else
    (void)text;
#endif
}
