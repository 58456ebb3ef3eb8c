#include "session.h"

#include <stdlib.h>
#include <string.h>

#include "defects.h"

static bool has_id(const struct mq_ids *ids, uint16_t id)
{
    return (ids->bits[id / 8] >> (id % 8) & 1) != 0;
}

static void add_id(struct mq_ids *ids, uint16_t id)
{
    ids->bits[id / 8] = (uint8_t)(ids->bits[id / 8] | 1u << (id % 8));
}

static void remove_id(struct mq_ids *ids, uint16_t id)
{
    ids->bits[id / 8] = (uint8_t)(ids->bits[id / 8] & ~(1u << (id % 8)));
}

uint16_t mq_session_take_id(struct mq_session *session)
{
    for (uint32_t tries = 0; tries < UINT16_MAX; tries++) {
        if (!mq_defect(MQ_DEFECT_PACKET_ID_REUSED) || session->last_id == 0)
            session->last_id++;
        if (session->last_id == 0)
            session->last_id = 1;
        if (!has_id(&session->outgoing, session->last_id) || mq_defect(MQ_DEFECT_PACKET_ID_REUSED)) {
            add_id(&session->outgoing, session->last_id);
            return session->last_id;
        }
    }
    return 0;
}

void mq_session_free_id(struct mq_session *session, uint16_t id)
{
    remove_id(&session->outgoing, id);
}

static void unlink_from(struct mq_message **list, const struct mq_message *message)
{
    for (; *list != NULL; list = &(*list)->next)
        if (*list == message) {
            *list = message->next;
            return;
        }
}

static void append_to(struct mq_message **list, struct mq_message *message)
{
    while (*list != NULL)
        list = &(*list)->next;
    message->next = NULL;
    *list = message;
}

static void dispose(struct mq_session *session, struct mq_message *message)
{
    unlink_from(&session->unacknowledged, message);
    unlink_from(&session->released, message);
    mq_bytes_free(&message->frame);
    free(message);
    session->count--;
}

static struct mq_message *first_unawaited(struct mq_message *list)
{
    while (list != NULL && list->awaited)
        list = list->next;
    return list;
}

bool mq_session_has_room(struct mq_session *session, size_t limit, bool evict)
{
    if (session->count < limit)
        return true;
    struct mq_message *victim = first_unawaited(session->unacknowledged);
    if (victim == NULL)
        victim = first_unawaited(session->released);
    if (!evict || victim == NULL)
        return false;
    dispose(session, victim); /* its id stays in use: the server may still answer */
    return true;
}

struct mq_message *mq_session_keep(struct mq_session *session, uint16_t id, uint8_t qos, struct mq_bytes *frame)
{
    struct mq_message *message = calloc(1, sizeof *message);
    if (message == NULL)
        return NULL;
    message->id = id;
    message->qos = qos;
    message->awaited = true;
    message->frame = *frame;
    *frame = (struct mq_bytes){ 0 };
    append_to(&session->unacknowledged, message);
    session->count++;
    return message;
}

static struct mq_message *find_in(struct mq_message *list, uint16_t id)
{
    while (list != NULL && list->id != id)
        list = list->next;
    return list;
}

struct mq_message *mq_session_find(struct mq_session *session, uint16_t id)
{
    struct mq_message *message = find_in(session->unacknowledged, id);
    return message != NULL ? message : find_in(session->released, id);
}

void mq_session_release(struct mq_session *session, struct mq_message *message)
{
    if (message->released)
        return;
    message->released = true;
    unlink_from(&session->unacknowledged, message);
    append_to(&session->released, message);
    if (!mq_defect(MQ_DEFECT_PUBLISH_RESENT_AFTER_PUBREC))
        mq_bytes_free(&message->frame);
}

void mq_session_complete(struct mq_session *session, struct mq_message *message)
{
    remove_id(&session->outgoing, message->id);
    dispose(session, message);
}

bool mq_session_receive(struct mq_session *session, uint16_t id)
{
    if (has_id(&session->incoming, id) && !mq_defect(MQ_DEFECT_QOS2_DELIVERED_TWICE))
        return false;
    add_id(&session->incoming, id);
    return true;
}

void mq_session_received(struct mq_session *session, uint16_t id)
{
    remove_id(&session->incoming, id);
}

static void mark_list(struct mq_session *session, struct mq_message *list)
{
    for (; list != NULL; list = list->next) {
        list->awaited = false;
        add_id(&session->outgoing, list->id);
    }
}

void mq_session_suspend(struct mq_session *session)
{
    memset(&session->outgoing, 0, sizeof session->outgoing);
    mark_list(session, session->unacknowledged);
    mark_list(session, session->released);
}

void mq_session_discard(struct mq_session *session)
{
    while (session->unacknowledged != NULL)
        dispose(session, session->unacknowledged);
    while (session->released != NULL)
        dispose(session, session->released);
    memset(&session->outgoing, 0, sizeof session->outgoing);
    memset(&session->incoming, 0, sizeof session->incoming);
}
