#!/bin/sh
# Where the instructions of one replication go, by layer: from the first event to the last, by callgrind.
# usage: layers.sh PRIMESTORM SCENARIO
# The program has debugging information, which says whose code was inlined, and is not optimised as a whole: sim_run
# has to be there.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

valgrind --tool=callgrind --toggle-collect=sim_run --callgrind-out-file="$folder/out" \
    "$1" run "$2" -r 1 -t 1 --quiet > "$folder/said" 2>&1 || {
    cat "$folder/said"
    exit 1
}
# A line of cost is "place cost"; that behind calls= is what was called, which is counted there. fl=, fi= and fe= name
# the file of the lines that follow, by a number after its first mention.
awk '
    function layer(file) {
        if (file ~ /\/sim\/core\//) return "calendar and clock"
        if (file ~ /\/sim\/res\//) return "shared resources, lines, disks"
        if (file ~ /\/sim\/rng\/|Random123|intrin\.h/) return "random numbers"
        if (file ~ /\/sim\/stat\//) return "statistics"
        if (file ~ /\/sim\/base\//) return "heaps and records, of all of these"
        if (file ~ /\/models\//) return "models"
        return "C library"
    }
    /^(fl|fi|fe|cfi|cfl)=/ {
        id = $1
        sub(/^[a-z]*=/, "", id)
        if (NF > 1) name[id] = substr($0, index($0, " ") + 1)
        if ($0 ~ /^f/) file = name[id]
        next
    }
    /^calls=/ { called = 1; next }
    /^[-+*0-9]/ {
        if (!called) { sum[layer(file)] += $2; all += $2 }
        called = 0
    }
    END {
        if (all == 0) { print "nothing was counted: is there no sim_run?"; exit 1 }
        print "| layer | instructions |"
        print "|---|---|"
        for (l in sum) printf "| %s | %.1f %% |\n", l, 100 * sum[l] / all | "sort -t\"|\" -k3 -rn"
        close("sort -t\"|\" -k3 -rn")
        printf "\n%.1f million in all\n", all / 1e6
    }' "$folder/out"
