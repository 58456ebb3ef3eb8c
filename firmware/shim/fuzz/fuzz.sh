#!/bin/sh
# Fuzzes the link's parser and dispatch with libFuzzer (clang), ASan and UBSan: fuzz.sh [manual|r03] [runs] [more libFuzzer options]
#
# The event queue is small, so that it is full soon. New inputs go to firmware/build/fuzz-<generation>/corpus; fuzz.sh <generation> merge takes those that add coverage into the kept corpus,
# fuzz.sh <generation> coverage prints the line coverage of the kept corpus by file.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
shim=$here/..
generation=${1:-manual}
runs=${2:-100000}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] && shift
case $generation in
manual) number=1 later=0 ;;
r03) number=2 later=1 ;;
*)
    echo "usage: fuzz.sh [manual|r03] [runs|merge|coverage] [libFuzzer options]" >&2
    exit 2
    ;;
esac
out=$shim/../build/fuzz-$generation
mkdir -p "$out/corpus"
{
    echo "#define HAVE_ONENET_TOKEN 1"
    echo "#define HAVE_CPU_USE 1"
    for feature in SETOPT PKT_TIMEOUT SSL_EXT BIND_SIM BOOT_CAUSE; do echo "#define HAVE_$feature $later"; done
} >"$out/shim_features.h"

# Everything but app.c, the tasks.
compile() { # output, options…
    result=$1
    shift
    clang -std=c99 -g -O2 "$@" -DSHIM_QUEUE_BYTES=4096 -DQL_SDK_GENERATION=$number -I"$out" -I"$shim" -isystem "$shim/../quecopen-posix/include" -isystem "${JSMN_DIR:-/usr/include}" \
        "$shim"/[!a]*.c "$shim"/a[!p]*.c "$shim"/core/*.c "$shim"/handlers/*.c "$shim"/tests/memory_sdk.c "$here"/link.c -o "$result"
}

case $runs in
merge)
    compile "$out/fuzz" -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
    "$out/fuzz" -merge=1 -max_len=8192 "$here/corpus" "$out/corpus"
    ;;
coverage)
    compile "$out/replay" -fprofile-instr-generate -fcoverage-mapping "$here"/replay.c
    LLVM_PROFILE_FILE=$out/replay.profraw "$out/replay" "$here"/corpus/*
    llvm-profdata merge -o "$out/replay.profdata" "$out/replay.profraw" 2>/dev/null || llvm-profdata-14 merge -o "$out/replay.profdata" "$out/replay.profraw"
    tool=$(command -v llvm-cov || command -v llvm-cov-14)
    "$tool" report "$out/replay" -instr-profile="$out/replay.profdata" -ignore-filename-regex='tests/|fuzz/'
    ;;
*)
    compile "$out/fuzz" -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
    "$out/fuzz" -runs="$runs" -max_len=8192 -timeout=10 -rss_limit_mb=2048 -dict="$here/link.dict" -artifact_prefix="$out/" "$@" "$out/corpus" "$here/corpus"
    ;;
esac
