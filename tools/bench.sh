#!/usr/bin/env bash
# Measures the release build and prints tables in Markdown: tools/bench.sh [--server-only] [OPTION...]
# First the benchmarks of bench/, unless --server-only; then the server: its start, its memory, and
# each workload against a fresh one that acknowledges after fsync, with its data below build/release,
# so on the disk of the source tree. OPTIONs go to `millrace bench`, such as --seconds 30.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
build="$root/build/release"
millrace="$build/millrace"

micro=true
if [ "${1:-}" = --server-only ]; then
  micro=false
  shift
fi

work="$(mktemp -d "$build/bench.XXXXXX")"
server=
stop_server() {
  [ -n "$server" ] || return 0
  kill "$server" 2>/dev/null || true
  wait "$server" || echo "the server ended with status $?" >&2
  server=
}
trap 'stop_server; rm -rf "$work"' EXIT

# Starts a server on the data directory $1. Sets `server`, `endpoint` and `start_ms`, the time from
# its start to the line that it listens.
start_server() {
  local begin line
  mkfifo "$work/stdout"
  begin="${EPOCHREALTIME/./}"
  "$millrace" serve --listen 127.0.0.1:0 --data "$1" >"$work/stdout" 2>"$work/log" &
  server=$!
  exec 3<"$work/stdout"
  rm "$work/stdout"
  endpoint=
  while read -r line <&3; do
    case "$line" in
      *"listening on http://"*)
        endpoint="http://${line##*http://}"
        endpoint="${endpoint%% *}"
        break
        ;;
    esac
  done
  start_ms=$(((${EPOCHREALTIME/./} - begin) / 1000))
  if [ -z "$endpoint" ]; then
    cat "$work/log" >&2
    exit 1
  fi
}

# One member of the flat parts of the JSON report $1.
member() { sed -nE "s/.*\"$2\":([0-9.]+).*/\1/p" <<<"$1"; }

run_workload() {
  local report microseconds status=0
  report="$("$millrace" bench --endpoint "$endpoint" --workload "${1%-index}" --table "bench-$1" --json "${@:2}")" ||
    status=$?
  if [ -z "$report" ]; then exit "$status"; fi
  printf '| %s | %.0f |' "$1" "$(member "$report" requests_per_second)"
  for microseconds in p50 p99 p99_9 max; do
    member "$report" "$microseconds" | awk '{ printf " %.2f |", $1 / 1000 }'
  done
  printf ' %s |\n' "$(sed -nE 's/.*"errors":\{(.*)\}\}$/\1/p' <<<"$report" | sed 's/^$/none/')"
  [ "$status" = 0 ] || failed=true
}

if [ "$micro" = true ]; then
  (cd "$build" && bench/millrace_bench)
  echo
fi

failed=false
echo "$(nproc) cores ($(sed -nE 's/^model name\s*: //p' /proc/cpuinfo | head -1)), the generator on them too;" \
  "commit $(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown)"
echo
echo "| start and memory | measured |"
echo "|---|---|"
starts=()
for round in 1 2 3 4 5 6 7 8 9 10; do
  start_server "$work/empty-$round"
  starts+=("$start_ms")
  if [ "$round" = 10 ]; then
    sleep 1
    idle_rss_mb="$(awk '/^VmRSS:/ { printf "%.1f", $2 / 1024 }' "/proc/$server/status")"
  fi
  stop_server
done
mapfile -t sorted < <(printf '%s\n' "${starts[@]}" | sort -n)
echo "| cold start, median of 10 | $(((sorted[4] + sorted[5]) / 2)) ms (${sorted[0]} to ${sorted[9]}) |"
echo "| idle RSS | $idle_rss_mb MB |"
echo
echo "| workload | requests/s | p50 ms | p99 ms | p99.9 ms | max ms | errors |"
echo "|---|---|---|---|---|---|---|"
for workload in get put put-index update query batch transact; do
  start_server "$work/data-$workload"
  with_index=()
  [ "$workload" != put-index ] || with_index=(--index)
  run_workload "$workload" "${with_index[@]}" --connections 32 --item-bytes 1024 "$@"
  loaded_rss_mb="$(awk '/^VmHWM:/ { printf "%.0f", $2 / 1024 }' "/proc/$server/status")"
  peaks="${peaks:+$peaks, }$workload $loaded_rss_mb MB"
  stop_server
done
echo
echo "Peak RSS meanwhile: $peaks"
[ "$failed" = false ]
