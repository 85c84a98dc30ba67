#!/bin/sh
# The main case on measured input: only the rates of the 3G classes differ, and nothing that is drawn for
# something else.
# usage: measured.sh PRIMESTORM SOURCE-ROOT
# PRIMESTORM_TRACE names another CSV file with a column mbit_per_s, a whole trace for instance.
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
begin "$@"
trace=${PRIMESTORM_TRACE:-$root/examples/04-measured-rates.csv}
rate="rate=empirical($trace, mbit_per_s) Mbit/s"

expect 0 '' primestorm run --quiet "$root/examples/01-failover-500.yaml" -o default
expect 0 '' primestorm run --quiet "$root/examples/04-measured-rates.yaml" -o measured \
    --set "devices.classes.umts_ios.$rate" --set "devices.classes.umts_android.$rate"
that 'the effective scenario does not name the file' \
    grep -q "rate: empirical(.*$trace, mbit_per_s) Mbit/s" measured/scenario.effective.yaml
that 'the measured rates change nothing' [ "$(cmp -s measured/devices.csv default/devices.csv; echo $?)" -eq 1 ]

# The same devices load the same items and bytes.
for folder in measured default; do
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
             { print $at["replication"], $at["device"], $at["class"], $at["items"], $at["payload_byte"] }' \
        $folder/devices.csv > $folder.sizes
done
that 'another rate changes the mailboxes' cmp measured.sizes default.sizes

# 3G devices load faster (the trace has a larger mean), the others as before.
transfer_s() { awk -F, -v class="$2" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
                                      $1 == class { printf "%.0f\n", 10 * $at["time.transfer_s"] }' "$1/stages.csv"; }
for class in umts_ios umts_android; do
    that "$class does not load faster" [ "$(transfer_s measured $class)" -lt "$(transfer_s default $class)" ]
done
for class in edge wifi_ios wifi_android; do
    that "$class changes by the rates of others" [ "$(transfer_s measured $class)" -eq "$(transfer_s default $class)" ]
done
that 'a replication is unfinished' awk -F, '
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    $at["unfinished"] != 0 { bad = 1 } END { exit bad || NR != 11 }' measured/runs.csv
finish 11
