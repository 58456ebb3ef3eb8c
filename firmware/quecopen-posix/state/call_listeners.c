/* Who hears of data calls. Told from a task of their own: the network changes in the middle of anybody's call. */
#include "call_listeners.h"

#include <pthread.h>

#include "module.h"
#include "ql_api_datacall.h"
#include "ql_api_osi.h"
#include "ql_log.h"
#include "qlv_network.h"

#define MAX_LISTENERS 4
#define NEWS_ROOM 32

struct news {
    unsigned int indication; /* 0: only the stack's listeners hear of it */
    int profile;
    bool is_lost;
    bool result;
};

struct listener {
    void (*on_lost)(int profile, void *ctx);
    void *ctx;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct listener listeners[MAX_LISTENERS];
static struct {
    ql_datacall_callback callback;
    void *ctx;
} applications[QLV_PROFILES + 1];
static ql_queue_t queue;

static void tell_stack(int profile)
{
    for (int i = 0; i < MAX_LISTENERS; i++) {
        pthread_mutex_lock(&lock);
        struct listener listener = listeners[i];
        pthread_mutex_unlock(&lock);
        if (listener.on_lost != NULL)
            listener.on_lost(profile, listener.ctx);
    }
}

static void tell_application(const struct news *news)
{
    pthread_mutex_lock(&lock);
    ql_datacall_callback callback = applications[news->profile].callback;
    void *ctx = applications[news->profile].ctx;
    pthread_mutex_unlock(&lock);
    if (callback != NULL)
        callback(0, news->indication, news->profile, news->result, ctx);
}

static void tell_all(void *unused)
{
    (void)unused;
    struct news news;
    while (ql_rtos_queue_wait(queue, (uint8 *)&news, sizeof news, QL_WAIT_FOREVER) == QL_OSI_SUCCESS) {
        if (news.is_lost)
            tell_stack(news.profile);
        if (news.indication != 0)
            tell_application(&news);
    }
}

void qlv_call_listeners_start(void)
{
    ql_task_t task;
    (void)ql_rtos_queue_create(&queue, sizeof(struct news), NEWS_ROOM);
    (void)ql_rtos_task_create(&task, 8192, APP_PRIORITY_HIGH, "qlv_datacall", tell_all, NULL, 0);
}

/* Never waits: an application may end a call from inside the callback that this queue feeds. */
static void announce(struct news news)
{
    if (ql_rtos_queue_release(queue, sizeof news, (uint8 *)&news, QL_NO_WAIT) != QL_OSI_SUCCESS)
        QL_LOG(QL_LOG_LEVEL_ERROR, "datacall", "news of profile %d dropped: nobody takes them", news.profile);
}

void qlv_call_lost(int profile, bool by_network)
{
    announce((struct news){.indication = by_network ? QUEC_DATACALL_PDP_DEACTIVE_IND : 0,
                           .profile = profile,
                           .is_lost = true,
                           .result = true});
}

void qlv_call_answered(int profile, unsigned int indication, bool result)
{
    announce((struct news){.indication = indication, .profile = profile, .result = result});
}

bool qlv_data_call_listen(void (*on_lost)(int profile, void *ctx), void *ctx)
{
    bool kept = false;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < MAX_LISTENERS && !kept; i++) {
        if (listeners[i].on_lost == NULL) {
            listeners[i] = (struct listener){on_lost, ctx};
            kept = true;
        }
    }
    pthread_mutex_unlock(&lock);
    return kept;
}

bool qlv_data_call_is_up(int cid)
{
    return qlv_module_call_is_up(cid & 31);
}

ql_datacall_errcode_e ql_datacall_register_cb(uint8_t sim, int profile, ql_datacall_callback callback, void *ctx)
{
    if (sim != 0 || profile < 1 || profile > QLV_PROFILES)
        return -1;
    pthread_mutex_lock(&lock);
    applications[profile].callback = callback;
    applications[profile].ctx = ctx;
    pthread_mutex_unlock(&lock);
    return QL_DATACALL_SUCCESS;
}
