#!/bin/sh
# `make bench` prints one table: all programs run at a small size, each work that has a bar has its line, and no line is
# there twice. Figures of this size say nothing and are not looked at.
# usage: table.sh BUILD-FOLDER
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$(dirname "$0")/../bench.sh" --small "$1" > "$folder/said" || {
    cat "$folder/said"
    echo "FAILED: bench.sh"
    exit 1
}
cat > "$folder/works" <<'END'
M/M/1, 1e6 customers, by station
M/M/1, 1e6 customers, by events and a tally
HOLD, 1e2 pending
HOLD, 1e4 pending
HOLD, 1e6 pending
uniform of a named stream
exponential of a named stream
lognormal of a named stream
capped sharing, 5e3 downloads
capped sharing, 1e5 downloads
capped sharing, 1e6 downloads
capped sharing, growth from 5e3 to 1e6
5e3 downloads beside SimGrid
adversary, 5,000 distinct near-equal caps
500 users, a replication
1,000,000 users, a replication
1,000,000 users, memory
output's share at 1000 users
END
awk -F' *\\| *' '
    function bad(text) { print "FAILED: " text; n_bad++ }
    NR == FNR { wanted[$0]; next }
    $2 == "work" { in_table = 1; n_headers++; next }
    /^$/ { in_table = 0 }
    !in_table || /^\|--/ { next }
    {
        if (NF != 8) bad("not six cells: " $0)
        if (seen[$2]++) bad("twice: " $2)
        if ($5 != "yes" && $5 != "NO" && $5 != "-") bad("no verdict: " $0)
        if ($2 in wanted && $4 == "-" && $2 !~ /sharing, [15]e|by station/) bad("no bar: " $0)
        if ($5 != "-" && $6 == "-") bad("a verdict on nothing: " $0)
    }
    END {
        if (n_headers != 1) bad(n_headers " tables with that header")
        for (work in wanted) if (!seen[work]) bad("no line: " work)
        exit n_bad > 0
    }' "$folder/works" "$folder/said" || {
    cat "$folder/said"
    exit 1
}
grep -q '^| *1000 | *1200 |' "$folder/said" || { echo "FAILED: how a replication grows is not there"; exit 1; }
