#!/bin/sh
# The component builds nothing when it is off and its library when it is on: component_test.sh <folder to work in> <folder of jsmn.h>
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
