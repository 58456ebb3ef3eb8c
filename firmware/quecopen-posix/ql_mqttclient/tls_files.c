#include "tls_files.h"

#include <stdlib.h>
#include <string.h>

#include "ql_fs.h"

#define FILE_LIMIT (256 * 1024)

struct content {
    unsigned char *bytes; /* and a zero behind them */
    size_t length;
};

static bool fill(struct content *content, QFILE file, int size)
{
    content->bytes = size <= 0 || size > FILE_LIMIT ? NULL : malloc((size_t)size + 1);
    if (content->bytes == NULL)
        return false;
    for (int got; content->length < (size_t)size; content->length += (size_t)got) {
        got = ql_fread(content->bytes + content->length, 1, (size_t)size - content->length, file);
        if (got <= 0)
            return false;
    }
    content->bytes[content->length] = '\0';
    return true;
}

static bool read_file(struct content *content, const char *path)
{
    QFILE file = ql_fopen(path, "r");
    if (file <= 0)
        return false;
    bool whole = fill(content, file, ql_fsize(file));
    ql_fclose(file);
    return whole;
}

static bool read_source(struct content *content, const char *source, bool is_text)
{
    *content = (struct content){ NULL, 0 };
    if (source == NULL || source[0] == '\0')
        return false;
    if (!is_text)
        return read_file(content, source);
    content->length = strlen(source);
    content->bytes = malloc(content->length + 1);
    if (content->bytes == NULL)
        return false;
    memcpy(content->bytes, source, content->length + 1);
    return true;
}

/* mbedTLS wants PEM with its terminating zero counted, and DER without. */
static size_t parse_length(const struct content *content)
{
    return content->length + (strstr((const char *)content->bytes, "-----BEGIN") != NULL);
}

bool mq_tls_load_certificates(mbedtls_x509_crt *into, const char *source, bool is_text)
{
    struct content content;
    bool good = read_source(&content, source, is_text) &&
                mbedtls_x509_crt_parse(into, content.bytes, parse_length(&content)) >= 0 && into->version != 0;
    free(content.bytes);
    return good;
}

bool mq_tls_load_key(mbedtls_pk_context *into, const char *source, bool is_text, const char *password)
{
    struct content content;
    size_t length = password == NULL ? 0 : strlen(password);
    const unsigned char *secret = length > 0 ? (const unsigned char *)password : NULL;
    bool good = read_source(&content, source, is_text) &&
                mbedtls_pk_parse_key(into, content.bytes, parse_length(&content), secret, length) == 0;
    if (content.bytes != NULL)
        memset(content.bytes, 0, content.length);
    free(content.bytes);
    return good;
}
