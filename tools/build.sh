#!/usr/bin/env bash
# Builds a flavour into build/FLAVOUR: tools/build.sh release|asan|tsan|fuzz [TARGET...]
# Without targets: everything for release, the C++ tests for the sanitizers.
# `fuzz` is the targets of fuzz/, by clang, which has libFuzzer.
# Returns at once when nothing under src/ or in the build files changed since the same build.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
flavour="$1"
shift
build="$root/build/$flavour"

case "$flavour" in
  release) options=(-DCMAKE_BUILD_TYPE=Release) ;;
  asan) options=(-DCMAKE_BUILD_TYPE=Debug "-DMILLRACE_SANITIZE=address,undefined") ;;
  tsan) options=(-DCMAKE_BUILD_TYPE=Debug -DMILLRACE_SANITIZE=thread) ;;
  fuzz)
    options=(-DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_CXX_COMPILER=clang++-14
      -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON -DMILLRACE_FUZZ=ON
      "-DMILLRACE_SANITIZE=address,undefined")
    ;;
  *)
    echo "unknown flavour '$flavour': release, asan, tsan or fuzz" >&2
    exit 2
    ;;
esac

# A stamp is as old as the start of the build that it tells of, so an edit during a build counts.
name="$*"
stamp="$build/.built-${name// /-}"
inputs=("$root/src" "$root/bench" "$root/fuzz" "$root/CMakeLists.txt" "$root/tools/build.sh")
if [ -e "$stamp" ] && [ -z "$(find "${inputs[@]}" -newer "$stamp" -print -quit)" ]; then
  exit 0
fi
mkdir -p "$build"
touch "$build/.started"

# Heavy templates take more than a gigabyte a compiler.
memory_gb=$(awk '/MemTotal/ { print int($2 / 1048576) }' /proc/meminfo)
jobs=$(nproc)
if [ "$jobs" -gt $((memory_gb / 2 + 1)) ]; then jobs=$((memory_gb / 2 + 1)); fi

if [ ! -e "$build/build.ninja" ]; then
  cmake -S "$root" -B "$build" -G Ninja "${options[@]}" >&2
fi
targets=("$@")
if [ "${#targets[@]}" = 0 ] && [ "$flavour" != release ]; then
  mapfile -t targets < <(ninja -C "$build" -t targets all | sed -nE 's/^([a-z_0-9]+_test): phony.*/\1/p')
fi
ninja -C "$build" -j "$jobs" "${targets[@]}" >&2
mv "$build/.started" "$stamp"
