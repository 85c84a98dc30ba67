#!/bin/sh
# primestorm sensitivity: what is varied, what comes out, and that docs/limits.md says the same.
# usage: sensitivity.sh PRIMESTORM SOURCE-ROOT [compare-docs]
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
begin "$@"
scenario=$root/examples/01-failover-500.yaml
few="--set users=20 --replications 2 --quiet"

# shellcheck disable=SC2086 # $few is several words
{
    primestorm sensitivity $few --threads 1 --format csv "$scenario" > one.csv
    primestorm sensitivity $few --threads 2 --format csv "$scenario" > two.csv
    primestorm sensitivity $few --set sync.chunk.cpu_per_item="5 ms" --format csv "$scenario" > given.csv
    primestorm sensitivity $few --format md "$scenario" > table.md
    primestorm sensitivity $few "$scenario" > text
    primestorm sensitivity $few --set mail.desktop_users=900 --format csv "$scenario" > impossible.csv
}
that 'the number of threads changes the figures' cmp -s one.csv two.csv

# Every estimate that `keys` lists with a range is there, and so are those of the built-in classes.
primestorm keys --format csv | grep -c ',estimate,' > n_estimates
that "only $(($(wc -l < one.csv) - 1)) rows" [ "$(($(wc -l < one.csv) - 1))" -ge "$(cat n_estimates)" ]
that 'an estimate of a built-in class is not varied' grep -q '^devices.classes.edge.rate,' one.csv
that 'a value that the scenario gives is varied' [ "$(grep -c '^sync.chunk.cpu_per_item,' given.csv)" -eq 0 ]
that 'nothing else may go' [ "$(wc -l < given.csv)" -eq "$(($(wc -l < one.csv) - 1))" ]

# The change is what stands between the ends, and the order is by the change of user-minutes lost.
that 'a change is not high minus low' awk -F, '
    NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
    !/"/ {
        low = $column["user_minutes_lost.low"]; high = $column["user_minutes_lost.high"]
        change = $column["user_minutes_lost.change"]
        size = change < 0 ? -change : change
        gap = high - low - change
        if (gap > 1e-6 || gap < -1e-6) exit 1
        if (n++ > 0 && size > last) exit 1
        last = size
    }
    END { if (n < 20) exit 1 }' one.csv
that 'an end that is no scenario is not told' \
    grep -q 'mail.disk_iops.*at 300 /s: mail: desktop users and probes alone ask for 337.5 reads/s of a disk that gives 300' \
    impossible.csv
that 'Markdown rows are not of seven cells' awk -F'|' '/^[|] `/ && NF != 9 { exit 1 }' table.md
that 'the text says no change' grep -q 'user-minutes lost .* min (+' text

more="Try \`primestorm sensitivity --help' or \`primestorm sensitivity --usage' for
more information."
expect 64 "primestorm sensitivity: --format is text, csv, json or md, not 'xml'
$more" primestorm sensitivity --format xml "$scenario"
expect 66 "none.yaml: No such file or directory" primestorm sensitivity none.yaml

if [ "${3:-}" = compare-docs ]; then
    # Sorted: rows whose changes are nearly equal may change places with the last digits.
    "$root/docs/limits.sh" "$primestorm" "$root" | sort > limits.md
    sort "$root/docs/limits.md" > limits.expected
    that 'docs/limits.md is not what docs/limits.sh writes' \
        awk -v relative=0.02 -v absolute=1 -f "$root/tests/support/same_text.awk" limits.expected limits.md
fi
finish 11
