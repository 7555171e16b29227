#!/usr/bin/env bash
# Measures the release build and prints tables in Markdown: tools/bench.sh [--server-only] [--streams-only] [--long] [OPTION...]
# First the benchmarks of bench/, unless --server-only; then the server: its start, its memory, and
# each workload against a fresh one that acknowledges after fsync, with its data below build/release,
# so on the disk of the source tree; then its streams, which is all there is with --streams-only.
# --long adds the trim of a log of ten million records, which takes a minute or three.
# OPTIONs go to `millrace bench`, such as --seconds 30.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
build="$root/build/release"
millrace="$build/millrace"

micro=true
workloads=true
long=false
while :; do
  case "${1:-}" in
    --server-only) micro=false ;;
    --streams-only) micro=false workloads=false ;;
    --long) long=true ;;
    *) break ;;
  esac
  shift
done
# Of one measurement of a stream.
turn=(--item-bytes 1024)
case " $* " in
  *" --seconds"* | *" --requests"*) ;;
  *) turn+=(--seconds 5) ;;
esac

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

# Sets `report` to that of a run on the server.
measure() {
  local status=0
  report="$("$millrace" bench --endpoint "$endpoint" --json "$@")" || status=$?
  if [ -z "$report" ]; then exit "$status"; fi
  if [ "$status" != 0 ]; then
    echo "millrace bench $* met errors: $report" >&2
    failed=true
  fi
}

latencies() {
  local name
  for name in p50 p99 p99_9 max; do
    member "$report" "$name" | awk -v name="${name/_/.}" '{ printf "%s %.2f ms\n", name, $1 / 1000 }'
  done | paste -sd, | sed 's/,/, /g'
}

median() { printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"; }

# Of the server's threads together, in hundredths of a second.
server_cpu() { sed 's/.*) //' "/proc/$server/stat" | awk '{ print $12 + $13 }'; }

# The server's CPU in microseconds for each of $2 requests, of $1 hundredths of a second.
cpu_each() { awk -v hundredths="$1" -v requests="$2" 'BEGIN { printf "%.0f", hundredths * 10000 / requests }'; }

# PutItem on tables with and without a stream in turns, since other programs may slow some of them.
# The CPU time of the server tells the cost where they do.
measure_stream_cost() {
  local round before without=() with=() without_cpu=() with_cpu=()
  for round in 1 2 3; do
    before="$(server_cpu)"
    measure --workload put --table "put-$round" "${turn[@]}" "$@"
    without+=("$(member "$report" requests_per_second)")
    without_cpu+=("$(cpu_each "$(($(server_cpu) - before))" "$(member "$report" requests)")")
    before="$(server_cpu)"
    measure --workload put --table "put-stream-$round" --stream NEW_AND_OLD_IMAGES "${turn[@]}" "$@"
    with+=("$(member "$report" requests_per_second)")
    with_cpu+=("$(cpu_each "$(($(server_cpu) - before))" "$(member "$report" requests)")")
  done
  awk -v without="$(median "${without[@]}")" -v with="$(median "${with[@]}")" 'BEGIN {
    printf "| PutItem, stream of both images | %.0f/s, without a stream %.0f/s (medians of 3 turns): %+.0f %% |\n",
      with, without, 100 * (with / without - 1) }'
  echo "| the same, the server's CPU for each | $(median "${with_cpu[@]}") µs, without a stream" \
    "$(median "${without_cpu[@]}") µs |"
}

measure_records() {
  measure --workload records --table records "${turn[@]}" --connections 4 "$@"
  awk -v records="$(member "$report" records)" -v seconds="$(member "$report" seconds)" 'BEGIN {
    printf "| GetRecords, both images, 4 readers of one shard | %.0f records/s |\n", records / seconds }'
}

measure_follow() {
  measure --workload follow --table follow "${turn[@]}" "$@"
  echo "| acknowledged put to record, at $(member "$report" requests_per_second) puts/s | $(latencies) |"
}

measure_empty_shard() {
  local before cpu
  before="$(server_cpu)"
  measure --workload records --loaded --table empty "${turn[@]}" --connections 4 "$@"
  cpu="$(cpu_each "$(($(server_cpu) - before))" "$(member "$report" requests)")"
  echo "| GetRecords of an empty shard | $cpu µs of the server's CPU a call," \
    "$(member "$report" requests_per_second)/s |"
}

if [ "$micro" = true ]; then
  (cd "$build" && bench/millrace_bench)
  echo
fi

failed=false
echo "$(nproc) cores ($(sed -nE 's/^model name\s*: //p' /proc/cpuinfo | head -1)), the generator on them too;" \
  "commit $(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown)"
echo
if [ "$workloads" = true ]; then
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
  echo
fi

echo "| streams | measured |"
echo "|---|---|"
start_server "$work/data-streams"
measure_stream_cost "$@"
measure_records "$@"
measure_follow "$@"
measure_empty_shard "$@"
stop_server
if [ "$long" = true ]; then
  echo
  (cd "$build" && bench/millrace_log_trim)
fi
[ "$failed" = false ]
