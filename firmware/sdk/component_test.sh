#!/bin/sh
# The component builds nothing when it is off, its library when it is on, and nothing into a release image unless that is asked for:
# component_test.sh <folder to work in> <folder of jsmn.h>
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$1
rm -rf "$work"
mkdir -p "$work"
cat >"$work/CMakeLists.txt" <<EOF
cmake_minimum_required(VERSION 3.16)
project(sdk C)
set(QUECOPEN_INCLUDE $here/../quecopen-posix/include)
set(JSMN_DIR $2 CACHE PATH "")
add_subdirectory($here component)
if(TARGET ql_app_mqtt_hil)
  file(WRITE \${CMAKE_BINARY_DIR}/hook.c "#include <ql_mqtt_hil_init_hook.h>\nvoid hook(void);\nvoid hook(void) { ql_mqtt_hil_init_hook(); }\n")
  add_library(hook STATIC \${CMAKE_BINARY_DIR}/hook.c)
  target_link_libraries(hook PRIVATE ql_app_mqtt_hil)
endif()
EOF
cmake -S "$work" -B "$work/off" >/dev/null
cmake --build "$work/off" >/dev/null
[ -z "$(find "$work/off" -name '*.a')" ] || { echo "it builds something though it is off" >&2; exit 1; }
cmake -S "$work" -B "$work/on" -DQL_APP_FEATURE_MQTT_HIL=ON >/dev/null
cmake --build "$work/on" >/dev/null
[ -n "$(find "$work/on" -name 'libql_app_mqtt_hil.a')" ] || { echo "no library though it is on" >&2; exit 1; }
nm "$work"/on/libhook.a | grep -q 'U ql_mqtt_hil_app_init' || { echo "the hook calls nothing" >&2; exit 1; }

# A release image is refused: by CMake, whichever variable tells it, and again by the compiler in ql_init.c.
fails() {
    wanted=$1
    shift
    if "$@" >"$work/log" 2>&1; then
        echo "this was to fail with '$wanted': $*" >&2
        exit 1
    fi
    grep -q "$wanted" "$work/log" || { cat "$work/log" >&2; exit 1; }
}
configure() {
    rm -rf "$work/release"
    cmake -S "$work" -B "$work/release" -DQL_APP_FEATURE_MQTT_HIL=ON "$@"
}
fails 'this is a release image' configure -DQL_APP_BUILD_RELEASE_TYPE=release
fails 'this is a release image' configure -DBUILD_RELEASE_TYPE=Release
fails 'this is a release image' env BUILD_RELEASE_TYPE=release cmake -S "$work" -B "$work/environment" -DQL_APP_FEATURE_MQTT_HIL=ON
configure -DBUILD_RELEASE_TYPE=debug >/dev/null
configure -DBUILD_RELEASE_TYPE=release -DQL_MQTT_HIL_IN_RELEASE=ON >/dev/null

compile() { ${CC:-cc} -std=c99 -fsyntax-only -I"$here" -I"$here/../shim" -I"$here/../quecopen-posix/include" -I"$work/on/component/generated" "$@"; }
hook() { compile -DQL_APP_FEATURE_MQTT_HIL=1 "-DQL_APP_BUILD_RELEASE_TYPE=\"$1\"" -x c "$work/on/hook.c"; }
fails 'must_not_be_in_a_release_image' hook release
hook debug
compile -DQL_APP_FEATURE_MQTT_HIL=1 -DQL_MQTT_HIL_IN_RELEASE=1 '-DQL_APP_BUILD_RELEASE_TYPE="release"' -x c "$work/on/hook.c"

# The port of the link, by its name.
compile -D_GNU_SOURCE -DSHIM_PORT=QL_USB_PORT_MODEM "$here/../shim/app.c"
fails 'QL_USB_PORT_NONE' compile -D_GNU_SOURCE -DSHIM_PORT=QL_USB_PORT_NONE "$here/../shim/app.c"
