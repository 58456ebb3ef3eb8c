#ifndef MQ_TOKEN_H
#define MQ_TOKEN_H

/*
 * OneNET's access token, signed with HMAC-SHA1 [open.iot.10086.cn, multiprotocol, token]; the caller frees it. NULL for a bad key.
 */
char *mq_token_make(long long expires_at, const char *product, const char *device, const char *version, const char *key);

#endif
