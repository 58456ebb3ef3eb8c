/* Start-up and the task loops: what an SDK application does in the place of the SDK's own MQTT demo. */
#include "ql_mqtt_hil_app.h"

#include <string.h>

#include "at_tunnel.h"
#include "calls.h"
#include "dispatch.h"
#include "network.h"
#include "ql_api_dev.h"
#include "ql_log.h"
#include "ql_power.h"
#include "ql_uart.h"
#include "reset.h"
#include "start.h"
#include "tasks.h"
#include "writer.h"

#define LOG(...) QL_LOG(QL_LOG_LEVEL_ERROR, "hil", __VA_ARGS__)

/* Calls run on the workers' stacks; the SDK's demo has as much for its own. */
#define READER_STACK (12 * 1024)
#define WRITER_STACK (8 * 1024)
#define WORKER_STACK (16 * 1024)
#define JOB_STACK (8 * 1024)
#define AT_STACK (4 * 1024)

/* ms between two feeds of the watchdog when nothing else happens. */
#define IDLE_MS 1000
/* ms between two looks at a port that takes nothing. */
#define FULL_MS 20

static ql_uart_port_number_e port;
static ql_sem_t received;
static ql_sem_t sent;

static void on_uart(uint32 ind_type, ql_uart_port_number_e from, uint32 size)
{
    (void)from;
    (void)size;
    ql_rtos_semaphore_release(ind_type == QUEC_UART_TX_FIFO_COMPLETE_IND ? sent : received);
}

static void write_all(const char *bytes, size_t count)
{
    while (count > 0) {
        int written = ql_uart_write(port, (unsigned char *)(uintptr_t)bytes, (unsigned)count);
        if (written <= 0) {
            ql_rtos_semaphore_wait(sent, FULL_MS);
            continue;
        }
        bytes += written;
        count -= (size_t)written;
    }
}

static void run_writer(void *arg)
{
    struct shim *shim = arg;
    /* Ends whatever half line the host holds. */
    write_all("\n", 1);
    for (;;) {
        while (shim_compose(shim, &shim->line_out))
            write_all(shim->line_out.at, shim->line_out.used);
        ql_rtos_semaphore_wait(shim->written, QL_WAIT_FOREVER);
    }
}

static void run_worker(void *arg)
{
    struct shim_slot *slot = arg;
    unsigned number = (unsigned)(slot - shim_the.slots);
    for (;;) {
        ql_rtos_semaphore_wait(slot->work, QL_WAIT_FOREVER);
        shim_calls_step(&shim_the, number);
    }
}

static void run_job(void *arg)
{
    shim_network_start(arg);
    for (;;) {
        shim_network_step(arg);
        ql_rtos_semaphore_wait(shim_the.job_work, IDLE_MS);
    }
}

static void run_at(void *arg)
{
    for (;;)
        shim_at_step(arg, IDLE_MS);
}

static void feed_watchdog(void)
{
    static int64_t fed_ms = -IDLE_MS;
    int64_t now = ql_rtos_up_time_ms();
    if (now - fed_ms < IDLE_MS)
        return;
    fed_ms = now;
    ql_dev_feed_wdt();
}

static void run_reader(struct shim *shim)
{
    static unsigned char bytes[1024];
    for (;;) {
        int count = ql_uart_read(port, bytes, sizeof bytes);
        if (count > 0)
            shim_receive(shim, (const char *)bytes, (size_t)count);
        else
            ql_rtos_semaphore_wait(received, shim->is_reset_due ? FULL_MS : IDLE_MS);
        feed_watchdog();
        if (shim_reset_is_ready(shim))
            ql_power_reset(RESET_NORMAL);
    }
}

static void name_task(struct shim_own_task *own, const char *name, int number)
{
    size_t length = strlen(name);
    memcpy(own->name, name, length + 1);
    if (number >= 0) {
        own->name[length] = (char)('0' + number);
        own->name[length + 1] = '\0';
    }
}

static bool create(unsigned place, const char *name, int number, uint32 stack, uint8 priority, void (*entry)(void *), void *arg)
{
    struct shim_own_task *own = &shim_own_tasks[place];
    name_task(own, name, number);
    bool created = ql_rtos_task_create(&own->task, stack, priority, own->name, entry, arg, 5) == 0;
    if (!created)
        LOG("no task %s", own->name);
    return created;
}

/*
 * Ports by name: their numbers differ between SDKs. NMEA is there in every SDK; in some it is the modem port that an application may have.
 * SHIM_PORT names another, e.g. where NMEA can be opened and leads nowhere.
 */
static bool open_port(void)
{
#ifdef SHIM_PORT
    static const ql_uart_port_number_e ports[] = {SHIM_PORT};
#else
    static const ql_uart_port_number_e ports[] = {QL_USB_PORT_NMEA, QL_USB_PORT_MODEM};
#endif
    for (size_t i = 0; i < sizeof ports / sizeof ports[0]; i++) {
        port = ports[i];
        if (ql_uart_open(port) == 0)
            return ql_uart_register_cb(port, on_uart) == 0;
    }
    LOG("no USB port for the link");
    return false;
}

static void run(void *arg)
{
    struct shim *shim = arg;
    /* The link first: a host must reach a module that has no network. */
    bool started = shim_start(shim) && ql_rtos_semaphore_create(&received, 0) == 0 &&
                   ql_rtos_semaphore_create(&sent, 0) == 0 && open_port();
    if (started && !shim_at_open(shim))
        LOG("no virtual AT port");
    started = started && create(1, "hil_writer", -1, WRITER_STACK, APP_PRIORITY_NORMAL, run_writer, shim);
    for (unsigned i = 0; started && i < SHIM_SLOTS; i++)
        started = create(4 + i, "hil_slot", (int)i, WORKER_STACK, APP_PRIORITY_NORMAL, run_worker, &shim->slots[i]);
    started = started && create(2, "hil_job", -1, JOB_STACK, APP_PRIORITY_BELOW_NORMAL, run_job, shim) &&
              create(3, "hil_at", -1, AT_STACK, APP_PRIORITY_BELOW_NORMAL, run_at, shim);
    if (started)
        run_reader(shim);
    LOG("the shim could not start");
    ql_rtos_task_delete(NULL);
}

void ql_mqtt_hil_app_init(void)
{
    create(0, "hil_reader", -1, READER_STACK, APP_PRIORITY_ABOVE_NORMAL, run, &shim_the);
}
