#!/bin/sh
# Every source is compiled with the flags that make results reproducible.
# usage: flags.sh compile_commands.json
set -eu
total=$(grep -c '"command":' "$1")
[ "$total" -gt 50 ] || { echo "only $total commands in $1"; exit 1; }
for flag in -ffp-contract=off -std=c11; do
    with=$(grep '"command":' "$1" | grep -c -- "$flag")
    [ "$with" -eq "$total" ] || { echo "$((total - with)) of $total sources lack $flag"; exit 1; }
done
if grep -q -- '-ffast-math\|-Ofast' "$1"; then
    echo "a source is compiled with -ffast-math"
    exit 1
fi
