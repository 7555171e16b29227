#!/usr/bin/env bash
# Runs every Google Benchmark program of bench/, then `millrace bench` with the given options.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
shopt -s nullglob
for program in "$root"/build/release/bench/*_bench; do
  echo "--- $(basename "$program")"
  "$program"
done
echo "--- millrace bench"
exec "$root/build/release/millrace" bench "$@"
