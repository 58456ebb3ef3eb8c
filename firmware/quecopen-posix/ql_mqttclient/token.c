#define _POSIX_C_SOURCE 200809L
#include "token.h"

#include <mbedtls/base64.h>
#include <mbedtls/md.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "defects.h"

#define METHOD "sha1"
#define SHA1_SIZE 20
#define SIGN_SIZE 29 /* base64 of 20 bytes and a zero */

/* snprintf into memory of the right size; NULL without memory. */
__attribute__((format(printf, 1, 2))) static char *format(const char *shape, ...)
{
    va_list args;
    va_start(args, shape);
    int length = vsnprintf(NULL, 0, shape, args);
    va_end(args);
    char *text = length < 0 ? NULL : malloc((size_t)length + 1);
    if (text == NULL)
        return NULL;
    va_start(args, shape);
    vsnprintf(text, (size_t)length + 1, shape, args);
    va_end(args);
    return text;
}

/* Escapes what would end or change a value of the token. */
static char *escape(const char *text)
{
    static const char special[] = "+ /?%#&=";
    char *escaped = malloc(3 * strlen(text) + 1);
    char *to = escaped;
    if (escaped == NULL)
        return NULL;
    for (; *text != '\0'; text++)
        if (strchr(special, *text) != NULL && !mq_defect(MQ_DEFECT_TOKEN_UNESCAPED))
            to += sprintf(to, "%%%02X", (unsigned)*text);
        else
            *to++ = *text;
    *to = '\0';
    return escaped;
}

static unsigned char *decode_key(const char *key, size_t *length)
{
    size_t room = strlen(key) + 1;
    const unsigned char *text = (const unsigned char *)key;
    unsigned char *bytes = malloc(room);
    if (bytes == NULL || mbedtls_base64_decode(bytes, room, length, text, strlen(key)) != 0 || *length == 0) {
        free(bytes);
        return NULL;
    }
    if (mq_defect(MQ_DEFECT_TOKEN_KEY_UNDECODED)) {
        memcpy(bytes, key, strlen(key));
        *length = strlen(key);
    }
    return bytes;
}

static int sign(const char *text, const char *key, char *signature)
{
    unsigned char digest[SHA1_SIZE];
    size_t length = 0;
    size_t written = 0;
    unsigned char *bytes = decode_key(key, &length);
    if (bytes == NULL)
        return -1;
    const mbedtls_md_info_t *sha1 = mbedtls_md_info_from_type(MBEDTLS_MD_SHA1);
    int result = mbedtls_md_hmac(sha1, bytes, length, (const unsigned char *)text, strlen(text), digest);
    free(bytes);
    return result != 0 ? -1 : mbedtls_base64_encode((unsigned char *)signature, SIGN_SIZE, &written, digest, sizeof digest);
}

/* The token from its values, each escaped. */
static char *assemble(const char *version, const char *resource, long long expires_at, const char *signature)
{
    char *parts[] = { escape(version), escape(resource), escape(signature) };
    char *token = NULL;
    if (parts[0] != NULL && parts[1] != NULL && parts[2] != NULL)
        token = format("version=%s&res=%s&et=%lld&method=" METHOD "&sign=%s", parts[0], parts[1], expires_at, parts[2]);
    for (size_t i = 0; i < 3; i++)
        free(parts[i]);
    return token;
}

char *mq_token_make(long long expires_at, const char *product, const char *device, const char *version, const char *key)
{
    char signature[SIGN_SIZE];
    char *token = NULL;
    char *resource = format("products/%s/devices/%s", product, device);
    char *text = resource == NULL ? NULL : format("%lld\n" METHOD "\n%s\n%s", expires_at, resource, version);
    if (text != NULL && sign(text, key, signature) == 0)
        token = assemble(version, resource, expires_at, signature);
    free(text);
    free(resource);
    return token;
}
