#!/bin/sh
# One table of all benchmarks, and what it was measured on; below it, how a replication grows.
# usage: bench.sh [--million] [--small] [--pairs N] BUILD-FOLDER
#     --million   also a replication of a million users, which takes minutes and 2 GB
#     --small     sizes for a test, at which the figures say nothing
set -eu
options=
while [ $# -gt 1 ]; do
    options="$options $1"
    shift
done
if [ $# -ne 1 ]; then
    sed -n 's/^# usage: //p' "$0" >&2
    exit 64
fi
cat <<'END'
Ours beside a floor, which is a straight loop without a library, in turn; CPU time, median of the pairs, or least of the runs
where there is no floor. Times are of a customer of M/M/1, an event taken and scheduled, a number drawn, a start or an end of a
download (beside SimGrid: of all of them, ours the mean of 20 runs), a replication.
END
case $options in
*--small*) echo "Small sizes, for a test: whatever the names say, the figures say nothing." ;;
esac
awk -F': *' '/^model name/ { print "CPU: " $2; exit }' /proc/cpuinfo
awk '{ print "load when it began: " $1 }' /proc/loadavg
echo
header=--header
failures=0
for program in mm1 hold random sharing scenario; do
    # shellcheck disable=SC2086 # words
    "$1/bench/bench_$program" $header $options || failures=1
    header=
done
exit $failures
