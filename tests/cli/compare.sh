#!/bin/sh
# primestorm compare: paired differences, what is varied, the best, bad options.
# usage: compare.sh PRIMESTORM SOURCE-ROOT
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
begin "$@"
cp "$root/examples/01-failover-500.yaml" a.yaml
sed 's/01-failover-500/a/' "$root/examples/02-silent-loss.yaml" > b.yaml
few="--set users=30 --replications 4 --quiet"

# shellcheck disable=SC2086 # $few is several words
{
    primestorm compare $few --threads 1 --format csv a.yaml b.yaml > one.csv
    primestorm compare $few --threads 2 --format csv a.yaml b.yaml > two.csv
    primestorm run --set users=30 --replications 4 --quiet a.yaml -o a
    primestorm run --set users=30 --replications 4 --quiet b.yaml -o b
    primestorm compare $few a.yaml > alone 2>&1
    primestorm compare $few --vary 'servers.B.cores=2,4' --vary 'devices.offline_time=uniform(0, 1) min,2 s' a.yaml > grid
    primestorm compare $few --format md a.yaml b.yaml > table.md
    primestorm compare $few --format csv a.yaml a.yaml > same.csv
    primestorm compare $few a.yaml a.yaml > same
    primestorm compare --set users=30 --replications 1 --quiet a.yaml a.yaml > same_single
    primestorm compare $few --vary 'servers.B.state_db.iops=450 /s,5000 /s' a.yaml > tiny
    primestorm compare $few --vary servers.B.cores=1,4 --best --indifference 5 a.yaml > best
    primestorm compare $few --vary servers.B.cores=1,4 --best=basic_p50_s --indifference 1s --most 20 a.yaml > undecided
    primestorm compare --set users=30 --replications 1 --quiet a.yaml b.yaml > single
}
that 'the number of threads changes the figures' cmp -s one.csv two.csv
that 'one replication is told as several' grep -q '(1 replication, paired, ' single

# The difference is that of the replications of two runs, paired.
column() {
    awk -F, -v name="$2" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i; next } { print $c }' "$1/runs.csv"
}
column a user_minutes_lost > a.values
column b user_minutes_lost > b.values
paste a.values b.values | awk '
    { d = $2 - $1; n++; sum += d; squares += d * d }
    END {
        mean = sum / n
        # Student, 97.5 %, three degrees of freedom
        half = 3.182446305284263 * sqrt((squares - n * mean * mean) / (n - 1) / n)
        printf "%.9g %.9g\n", mean, half
    }' > by_hand
awk -F, '/b.yaml,a.yaml,user_minutes_lost/ { printf "%.9g %.9g\n", $7, $8 }' one.csv > by_program
that "paired by hand: $(cat by_hand), by the program: $(cat by_program)" cmp -s by_hand by_program

that 'a scenario differs from itself' awk -F, 'NR > 7 && ($7 != 0 || $8 != 0) { exit 1 }' same.csv
that 'the words find a difference to itself' [ "$(grep -c 'no difference seen$' same)" -eq 7 ]
that 'one replication against itself has a difference' [ "$(grep -c 'no difference seen$' same_single)" -eq 7 ]
# A faster disk changes the times of 30 phones by less than is shown, and user-minutes by about half of one.
that 'a difference that rounds to nothing is told as one' \
    awk '/ 0\.0+ min (sooner|later|shorter|longer) \(| 0 (fewer|more) \(| 0\.00 (less|more) \(/ { exit 1 }' tiny grid best single
that 'a difference below what is shown is not told as none' grep -q 'mail  .* no difference seen (below 0.1 min)$' tiny
that 'a mean that rounds to nothing has no word of its own' grep -q 'user-minutes lost  .* less than 1 fewer (0 to 1)$' tiny
that 'the grid is not of four' [ "$(grep -c '^a.yaml, servers.B.cores=' grid)" -eq 3 ]
that 'a comma inside brackets parts a value' grep -qxF 'a.yaml, servers.B.cores=4, devices.offline_time=uniform(0, 1) min' grid
that 'Markdown is not of a header and seven figures' [ "$(grep -c '^|' table.md)" -eq 9 ]
that 'the best is not named' grep -q '^The best is a.yaml, servers.B.cores=4 (user-minutes lost): with 95 % confidence' best
that 'the best of two equals is decided by luck' grep -Eq '^(The best is|Not decided)' undecided
that 'one replication has an interval' grep -q 'one replication: no interval' single
that 'one scenario is no comparison' grep -qx 'primestorm: 1 scenario to compare; 2 to 100 are needed: name another file, or values of a key as in --vary servers.B.cores=4,8' alone

more="Try \`primestorm compare --help' or \`primestorm compare --usage' for more
information."
expect 64 "primestorm compare: a scenario file is missing
$more" primestorm compare
expect 64 "primestorm compare: --indifference: '-3' is not above 0
$more" primestorm compare --best --indifference -3 a.yaml b.yaml
expect 64 "primestorm compare: --indifference: '3' needs a unit of time (us, ms, s, min, h, d)
$more" primestorm compare --indifference 3 --best=full_max_s a.yaml b.yaml
expect 64 "primestorm compare: --indifference is of --best
$more" primestorm compare --indifference 3 a.yaml b.yaml
expect 64 "primestorm compare: --format is text, csv, json or md, not 'xml'
$more" primestorm compare --format xml a.yaml b.yaml
expect 64 "primestorm compare: --most needs a whole number from 20 to 1000000, found '3'
$more" primestorm compare --most 3 a.yaml b.yaml
expect 64 "primestorm: --vary needs KEY=VALUE,VALUE..., found 'users'" primestorm compare --vary users a.yaml
expect 65 "--vary usres=1: unknown key 'usres'; did you mean 'users'?" primestorm compare --vary usres=1,2 a.yaml
expect 65 "--vary users=x: users: 'x' is not a number" primestorm compare --vary users=10,x a.yaml
expect 66 'none.yaml: No such file or directory' primestorm compare a.yaml none.yaml
sed 's/^schema: 1/schema: 1\nseed: 2/' a.yaml > other_seed.yaml
expect 65 'primestorm: other_seed.yaml: seed, replications or confidence differ from those of a.yaml; give --seed, --replications or --set confidence=... for all' \
    primestorm compare a.yaml other_seed.yaml
# shellcheck disable=SC2086
expect 64 "primestorm compare: --indifference: '0 s' is not above 0
$more" \
    primestorm compare $few --best=basic_p50_s --indifference '0 s' a.yaml b.yaml
# A timeline that nobody gave.
printf 'schema: 1\nusers: 30\n' > plain.yaml
cp plain.yaml other.yaml
# shellcheck disable=SC2086
{
    primestorm compare $few a.yaml plain.yaml other.yaml > assumed
    primestorm compare $few plain.yaml --vary servers.B.cores=2,4 > assumed_varied
    primestorm compare $few a.yaml plain.yaml --format csv > assumed.csv 2> assumed.stderr
    primestorm compare $few plain.yaml a.yaml --best=basic_p50_s --most 20 > assumed_best 2> /dev/null
}
printf '\n%s has no timeline: it is assumed that server %s fails at 0 s.\n' plain.yaml A > line
that 'a scenario without a timeline is not told' [ "$(tail -n 3 assumed)" = "$(cat line; printf 'other.yaml has no timeline: it is assumed that server A fails at 0 s.')" ]
that 'it is told for each value of a key' [ "$(grep -c 'has no timeline' assumed_varied)" -eq 1 ]
that 'a table for programs has words' cmp -s line assumed.stderr
that 'it is not told where the best is asked for' grep -q '^plain.yaml has no timeline' assumed_best
that 'a timeline is taken for assumed' [ "$(grep -c 'has no timeline' alone grid best)" = "$(printf '%s\n' alone:0 grid:0 best:0)" ]
finish 30
