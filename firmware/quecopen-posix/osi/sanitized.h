/* Whether AddressSanitizer is in: gcc and clang say so in different ways. */
#ifndef QLV_SANITIZED_H
#define QLV_SANITIZED_H

#if defined(__SANITIZE_ADDRESS__)
#define QLV_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define QLV_SANITIZED 1
#endif
#endif
#ifndef QLV_SANITIZED
#define QLV_SANITIZED 0
#endif

#endif
