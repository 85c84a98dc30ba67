#!/bin/sh
# One table of all benchmarks, and what it was measured on.
# usage: bench.sh PROGRAM...
set -eu
echo "Ours against a floor, each a straight loop without a library, in turn; CPU time, median of the pairs."
awk -F': *' '/^model name/ { print "CPU: " $2; exit }' /proc/cpuinfo
awk '{ print "load when it began: " $1 }' /proc/loadavg
echo
first=--header
failures=0
for program in "$@"; do
    # shellcheck disable=SC2086 # one option or none
    "$program" $first || failures=1
    first=
done
exit $failures
