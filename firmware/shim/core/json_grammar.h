/* Whether text is one JSON value (RFC 8259) in valid UTF-8, nested at most SHIM_JSON_DEPTH deep, without lone surrogates. */
#ifndef SHIM_JSON_GRAMMAR_H
#define SHIM_JSON_GRAMMAR_H

#include <stdbool.h>
#include <stddef.h>

bool shim_json_grammar(const char *text, size_t length);

#endif
