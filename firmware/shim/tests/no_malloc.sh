#!/bin/sh
# Nothing of the shim allocates but start.c: heap figures must show the SDK's leaks, not ours. no_malloc.sh <firmware/shim>
cd "$1" || exit 2
found=$(grep -nE '\b(malloc|calloc|realloc|strdup|strndup|asprintf|alloca)[[:space:]]*\(' ./*.[ch] core/*.[ch] handlers/*.[ch] | grep -v '^\./start\.c:')
[ -z "$found" ] && grep -q 'malloc(' start.c && exit 0
echo "allocates outside start.c:" >&2
echo "$found" >&2
exit 1
