#!/bin/sh
# primestorm decide: the courses are what they say, the break-even is one, limits, files, bad options.
# usage: decide.sh PRIMESTORM SOURCE-ROOT
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
begin "$@"
cp "$root/examples/01-failover-500.yaml" a.yaml
few="--set users=40 --set servers.A.http_threads=720 --replications 5 --quiet"
printf "schema: 1\nservers: {A: }\n" > alone.yaml

# shellcheck disable=SC2086 # $few is several words
{
    primestorm decide $few --threads 1 --outage 15s..30min --format csv a.yaml > one.csv
    primestorm decide $few --threads 2 --outage 15s..30min --format csv a.yaml > two.csv
    primestorm decide $few --outage 15s..30min a.yaml -o out > text
    primestorm decide $few --outage 10s,20s a.yaml > short
    primestorm decide $few --outage 1h,2h a.yaml > long
    primestorm decide $few --set servers.A.vm.restarts=true --outage 15s..30min --format csv a.yaml > vm.csv
    primestorm decide $few --outage 1min,15min --limit desktop_worst_slowdown=1.01 --limit basic_max_s=10min a.yaml > limits
    primestorm decide $few --outage 1min,15min --limit user_minutes_lost=0 a.yaml > nothing
    primestorm decide ${few%% --rep*} --replications 1 --outage 15s..30min a.yaml > single
}
that 'the number of threads changes the figures' cmp -s one.csv two.csv

# cell FILE COURSE OUTAGE_S COLUMN; OUTAGE_S - : whatever it is
cell() {
    awk -F, -v course="$2" -v outage="$3" -v name="$4" '
        NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i; next }
        $1 == course && (outage == "-" || $2 == outage) { print $c; exit }' "$1"
}

# Each course is a scenario that one can write down and run. mean FOLDER COLUMN: of its runs.csv
mean() {
    awk -F, -v name="$2" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i; next }
                          { sum += $c; n++ } END { printf "%.9g\n", sum / n }' "$1/runs.csv"
}
alike() { # FOLDER COURSE OUTAGE_S COLUMN FILE
    [ "$(mean "$1" "$4")" = "$(cell "$5" "$2" "$3" "$4" | awk '{ printf "%.9g\n", $1 }')" ]
}
sed '/^timeline/,$d' a.yaml > wait.yaml
cat >> wait.yaml << 'END'
balancer: {failover: manual}
timeline: [{at: 0 s, do: fail host A}, {at: 4 min, do: restart host A}]
END
sed '/^timeline/,$d' a.yaml > restore.yaml
cat >> restore.yaml << 'END'
balancer: {failover: manual}
timeline: [{at: 0 s, do: fail host A}, {at: 20 min, do: restore host A without state}]
END
sed 's/at: 20 min, do: restore/at: 15 min, do: begin to restore/' restore.yaml > begun.yaml
sed '/^timeline/,$d' a.yaml > restart.yaml
cat >> restart.yaml << 'END'
balancer: {failover: manual}
timeline: [{at: 0 s, do: fail host A}]
END
even_s=$(cell one.csv hold - outage_s)
# shellcheck disable=SC2086
{
    primestorm run $few a.yaml -o fail_over.run
    primestorm run $few wait.yaml -o wait.run
    primestorm run $few restore.yaml -o restore.run
    primestorm run $few --set 'servers.A.restore.data=3.6 GB' begun.yaml -o begun.run
    primestorm run $few --set servers.A.vm.restarts=true restart.yaml -o restart.run
    primestorm run $few --set "balancer.hold_down=$even_s s" a.yaml -o hold.run
    primestorm decide $few --set 'servers.A.restore.operator=15 min' --set 'servers.A.restore.data=3.6 GB' \
        --outage 1min,15min --format csv a.yaml > restore.csv # 15 min + 1 min to copy + 4 min to start
}
for column in user_minutes_lost basic_max_s full_max_s blackout_mean_s; do
    that "fail_over: $column is not that of a run" alike fail_over.run fail_over - $column one.csv
    that "wait: $column is not that of a run" alike wait.run wait 240 $column one.csv
    that "hold: $column is not that of a run" alike hold.run hold - $column one.csv
    that "restart: $column is not that of a run" alike restart.run restart - $column vm.csv
    that "restore: $column is not that of a run" alike restore.run restore 1200 $column restore.csv
    that "restore: $column is not that of one begun" alike begun.run restore 1200 $column restore.csv
done

that 'the break-even is not inside its interval' awk -v x="$even_s" \
    -v low="$(cell one.csv hold - break_even_low_s)" -v high="$(cell one.csv hold - break_even_high_s)" \
    'BEGIN { exit !(low > 0 && low <= x * 1.01 && x <= high * 1.01) }'
that 'the picture lacks the intervals' [ "$(grep -c '^set object [12] rectangle' out/plots/decision.gp)" -eq 2 ]

# A little before the break-even waiting is cheaper, a little after it failing over is.
at() { awk -v x="$even_s" -v by="$1" 'BEGIN { printf "%.6fs", x * by }'; }
# shellcheck disable=SC2086
primestorm decide $few --outage "$(at 0.98),$(at 1.02)" --format csv a.yaml > near.csv
that 'waiting is not cheaper before the break-even' \
    awk -F, '$1 == "wait" && ++n == 1 && $4 > 0 { exit 1 }' near.csv
that 'failing over is not cheaper behind the break-even' \
    awk -F, '$1 == "wait" && ++n == 2 && $4 < 0 { exit 1 }' near.csv
that 'the break-even is not in the advice' grep -Eq '^Wait if A will be back, with its state, within [0-9.]+ s \([0-9.]+ to [0-9.]+\); ' text
that 'one replication has an interval' grep -Eq 'within [0-9.]+ s; fail over at once' single
that 'a short outage is no reason to wait' grep -q '^Wait for A: even an outage of 20 s, the longest' short
that 'a long outage is no reason to fail over' grep -q '^Fail over at once: that costs less than an outage of 60 min' long

# Limits
that 'failing over is allowed' grep -q 'Not allowed: fail over, because desktop_worst_slowdown is .*, the limit 1.01\.' limits
that 'the rule is given as if failing over were allowed' \
    grep -q '\. That is by cost alone: the limits do not allow failing over\. ' limits
that 'the rule says that failing over is not allowed, and it is' awk '/by cost alone/ { exit 1 }' text
that 'a long wait is allowed' grep -q 'Not allowed: wait, back after 15 min, because basic_max_s is .* min .*, the limit 10min\.' limits
that 'the table does not say what is not allowed' grep -Eq '^fail over .* not allowed$' limits
that 'nothing is allowed, and nobody says so' grep -q 'Nothing is allowed: the limits are too tight' nothing

# Where the herd at once does not end, one that begins later costs less here, and the rule says so.
printf 'schema: 1\nservers: {A: , B: }\n' > endless.yaml
# shellcheck disable=SC2086
{
    primestorm decide --quiet --replications 5 --outage 10min,1h endless.yaml > endless
    primestorm decide $few --set servers.A.vm.restarts=true --outage 1min,15min --limit blackout_mean_s=1s a.yaml > allowed
}
that 'a hold is not compared' grep -Eq '^hold .* cheaper$' endless
that 'the dearer course is recommended' grep -q '; if it takes longer fail over then and not at once, which costs more\. ' endless
that 'it is not said that it does not end' grep -q "Not all devices are done within 12 h: 'primestorm run' of this scenario says what holds them up" endless
that 'the cheapest that is allowed is not named' \
    grep -Eq ' The cheapest that they allow, whenever the server is back: wait, restarts by itself: 7.1 min, at .* user-minutes\. ' allowed
# Security orders
# shellcheck disable=SC2086
primestorm decide $few --set security.wipes=4 --set 'security.contact=5 min' --outage 1min,15min \
    --limit security_exposure_min=0 a.yaml > orders
# shellcheck disable=SC2086
primestorm decide $few --set security.wipes=4 --set 'security.contact=5 min' --outage 1min,15min --format csv a.yaml > orders.csv
that 'the table has no column of exposure' grep -q '^course .*  desktop mail, x slower  exposed, device-hours   against failing over$' orders
that 'the table has the exposure of no orders' [ "$(grep -c exposed text)" -eq 0 ]
that 'the table and decision.csv expose differently' [ "$(awk '/^fail over/ { for (i = 1; i <= NF; i++) if ($i ~ /^\(/) at = i - 1; print $at; exit }' orders)" = \
    "$(printf %.1f "$(echo "$(cell orders.csv fail_over - security_exposure_min)" | awk '{ print $1 / 60 }')")" ]
that 'the table exposes what waits' grep -Eq '^wait, back after 1 min .*  0 \(0 to 0\) +dearer$' orders
that 'nothing is said of the orders' grep -q 'Failing over forgets 4 security orders: devices that should get nothing are exposed for ' orders
that 'exposure is allowed' grep -q 'Not allowed: fail over, because security_exposure_min is ' orders
that 'waiting exposes' awk '/^wait/ && /not allowed/ { exit 1 }' orders

# Files
for file in scenario.yaml scenario.effective.yaml columns.csv decision.csv waiting.csv plots/decision.gp manifest.json; do
    that "$file is missing" [ -s "out/$file" ]
done
that 'the table of the folder is another' cmp -s out/decision.csv one.csv
that 'a column is not in the dictionary' \
    [ "$(grep -c '^decision.csv,' out/columns.csv)" -eq "$(head -1 out/decision.csv | tr ',' '\n' | wc -l)" ]
# The curve: it goes through the outages asked for, with neighbours a sixth of a doubling apart, and is what is drawn.
that 'an outage asked for costs something else on the curve' awk -F, '
    FNR == 1 { next }
    NR == FNR { cost[$1] = $2 FS $4; next }
    $1 == "wait" { n++; if (cost[$2] != $10 FS $4) exit 1 }
    END { exit !(n == 8) }' out/waiting.csv out/decision.csv
that 'the curve is coarse' awk -F, '
    NR > 2 && !($1 > last && $1 < last * 1.13) { exit 1 }
    NR > 1 { last = $1 }
    END { exit !(NR > 40) }' out/waiting.csv
that 'the picture joins the outages asked for only' grep -q "^plot '../waiting.csv' " out/plots/decision.gp
if command -v gnuplot > /dev/null; then
    that 'there is no picture' [ -s out/plots/decision.png ]
else
    skipped 'the picture: no gnuplot'
fi

more="Try \`primestorm decide --help' or \`primestorm decide --usage' for more
information."
expect 64 "primestorm decide: a scenario file is missing
$more" primestorm decide
expect 64 "primestorm decide: --outage: '5' needs a unit of time (us, ms, s, min, h, d)
$more" primestorm decide --outage 5..1h a.yaml
expect 64 "primestorm decide: --outage: '1h' is not below '5min'
$more" primestorm decide --outage 1h..5min a.yaml
expect 64 "primestorm decide: --outage: the times must grow
$more" primestorm decide --outage 5min,5min a.yaml
expect 64 "primestorm decide: --outage: '0s' is not above 0
$more" primestorm decide --outage 0s..1h a.yaml
expect 64 "primestorm decide: --outage: at most 100 times
$more" primestorm decide --outage 1us..100000000000000000000000000000d a.yaml
expect 64 "primestorm decide: --limit needs FIGURE=VALUE, 20 at most, found 'basic_max_s'
$more" primestorm decide --limit basic_max_s a.yaml
expect 64 "primestorm decide: --limit basic_max_s: '5' needs a unit of time (us, ms, s, min, h, d)
$more" primestorm decide --limit basic_max_s=5 a.yaml
expect 64 "primestorm decide: --format is text, csv, json or md, not 'xml'
$more" primestorm decide --format xml a.yaml
expect 65 "primestorm: --outage: 13 h is not below the horizon, 12 h" primestorm decide --outage 1h,13h a.yaml
expect 64 "primestorm decide: --limit basic_max_s: '-5min' is below 0, as no figure is
$more" primestorm decide --limit basic_max_s=-5min a.yaml
expect 64 "primestorm decide: --limit basic_max_s is given twice: 5min and 6min
$more" primestorm decide --limit basic_max_s=5min --limit full_max_s=1h --limit basic_max_s=6min a.yaml
expect 65 "primestorm: --limit basic_mx_s: runs.csv has no figure of that name; did you mean 'basic_max_s'?" \
    primestorm decide --set users=5 --limit basic_mx_s=1min a.yaml
expect 65 "primestorm: --limit nonsense: runs.csv has no figure of that name; columns.csv of a run lists them" \
    primestorm decide --set users=5 --limit nonsense=1 a.yaml
expect 65 "primestorm: preset/traveler-ha-pool:14:11: balancer.method: in a pool there is nothing to decide: its servers take over from each other at once; what a failure of its database costs is for a run to say ('fail pool database')" \
    primestorm decide preset/traveler-ha-pool
expect 65 'primestorm: --set balancer.method=round_robin: balancer.method: what is decided about is a standby that all devices move to (active)' \
    primestorm decide a.yaml --set balancer.method=round_robin
expect 65 "primestorm: wait.yaml:17:56: timeline.1.do: what is decided about is one failure, 'fail host A', and nothing else; what follows it is what is asked" \
    primestorm decide wait.yaml
expect 65 "primestorm: --set timeline.0.do=redirect A to B: timeline.0.do: what is decided about is one failure, 'fail host A', and nothing else; what follows it is what is asked" \
    primestorm decide a.yaml --set "timeline.0.do=redirect A to B"
expect 65 "primestorm: servers: there is none to fail over to beside A" \
    primestorm decide "$work/alone.yaml"
expect 73 "primestorm: out exists already; choose another name, or replace it with --force" primestorm decide a.yaml -o out
finish 55
