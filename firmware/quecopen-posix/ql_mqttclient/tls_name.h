#ifndef MQ_TLS_NAME_H
#define MQ_TLS_NAME_H

#include <mbedtls/x509_crt.h>
#include <stdbool.h>

/*
 * Whether a certificate is `host`'s: by its dNSName and iPAddress alternative names, or, if it has none at all, by its common name
 * [RFC 6125]. mbedTLS 2.28 compares names only where SNI is sent, and addresses never.
 */
bool mq_tls_name_matches(const mbedtls_x509_crt *cert, const char *host);

#endif
