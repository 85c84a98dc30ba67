#!/bin/sh
# Studies: sweeps, what they consist of, their tables, and what may be wrong with all of it.
# usage: study.sh PRIMESTORM SOURCE-ROOT
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
begin "$@"
printf '#!/bin/sh\nexit 1\n' > bin/gnuplot # pictures are another test's: tests/cli/sweep_plots.sh
chmod +x bin/gnuplot
scenario=$root/examples/01-failover-500.yaml
tables='runs points quantiles series distributions columns differences'

# ---- Plan ----
plan() { primestorm plan --no-pilot --set users=20 -r 3 "$@" "$scenario"; }
points() { plan --format csv "$@" 2> /dev/null | sed 1d | cut -d, -f3- | sed 's/,[0-9]*,$//' | tr '\n' ' '; }
gives() { # WANTED OPTION...
    wanted=$1
    shift
    found=$(points "$@")
    that "plan $* gives '$found' and not '$wanted'" [ "$found" = "$wanted" ]
}
gives '20,1 20,2 30,1 30,2 ' --sweep users=20,30 --sweep servers.B.cores=1..2
gives '1 4 7 10 ' --sweep 'users=1..10 step 3'
gives '1 3 10 32 100 316 1000 ' --sweep 'users=log 1..1000 points 7'
gives '10 s 20 s 30 s ' --sweep 'balancer.retry_after=10..30 s points 3'
gives '1.1 1.2 1.3 ' --sweep 'devices.per_user=1.1..1.3 step 0.1'
gives '20,1 30,2 ' --sweep zip.users=20,30 --sweep zip.servers.B.cores=1,2
gives '20,2 30,1 30,2 ' --sweep users=20,30 --sweep servers.B.cores=1..2 --sweep 'where=users * servers.B.cores > 20'
gives '20,1 30,2 ' --sweep users=20,30 --sweep servers.B.cores=1..2 \
    --sweep 'where=(users == 20 and servers.B.cores < 2) or (users > 25 and not servers.B.cores == 1)'
printf 'servers.B.cores,users\n1,20\n4,25\n' > points.csv
gives '1,20 4,25 ' --sweep list=points.csv
cat > swept.yaml <<EOF
extends: $scenario
users: 20
replications: 3
sweep:
  grid:
    users: [20, 25..30 step 5]
  list: {file: points.csv, keys: [servers.B.cores]}
  where:
    - users > 20
    - servers.B.cores <= users
EOF
found=$(primestorm plan --no-pilot --format csv swept.yaml | sed 1d | cut -d, -f3-4 | tr '\n' ' ')
that "the file gives '$found'" [ "$found" = '25,1 25,4 30,1 30,4 ' ]
# Spread points: the origin first and then halves of halves; each whole number has a part of its own.
gives '1,1 s 5,10 s 7,3.16228 s 3,31.6228 s 4,5.62341 s 8,56.2341 s 6,1.77828 s 2,17.7828 s ' --sweep sobol.points=8 \
    --sweep sobol.seed=0 --sweep sobol.users=1..8 --sweep 'sobol.balancer.retry_after=log 1..100 s'
cat > spread.yaml <<EOF
extends: $scenario
replications: 2
sweep:
  lhs:
    points: 16
    seed: 5
    users: 1..16
    devices.per_user: 1..2
    network.uplink: log 1..65536 Mbit/s
    servers.B.cores: [1, 2, 4, 8]
  grid: {mail.cores: 1..2}
EOF
# strata COLUMN AWK-EXPRESSION-OF-ITS-VALUE: in how many of 16 strata the points of the Latin hypercube are
strata() {
    primestorm plan --no-pilot --format csv spread.yaml | awk -F, -v c="$1" 'NR > 1 && NR < 18 { x = $c; n[int('"$2"')]++ }
        END { for (i in n) k++; print k }'
}
that 'a whole number is not taken once by each' [ "$(strata 4 x)" -eq 16 ]
that 'a stratum of a range is empty' [ "$(strata 5 '16 * (x - 1)')" -eq 16 ]
that 'a stratum of a logarithmic range is empty' [ "$(strata 6 'log(x) / log(2)')" -eq 16 ]
that 'values of a list are not as frequent as each other' [ "$(primestorm plan --no-pilot --format csv spread.yaml | sed 1d |
    cut -d, -f7 | sort | uniq -c | awk '{ print $1 }' | tr '\n' ' ')" = '8 8 8 8 ' ]
that 'the file and the command line differ' [ "$(primestorm plan --no-pilot --format csv spread.yaml | cut -d, -f3-7)" = \
    "$(plan --format csv --sweep mail.cores=1..2 --sweep lhs.points=16 --sweep lhs.seed=5 --sweep lhs.users=1..16 \
        --sweep lhs.devices.per_user=1..2 --sweep 'lhs.network.uplink=log 1..65536 Mbit/s' --sweep lhs.servers.B.cores=1,2,4,8 |
        cut -d, -f3-7)" ]
that 'another seed gives the same points' [ "$(plan --format csv --sweep lhs.points=4 --sweep lhs.users=1..1000)" != \
    "$(plan --format csv --sweep lhs.points=4 --sweep lhs.users=1..1000 --sweep lhs.seed=2)" ]
primestorm run -q spread.yaml --set sweep.lhs.points=5 -o spread1 --threads 1
primestorm run -q spread.yaml --set sweep.lhs.points=5 -o spread7 --threads 7
that 'a study of spread points depends on the threads' cmp spread1/runs.csv spread7/runs.csv
expect 0 '' primestorm rerun -q spread1/manifest.json
expect 0 '' plan --sweep users=20,30 --format json
that 'JSON lacks the points' grep -q '"points": 2' stdout
expect 0 '' plan --sweep users=20,30 --format md
that 'Markdown lacks a row' grep -qxF '| 1 | 30 |' stdout
expect 0 '' primestorm plan --set users=20 -r 3 --sweep users=20,30 "$scenario"
that 'the plan lacks time and disk' grep -q '^2 points x 3 replications = 6 runs; about .* on the disk' stdout

# ---- Bad input ----
wrong() { # SAID OPTION...
    said=$1
    shift
    expect 65 "$said" plan "$@"
}
wrong "--sweep usrs=1,2: sweep: unknown key 'usrs'; did you mean 'users'?" --sweep usrs=1,2
wrong "--sweep servers.C.cores=1: sweep: servers.C.cores: the scenario has nothing of this name; 'primestorm show' lists what it has" \
    --sweep servers.C.cores=1
wrong '--sweep replications=1..3: sweep: replications is the same for all points of a study' --sweep replications=1..3
wrong "--sweep users=9..1: sweep: users: '9..1': a range goes from the smaller to the larger" --sweep users=9..1
wrong "--sweep users=log 0..5 points 3: sweep: users: 'log 0..5 points 3': a logarithmic range begins above 0 and says how many points it has, as in 'log 1..1000 points 7'" \
    --sweep 'users=log 0..5 points 3'
wrong "--sweep users=1..5 stpe 2: sweep: users: '1..5 stpe 2' is not understood; a range is '1..10', '1..10 step 3', '10 s..60 s points 6' or 'log 1..1000 points 7'" \
    --sweep 'users=1..5 stpe 2'
wrong "--sweep users=1,,2: sweep: users: a value is missing" --sweep users=1,,2
wrong "--sweep where=users > 5: sweep: where: 'users > 5' leaves no point" --sweep users=1..3 --sweep 'where=users > 5'
wrong "--sweep where=users >: sweep: where: a key, a number or a bracket is expected at 'the end'" \
    --sweep users=1..3 --sweep 'where=users >'
wrong "sweep: point 1, users=none: users: 'none' is not a number" --sweep users=1,none
wrong "sweep: zip: users has 2 values and servers.B.cores has 3; keys that move in step have as many" \
    --sweep zip.users=1,2 --sweep zip.servers.B.cores=1,2,3
wrong "sweep: the points 'users=5' and 'users=5.0' are the same scenario" --sweep users=5,5.0
wrong "--sweep baseline=users=7: sweep: baseline: 'users=7' is true of 0 points, not of one; it names values of the sweep as they are written there, as in 'servers.B.cores=4'" \
    --sweep users=1,2 --sweep baseline=users=7
wrong "sweep.series: no time series 'devices.ful'; did you mean 'devices.full'?" --sweep users=1,2 --sweep series=devices.ful
wrong "sweep.distributions: no distribution 'half_s'; there are basic_s and full_s" --sweep users=1,2 --sweep distributions=half_s
wrong "sweep: 1000000 points, of which each takes a run at least; if so many are meant, give --yes" --sweep users=1..1000000
wrong "sweep: 100000000 points; at most 10000000 can be simulated" --sweep users=1..10000 --sweep servers.B.cores=1..10000
mkfifo pipe
for name in . pipe; do
    wrong "--sweep list=$name: sweep: list: $name: not a plain file, but a folder, a pipe or a device" --sweep list=$name
done
expect 64 "primestorm plan: --sweep gird.users=1,2: neither a key nor a part of a sweep; did you mean 'grid'?
Try \`primestorm plan --help' or \`primestorm plan --usage' for more
information." plan --sweep gird.users=1,2
wrong '--sweep list=none.csv: sweep: list: none.csv: No such file or directory' --sweep list=none.csv
printf 'servers.B.cores,usres\n1,20\n' > no_such_key.csv
wrong "--sweep list=no_such_key.csv: no_such_key.csv:1: sweep: unknown key 'usres'; did you mean 'users'?" --sweep list=no_such_key.csv
printf 'servers.B.cores,users\n1,20\n\n0,25\n2,x\n' > bad_points.csv
wrong "sweep: point 1, servers.B.cores=0: servers.B.cores: '0' is out of range; allowed: 1 to 65536 (bad_points.csv:4)
sweep: point 2, users=x: users: 'x' is not a number (bad_points.csv:5)" --sweep list=bad_points.csv
wrong "--sweep list=points.csv: sweep: list: points.csv:1: there is no column 'mail.cores' among servers.B.cores, users" \
    --sweep list=points.csv --sweep list.keys=mail.cores
wrong "--sweep lhs.users=1..8: sweep: lhs: it is not said how many points, as in 'points: 50'" --sweep lhs.users=1..8
wrong "--sweep sobol.points=8: sweep: sobol: keys are missing, as in 'users: 100..1000'" --sweep sobol.points=8
wrong "--sweep lhs.points=0: sweep: lhs: points is a whole number from 1 to 1000000, not '0'" --sweep lhs.points=0 --sweep lhs.users=1..8
wrong "--sweep lhs.seed=x: sweep: lhs: seed is a whole number from 0 to 18446744073709551615, not 'x'" \
    --sweep lhs.points=2 --sweep lhs.users=1..8 --sweep lhs.seed=x
wrong "--sweep lhs.usrs=1..8: sweep: unknown key 'usrs'; did you mean 'users'?" --sweep lhs.points=2 --sweep lhs.usrs=1..8
wrong "--sweep lhs.users=8..1: sweep: lhs: users: '8..1': a range goes from the smaller to the larger" \
    --sweep lhs.points=2 --sweep lhs.users=8..1
wrong "--sweep sobol.users=log 0..9: sweep: sobol: users: 'log 0..9': a range goes from the smaller to the larger, a logarithmic one from above 0" \
    --sweep sobol.points=2 --sweep 'sobol.users=log 0..9'
wrong "--sweep lhs.users=1..8 step 2: sweep: lhs: users: '1..8 step 2' is not understood; here a range is '1..10' or 'log 1..1000'" \
    --sweep lhs.points=2 --sweep 'lhs.users=1..8 step 2'
wrong "sweep: the points 'users=5' and 'users=5' are the same scenario; lhs and sobol want wider ranges, or fewer points" \
    --sweep lhs.points=3 --sweep lhs.users=5..5
wrong "sweep: point 0, balancer.retry_after=7: balancer.retry_after: '7' needs a unit of time (us, ms, s, min, h, d)" \
    --sweep sobol.points=1 --sweep sobol.seed=0 --sweep sobol.balancer.retry_after=7..9
wrong "sweep: users is varied in two places" --sweep users=1,2 --sweep sobol.points=2 --sweep sobol.users=3..9
printf 'users,\n' > no_key.csv
wrong '--sweep list=no_key.csv: sweep: list: no_key.csv: no point stands below the names' --sweep list=no_key.csv
expect 64 "primestorm plan: --sweep needs KEY=VALUES, found 'users'
Try \`primestorm plan --help' or \`primestorm plan --usage' for more
information." plan --sweep users
cat > empty.yaml <<EOF
extends: $scenario
sweep:
  grid: {}
EOF
expect 65 'empty.yaml:3:3: sweep.grid: a sweep has grid, zip, list, lhs, sobol, where, baseline, series and distributions, and keys of the scenario below grid and zip' \
    primestorm plan empty.yaml
# A key outside of grid, a word misspelt, and what is meant in a filter.
sweep_says() { # SWEEP WORDS
    printf 'extends: %s\nsweep: %s\n' "$scenario" "$1" > meant.yaml
    expect 65 "meant.yaml:$2" primestorm plan meant.yaml
}
has="a sweep has grid, zip, list, lhs, sobol, where, baseline, series and distributions"
below="keys of the scenario stand below grid (every combination) or zip (in step), as in 'sweep: {grid:"
sweep_says '{users: [1, 2]}' "2:9: sweep.users.0: $below {users: [...]}}'
meant.yaml:2:9: sweep.users.1: $below {users: [...]}}'"
sweep_says '{usres: 1..2}' "2:9: sweep.usres: $below {users: [...]}}'"
sweep_says '{servers.B.coers: 1..2}' "2:9: sweep.servers.B.coers: $below {servers.B.cores: [...]}}'"
sweep_says '{gird: {users: 1..2}}' "2:16: sweep.gird.users: $has; did you mean 'grid'?"
sweep_says '{nonsense: 1..2}' "2:9: sweep.nonsense: $has"
wrong "--sweep where=usres > 1: sweep: where: 'usres' is not a number and cannot be compared so; did you mean 'users'?" \
    --sweep users=1,2 --sweep 'where=usres > 1'
# A word in place of a number: its column has words.
expect 0 '' primestorm run --quiet "$scenario" --sweep mail.desktop_users=users,5 -r 2 -o words
that 'the word of a key leaves a cell empty' [ "$(awk -F, '{ print $3 }' words/points.csv | paste -sd ' ')" = 'mail.desktop_users users 5' ]
that 'a column of words is told as one of numbers' grep -q '^points.csv,mail.desktop_users,,text,' words/columns.csv
printf 'extends: %s\nsweep:\n  grid: {users: []}\n' "$scenario" > empty.yaml
for command in plan check run; do
    expect 65 "empty.yaml:3:17: sweep: users has no values; give some, as in '1, 2, 8'" primestorm $command empty.yaml
done

# ---- Run: tables, and what is there is not made again ----
study() {
    primestorm run --quiet "$scenario" --sweep users=5..15\ step\ 5 --sweep servers.B.cores=1,4 \
        --sweep series=devices.full --sweep distributions=basic_s,full_s --sweep baseline=users=5,servers.B.cores=1 "$@"
}
expect 0 '' study -r 6 -o whole --threads 1
expect 0 '' study -r 6 -o two --threads 2
expect 0 '' study -r 6 -o seven --threads 7
expect 0 '' study -r 2 -o grown
expect 0 '' study -r 6 -o grown
primestorm run --quiet "$scenario" --sweep users=5 --sweep servers.B.cores=1,4 --sweep series=devices.full \
    --sweep distributions=basic_s,full_s -r 6 -o points
expect 0 '' study -r 6 -o points
for name in $tables; do
    for other in two seven grown points; do
        that "$name.csv of $other differs" cmp "whole/$name.csv" "$other/$name.csv"
    done
done
that 'runs.csv has not 36 runs' [ "$(wc -l < whole/runs.csv)" -eq 37 ]
that 'points.csv has not 6 points' [ "$(wc -l < whole/points.csv)" -eq 7 ]
that 'a point differs from itself' grep -q '^0,6,5,1,0,0,' whole/differences.csv
that 'the columns lack a file' [ "$(cut -d, -f1 whole/columns.csv | sort -u | wc -l)" -eq 7 ]
that 'the manifest lacks a digest' grep -q "\"runs.csv\": \"$(sha256sum whole/runs.csv | cut -d' ' -f1)\"" whole/manifest.json
says() { # WORDS COMMAND...
    words=$1
    shift
    "$@" > stdout 2> stderr
    that "'$*' does not say '$words'" grep -qF "$words" stderr
}
run() { primestorm run --progress line "$scenario" --sweep users=5..15\ step\ 5 --sweep servers.B.cores=1,4 "$@"; }
says '6 points, 48 runs; 36 are there already' run -r 8 -o whole
says 'set users=7: without effect at the points, as users varies' run -r 1 --set users=7 -o outdone
says '6 points, 48 runs; 48 are there already' run -r 8 -o whole
that 'something is told to be without effect' [ "$(grep -c 'without effect' stderr)" -eq 0 ]
says '6 points, 12 runs; 12 are there already' run -r 2 -o whole
that 'runs that fewer replications leave out are not told' \
    grep -qxF '36 runs of the store beyond 2 replications: kept in the store, not in the tables' stderr
that 'points are missing that are there' [ "$(grep -c 'not in this sweep' stderr)" -eq 0 ]
rows=$(wc -l < whole/runs.csv)
that "after fewer replications runs.csv has $rows lines" [ "$rows" -eq 13 ]

says '4 points of the store are not in this sweep: kept in the store, not in the tables' \
    primestorm run "$scenario" --sweep users=5 --sweep servers.B.cores=1,4 -r 8 -o whole
that 'replications are missing that are there' [ "$(grep -c 'replications: kept' stderr)" -eq 0 ]

# ---- Another program: another version, or another revision of this one ----
if command -v sqlite3 > /dev/null; then
    whose=$(sqlite3 whole/study.db 'SELECT name FROM program')
    that "this program is '$whose'" [ "$whose" = "$(primestorm version | sed -n '1s/^primestorm \(.*)\),.*/\1/p')" ]
    for other in '0.0.9 (v0.0.9)' "${whose%% *} (another revision)"; do
        sqlite3 whole/study.db "INSERT OR IGNORE INTO program(name) VALUES('never run'); UPDATE program SET name = '$other' WHERE id = 1;
            DELETE FROM program WHERE name = '$whose'"
        says "primestorm: some runs are of another program, $other; this is $whose. They stay; the column 'program'" run -r 8 -o whole
        that "runs of $other are told as of this" [ "$(grep -cF ",$other" whole/runs.csv)" -eq 48 ]
    done
    sqlite3 whole/study.db "DELETE FROM program WHERE name = '$whose'; UPDATE program SET name = '$whose' WHERE id = 1"
    run -r 8 -o whole > /dev/null 2> stderr
    that 'a program that made no run is told' [ "$(grep -c 'another program' stderr)" -eq 0 ]
else
    skipped 'runs of another program: there is no sqlite3'
fi

# The pilot run of a plan is of the point that takes longest, wherever it stands.
for users in 60,5,20 5,20,60; do
    primestorm plan "$scenario" -r 2 --sweep users=$users > plan.txt 2> /dev/null
    point=$(echo $users | tr ',' '\n' | grep -n 60 | cut -d: -f1)
    that 'the pilot is of another point' grep -q "one run of point $((point - 1)), the costliest" plan.txt
done

# A series that is wanted later: the runs are made again with it, and their figures are the same.
more() { primestorm run --progress line "$scenario" --set users=5 -r 3 --sweep servers.B.cores=1,2 --sweep series=devices.full "$@"; }
primestorm run -q "$scenario" --set users=5 -r 3 --sweep servers.B.cores=1,2 -o later
cp later/runs.csv before.csv
says '2 points, 6 runs' more -o later
that 'runs without the series are taken for done' sh -c '! grep -q "there already" stderr'
that 'the figures change with the series' cmp -s later/runs.csv before.csv
more -q -o once > /dev/null 2>&1
that 'the series added later is another' cmp -s later/series.csv once/series.csv
that 'there is no series' [ "$(wc -l < later/series.csv)" -gt 10 ]
says '2 points, 6 runs; 6 are there already' more -o later
# What was kept before stays when something else is asked for; a name given twice is one.
also() { primestorm run --progress line "$scenario" --set users=5 -r 3 --sweep servers.B.cores=1,2 --sweep distributions=full_s,full_s "$@"; }
says '2 points, 6 runs; 6 are there without a series that is kept now, and made again' also -o later
says '2 points, 6 runs; 6 are there already' more -o later
that 'the series is another after a distribution was asked for' cmp -s later/series.csv once/series.csv
# So with shards.
for part in 1/2 2/2; do more -q -o parts --shard $part > /dev/null 2>&1; done
join() { primestorm merge -q "$scenario" --set users=5 -r 3 --sweep servers.B.cores=1,2 -o parts "$@"; }
expect 0 '' join --sweep series=devices.full
for part in 1/2 2/2; do also -q -o parts --shard $part > /dev/null 2>&1; done
expect 0 '' join --sweep distributions=full_s
expect 0 '' join --sweep series=devices.full --sweep distributions=full_s
also -q --sweep series=devices.full -o both > /dev/null 2>&1
for name in runs series distributions; do
    that "merged shards that were asked for more have another $name.csv" cmp parts/$name.csv both/$name.csv
done

# A store that a program to come has written.
if command -v sqlite3 > /dev/null; then
    cp -r later newer
    sqlite3 newer/study.db "UPDATE meta SET value = '99' WHERE key = 'format'"
    expect 65 'primestorm: newer/study.db: a store of format 99; this program knows 1' \
        primestorm run -q "$scenario" --set users=5 -r 3 --sweep servers.B.cores=1,2 -o newer
fi

# What is asked for no more goes, with its verdicts; what is not ours stays.
primestorm run -q "$scenario" --set users=5 -r 3 --sweep servers.B.cores=1,2 --expect 'unfinished <= 0' -o later
that 'there are no verdicts' [ -e later/expectations.csv ]
that 'a series that nobody asked for is there still' [ ! -e later/series.csv ]
echo mine > later/notes.txt
primestorm run -q "$scenario" --set users=5 -r 3 --sweep servers.B.cores=1,2 -o later
that 'old verdicts stay' [ ! -e later/expectations.csv ]
that 'a file of the user is gone' [ -e later/notes.txt ]

# ---- The table on the screen ----
primestorm run "$scenario" --set users=5 -r 2 --sweep horizon=30s,1h --sweep zip.servers.B.cores=1,4 --sweep zip.mail.cores=1,4 \
    --sweep zip.devices.per_user=1,2 --sweep zip.balancer.retry_after=10s,60s -o told > told.txt 2> /dev/null
header='point  horizon  servers.B.cores  mail.cores  devices.per_user  half have today'"'"'s mail  95 % have everything  user-minutes lost'
that 'the table lacks columns' grep -qE "^$header +runs$" told.txt
that 'the table has not a row a point' [ "$(grep -cE '^[0-3]  ' told.txt)" -eq 4 ]
that 'a mean lacks its unit or its interval' grep -qE '^2 +1h +1 +1 +1 .* s \([0-9.]+ to [0-9.]+\) .* min \([0-9.]+ to [0-9.]+\)  [0-9.]+ \([0-9.]+ to [0-9.]+\) +2$' told.txt
that 'a point names the horizon of another' grep -qE '^0 +30s +1 +1 +1 +more than 30 s +more than 30 s ' told.txt
primestorm run "$scenario" --set users=50 -r 2 --sweep servers.B.cores=1,4 -o units > units.txt 2> /dev/null
that 'a column has two units' [ "$(grep -cE '^[01] +[14] +[0-9.]+ min ' units.txt)" -eq 2 ]
that 'where the rest is is not said' grep -qxF 'Means with their 95 % intervals. 1 more key, all figures: told/points.csv' told.txt
primestorm run "$scenario" --set users=1 -r 1 --sweep mail.cores=1..23 -o long > told.txt 2> /dev/null
that 'a long table is not cut' [ "$(grep -cE '^[0-9]+ ' told.txt)" -eq 20 ]
that 'it is not said how much a long table lacks' \
    grep -qxF 'Means with their 95 % intervals. 3 more points, all figures: long/points.csv' told.txt
primestorm run -q "$scenario" --set users=1 -r 1 --sweep mail.cores=1..23 -o long > told.txt 2>&1
that 'something is said in spite of -q' [ ! -s told.txt ]
primestorm run "$scenario" --sweep users=5,8 --set max_events=1000 -r 5 -o failing > told.txt 2> /dev/null
n=$(sed 1d failing/runs.csv | grep -c '^0,')
that "of 5 runs $n do not fail" [ $((n % 5)) -gt 0 ]
that 'failed runs are not told' grep -qE "^0 +5 .*  $n +$((5 - n)) failed$" told.txt
that 'a point without a run is not told' grep -qE '^1 +8 +(not measured +){3}0 +5 failed$' told.txt

# The same for another program: all points, and nothing else on standard output.
short() { primestorm run "$scenario" --sweep users=5,8 -r 3 -o short "$@" 2> /dev/null; }
short --expect 'unfinished <= 0' --format csv > short.csv
that 'the points as CSV are not those of points.csv' [ "$(sed 1d short.csv | cut -d, -f1-3,6)" = \
    "$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "basic_p50_s.mean") c = i; next } { print $1 "," $3 "," $2 "," $c }' short/points.csv)" ]
that 'the header of the points is another' [ "$(head -n 1 short.csv)" = \
    'point,users,replications,failed,converged,basic_p50_s.mean,basic_p50_s.half_width,full_p95_s.mean,full_p95_s.half_width,user_minutes_lost.mean,user_minutes_lost.half_width' ]
that 'JSON has not an object a point' [ "$(short --format json | grep -c '"point": ')" -eq 2 ]
that 'a table for documents has no rows' [ "$(short --format md | grep -c '^| [01] |')" -eq 2 ]
that 'a decimal comma is missing' sh -c "primestorm run '$scenario' --sweep users=5,8 -r 3 -o short --csv-for excel-eu 2> /dev/null | grep -q '^.*0;5;3;0;yes;[0-9]*,[0-9]'"
primestorm run "$scenario" --set users=5 -r 3 --format csv -o one > one.csv 2> said.txt
that 'the figures as CSV are not summary.csv' cmp one.csv one/summary.csv
that 'the sentence is lost' grep -q '^Half of the ' said.txt

# A run of the study is the run of the scenario alone.
expect 0 '' study -r 6 -o whole
primestorm run --quiet --set users=15 --set servers.B.cores=4 -r 6 "$scenario" -o alone > /dev/null 2>&1
that 'a point of the study is not the scenario alone' [ "$(sed 1d alone/runs.csv | cut -d, -f2-)" = \
    "$(grep '^5,' whole/runs.csv | cut -d, -f5- | sed 's/,[^,]*$//')" ]

# quantiles.csv of a point is that of the scenario alone.
grep -E '^(basic_p50_s|full_p95_s|full_max_s|user_minutes_lost),' alone/quantiles.csv | sort > alone.txt
grep '^5,' whole/quantiles.csv | cut -d, -f4- | sort > point.txt
that 'the quantiles of a point are others' cmp alone.txt point.txt
that 'it is not said how many replications p95 needs' grep -qE '^full_max_s,s,6,0.95,[0-9.]+,[0-9.]+,,[0-9.]+,72,too few' point.txt

# All devices of all storms together: the quantiles of the histograms are those of the devices themselves, to 0.5 %.
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "full_s") c = i; next } { print $c }' alone/devices.csv | sort -g > waits.txt
awk -F, 'NR == FNR { value[++n] = $1; next }
    FNR > 1 && $1 == 5 && $4 == "full_s" {
        if ($5 != 6 || $6 != n) { print "of " $5 " replications and " $6 " devices, not " n; exit 1 }
        k = int($7 * n); if (k < $7 * n) k++
        if ($8 < value[k] * 0.995 || $8 > value[k] * 1.005) { print "p " $7 ": " $8 ", not " value[k]; exit 1 }
        if ($7 < 0.9 && !($9 < $8 && $8 < $10)) { print "p " $7 ": " $8 " in " $9 " to " $10; exit 1 }
        rows++
    }
    END { if (rows != 10) { print rows " rows"; exit 1 } }' waits.txt whole/distributions.csv > wrong.txt
that "distributions.csv is not of the devices: $(cat wrong.txt)" [ ! -s wrong.txt ]
primestorm run -q "$scenario" --sweep users=5,20 --set horizon=100s -r 3 --sweep distributions=full_s -o cut-off
that 'devices that never get there have a time' grep -qE '^1,20,full_s,3,[0-9]+,0.999,,[0-9.]*,$' cut-off/distributions.csv
that 'distributions alone make a table of time series' [ ! -e cut-off/series.csv ]

# ---- Automatic replications ----
auto() {
    primestorm run "$scenario" --sweep users=5,20 -r auto --set precision.min=4 --set precision.max=30 \
        --set "precision.relative=$1" --progress none -o "$2" --threads "$3"
}
auto '20 %' auto1 1 > /dev/null 2> /dev/null
auto '20 %' auto7 7 > /dev/null 2> /dev/null
that 'where it stops depends on the threads' cmp auto1/runs.csv auto7/runs.csv
that 'points.csv does not say that it converged' [ "$(cut -d, -f4 auto1/points.csv | tr '\n' ' ')" = 'converged yes yes ' ]
says 'NOT CONVERGED: 2 of 2 points: after 30 replications' auto '0.1 %' auto1 2
that 'a point that did not converge is not marked' [ "$(grep -cE ' 30 +NOT CONVERGED$' stdout)" -eq 2 ]
that 'points.csv does not say that it did not' [ "$(cut -d, -f4 auto1/points.csv | tr '\n' ' ')" = 'converged no no ' ]
expect 65 "--set precision.figures=user_minute_lost, none: precision.figures: runs.csv has no column 'none'
--set precision.figures=user_minute_lost, none: precision.figures: runs.csv has no column 'user_minute_lost'; did you mean 'user_minutes_lost'?" \
    primestorm check "$scenario" --set 'precision.figures=user_minute_lost, none' -r auto
expect 65 "--set precision.figures=none: precision.figures: runs.csv has no column 'none'" \
    primestorm run -q "$scenario" --set users=5 --set precision.figures=none -r auto -o none

# ---- Shards ----
shard() { study -r 6 -o shards --shard "$1"; }
merge() {
    primestorm merge --quiet "$scenario" --sweep users=5..15\ step\ 5 --sweep servers.B.cores=1,4 \
        --sweep series=devices.full --sweep distributions=basic_s,full_s --sweep baseline=users=5,servers.B.cores=1 -r 6 -o shards "$@"
}
expect 0 '' shard 1/3
expect 0 '' shard 3/3
expect 1 'primestorm: 12 of 36 runs are missing; shards that are not here: 2 of 3. The runs that are here are kept, tables are not written' merge
# A study that was divided in two ways: which file is of how many.
cp -r shards mixed
rm -f mixed/study.db* mixed/shard-2-of-3.db mixed/shard-1-of-3.db
study -r 6 -o mixed --shard 1/2
expect 1 'primestorm: 12 of 36 runs are missing; mixed/shard-1-of-2.db is of 2, mixed/shard-3-of-3.db of 3: all shards of one division make a study. The runs that are here are kept, tables are not written' merge -o mixed
expect 0 '' shard 2/3
cp -r shards foreign
if command -v sqlite3 > /dev/null; then
    sqlite3 foreign/shard-2-of-3.db "UPDATE program SET name = '0.0.9 (v0.0.9)'"
    says 'primestorm: some runs are of another program, 0.0.9 (v0.0.9); this is ' merge -o foreign
fi
expect 0 '' merge
expect 0 '' merge
primestorm merge "$scenario" --sweep users=5..15\ step\ 5 --sweep servers.B.cores=1,4 --sweep series=devices.full \
    --sweep distributions=basic_s,full_s --sweep baseline=users=5,servers.B.cores=1 -r 6 -o shards --format csv > merged.csv 2> /dev/null
that 'merge has no table of the points for other programs' [ "$(grep -c '^[0-5],' merged.csv)" -eq 6 ]
for name in $tables; do
    that "$name.csv of the merged shards differs" cmp "whole/$name.csv" "shards/$name.csv"
done
expect 66 'primestorm: none.db: there is no such file, or it cannot be read' merge none.db
expect 64 "primestorm run: --shard needs I/N with I from 1 to N, as in 3/16, found '4/3'
Try \`primestorm run --help' or \`primestorm run --usage' for more information." shard 4/3

# ---- Stores that are not as they should be ----
expect 73 "primestorm: whole/study.db: the runs of another scenario ('seed = 1' there, 'seed = 2' now); choose another folder with -o, or --force to throw them away" \
    study -r 6 --seed 2 -o whole
mkdir other && touch other/mine
expect 73 'primestorm: other is there and holds no study; choose another folder with -o' study -r 6 -o other
cp -r whole cut && truncate -s 20000 cut/study.db
study -r 6 -o cut 2> stderr
that 'a truncated store is not told' grep -q '^primestorm: cut/study.db: damaged or no store of runs' stderr
cp -r whole holed && dd if=/dev/urandom of=holed/study.db bs=4096 seek=5 count=4 conv=notrunc 2> /dev/null
study -r 6 -o holed 2> stderr
that 'a store damaged in the middle is not told' grep -q '^primestorm: holed/study.db: damaged or no store of runs' stderr
mkdir text && echo 'this is a text of some length, not a database' > text/study.db
study -r 6 -o text 2> stderr
that 'a text is taken for a store' grep -q '^primestorm: text/study.db: damaged or no store of runs' stderr
(exec primestorm run --quiet "$scenario" --sweep users=5..15\ step\ 5 --sweep servers.B.cores=1,4 \
    --sweep series=devices.full --sweep distributions=basic_s,full_s --sweep baseline=users=5,servers.B.cores=1 -r 2000 -o busy) &
first=$!
until [ -s busy/study.db-wal ]; do sleep 0.02; done
expect 73 'primestorm: busy/study.db: another process has this study open; one at a time writes to it' study -r 2000 -o busy
kill "$first"
wait "$first"
status=$?
that "SIGTERM ends it with $status" [ "$status" -eq 75 ]
expect 0 '' study -r 6 -o busy
that 'after a stop the tables differ' cmp whole/runs.csv busy/runs.csv
limited() { (ulimit -f 300 && study -r 200 -o full); }
limited 2> stderr
status=$?
that "a full disk ends with $status" [ "$status" -eq 74 ]
that 'a full disk is not told' grep -q '^primestorm: full/.*; the runs so far are kept' stderr
expect 0 '' study -r 6 -o full
that 'after a full disk the tables differ' cmp whole/runs.csv full/runs.csv
expect 0 '' study -r 6 --seed 2 --force -o whole
# Nothing but a study takes the place of a study, or of a shard of one.
for command in run decide; do
    for option in --quiet --force; do
        expect 73 'primestorm: points holds the runs of a study, which nothing but that study replaces, even with --force; choose another folder, or remove it first' \
            primestorm $command --set users=5 -r 2 --quiet $option -o points "$scenario"
    done
done
mkdir shard && : > shard/shard-1-of-2.db
printf 'x\n1\n2\n4\n' > x.csv
expect 73 'primestorm: shard holds the runs of a study, which nothing but that study replaces, even with --force; choose another folder, or remove it first' \
    primestorm fit x.csv --column x --force -o shard

# ---- Progress ----
run -r 9 -o progress --progress json 2> stderr > /dev/null
that 'progress as JSON lacks its end' grep -q '"done": 54, "total": 54' stderr
# The figure is that of the point whose run has ended last, and of no other.
run -r 5 -o lines --threads 1 2> stderr > /dev/null
said=$(grep '^30 of 30 runs; ' stderr)
point=$(echo "$said" | sed 's/.*; point \([0-9]*\): .*/\1/')
column=$(head -n 1 lines/points.csv | tr ',' '\n' | grep -nx user_minutes_lost.mean | cut -d: -f1)
mean=$(sed -n "$((point + 2))p" lines/points.csv | cut -d, -f"$column")
that "the progress ends with '$said', and the mean of point $point is $mean" [ "$said" = \
    "30 of 30 runs; point $point: $(awk -v x="$mean" 'BEGIN { printf x < 9.95 ? "%.1f" : "%.0f", x }') user-minutes lost (5 runs)" ]
run -r 6 -o lines --threads 1 --progress json 2> stderr > /dev/null
that 'runs that were there are counted' grep -q '"done": 36, "total": 36, .*"point": [0-5], "point_runs": 1, "point_user_minutes_lost": [0-9]' stderr
point=$(grep '^{' stderr | tail -n 1 | sed 's/.*"point": \([0-9]*\),.*/\1/')
told=$(grep '^{' stderr | tail -n 1 | sed 's/.*"point_user_minutes_lost": \([0-9.e+-]*\)}.*/\1/')
column=$(head -n 1 lines/runs.csv | tr ',' '\n' | grep -nx user_minutes_lost | cut -d: -f1)
made=$(grep "^$point,5," lines/runs.csv | cut -d, -f"$column") # the sixth replication is the one that was made
that "JSON says $told of a run of $made" awk -v a="$told" -v b="$made" 'BEGIN { exit !(a - b < 1e-6 * b && b - a < 1e-6 * b) }'
# What is left is the other runs' share of what the first ones took: to a factor of ten, on a busy machine too.
began=$(date +%s)
run -r 40 -o timed --threads 1 --progress json 2> stderr > /dev/null
took=$(($(date +%s) - began + 1))
that "of $took s no line says what is left, or the last does" awk -F'"left_s": ' -v took=$took '
    !/^{/ { next }
    { left = NF > 1 ? $2 + 0 : -1 }
    /"done": 2[34],/ { if (left < 0 || left > 10 * took) exit 1; n++ }
    END { exit !(n > 0 && left <= 0) }' stderr
run -r 9 -o progress --progress none 2> stderr > /dev/null
that 'progress none says how far it is' [ "$(grep -c ' of 54 runs' stderr)" -eq 0 ]
finish 131
