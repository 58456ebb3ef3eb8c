#include "url.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#define PLAIN_PORT 1883
#define TLS_PORT 8883

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

static const char *read_scheme(const char *text, struct mq_url *url)
{
    static const char *const schemes[] = { "mqtt://", "mqtts://" };
    for (size_t i = 0; i < 2; i++)
        if (strncasecmp(text, schemes[i], strlen(schemes[i])) == 0) {
            url->has_scheme = true;
            url->secure = i == 1;
            return text + strlen(schemes[i]);
        }
    return text;
}

static const char *copy_host(const char *from, size_t length, size_t skip, size_t host_max, struct mq_url *url)
{
    if (length == 0 || length > host_max || length >= sizeof url->host)
        return NULL;
    memcpy(url->host, from, length);
    url->host[length] = '\0';
    return from + length + skip;
}

/* The text after the host, NULL if there is no good host. */
static const char *read_host(const char *text, size_t host_max, struct mq_url *url)
{
    struct in6_addr address;
    if (*text == '[') {
        const char *rest = copy_host(text + 1, strcspn(text + 1, "]"), 1, host_max, url);
        return rest != NULL && rest[-1] == ']' && inet_pton(AF_INET6, url->host, &address) == 1 ? rest : NULL;
    }
    size_t length = 0;
    while (is_name_byte(text[length]))
        length++;
    return copy_host(text, length, 0, host_max, url);
}

static bool read_port(const char *text, struct mq_url *url)
{
    unsigned long port = 0;
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 5 || text[digits] != '\0')
        return false;
    for (size_t i = 0; i < digits; i++)
        port = port * 10 + (unsigned long)(text[i] - '0');
    url->port = (uint16_t)port;
    url->has_port = true;
    return port >= 1 && port <= UINT16_MAX;
}

bool mq_url_parse(const char *text, size_t host_max, struct mq_url *url)
{
    memset(url, 0, sizeof *url);
    const char *rest = read_host(read_scheme(text, url), host_max, url);
    if (rest == NULL)
        return false;
    url->port = url->secure ? TLS_PORT : PLAIN_PORT;
    if (*rest == '\0')
        return true;
    return *rest == ':' && read_port(rest + 1, url);
}

bool mq_url_is_address(const char *host)
{
    struct in6_addr address;
    return inet_pton(AF_INET, host, &address) == 1 || inet_pton(AF_INET6, host, &address) == 1;
}
