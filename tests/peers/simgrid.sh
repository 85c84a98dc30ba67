#!/bin/sh
# The same flows through SimGrid and through 'primestorm replay': every end within 1e-6 relative.
# usage: simgrid.sh PRIMESTORM SOURCE-ROOT DRIVER (empty: there is none)
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/../cli/expect.sh"
driver=$3
if [ -z "$driver" ]; then
    echo "SimGrid is not here (Debian: libsimgrid-dev), or sanitizers are on: skipped"
    exit 77
fi
begin "$@"

# N SEED: lognormal sizes (mean 5 MB, sigma 1) and caps (median 2 Mbit/s, sigma 0.8), starts within a minute.
# The generator of Park and Miller (CACM 31, 1988), because rand() is another in every awk.
flows() {
    awk -v n="$1" -v seed="$2" '
        function uniform() { seed = (seed * 16807) % 2147483647; return seed / 2147483647 }
        function normal() { return sqrt(-2 * log(uniform())) * cos(6.283185307179586 * uniform()) }
        BEGIN {
            print "id,start_s,size_byte,cap_bit_per_s"
            for (i = 1; i <= n; i++) {
                size = int(1 + exp(log(5e6) - 0.5 + normal()))
                cap = int(1 + exp(log(2e6) + 0.8 * normal()))
                printf "%d,%.6f,%.0f,%.0f\n", i, 60 * uniform(), size, cap
            }
        }'
}

# Largest relative difference of the ends in two tables, found by name; -1 if a flow is in one of them alone.
difference() {
    awk -F, '
        FNR == 1 { for (i = 1; i <= NF; i++) if ($i == "finish_s") end_column = i; next }
        NR == FNR { peer[$1] = $end_column; n++; next }
        !($1 in peer) || $end_column == "" { n = -1; exit }
        {
            d = (peer[$1] - $end_column) / $end_column
            d = d < 0 ? -d : d
            most = d > most ? d : most
            n--
        }
        END { print n == 0 ? most : -1 }' "$1" "$2"
}

agree() { awk -v d="$1" 'BEGIN { exit !(d >= 0 && d <= 1e-6) }'; }

compare() { # FLOWS CAPACITY OUR-CAPACITY
    "$driver" "$1" "$2" > simgrid.csv 2> simgrid.log || { cat simgrid.log; fail "SimGrid on $1"; }
    expect 0 '' primestorm replay --quiet "$1" --capacity "$3bit/s" -o replay.csv --force
    found=$(difference simgrid.csv replay.csv)
    echo "$1 at $2 bit/s: ends differ by $found at most (relative)"
}

flows 500 1 > 500.csv
flows 5000 2 > 5000.csv
for capacity in 5000000 100000000 400000000; do
    compare 500.csv $capacity $capacity
    that "500 flows at $capacity bit/s differ by $found" agree "$found"
done
compare 5000.csv 100000000 100000000
that "5000 flows differ by $found" agree "$found"

# Would it be seen?
compare 500.csv 100000000 100001000
that 'a capacity 1e-5 larger makes no difference' [ "$(agree "$found" && echo same)" = "" ]
finish 10
