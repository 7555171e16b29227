# What the demos share: a server of their own, commands that are shown before they run, and
# expectations. To be sourced, with `set -euo pipefail`.
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
scratch="$(mktemp -d)"
server=""

end() {
  if [ -n "$server" ]; then kill "$server" 2>/dev/null && wait "$server"; fi
  rm -rf "$scratch"
}
trap end EXIT

# With further flags.
start_server() {
  "$root/build/release/millrace" serve --data "$scratch/data" --listen 127.0.0.1:0 "$@" \
    >"$scratch/stdout" 2>"$scratch/stderr" &
  server=$!
  for _ in $(seq 100); do
    endpoint="$(sed -n 's/^listening on //p' "$scratch/stdout")"
    [ -z "$endpoint" ] || return 0
    kill -0 "$server" 2>/dev/null || break
    sleep 0.05
  done
  echo "the server did not start:" >&2
  cat "$scratch/stdout" "$scratch/stderr" >&2
  server=""
  exit 1
}

# Prints a command as one would type it.
show() {
  local word shown="$1"
  shift
  for word in "$@"; do
    case "$word" in *' '* | *'{'*) shown+=" '$word'" ;; *) shown+=" $word" ;; esac
  done
  printf '\n$ %s\n' "$shown"
}

# Shows the command, runs it, and leaves its answer in $answer.
aws_cli() {
  show aws "$@"
  answer="$(/usr/bin/aws --endpoint-url "$endpoint" "$@")"
}

expect() {
  local what="$1" actual="$2" expected="$3"
  [ "$actual" = "$expected" ] && return 0
  printf '\nFAILED: %s\n  expected: %s\n  but it is: %s\n' "$what" "$expected" "$actual" >&2
  exit 1
}

export AWS_ACCESS_KEY_ID=demo AWS_SECRET_ACCESS_KEY=demo AWS_DEFAULT_REGION=us-east-1 AWS_PAGER=""
export AWS_CONFIG_FILE="$scratch/none" AWS_SHARED_CREDENTIALS_FILE="$scratch/none"
