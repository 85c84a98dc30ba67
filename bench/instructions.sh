#!/bin/sh
# How many instructions of our own five fixed cases take, against bench/instructions.csv: unlike times
# they are the same on a busy machine. Counted are those of the program itself (libprimesim is linked
# into it), not of libc, libm and GSL, which choose their code by the CPU.
# A case that takes over 3 % more fails: mend it, or run with --update and say why in that commit.
# usage: instructions.sh BUILD-FOLDER SOURCE-ROOT [--update]
set -eu
build=$1
root=$2
table=$root/bench/instructions.csv
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

skip() {
    echo "instructions: skipped: $1"
    exit 0
}
command -v valgrind > /dev/null || skip "valgrind is not installed"
# Random numbers have a form for AVX2 and one for every CPU; the table holds the first.
grep -q '^flags.* avx2' /proc/cpuinfo || skip "the table is for CPUs with AVX2"
cc=$(sed -n 's/^CMAKE_C_COMPILER:[A-Z]*=//p' "$build/CMakeCache.txt")
kind=gcc
if echo | "$cc" -dM -E - | grep -q __clang__; then kind=clang; fi
compiler="$kind $("$cc" -dumpversion) $("$cc" -dumpmachine)"
if [ "${3:-}" != --update ]; then
    kept=$(awk -F, 'NR == 2 { print $3 }' "$table")
    [ "$kept" = "$compiler" ] || skip "the table is for $kept, this is $compiler"
fi

# count CASE PROGRAM ARGUMENT...
# The lines of a callgrind file are "place cost"; that behind calls= is the cost of what is called, and
# is counted there. ob= names the object of the lines that follow, in full at its first mention.
count() {
    case=$1
    shift
    valgrind --tool=callgrind --callgrind-out-file="$folder/out" "$@" > "$folder/said" 2>&1 || {
        cat "$folder/said"
        exit 1
    }
    awk -v program="$(realpath "$1")" -v name="$case" -v compiler="$compiler" '
        /^ob=/ {
            id = $1
            sub(/^ob=/, "", id)
            sub(/\).*/, ")", id)
            if (NF > 1) is_ours[id] = (substr($0, index($0, " ") + 1) == program)
            ours = is_ours[id]
            next
        }
        /^cob=/ && NF > 1 {
            id = $1
            sub(/^cob=/, "", id)
            is_ours[id] = (substr($0, index($0, " ") + 1) == program)
        }
        /^calls=/ { called = 1; next }
        /^[-+*0-9]/ {
            if (ours && !called) sum += $2
            called = 0
        }
        END { printf "%s,%d,%s\n", name, sum, compiler }' "$folder/out" >> "$folder/new"
}

echo "case,instructions,compiler" > "$folder/new"
count mm1 "$build/bench/bench_mm1" --once "M/M/1, 1e6 customers, by station"
count hold "$build/bench/bench_hold" --once "HOLD, 1e4 pending"
count lognormal "$build/bench/bench_random" --once "lognormal of a named stream"
count sharing "$build/bench/bench_flows" once storm 20000
count failover "$build/cli/primestorm" run "$root/examples/01-failover-500.yaml" -r 1 -t 1 --quiet

if [ "${3:-}" = --update ]; then
    cp "$folder/new" "$table"
    cat "$table"
    exit 0
fi
awk -F, '
    FNR == 1 { next }
    NR == FNR { kept[$1] = $2; n++; next }
    {
        change = 100 * ($2 / kept[$1] - 1)
        verdict = change > 3 ? "grown" : change < -3 ? "less: --update would keep it so" : "as kept"
        printf "%-10s %12d  %+6.2f %%  %s\n", $1, $2, change, verdict
        bad += change > 3
        seen++
    }
    END {
        if (seen != 5 || n != 5) { print "five cases were expected"; bad = 1 }
        exit bad > 0
    }' "$table" "$folder/new"
