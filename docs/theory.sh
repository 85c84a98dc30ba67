#!/bin/sh
# Writes docs/theory.md: the text of theory.md.in with the table that the program gives.
# usage: docs/theory.sh PRIMESTORM SOURCE-ROOT > docs/theory.md
set -eu
primestorm=$1
cd "$2"
table=$(mktemp)
trap 'rm -f "$table"' EXIT
"$primestorm" theory --format md > "$table"
sed -e "/^@TABLE@\$/{r $table" -e 'd}' docs/theory.md.in
