#include "tls_name.h"

#include <arpa/inet.h>
#include <mbedtls/oid.h>
#include <string.h>
#include <strings.h>

#define KIND_MASK 0x1f
#define KIND_DNS 2
#define KIND_ADDRESS 7

/* `*.example.org` stands for one label [RFC 6125 6.4.3]. */
static bool matches_wildcard(const char *pattern, size_t length, const char *host)
{
    const char *dot = strchr(host, '.');
    if (length < 3 || pattern[0] != '*' || pattern[1] != '.' || dot == NULL || dot == host)
        return false;
    return strlen(dot) == length - 1 && strncasecmp(dot, pattern + 1, length - 1) == 0;
}

static bool matches_name(const mbedtls_x509_buf *name, const char *host)
{
    const char *text = (const char *)name->p;
    if (memchr(text, '\0', name->len) != NULL)
        return false;
    return (strlen(host) == name->len && strncasecmp(text, host, name->len) == 0) || matches_wildcard(text, name->len, host);
}

static bool matches_address(const mbedtls_x509_buf *name, const char *host)
{
    unsigned char bytes[16];
    if (inet_pton(AF_INET, host, bytes) == 1)
        return name->len == 4 && memcmp(name->p, bytes, 4) == 0;
    if (inet_pton(AF_INET6, host, bytes) == 1)
        return name->len == 16 && memcmp(name->p, bytes, 16) == 0;
    return false;
}

static bool matches_common_name(const mbedtls_x509_crt *cert, const char *host)
{
    for (const mbedtls_x509_name *part = &cert->subject; part != NULL; part = part->next)
        if (MBEDTLS_OID_CMP(MBEDTLS_OID_AT_CN, &part->oid) == 0 && matches_name(&part->val, host))
            return true;
    return false;
}

bool mq_tls_name_matches(const mbedtls_x509_crt *cert, const char *host)
{
    if ((cert->ext_types & MBEDTLS_X509_EXT_SUBJECT_ALT_NAME) == 0)
        return matches_common_name(cert, host);
    for (const mbedtls_x509_sequence *name = &cert->subject_alt_names; name != NULL; name = name->next) {
        if ((name->buf.tag & KIND_MASK) == KIND_DNS && matches_name(&name->buf, host))
            return true;
        if ((name->buf.tag & KIND_MASK) == KIND_ADDRESS && matches_address(&name->buf, host))
            return true;
    }
    return false;
}
