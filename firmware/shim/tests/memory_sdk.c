#include "memory_sdk.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "ql_api_datacall.h"
#include "ql_api_dev.h"
#include "ql_api_nw.h"
#include "ql_api_osi.h"
#include "ql_api_rtc.h"
#include "ql_api_virt_at.h"
#include "ql_fs.h"
#include "ql_power.h"

struct memory_sdk memory_sdk;

/* Never freed one by one: they are counters, and go with the reset. */
static int semaphores[32];
static unsigned semaphore_count;

enum { FILES = 4, FILE_ROOM = 16384 };

static struct {
    char name[80];
    bool is_there;
    size_t size;
    unsigned char bytes[FILE_ROOM];
} files[FILES];

static struct {
    int file;
    size_t at;
} open_files[2];

static struct waiting {
    enum { CONNECT, REQUEST, DISCONNECT } kind;
    union {
        mqtt_connection_cb_t connect;
        mqtt_request_cb_t request;
        mqtt_disconnect_cb_t disconnect;
    } cb;
    mqtt_client_t *client;
    void *arg;
    int value;
} waiting[MEMORY_CALLBACKS];

static unsigned waiting_count;
static mqtt_client_t own_variable;
static int next_handle;
static ql_virt_at_callback at_callback;
static ql_datacall_callback datacall_callback;
/* Everything that the caller's pointers lead to is read into it, so that a sanitizer sees what is not the caller's. */
static volatile unsigned seen;

void memory_sdk_reset(void)
{
    memset(&memory_sdk, 0, sizeof memory_sdk);
    memory_sdk.is_registered = true;
    memory_sdk.registration = 1;
    memory_sdk.task = 1;
    memory_sdk.boot_cause = 1;
    semaphore_count = 0;
    waiting_count = 0;
    next_handle = 0;
    own_variable = 0;
    at_callback = NULL;
    datacall_callback = NULL;
    for (int i = 0; i < FILES; i++)
        files[i].is_there = false;
    memset(open_files, 0, sizeof open_files);
}

static void look(const void *bytes, size_t count)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; at != NULL && i < count; i++)
        seen += at[i];
}

static void look_text(const char *text)
{
    if (text != NULL)
        look(text, strlen(text) + 1);
}

/* ---- tasks and time */

QlOSStatus ql_rtos_task_get_current_ref(ql_task_t *task)
{
    *task = (ql_task_t)memory_sdk.task;
    return 0;
}

QlOSStatus ql_rtos_task_get_status(ql_task_t task, ql_task_status_t *status)
{
    (void)task;
    status->usStackHighWaterMark = 1000;
    return 0;
}

QlOSStatus ql_rtos_mutex_create(ql_mutex_t *mutex)
{
    *mutex = &memory_sdk;
    return 0;
}

QlOSStatus ql_rtos_mutex_lock(ql_mutex_t mutex, uint32 timeout_ms)
{
    (void)mutex;
    (void)timeout_ms;
    assert(memory_sdk.locks == 0);
    memory_sdk.locks++;
    return 0;
}

QlOSStatus ql_rtos_mutex_unlock(ql_mutex_t mutex)
{
    (void)mutex;
    assert(memory_sdk.locks == 1);
    memory_sdk.locks--;
    return 0;
}

QlOSStatus ql_rtos_semaphore_create(ql_sem_t *sem, uint32 initial)
{
    assert(semaphore_count < sizeof semaphores / sizeof semaphores[0]);
    semaphores[semaphore_count] = (int)initial;
    *sem = &semaphores[semaphore_count++];
    return 0;
}

QlOSStatus ql_rtos_semaphore_release(ql_sem_t sem)
{
    ++*(int *)sem;
    return 0;
}

QlOSStatus ql_rtos_semaphore_wait(ql_sem_t sem, uint32 timeout_ms)
{
    int *count = sem;
    if (*count == 0) {
        memory_sdk.now_ms += timeout_ms;
        return -1;
    }
    --*count;
    return 0;
}

int64_t ql_rtos_up_time_ms(void)
{
    return memory_sdk.now_ms;
}

/* ---- the module */

ql_errcode_dev_e ql_dev_get_model(char *text, size_t room)
{
    strncpy(text, "EG500U", room);
    return 0;
}

ql_errcode_dev_e ql_dev_get_firmware_version(char *text, size_t room)
{
    /* Without its NUL, and not UTF-8: a module may say anything. */
    memset(text, 0xff, room);
    return 0;
}

ql_errcode_dev_e ql_dev_get_imei(char *text, size_t room, uint8_t sim)
{
    (void)text;
    (void)room;
    (void)sim;
    return -1;
}

ql_errcode_dev_e ql_dev_memory_size_query(ql_memory_heap_state_t *heap)
{
    *heap = (ql_memory_heap_state_t){1000, 500, 400};
    return 0;
}

int ql_rtos_get_cpu_using(void)
{
    return memory_sdk.cpu_percent;
}

ql_errcode_power ql_get_powerup_reason(uint8_t *reason)
{
    *reason = (uint8_t)memory_sdk.boot_cause;
    return memory_sdk.boot_cause == 99 ? -1 : 0;
}

#if QL_SDK_GENERATION >= 2
ql_errcode_power ql_get_boot_cause(uint32_t *causes)
{
    *causes = memory_sdk.boot_cause;
    return memory_sdk.boot_cause == 99 ? -1 : 0;
}
#endif

void ql_power_reset(ql_ResetMode mode)
{
    (void)mode;
    memory_sdk.resets++;
}

/* The clock keeps seconds of one day and the day's date; enough to tell that what was set comes back. */
static ql_rtc_time_t rtc = {0, 0, 0, 1, 1, 2000, 6};

ql_errcode_rtc_e ql_rtc_set_time(ql_rtc_time_t *time)
{
    rtc = *time;
    return rtc.tm_year == 2099 ? -1 : 0;
}

ql_errcode_rtc_e ql_rtc_get_time(ql_rtc_time_t *time)
{
    *time = rtc;
    return 0;
}

/* ---- files */

static int find_file(const char *name)
{
    for (int i = 0; i < FILES; i++)
        if (files[i].is_there && strcmp(files[i].name, name) == 0)
            return i;
    return -1;
}

static int make_file(const char *name)
{
    int i = find_file(name);
    for (int free_place = 0; i < 0 && free_place < FILES; free_place++)
        if (!files[free_place].is_there)
            i = free_place;
    if (i < 0)
        return -1;
    assert(strlen(name) < sizeof files[i].name);
    strcpy(files[i].name, name);
    files[i].is_there = true;
    files[i].size = 0;
    return i;
}

QFILE ql_fopen(const char *name, const char *mode)
{
    assert(strncmp(name, "UFS:", 4) == 0 && strchr(name, '/') == NULL);
    if (memory_sdk.file_error == 1)
        return -5;
    int file = mode[0] == 'w' ? make_file(name) : find_file(name);
    if (file < 0)
        return -2;
    for (int i = 0; i < 2; i++) {
        if (open_files[i].file == 0) {
            open_files[i].file = file + 1;
            open_files[i].at = 0;
            return i + 1;
        }
    }
    assert(!"a file was left open");
    return -4;
}

int ql_fclose(QFILE file)
{
    open_files[file - 1].file = 0;
    return memory_sdk.file_error == 2 ? -3 : 0;
}

int ql_fread(void *bytes, size_t size, size_t count, QFILE file)
{
    int f = open_files[file - 1].file - 1;
    size_t left = files[f].size - open_files[file - 1].at;
    size_t n = size * count < left ? size * count : left;
    if (memory_sdk.file_error == 3)
        return -3;
    memcpy(bytes, files[f].bytes + open_files[file - 1].at, n);
    open_files[file - 1].at += n;
    return (int)n;
}

int ql_fwrite(void *bytes, size_t size, size_t count, QFILE file)
{
    int f = open_files[file - 1].file - 1;
    size_t n = size * count;
    size_t at = open_files[file - 1].at;
    if (memory_sdk.file_error == 3 || at + n > FILE_ROOM)
        return -5;
    memcpy(files[f].bytes + at, bytes, n);
    open_files[file - 1].at += n;
    if (at + n > files[f].size)
        files[f].size = at + n;
    return (int)n;
}

int ql_fseek(QFILE file, long offset, int whence)
{
    assert(whence == 0);
    open_files[file - 1].at = (size_t)offset;
    return memory_sdk.file_error == 4 ? -3 : 0;
}

int ql_fsize(QFILE file)
{
    return memory_sdk.file_error == 5 ? -3 : (int)files[open_files[file - 1].file - 1].size;
}

int ql_remove(const char *name)
{
    int file = find_file(name);
    if (file < 0)
        return -2;
    files[file].is_there = false;
    return 0;
}

/* ---- network */

ql_datacall_errcode_e ql_network_register_wait(uint8_t sim, unsigned int timeout_s)
{
    (void)sim;
    if (!memory_sdk.is_registered)
        memory_sdk.now_ms += (int64_t)timeout_s * 1000;
    return memory_sdk.is_registered ? 0 : -1;
}

ql_datacall_errcode_e ql_set_data_call_asyn_mode(uint8_t sim, int profile, bool asynchronous)
{
    (void)sim;
    (void)profile;
    (void)asynchronous;
    return 0;
}

ql_datacall_errcode_e ql_start_data_call(uint8_t sim, int profile, int ip_version, char *apn, char *user, char *pass, int auth)
{
    (void)sim;
    (void)profile;
    (void)ip_version;
    (void)user;
    (void)pass;
    (void)auth;
    look_text(apn);
    memory_sdk.is_up = memory_sdk.datacall_error == 0;
    if (datacall_callback != NULL)
        datacall_callback(0, QUEC_DATACALL_ACT_RSP_IND, profile, memory_sdk.is_up, NULL);
    return memory_sdk.datacall_error;
}

ql_datacall_errcode_e ql_stop_data_call(uint8_t sim, int profile)
{
    (void)sim;
    (void)profile;
    memory_sdk.is_up = false;
    return memory_sdk.datacall_error;
}

ql_datacall_errcode_e ql_get_data_call_info(uint8_t sim, int profile, ql_data_call_info_s *info)
{
    static const unsigned char address[4] = {10, 0, 0, 7};
    (void)sim;
    (void)profile;
    info->v4.state = memory_sdk.is_up ? QL_PDP_ACTIVED : QL_PDP_DEACTIVED;
    memcpy(&info->v4.addr.ip, address, sizeof address);
    return 0;
}

ql_datacall_errcode_e ql_datacall_register_cb(uint8_t sim, int profile, ql_datacall_callback callback, void *ctx)
{
    (void)sim;
    (void)profile;
    (void)ctx;
    datacall_callback = callback;
    return 0;
}

ql_nw_errcode_e ql_nw_get_csq(uint8_t sim, unsigned char *csq)
{
    (void)sim;
    *csq = 21;
    return 0;
}

ql_nw_errcode_e ql_nw_get_reg_status(uint8_t sim, ql_nw_reg_status_info_s *info)
{
    (void)sim;
    info->data_reg.state = (ql_nw_reg_state_e)(memory_sdk.is_registered ? memory_sdk.registration : QL_NW_REG_STATE_NOT_REGISTERED);
    return memory_sdk.network_error;
}

/* ---- virtual AT */

ql_errcode_virt_at_e ql_virt_at_open(ql_virt_at_port_number_e port, ql_virt_at_callback callback)
{
    (void)port;
    at_callback = callback;
    return memory_sdk.no_virt_at ? -1 : 0;
}

int ql_virt_at_read(ql_virt_at_port_number_e port, unsigned char *bytes, unsigned int room)
{
    (void)port;
    size_t left = strlen(memory_sdk.at_answer) - memory_sdk.at_answered;
    size_t n = left < room ? left : room;
    memcpy(bytes, memory_sdk.at_answer + memory_sdk.at_answered, n);
    memory_sdk.at_answered += (unsigned)n;
    return (int)n;
}

int ql_virt_at_write(ql_virt_at_port_number_e port, unsigned char *bytes, unsigned int count)
{
    (void)port;
    assert(count < sizeof memory_sdk.at_command && bytes[count - 1] == '\r');
    memcpy(memory_sdk.at_command, bytes, count);
    memory_sdk.at_command[count] = '\0';
    at_callback(QUEC_VIRT_AT_RX_RECV_DATA_IND, 1);
    return (int)count;
}

/* ---- MQTT */

static int answer(int ordinary)
{
    memory_sdk.calls++;
    if (memory_sdk.during_call != NULL)
        memory_sdk.during_call();
    return memory_sdk.has_ret ? memory_sdk.ret : ordinary;
}

static void run_callback(const struct waiting *w)
{
    uintptr_t task = memory_sdk.task;
    memory_sdk.task = 100;
    if (w->kind == CONNECT)
        w->cb.connect(w->client, w->arg, (mqtt_connection_status_e)w->value);
    else if (w->kind == REQUEST)
        w->cb.request(w->client, w->arg, w->value);
    else
        w->cb.disconnect(w->client, w->arg, w->value);
    memory_sdk.task = task;
}

static void wait_or_run(struct waiting w)
{
    if (memory_sdk.own_pointer && w.client != NULL) {
        own_variable = *w.client;
        w.client = &own_variable;
    }
    for (int i = 0; i < (memory_sdk.callback_twice ? 2 : 1) && !memory_sdk.callback_never; i++) {
        if (memory_sdk.callback_first)
            run_callback(&w);
        else if (waiting_count < MEMORY_CALLBACKS)
            waiting[waiting_count++] = w;
    }
}

unsigned memory_sdk_callbacks(unsigned most)
{
    unsigned came = 0;
    while (came < most && waiting_count > 0) {
        struct waiting first = waiting[0];
        memmove(&waiting[0], &waiting[1], --waiting_count * sizeof waiting[0]);
        run_callback(&first);
        came++;
    }
    return came;
}

void memory_sdk_inpub(mqtt_client_t *client, int pkt_id, const char *topic, const void *payload, unsigned short length)
{
    uintptr_t task = memory_sdk.task;
    memory_sdk.task = 100;
    if (memory_sdk.inpub != NULL)
        memory_sdk.inpub(client, memory_sdk.inpub_arg, pkt_id, topic, payload, length);
    memory_sdk.task = task;
}

static void note(mqtt_client_t *client, const char *text)
{
    memory_sdk.client = client;
    memory_sdk.text = text;
    if (client != NULL)
        seen += (unsigned)*client;
    look_text(text);
}

int ql_mqtt_client_init(mqtt_client_t *client, int cid)
{
    note(client, NULL);
    memory_sdk.number = cid;
    if (client != NULL)
        *client = ++next_handle;
    return answer(client == NULL ? -1 : 0);
}

int ql_mqtt_connect(mqtt_client_t *client, const char *host, mqtt_connection_cb_t cb, void *arg,
                    const struct mqtt_connect_client_info_t *info, mqtt_state_exception_cb_t exp_cb)
{
    note(client, host);
    memory_sdk.info = info;
    memory_sdk.exception = exp_cb;
    if (info != NULL) {
        look_text(info->client_id);
        look_text(info->client_user);
        look_text(info->client_pass);
        look_text(info->will_topic);
        look_text(info->will_msg);
    }
    if (info != NULL && info->ssl_cfg != NULL) {
        look_text(info->ssl_cfg->cacert_path);
        look_text(info->ssl_cfg->client_cert_path);
        look_text(info->ssl_cfg->client_key_path);
        look_text(info->ssl_cfg->client_key_pwd);
    }
    if (cb != NULL)
        wait_or_run((struct waiting){.kind = CONNECT, .cb.connect = cb, .client = client, .arg = arg});
    return answer(-2);
}

int ql_mqtt_publish(mqtt_client_t *client, const char *topic, const void *payload, unsigned short payload_length, unsigned char qos,
                    unsigned char retain, mqtt_request_cb_t cb, void *arg)
{
    note(client, topic);
    memory_sdk.payload = payload;
    memory_sdk.payload_length = payload_length;
    memory_sdk.number = qos * 256 + retain;
    look(payload, payload_length);
    if (cb != NULL)
        wait_or_run((struct waiting){.kind = REQUEST, .cb.request = cb, .client = client, .arg = arg});
    return answer(-2);
}

int ql_mqtt_sub_unsub(mqtt_client_t *client, const char *topic, unsigned char qos, mqtt_request_cb_t cb, void *arg, unsigned char sub)
{
    note(client, topic);
    memory_sdk.number = qos * 256 + sub;
    if (cb != NULL)
        wait_or_run((struct waiting){.kind = REQUEST, .cb.request = cb, .client = client, .arg = arg});
    return answer(-2);
}

int ql_mqtt_disconnect(mqtt_client_t *client, mqtt_disconnect_cb_t cb, void *arg)
{
    note(client, NULL);
    if (cb != NULL)
        wait_or_run((struct waiting){.kind = DISCONNECT, .cb.disconnect = cb, .client = client, .arg = arg});
    return answer(-2);
}

int ql_mqtt_set_inpub_callback(mqtt_client_t *client, mqtt_incoming_publish_cb_t inpub_cb, void *arg)
{
    note(client, NULL);
    memory_sdk.inpub = inpub_cb;
    memory_sdk.inpub_arg = arg;
    return answer(0);
}

int ql_mqtt_client_is_connected(mqtt_client_t *client)
{
    note(client, NULL);
    return answer(1);
}

int ql_mqtt_client_deinit(mqtt_client_t *client)
{
    note(client, NULL);
    if (client != NULL)
        *client = 0;
    return answer(0);
}

char *ql_mqtt_onenet_generate_auth_token(signed long long expire_time, char *product_id, char *device_name, char *version, char *access_key)
{
    note(NULL, product_id);
    look_text(device_name);
    look_text(version);
    look_text(access_key);
    memory_sdk.number = (int)expire_time;
    answer(0);
    if (product_id == NULL)
        return NULL;
    char *token = malloc(strlen(product_id) + 1);
    strcpy(token, product_id);
    return token;
}

#if QL_SDK_GENERATION >= 2
int ql_mqtt_client_setopt(mqtt_client_t *client, int opt_tag, ...)
{
    va_list list;
    va_start(list, opt_tag);
    note(client, NULL);
    memory_sdk.number = opt_tag * 1000 + va_arg(list, int);
    va_end(list);
    return answer(0);
}
#endif
