#!/bin/sh
# A storm that keeps itself going: with its trigger, without it, and with the policy that ends it.
# usage: metastable.sh PRIMESTORM SOURCE-ROOT
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
begin "$@"
scenario=$root/examples/06-metastable-storm.yaml
sed 's/connections: reset/connections: silent/' "$scenario" > spread.yaml
that 'the scenario has no trigger' [ "$(cmp -s "$scenario" spread.yaml; echo $?)" -eq 1 ]

expect 0 '' primestorm run --quiet --replications 4 "$scenario" -o storm
expect 0 '' primestorm run --quiet --replications 4 spread.yaml -o spread
expect 0 '' primestorm run --quiet --replications 4 "$scenario" --set 'balancer.rate_limit=0.5 /s' \
    --set balancer.rate_burst=20 -o limited

# holds FOLDER CONDITION: in every replication, over the figures of runs.csv.
holds() {
    awk -F, "NR == 1 { for (i = 1; i <= NF; i++) at[\$i] = i; next }
             { n++ } !($2) { bad = 1 } END { exit bad || n != 4 }" "$1/runs.csv"
}
figure() { echo "\$at[\"$1\"]"; }

# The trigger is over in 30 s: by then everybody has found the new server. Two hours later hardly anybody is done,
# and each device has sent more than a hundred requests in vain; the work itself is the same.
that 'the storm ends' holds storm "$(figure unfinished) > 590"
that 'the server is idle in the storm' holds storm "$(figure servers.b.cpu.busy_share) > 0.99"
that 'few requests are in vain' holds storm "$(figure timeouts) > 60000"
for quiet in spread limited; do
    that "$quiet: somebody is not done" holds $quiet "$(figure unfinished) == 0"
    that "$quiet: it takes long" holds $quiet "$(figure full_max_s) < 2400"
    that "$quiet: many requests are in vain" holds $quiet "$(figure timeouts) < 300"
done

# In the time series: from the tenth minute on the CPU is busy without a break and nothing is sent; with the limit
# no more than a third of the device-sync workers are ever busy.
series() {
    awk -F, "NR == 1 { for (i = 1; i <= NF; i++) at[\$i] = i; next }
             $2 { n++; if (!($3)) bad = 1 } END { exit bad || n < 100 }" "$1/series_mean.csv"
}
late="$(figure time_s) >= 600 && $(figure time_s) < 7200"
that 'the overload goes' series storm "$late" "$(figure servers.b.cpu.busy_share) > 0.99"
that 'chunks are sent in the storm' series storm "$late" "$(figure uplink.busy_share) < 0.001"
that 'nobody waits for a worker in the storm' series storm "$late" "$(figure servers.b.chunk.waiting) > 200"
that 'the limit lets too many in' series limited "$(figure time_s) >= 0" "$(figure servers.b.chunk.busy) < 67"

# The picture shows the storm, not only how it began.
that 'the picture ends before the storm' grep -qxF 'set xrange [0:120]' storm/plots/busy.gp
finish 18
