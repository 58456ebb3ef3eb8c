#!/bin/sh
# Builds the virtual module: build.sh [manual|r03|all] [--sanitize]
#
# Result: build/<generation>[-asan]/qlhil-vmodule. Quick when nothing changed, quiet when it succeeds.
# QL_MQTTCLIENT_DIR and JSMN_DIR are handed to CMake if they are set.
set -eu

usage() {
    echo "usage: build.sh [manual|r03|all] [--sanitize]" >&2
    exit 2
}

here=$(cd "$(dirname "$0")" && pwd)
generations=all
suffix=
sanitize=OFF
for argument in "$@"; do
    case $argument in
    manual | r03 | all) generations=$argument ;;
    --sanitize) sanitize=ON suffix=-asan ;;
    *) usage ;;
    esac
done
[ "$generations" = all ] && generations="manual r03"

if ! command -v cmake >/dev/null; then
    echo "build.sh: cmake is missing (Debian: cmake ninja-build gcc libc6-dev libmbedtls-dev libjsmn-dev libcmocka-dev)" >&2
    exit 1
fi

root=$here/build
mkdir -p "$root"
# Two builds of one folder at a time would spoil each other.
if command -v flock >/dev/null; then
    exec 9>"$root/.lock"
    flock 9
fi

configure() { # folder generation
    # A generator can't be changed in a folder that has one.
    if [ -f "$1/CMakeCache.txt" ]; then
        generator=
    elif command -v ninja >/dev/null; then
        generator=Ninja
    else
        generator="Unix Makefiles"
    fi
    # Tests belong to the sanitized build alone; the other one is what users wait for.
    cmake -S "$here" -B "$1" ${generator:+-G "$generator"} -DQL_SDK_GENERATION="$2" -DSANITIZE=$sanitize \
        -DBUILD_TESTING=$sanitize "-DQL_MQTTCLIENT_DIR=${QL_MQTTCLIENT_DIR:-$here/quecopen-posix/ql_mqttclient}" \
        "-DJSMN_DIR=${JSMN_DIR:-/usr/include}"
}

build() { # folder generation
    # Configured for something else before, or not to the end.
    wanted="$here $2 $sanitize ${QL_MQTTCLIENT_DIR:-} ${JSMN_DIR:-}"
    if [ "$wanted" != "$(cat "$1/configured" 2>/dev/null)" ]; then
        configure "$1" "$2" || return 1
        echo "$wanted" >"$1/configured"
    fi
    cmake --build "$1" --parallel 2
}

for generation in $generations; do
    folder=$root/$generation$suffix
    mkdir -p "$folder"
    if ! build "$folder" "$generation" >"$folder/build.log" 2>&1 9>&-; then
        cat "$folder/build.log" >&2
        echo "build.sh: the firmware of generation $generation does not build" >&2
        exit 1
    fi
done
