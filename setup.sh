#!/bin/sh
# Brings a machine to where ql-mqtt-hil runs: system packages (Debian, Ubuntu) and npm packages.
#
#   ./setup.sh run     what `npm start` needs: tools and libraries that build the virtual module
#   ./setup.sh test    that, and what the tests need besides
#   ./setup.sh arm     the cross compiler for the module's own processor
#
# On a terminal it asks before it installs system packages; with --yes, in CI, or with nobody to ask it does not.
# Quick when nothing is missing.
set -eu

build_packages='cmake ninja-build gcc g++ make libmbedtls-dev libjsmn-dev'
test_packages='libcmocka-dev clang libclang-rt-14-dev mosquitto mosquitto-clients ser2net socat tshark chromium libxml2-utils iproute2 util-linux'
arm_packages='gcc-arm-none-eabi libnewlib-arm-none-eabi'

usage() {
    sed -n '2,9s/^# \{0,1\}//p' "$0"
}

say() {
    printf 'setup: %s\n' "$*"
}

fail() {
    printf 'setup: %s\n' "$*" >&2
    exit 1
}

why() {
    case $1 in
    cmake | ninja-build) echo 'builds the firmware' ;;
    gcc | g++ | make) echo 'C compiler and make' ;;
    libmbedtls-dev) echo 'TLS of the virtual module' ;;
    libjsmn-dev) echo "the shim's JSON parser (one header)" ;;
    libcmocka-dev) echo 'unit tests of the firmware' ;;
    clang | libclang-rt-*) echo 'fuzzing of the firmware (libFuzzer)' ;;
    tshark) echo 'an independent reading of MQTT frames to compare ours with, and of the captures of --pcap' ;;
    mosquitto | mosquitto-clients) echo 'an independent MQTT broker to test against; its service is not started' ;;
    ser2net) echo 'serial lines over TCP, as labs offer them, in tests; its service is not started' ;;
    socat) echo 'serial lines over TCP, in tests' ;;
    iproute2 | util-linux) echo 'a network of its own for a virtual module' ;;
    chromium) echo 'opens reports in tests' ;;
    libxml2-utils) echo 'xmllint, which holds JUnit files against their schema' ;;
    gcc-arm-none-eabi | libnewlib-arm-none-eabi) echo "cross build for the module's processor" ;;
    *) echo 'needed' ;;
    esac
}

is_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null || true)" = installed ]
}

missing_of() {
    for package in "$@"; do
        is_installed "$package" || printf '%s ' "$package"
    done
}

# Without apt there is nothing to install with: say what is missing, by what the build looks for.
check_by_hand() {
    missing=''
    case $mode in
    arm) wanted='arm-none-eabi-gcc' ;;
    test) wanted='cmake make cc c++ clang mosquitto mosquitto_sub ser2net socat tshark chromium xmllint' ;;
    *) wanted='cmake make cc c++' ;;
    esac
    for command in $wanted; do
        command -v "$command" >/dev/null 2>&1 || missing="$missing $command"
    done
    if [ "$mode" != arm ]; then
        headers='mbedtls/ssl.h'
        [ -n "${JSMN_DIR:-}" ] && [ -f "$JSMN_DIR/jsmn.h" ] || headers="$headers jsmn.h"
        [ "$mode" = test ] && headers="$headers cmocka.h"
        for header in $headers; do
            found=''
            for folder in /usr/include /usr/local/include /opt/homebrew/include /opt/local/include; do
                [ -f "$folder/$header" ] && found=yes
            done
            [ -n "$found" ] || missing="$missing <$header>"
        done
    fi
    [ -z "$missing" ] && return
    say "this is not Debian or Ubuntu: please install by your system's own means"
    fail "missing:$missing"
}

ask() {
    [ -n "$yes" ] && return
    [ -t 0 ] && [ -t 1 ] || return 0
    printf 'setup: install them now? [Y/n] '
    read -r answer || answer=n
    case $answer in
    '' | [yY]*) ;;
    *) fail 'nothing was installed' ;;
    esac
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif [ -t 0 ] && [ -z "${CI:-}" ]; then
        sudo "$@"
    else
        sudo -n "$@"
    fi
}

# Debian starts a service as soon as it is installed. Tests start their own broker and their own port server;
# nobody asked for one on port 1883 or 2000.
forbid_services() {
    [ -e /usr/sbin/policy-rc.d ] && return
    as_root sh -c 'printf "#!/bin/sh\nexit 101\n" >/usr/sbin/policy-rc.d && chmod 755 /usr/sbin/policy-rc.d'
    trap allow_services EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
}

allow_services() {
    as_root rm -f /usr/sbin/policy-rc.d
}

# Nor at the next boot, on a machine that has systemd.
disable_service() {
    [ -d /run/systemd/system ] || return 0
    as_root systemctl --quiet disable "$1.service" 2>/dev/null || true
}

apt() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y \
        -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@"
}

install_system_packages() {
    # shellcheck disable=SC2086 # a list of words
    missing=$(missing_of $1)
    [ -z "$missing" ] && return
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null 2>&1 ||
        fail "neither root nor sudo: please have somebody run: apt-get install $missing"
    say 'these system packages are missing:'
    for package in $missing; do
        printf '  %-26s %s\n' "$package" "$(why "$package")"
    done
    ask
    say 'installing (apt-get)'
    log=$(mktemp)
    if ! apt update >"$log" 2>&1; then
        cat "$log" >&2
        say 'apt-get update failed; trying with the lists that are there'
    fi
    # Where a release has no package of that name, the part is in another that is also on the list.
    available=''
    for package in $missing; do
        if apt-cache show "$package" >/dev/null 2>&1; then
            available="$available $package"
        else
            say "this release has no package $package; going on without"
        fi
    done
    case "$available " in *' mosquitto '* | *' ser2net '*) forbid_services ;; esac
    # shellcheck disable=SC2086
    if ! apt --no-install-recommends install $available >"$log" 2>&1; then
        cat "$log" >&2
        fail 'apt-get install failed (its output is above)'
    fi
    rm -f "$log"
    for service in mosquitto ser2net; do
        case "$available " in *" $service "*) disable_service $service ;; esac
    done
    say 'system packages are there'
}

check_node() {
    command -v node >/dev/null 2>&1 || fail 'Node.js 20.19 or later is missing: https://nodejs.org'
    node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
        fail "Node.js 20.19 or later is needed; this is $(node --version)"
}

# An installed package has no lock file: npm has already brought what it depends on.
install_npm_packages() {
    [ -f package-lock.json ] || return 0
    stamp=node_modules/.qlhil-setup
    wanted=$(cksum <package-lock.json)
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && return
    say 'installing npm packages as package-lock.json names them (npm ci)'
    npm ci --include=dev --no-audit --no-fund --loglevel=error
    printf '%s\n' "$wanted" >"$stamp"
    say 'npm packages are there'
}

mode=''
yes=''
[ -z "${CI:-}" ] || yes=yes
for argument in "$@"; do
    case $argument in
    run | test | arm) mode=$argument ;;
    -y | --yes) yes=yes ;;
    -h | --help)
        usage
        exit 0
        ;;
    *)
        usage >&2
        printf 'setup: unknown argument: %s\n' "$argument" >&2
        exit 2
        ;;
    esac
done
if [ -z "$mode" ]; then
    usage >&2
    exit 2
fi
cd "$(dirname "$0")"

case $mode in
run) packages=$build_packages ;;
test) packages="$build_packages $test_packages" ;;
arm) packages=$arm_packages ;;
esac
[ "$mode" = arm ] || check_node
if command -v apt-get >/dev/null 2>&1 && command -v dpkg-query >/dev/null 2>&1; then
    install_system_packages "$packages"
else
    check_by_hand
fi
[ "$mode" = arm ] || install_npm_packages
