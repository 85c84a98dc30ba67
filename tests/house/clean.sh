#!/bin/sh
# Tests leave nothing in the source tree: files that git does not know are listed before them and after them.
# usage: clean.sh before|after SOURCE-ROOT LIST
set -eu
command -v git > /dev/null && git -C "$2" rev-parse --git-dir > /dev/null 2>&1 || exit 0
list() { git -C "$2" ls-files --others --exclude-standard | sort; }
if [ "$1" = before ]; then
    list "$@" > "$3"
elif list "$@" | comm -13 "$3" - | grep .; then
    echo "appeared in the source tree while tests ran"
    exit 1
fi
