#!/bin/sh
# Install what is missing of the Debian packages of one or more groups of packages.txt.
# usage: cmake/install-packages.sh build [test] [lint] [peers] [reality]
set -eu

list=$(dirname "$0")/packages.txt
missing=
for group in "$@"; do
    for package in $(awk -v group="$group" '$1 == group { print $2 }' "$list"); do
        state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
        [ "$state" = installed ] || missing="$missing $package"
    done
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null 2>&1; then
        as_root=sudo
    else
        echo "primestorm needs these Debian packages:$missing" >&2
        echo "Neither root nor sudo is at hand. Ask an administrator to run:" >&2
        echo "    apt-get install --no-install-recommends$missing" >&2
        exit 69
    fi
fi
echo "Installing:$missing" >&2
$as_root apt-get update -qq
# shellcheck disable=SC2086 # a list of names, one word each
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
