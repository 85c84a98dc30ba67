#!/bin/sh
# What is expected of an answer: verdicts of single scenarios and of the points of a study, how the program ends,
# and mistakes with their places.
# usage: expectations.sh PRIMESTORM SOURCE-ROOT
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
begin "$@"
scenario=$root/examples/01-failover-500.yaml
# shellcheck disable=SC2317 # called by name
run() { primestorm run --set users=20 -r 5 "$scenario" "$@"; }
ends() { # CODE COMMAND...
    code=$1
    shift
    "$@" > stdout 2> stderr
    status=$?
    that "'$*' ends with $status and not $code" [ "$status" -eq "$code" ]
}

# ---- A single scenario ----
ends 0 run --expect 'full_p95_s < 1 h' --expect 'unfinished <= 0'
that 'met is not said, with its bound' grep -qE '^  met        full_p95_s < 1 h: [0-9.]+ (s|min), at most [0-9.]+ (s|min)$' stdout
ends 99 run --expect 'full_p95_s < 1 s'
that 'missed is not said, with its bound' grep -qE '^  missed     full_p95_s < 1 s: [0-9.]+ (s|min), at least [0-9.]+ (s|min)$' stdout
ends 0 run --expect 'p95 of full_p95_s < 1 h'
that 'undecided is not said, with what would decide' \
    grep -qE '^  undecided  p95 of full_p95_s < 1 h: .* with no upper bound; about 72 replications would decide$' stdout
ends 99 run --expect 'p95 of full_p95_s < 1 h' --expect-strict
ends 0 primestorm run --set users=20 -r 1 "$scenario" --expect 'full_p95_s < 1 h'
that 'one replication decides' grep -q '^  undecided .*, and one replication has no interval$' stdout
ends 99 run -q --expect 'full_p95_s < 1 s'
that 'quiet is not' [ ! -s stdout ]
ends 0 run
that 'without expectations there is talk of them' sh -c '! grep -q Expected stdout'

# Tables hold what is said, and the interval is that of summary.csv.
cat > expected.yaml <<EOF
extends: $scenario
users: 20
replications: 5
expect:
  - full_p95_s < 1 h      # met
  - user_minutes_lost <= 0.5 min
  - "p95 of full_max_s < 1 h"
EOF
ends 99 primestorm run -q expected.yaml -o folder --expect 'unfinished < 1'
that 'expectations.csv has other verdicts' [ "$(cut -d, -f12 folder/expectations.csv | tr '\n' ' ')" = 'verdict met missed undecided met ' ]
that 'a limit is not in the unit of its figure' grep -q '^user_minutes_lost <= 0.5 min,user_minutes_lost,mean,<=,0.5,min,5,' folder/expectations.csv
that 'the interval is not that of summary.csv' [ "$(sed -n 2p folder/expectations.csv | cut -d, -f8-10)" = \
    "$(grep '^full_p95_s,' folder/summary.csv | cut -d, -f4-6)" ]
that 'the JSON lacks a verdict' [ "$(grep -c '"verdict": "met"' folder/expectations.json)" -eq 2 ]
that 'the JSON lacks what has no bound' grep -q '"statistic": "p95".*"high": null' folder/expectations.json
that 'the columns are not explained' grep -q '^expectations.csv,verdict,,text,' folder/columns.csv
that 'the manifest does not vouch for them' grep -q '"expectations.json": "[0-9a-f]*"' folder/manifest.json

# The expectations of a base stand; a list of one's own replaces them as a whole.
printf 'extends: expected.yaml\nusers: 10\n' > heir.yaml
ends 99 primestorm run -q heir.yaml
printf 'extends: expected.yaml\nexpect: ["unfinished <= 0"]\n' > heir.yaml
ends 0 primestorm run heir.yaml
that 'expectations of the base are still there' [ "$(grep -cE '^  (met|missed|undecided)' stdout)" -eq 1 ]

# ---- A study ----
# shellcheck disable=SC2317 # called by name
study() { # FOLDER OPTION...
    folder=$1
    shift
    primestorm run expected.yaml --sweep servers.B.cores=1,4 --sweep mail.servers=1,2 -o "$folder" --progress line "$@"
}
ends 99 study study --expect 'mail.1.cpu.busy_share < 1'
that 'a study does not count its verdicts' grep -q '^expected full_p95_s < 1 h: met at 4 points$' stdout
that 'a point that misses is not named' \
    grep -q '^expected user_minutes_lost <= 0.5 min: missed at 4 points (point 0, servers.B.cores=1, mail.servers=1: .*, at least ' stdout
that 'a figure that some points lack is not told' \
    grep -q '^expected mail.1.cpu.busy_share < 1: met at 2 points, undecided at 2 points (point 0, .*: not measured)$' stdout
that 'expectations.csv has not a row for each point' [ "$(wc -l < study/expectations.csv)" -eq 17 ]
that 'the JSON has not a row for each point' [ "$(grep -c verdict study/expectations.json)" -eq 16 ]
that 'keys are not columns' grep -q '^point,servers.B.cores,mail.servers,expectation,figure,' study/expectations.csv
ends 0 study study --set expect.1='user_minutes_lost > 0.5 min'
that 'another expectation makes another study' grep -q '20 runs; 20 are there already' stderr
ends 99 study study --set expect.1='user_minutes_lost > 0.5 min' --expect-strict
for i in 1 2; do
    ends 0 study parts --shard $i/2
done
ends 99 primestorm merge expected.yaml --sweep servers.B.cores=1,4 --sweep mail.servers=1,2 -o parts \
    --expect 'mail.1.cpu.busy_share < 1'
ends 99 study study --expect 'mail.1.cpu.busy_share < 1'
that 'merged shards judge otherwise' cmp study/expectations.csv parts/expectations.csv

# ---- Mistakes, at their places; nothing is run then ----
cat > wrong.yaml <<EOF
extends: $scenario
expect:
  - ful_p95_s < 10 min
  - full_p95_s < 10 MB
  - unfinished < 3 apples
  - full_p95_s = 3 s
  - [a, b]
EOF
said="wrong.yaml:3:5: expect: no figure 'ful_p95_s'; did you mean 'full_p95_s'?
wrong.yaml:4:5: expect: full_p95_s: 'MB' is not a unit of time (us, ms, s, min, h, d)
wrong.yaml:5:5: expect: unfinished: 'apples' is not its unit; it is in devices
wrong.yaml:6:5: expect: 'full_p95_s = 3 s' is not understood; an expectation is a figure, <, <=, > or >=, and a limit, as in 'full_p95_s < 10 min' or 'p95 of full_max_s < 20 min'
wrong.yaml:7:6: expect.4.0: expect holds a list, a line '- FIGURE < LIMIT' each
wrong.yaml:7:9: expect.4.1: expect holds a list, a line '- FIGURE < LIMIT' each"
for command in check run plan "run --sweep users=5,6 -o none" "merge -o none"; do
    # shellcheck disable=SC2086 # words
    expect 65 "$said" primestorm $command wrong.yaml
done
that 'a mistake leaves a folder behind' [ ! -e none ]
printf 'extends: %s\nexpect: full_p95_s < 1 s\n' "$scenario" > scalar.yaml
expect 65 "scalar.yaml:2:9: expect: a list is wanted, a line '- full_p95_s < 1 s' each" primestorm run scalar.yaml
printf 'extends: %s\nexpect: []\n' "$scenario" > none.yaml
expect 65 "none.yaml:2:9: expect: a list is wanted, a line '- full_p95_s < 10 min' each" primestorm check none.yaml
expect 65 "--expect nonsense < 1: expect: no figure 'nonsense'; figures are the columns of runs.csv" \
    run --expect 'nonsense < 1'
finish 45
