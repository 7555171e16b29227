#!/usr/bin/env bash
# Installs what is missing of the named groups of tools/packages.txt: tools/setup.sh GROUP...
# Costs one dpkg-query, and needs no rights, when nothing is missing.
set -euo pipefail
tools="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

node_suffices() {
  command -v npm >/dev/null && command -v node >/dev/null &&
    [ "$(node --version | sed -E 's/^v([0-9]+).*/\1/')" -ge 18 ]
}

packages_of() {
  awk -v group="$1" '$1 == group { print $2 }' "$tools/packages.txt"
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "These packages are missing, and installing them needs root or sudo:" >&2
    echo "  apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
}

wanted=()
for group in "$@"; do
  if [ "$group" = node ] && node_suffices; then continue; fi
  mapfile -t -O "${#wanted[@]}" wanted < <(packages_of "$group")
done
[ "${#wanted[@]}" -gt 0 ] || exit 0

mapfile -t missing < <(
  comm -23 <(printf '%s\n' "${wanted[@]}" | sort -u) \
    <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${wanted[@]}" 2>/dev/null |
      awk '$1 == "installed" { print $2 }' | sort -u)
)
[ "${#missing[@]}" -gt 0 ] || exit 0

echo "Installing from Debian's packages: ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
as_root apt-get -qq -o DPkg::Lock::Timeout=300 update >&2
as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=300 \
  -o Dpkg::Use-Pty=0 install --no-install-recommends "${missing[@]}" >&2
