#!/bin/sh
# primestorm sensitivity --method morris and sobol: what comes out, in every format, whatever the threads.
# usage: screening.sh PRIMESTORM SOURCE-ROOT
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
begin "$@"
scenario=$root/examples/01-failover-500.yaml
few="--set users=30 --replications 2 --quiet"

# shellcheck disable=SC2086 # $few is several words
{
    primestorm sensitivity $few --method morris --size 4 --threads 1 --format csv "$scenario" > one.csv
    primestorm sensitivity $few --method morris --size 4 --threads 2 --format csv "$scenario" > two.csv
    primestorm sensitivity $few --method morris --size 4 --only chunk --only cores --format json "$scenario" > few.json
    primestorm sensitivity $few --method morris --size 4 --only chunk --only cores "$scenario" > text
    primestorm sensitivity $few --method morris --size 4 --only chunk --format md "$scenario" > table.md
    primestorm sensitivity $few --method morris --size 4 --only chunk --csv-for excel-eu "$scenario" > eu.csv
    primestorm sensitivity $few --method sobol --size 64 --only cpu_per_item --only erase_time --format csv \
        "$scenario" > sobol.csv
    primestorm sensitivity $few --method sobol --size 16 --only cpu_per_item --only erase_time "$scenario" > sobol
}
that 'the number of threads changes the effects' cmp -s one.csv two.csv
that 'an estimate lacks a figure' awk -F, 'NR > 1 && !/"/ { n[$1]++ } END { for (k in n) if (n[k] != 3) exit 1 }' one.csv
that 'few estimates' [ "$(grep -c user_minutes_lost one.csv)" -ge 50 ]
that 'the order is not by mu* of user-minutes lost' awk -F, '
    /"/ { next } $4 == "user_minutes_lost" { if (n++ > 0 && $7 > last) exit 1; last = $7 } END { if (n < 20) exit 1 }' one.csv
that 'mu* is below the mean effect' awk -F, '
    /"/ || NR == 1 { next } { m = $9 < 0 ? -$9 : $9; if ($7 < m * (1 - 1e-12)) exit 1 }' one.csv
that 'JSON is not an array of objects' [ "$(head -n 1 few.json)$(tail -n 1 few.json)" = '[]' ]
that 'an object lacks its effect' [ "$(grep -cE '^ \{"key": ".*", .*"mu_star": [0-9.e+-]+, .*\},?$' few.json)" -ge 15 ]
that 'the text says no effect' grep -q 'user-minutes lost .* ± .* min, sigma ' text
that 'Markdown has no head' grep -q '^| key | low | high | figure |' table.md
that 'no decimal comma' grep -qE ';-?[0-9]+,[0-9]+;' eu.csv
that 'no mark of the byte order' [ "$(head -c 3 eu.csv | od -An -tx1 | tr -d ' ')" = efbbbf ]

# Sobol': indices are shares, first below total within their intervals.
that 'a first index above the total' awk -F, '
    /"/ || NR == 1 { next } $7 != "" { n++; if ($8 > $12 || $10 < 0 || $7 > 1.3) exit 1 } END { if (n < 1) exit 1 }' sobol.csv
that 'the text has no index' grep -qE 'first +-?[0-9.]+ \(.* to .*\), total +[0-9.]+ \(' sobol

more="Try \`primestorm sensitivity --help' or \`primestorm sensitivity --usage' for
more information."
expect 64 "primestorm sensitivity: --method is one, morris or sobol, not 'x'
$more" primestorm sensitivity --method x "$scenario"
expect 64 "primestorm sensitivity: --size is a whole number from 2 to 10000, not '1'
$more" primestorm sensitivity --method morris --size 1 "$scenario"
expect 64 "primestorm sensitivity: --size and --only need --method morris or sobol
$more" primestorm sensitivity --size 5 "$scenario"
expect 64 "primestorm sensitivity: --csv-for knows excel-eu, not 'abacus'
$more" primestorm sensitivity --csv-for abacus "$scenario"
expect 64 "primestorm: --only cpu_per_itme: no estimate of this scenario has that in its key; did you mean 'cpu_per_item'?" \
    primestorm sensitivity --method morris --only cpu_per_itme "$scenario"
expect 64 'primestorm: --only warp: no estimate of this scenario has that in its key' \
    primestorm sensitivity --method morris --only warp "$scenario"
finish 17
