#!/bin/sh
# Writes docs/limits.md: the text of limits.md.in with the table that the program gives.
# usage: docs/limits.sh PRIMESTORM SOURCE-ROOT > docs/limits.md
set -eu
primestorm=$1
cd "$2"
table=$(mktemp)
trap 'rm -f "$table"' EXIT
"$primestorm" sensitivity examples/01-failover-500.yaml --quiet --format md > "$table"
sed -e "/^@TABLE@\$/{r $table" -e 'd}' docs/limits.md.in
