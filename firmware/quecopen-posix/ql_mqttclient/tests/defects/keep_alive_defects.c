/* PINGREQ and its answer. */
#include <string.h>

#include "exercise.h"

#define PINGING "ping_lead_percent=90;ping_ms=300"

/* With a lead of 90 %, PINGREQ is due a tenth of the keep-alive after the last packet. How many there are is chance. */
static void stay(unsigned short keep_alive_s)
{
    start();
    info.keep_alive = keep_alive_s;
    connect_as(info);
    await(1);
    bool pinged = await_packet("c000");
    await(1);
    pthread_mutex_lock(&transcript.lock);
    strcpy(transcript.wire, pinged ? "pinged\n" : "not pinged\n");
    pthread_mutex_unlock(&transcript.lock);
}

static void pinging(void)
{
    stay(1);
}

static void pinging_under_traffic(void)
{
    manners.chatter = true;
    stay(1);
}

static void not_pinging(void)
{
    stay(0);
}

static void unanswered_ping(void)
{
    manners.mute = 1u << 12;
    stay(1);
}

static const struct showing showings[] = {
    { "ping-late", pinging, PINGING },
    { "ping-answer-unseen", pinging, PINGING },
    { "pingresp-sent", pinging, PINGING },
    { "ping-postponed-by-inbound", pinging_under_traffic, PINGING },
    { "ping-at-zero", not_pinging, PINGING },
    { "ping-unsupervised", unanswered_ping, PINGING },
};

const struct showings keep_alive_defects = SHOWINGS(showings);
