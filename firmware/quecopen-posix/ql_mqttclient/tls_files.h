/* Certificates and keys, from files of the module or from text, as PEM or DER. */
#ifndef MQ_TLS_FILES_H
#define MQ_TLS_FILES_H

#include <mbedtls/pk.h>
#include <mbedtls/x509_crt.h>
#include <stdbool.h>

/* `source` is a path, or PEM text; false for NULL, "", no such file, and what cannot be read as a certificate. */
bool mq_tls_load_certificates(mbedtls_x509_crt *into, const char *source, bool is_text);
bool mq_tls_load_key(mbedtls_pk_context *into, const char *source, bool is_text, const char *password);

#endif
