#!/usr/bin/env bash
# Every check of the source; goes on after a failure and tells all of them.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
failures=()

check() {
  local name="$1" start=$SECONDS
  shift
  if "$@"; then
    echo "check $name: good ($((SECONDS - start)) s)"
  else
    echo "check $name: FAILED ($((SECONDS - start)) s)" >&2
    failures+=("$name")
  fi
}

format() {
  git ls-files -z --cached --others --exclude-standard '*.h' '*.cc' |
    xargs -0 -r clang-format-14 --dry-run --Werror
}

check format format
check layers /usr/bin/python3 tools/check_layers.py
check outside /usr/bin/python3 tools/check_outside.py
check fuzz-seeds /usr/bin/python3 tools/check_fuzz_seeds.py
check self-test /usr/bin/python3 -m unittest discover -q -s tools -p '*_test.py'
check tidy /usr/bin/python3 tools/tidy.py

[ "${#failures[@]}" = 0 ] || {
  echo "failed: ${failures[*]}" >&2
  exit 1
}
