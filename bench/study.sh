#!/bin/sh
# How well a study uses two processors: the same study on one thread, on two, and as two processes that share nothing.
# The last says what the machine has to give: whatever they lose against one is its own (shared caches, two threads of
# one core, neighbours), and no program gets it back. Rounds are interleaved and the best of each counts, as what else
# runs on a machine makes things slower only.
# usage: study.sh PRIMESTORM SOURCE-ROOT [ROUNDS [REPLICATIONS]]
set -eu
primestorm=$1
root=$2
rounds=${3:-5}
replications=${4:-20}
points=8
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# study NAME THREADS: 8 points of the 500-user case
study() {
    "$primestorm" run -q "$root/examples/01-failover-500.yaml" --sweep "servers.B.cores=1..$points" -r "$replications" \
        --threads "$2" -o "$folder/$1" --force
}
two_processes() {
    study a 1 &
    study b 1
    wait $!
}
# The processor seconds of all children in what `times` has said into a file.
children_s() { awk 'NR == 2 { split($1, u, /[ms]/); split($2, s, /[ms]/); print 60 * (u[1] + s[1]) + u[2] + s[2] }' "$1"; }
# timed NAME COMMAND...: appends the seconds on the clock, and those of processors. `times` is of the shell that says
# it, so it stands in no pipe and no substitution.
timed() {
    name=$1
    shift
    times > "$folder/before"
    begin=$(date +%s.%N)
    "$@"
    end=$(date +%s.%N)
    times > "$folder/after"
    echo "$name $begin $end $(children_s "$folder/before") $(children_s "$folder/after")" >> "$folder/times"
}
for round in $(seq "$rounds"); do
    timed one study a 1
    timed two study b 2
    timed processes two_processes
    cmp "$folder/a/runs.csv" "$folder/b/runs.csv"
    [ -t 2 ] && printf '\rround %d of %d' "$round" "$rounds" >&2
done
[ -t 2 ] && printf '\n' >&2
awk -v runs=$((points * replications)) '
    function least(a, name, x) { if (!(name in a) || x < a[name]) a[name] = x }
    { least(clock, $1, $3 - $2); least(processor, $1, $5 - $4) }
    function row(words, n, name) {
        printf "%-34s %8.1f runs/s %10.2f ms of a processor per run\n", words, n / clock[name], 1000 * processor[name] / n
    }
    END {
        row("one thread", runs, "one")
        row("two threads", runs, "two")
        row("two processes of one thread each", 2 * runs, "processes")
        printf "\n%-44s %8s %10s\n", "ratio", "clock", "processor"
        printf "%-44s %8.3f %10.3f\n", "efficiency of two threads", clock["one"] / (2 * clock["two"]),
            processor["one"] / processor["two"]
        printf "%-44s %8.3f %10.3f\n", "efficiency of two processes: the machine", clock["one"] / clock["processes"],
            2 * processor["one"] / processor["processes"]
        printf "%-44s %8.3f %10.3f\n", "two threads, relative to two processes", clock["processes"] / (2 * clock["two"]),
            processor["processes"] / (2 * processor["two"])
    }' "$folder/times"
