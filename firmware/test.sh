#!/bin/sh
# Builds both generations with sanitizers and runs every firmware test: test.sh [ctest arguments]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
"$here/build.sh" all --sanitize
for generation in manual r03; do
    echo "firmware tests, SDK generation $generation"
    ctest --test-dir "$here/build/$generation-asan" --output-on-failure "$@"
done
