#define _POSIX_C_SOURCE 200809L
#include "tls.h"

#include <errno.h>
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "defects.h"
#include "options.h"
#include "qlv_clock.h"
#include "tls_files.h"
#include "tls_name.h"

#define SUITES_MAX 256
#define OF_SIGNATURE                                                                                                       \
    (uint32_t)(MBEDTLS_X509_BADCERT_NOT_TRUSTED | MBEDTLS_X509_BADCERT_BAD_MD | MBEDTLS_X509_BADCERT_BAD_PK |              \
               MBEDTLS_X509_BADCERT_BAD_KEY)

struct mq_tls {
    mbedtls_ssl_context ssl;
    mbedtls_ssl_config config;
    mbedtls_x509_crt ca;
    mbedtls_x509_crt cert;
    mbedtls_pk_context key;
    int fd;
    const struct mq_info *info; /* of the client, which outlives the session */
    bool wants_write;
    size_t unfinished; /* of a send that has to be repeated with the same length */
};

static mbedtls_ctr_drbg_context *random_source(void)
{
    static mbedtls_entropy_context entropy;
    static mbedtls_ctr_drbg_context drbg;
    static bool ready;
    if (!ready) {
        mbedtls_entropy_init(&entropy);
        mbedtls_ctr_drbg_init(&drbg);
        ready = mbedtls_ctr_drbg_seed(&drbg, mbedtls_entropy_func, &entropy, NULL, 0) == 0;
    }
    return ready ? &drbg : NULL;
}

static bool is_strong(const char *suite)
{
    static const char *const weak[] = { "NULL", "RC4", "DES", "PSK", "anon" };
    for (size_t i = 0; i < sizeof weak / sizeof weak[0]; i++)
        if (strstr(suite, weak[i]) != NULL)
            return false;
    return true;
}

/* All that the library has, but for those that no client should offer [RFC 9325]. */
static const int *strong_suites(void)
{
    static int suites[SUITES_MAX];
    size_t count = 0;
    if (suites[0] != 0)
        return suites;
    if (mq_defect(MQ_DEFECT_WEAK_CIPHERS_OFFERED))
        suites[count++] = MBEDTLS_TLS_RSA_WITH_RC4_128_SHA; /* known to the library, and not among those that it lists */
    for (const int *suite = mbedtls_ssl_list_ciphersuites(); *suite != 0 && count + 1 < SUITES_MAX; suite++)
        if (is_strong(mbedtls_ssl_get_ciphersuite_name(*suite)))
            suites[count++] = *suite;
    return suites;
}

/* -1, 0 or 1 as the moment `a` is before, at or after `b`. */
static int compare_times(const mbedtls_x509_time *a, const struct tm *b)
{
    const int left[] = { a->year, a->mon, a->day, a->hour, a->min, a->sec };
    const int right[] = { b->tm_year + 1900, b->tm_mon + 1, b->tm_mday, b->tm_hour, b->tm_min, b->tm_sec };
    for (size_t i = 0; i < sizeof left / sizeof left[0]; i++)
        if (left[i] != right[i])
            return left[i] < right[i] ? -1 : 1;
    return 0;
}

/* The library judges by the host's clock; the module has its own. */
static void judge_time(const mbedtls_x509_crt *cert, uint32_t *flags)
{
    struct tm now;
    time_t seconds = (time_t)qlv_unix_time();
    *flags &= ~(uint32_t)(MBEDTLS_X509_BADCERT_EXPIRED | MBEDTLS_X509_BADCERT_FUTURE);
    if (mq_defect(MQ_DEFECT_CERTIFICATE_TIME_IGNORED))
        return;
    if (gmtime_r(&seconds, &now) == NULL || compare_times(&cert->valid_to, &now) < 0)
        *flags |= MBEDTLS_X509_BADCERT_EXPIRED;
    else if (compare_times(&cert->valid_from, &now) > 0)
        *flags |= MBEDTLS_X509_BADCERT_FUTURE;
}

static void judge_name(const mbedtls_x509_crt *cert, const char *host, uint32_t *flags)
{
    bool is_address = mq_url_is_address(host);
    int wanted = mq_option(MQ_OPT_NAME_CHECK);
    if (wanted == NAME_CHECK_NEVER || (wanted == NAME_CHECK_NAMES && is_address) || mq_defect(MQ_DEFECT_HOST_NAME_UNCHECKED))
        *flags &= ~(uint32_t)MBEDTLS_X509_BADCERT_CN_MISMATCH;
    else if (!mq_tls_name_matches(cert, host))
        *flags |= MBEDTLS_X509_BADCERT_CN_MISMATCH;
}

static int judge(void *context, mbedtls_x509_crt *cert, int depth, uint32_t *flags)
{
    const struct mq_tls *tls = context;
    const struct mq_ssl *ssl = &tls->info->ssl;
    judge_time(cert, flags);
    if (depth == 0)
        judge_name(cert, tls->info->url.host, flags);
    if (ssl->ignore_signature)
        *flags &= ~OF_SIGNATURE;
    if (ssl->ignore_chain && depth > 0)
        *flags = 0;
    *flags &= ~ssl->ignore;
    return 0;
}

static bool set_versions(struct mq_tls *tls)
{
    int version = tls->info->ssl.version;
    if (version == 0)
        return false; /* SSL 3.0 is not in this library, and must not be */
    int least = version <= 3 ? version : mq_option(MQ_OPT_TLS_FLOOR) + 1;
    int most = version <= 3 ? version : 3;
    mbedtls_ssl_conf_min_version(&tls->config, MBEDTLS_SSL_MAJOR_VERSION_3, least);
    mbedtls_ssl_conf_max_version(&tls->config, MBEDTLS_SSL_MAJOR_VERSION_3, most);
    return true;
}

static bool set_trust(struct mq_tls *tls)
{
    const struct mq_ssl *ssl = &tls->info->ssl;
    mbedtls_ssl_conf_authmode(&tls->config, MBEDTLS_SSL_VERIFY_NONE);
    if (ssl->verify_level == 0 || mq_defect(MQ_DEFECT_VERIFY_LEVEL_IGNORED))
        return true;
    if (!mq_tls_load_certificates(&tls->ca, ssl->ca, ssl->ca_is_text))
        return mq_defect(MQ_DEFECT_CA_MISSING_TOLERATED);
    bool later = mq_defect(MQ_DEFECT_CONNECT_BEFORE_VERIFICATION) || mq_option(MQ_OPT_VERIFY) == VERIFY_OPTIONAL;
    mbedtls_ssl_conf_authmode(&tls->config, later ? MBEDTLS_SSL_VERIFY_OPTIONAL : MBEDTLS_SSL_VERIFY_REQUIRED);
    mbedtls_ssl_conf_ca_chain(&tls->config, &tls->ca, NULL);
    mbedtls_ssl_conf_verify(&tls->config, judge, tls);
    return true;
}

static bool set_identity(struct mq_tls *tls)
{
    const struct mq_ssl *ssl = &tls->info->ssl;
    bool needed = ssl->verify_level == 2;
    bool wanted = needed || (ssl->verify_level == 1 && ssl->cert != NULL && mq_option(MQ_OPT_LEVEL1_CERT) == LEVEL1_CERT_SENT);
    if (!wanted || mq_defect(MQ_DEFECT_CLIENT_CERTIFICATE_WITHHELD))
        return true;
    const char *password = mq_defect(MQ_DEFECT_KEY_PASSWORD_IGNORED) ? NULL : ssl->password;
    return mq_tls_load_certificates(&tls->cert, ssl->cert, ssl->cert_is_text) &&
           mq_tls_load_key(&tls->key, ssl->key, ssl->cert_is_text, password) &&
           mbedtls_pk_check_pair(&tls->cert.pk, &tls->key) == 0 && mbedtls_ssl_conf_own_cert(&tls->config, &tls->cert, &tls->key) == 0;
}

/* SNI carries names only, never an address [RFC 6066 3]. */
static bool set_server_name(struct mq_tls *tls)
{
    const char *host = tls->info->url.host;
    bool is_name = !mq_url_is_address(host) || mq_defect(MQ_DEFECT_SNI_CARRIES_ADDRESS);
    if (!tls->info->ssl.sni || !is_name || mq_defect(MQ_DEFECT_SNI_MISSING))
        return true;
    return mbedtls_ssl_set_hostname(&tls->ssl, host) == 0;
}

static int from_errno(int would_block, int otherwise)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? would_block : otherwise;
}

static int raw_send(void *context, const unsigned char *bytes, size_t length)
{
    const struct mq_tls *tls = context;
    ssize_t sent = send(tls->fd, bytes, length, MSG_NOSIGNAL);
    return sent >= 0 ? (int)sent : from_errno(MBEDTLS_ERR_SSL_WANT_WRITE, MBEDTLS_ERR_SSL_CONN_EOF);
}

static int raw_receive(void *context, unsigned char *bytes, size_t room)
{
    const struct mq_tls *tls = context;
    ssize_t got = recv(tls->fd, bytes, room, 0);
    return got >= 0 ? (int)got : from_errno(MBEDTLS_ERR_SSL_WANT_READ, MBEDTLS_ERR_SSL_CONN_EOF);
}

static bool configure(struct mq_tls *tls)
{
    mbedtls_ctr_drbg_context *drbg = random_source();
    int result = mbedtls_ssl_config_defaults(&tls->config, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM,
                                             MBEDTLS_SSL_PRESET_DEFAULT);
    if (drbg == NULL || result != 0)
        return false;
    mbedtls_ssl_conf_rng(&tls->config, mbedtls_ctr_drbg_random, drbg);
    mbedtls_ssl_conf_ciphersuites(&tls->config, strong_suites());
    if (mq_defect(MQ_DEFECT_WEAK_CIPHERS_OFFERED))
        mbedtls_ssl_conf_arc4_support(&tls->config, MBEDTLS_SSL_ARC4_ENABLED);
    mbedtls_ssl_conf_renegotiation(&tls->config, MBEDTLS_SSL_RENEGOTIATION_DISABLED);
    if (!set_versions(tls) || !set_trust(tls) || !set_identity(tls) || mbedtls_ssl_setup(&tls->ssl, &tls->config) != 0)
        return false;
    mbedtls_ssl_set_bio(&tls->ssl, tls, raw_send, raw_receive, NULL);
    return set_server_name(tls);
}

struct mq_tls *mq_tls_new(const struct mq_info *info)
{
    struct mq_tls *tls = calloc(1, sizeof *tls);
    if (tls == NULL)
        return NULL;
    tls->info = info;
    tls->fd = -1;
    mbedtls_ssl_init(&tls->ssl);
    mbedtls_ssl_config_init(&tls->config);
    mbedtls_x509_crt_init(&tls->ca);
    mbedtls_x509_crt_init(&tls->cert);
    mbedtls_pk_init(&tls->key);
    if (configure(tls))
        return tls;
    mq_tls_free(tls);
    return NULL;
}

void mq_tls_attach(struct mq_tls *tls, int fd)
{
    tls->fd = fd;
}

void mq_tls_free(struct mq_tls *tls)
{
    if (tls == NULL)
        return;
    mbedtls_ssl_free(&tls->ssl);
    mbedtls_ssl_config_free(&tls->config);
    mbedtls_x509_crt_free(&tls->ca);
    mbedtls_x509_crt_free(&tls->cert);
    mbedtls_pk_free(&tls->key);
    free(tls);
}

/* What a result of the library means for the caller: 0 to come again, -1 for the end. */
static int settle(struct mq_tls *tls, int result)
{
    tls->wants_write = result == MBEDTLS_ERR_SSL_WANT_WRITE;
    return result == MBEDTLS_ERR_SSL_WANT_READ || result == MBEDTLS_ERR_SSL_WANT_WRITE ? 0 : -1;
}

int mq_tls_handshake(struct mq_tls *tls)
{
    int result = mbedtls_ssl_handshake(&tls->ssl);
    if (result != 0)
        return settle(tls, result);
    tls->wants_write = false;
    return 1;
}

bool mq_tls_peer_is_good(const struct mq_tls *tls)
{
    if (mq_option(MQ_OPT_VERIFY) == VERIFY_OPTIONAL)
        return true;
    return tls->config.authmode == MBEDTLS_SSL_VERIFY_NONE || mbedtls_ssl_get_verify_result(&tls->ssl) == 0;
}

int mq_tls_send(struct mq_tls *tls, const uint8_t *bytes, size_t length)
{
    /* The library counts on the same length when a send is repeated, though more may have been queued meanwhile. */
    size_t now = tls->unfinished > 0 ? tls->unfinished : length;
    int result = mbedtls_ssl_write(&tls->ssl, bytes, now);
    if (result > 0) {
        tls->unfinished = 0;
        tls->wants_write = false;
        return result;
    }
    tls->unfinished = now;
    return settle(tls, result);
}

int mq_tls_receive(struct mq_tls *tls, uint8_t *bytes, size_t room)
{
    int result = mbedtls_ssl_read(&tls->ssl, bytes, room);
    if (result > 0)
        return result;
    return result == 0 ? -1 : settle(tls, result);
}

bool mq_tls_has_pending(const struct mq_tls *tls)
{
    return mbedtls_ssl_check_pending(&tls->ssl) != 0;
}

bool mq_tls_wants_write(const struct mq_tls *tls)
{
    return tls->wants_write;
}

void mq_tls_say_goodbye(struct mq_tls *tls)
{
    (void)mbedtls_ssl_close_notify(&tls->ssl);
}
