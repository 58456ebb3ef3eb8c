#!/bin/sh
# Compiles the shim for the module's processor, against our declarations of both API generations: arm-build.sh [manual|r03|all]
#
# No image comes of it: that takes the vendor's SDK (README.md). It shows that the shim compiles for the target without a warning, that the
# structs have the vendor's layout there, and how much it needs: at most 64 KiB of static data and 96 KiB of code. Uses arm-none-eabi-gcc
# (Debian: gcc-arm-none-eabi, libnewlib-arm-none-eabi) and jsmn.h from JSMN_DIR or /usr/include.
set -eu

data_limit=65536
code_limit=98304
here=$(cd "$(dirname "$0")" && pwd)
firmware=$here/..
cross=arm-none-eabi-
case ${1:-all} in
manual | r03) generations=$1 ;;
all) generations="manual r03" ;;
*)
    echo "usage: arm-build.sh [manual|r03|all]" >&2
    exit 2
    ;;
esac
if ! command -v ${cross}gcc >/dev/null; then
    echo "arm-build.sh: no ${cross}gcc (Debian: apt-get install gcc-arm-none-eabi libnewlib-arm-none-eabi)" >&2
    exit 3
fi
jsmn=${JSMN_DIR:-/usr/include}
if [ ! -f "$jsmn/jsmn.h" ]; then
    echo "arm-build.sh: no $jsmn/jsmn.h (Debian: apt-get install libjsmn-dev, or set JSMN_DIR)" >&2
    exit 3
fi

cpu="-mcpu=cortex-a5 -mthumb -mfloat-abi=hard -mfpu=neon-vfpv4"
warnings="-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"

for generation in $generations; do
    out=$firmware/build/arm-$generation
    rm -rf "$out"
    mkdir -p "$out"
    case $generation in
    manual) number=1 later=0 ;;
    r03) number=2 later=1 ;;
    esac
    {
        echo "#define HAVE_ONENET_TOKEN 1"
        echo "#define HAVE_CPU_USE 1"
        for feature in SETOPT PKT_TIMEOUT SSL_EXT BIND_SIM BOOT_CAUSE; do echo "#define HAVE_$feature $later"; done
    } >"$out/shim_features.h"
    # /usr/include itself must not be searched: it is the host's.
    cp "$jsmn/jsmn.h" "$out/jsmn.h"

    includes="-I$firmware/shim -I$out -isystem $firmware/quecopen-posix/include -isystem $out"
    # shellcheck disable=SC2086
    ${cross}gcc $cpu -std=c11 -DQL_SDK_GENERATION=$number $warnings -I"$firmware/quecopen-posix/include" -fsyntax-only "$here/layout.c"
    objects=
    for source in "$firmware"/shim/*.c "$firmware"/shim/core/*.c "$firmware"/shim/handlers/*.c; do
        object=$out/$(echo "${source#"$firmware"/shim/}" | tr / - | sed 's/c$/o/')
        # shellcheck disable=SC2086
        ${cross}gcc $cpu -Os -std=c99 -ffunction-sections -fdata-sections -DQL_SDK_GENERATION=$number $warnings $includes -c "$source" -o "$object"
        objects="$objects $object"
    done
    # shellcheck disable=SC2086
    set -- $(${cross}size $objects | awk 'NR > 1 { text += $1; data += $2; bss += $3 } END { print text, data, bss }')
    static=$(($2 + $3))
    echo "{\"generation\":\"$generation\",\"text\":$1,\"data\":$2,\"bss\":$3,\"static\":$static,\"staticLimit\":$data_limit,\"codeLimit\":$code_limit}"
    if [ "$static" -gt $data_limit ] || [ "$1" -gt $code_limit ]; then
        echo "arm-build.sh: the shim of generation $generation is too large" >&2
        exit 1
    fi
done
