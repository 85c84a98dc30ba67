#!/bin/sh
# Install what is missing of the Debian packages of one or more groups of packages.txt.
# usage: cmake/install-packages.sh [--optional] GROUP...
#     --optional   each by itself: one that cannot be had is left out with a word
set -eu

is_optional=
if [ "${1:-}" = --optional ]; then
    is_optional=yes
    shift
fi
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
    elif [ -n "$is_optional" ]; then
        echo "Left out, as neither root nor sudo is at hand:$missing" >&2
        exit 0
    else
        echo "primestorm needs these Debian packages:$missing" >&2
        echo "Neither root nor sudo is at hand. Ask an administrator to run:" >&2
        echo "    apt-get install --no-install-recommends$missing" >&2
        exit 69
    fi
fi
echo "Installing:$missing" >&2
install() {
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}
if [ -n "$is_optional" ]; then
    $as_root apt-get update -qq || true # what is there may do
    for package in $missing; do
        install "$package" || echo "Left out, as it cannot be installed: $package" >&2
    done
else
    $as_root apt-get update -qq
    # shellcheck disable=SC2086 # a list of names, one word each
    install $missing
fi
