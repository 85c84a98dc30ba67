#!/bin/sh
# A study that is killed 200 times at random moments loses no run that was finished, repeats none, and leaves
# the tables of one that was never interrupted.
# usage: study_kill.sh PRIMESTORM SOURCE-ROOT
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
begin "$@"
kills=200
run() {
    exec primestorm run --progress json --threads 2 --set users=20 -r 600 --sweep 'servers.B.cores=1..8' \
        --sweep 'mail.cores=1..2' --sweep series=devices.full --sweep distributions=full_s "$@" "$root/examples/01-failover-500.yaml"
}
# A quarter of them are killed the moment they have told of a run, a quarter shortly after, the others at a random moment of the
# time that the first telling has taken and half of it again: so the moments go with the pace of the machine, and fall
# into the start, too.
awk -v n=$kills 'BEGIN { srand(7); for (i = 0; i < n; i++) print rand() }' > moments
milliseconds() { echo $(($(date +%s%N) / 1000000)); }
part_of() { awk -v part="$1" -v whole_ms="$2" 'BEGIN { printf "%.4f", part * whole_ms / 1000 }'; }
mkfifo pipe
lost=0
unkept=0
before=0
died=0
n_told=0
n=0
pace_ms=100
while read -r moment; do
    began=$(milliseconds)
    run -o killed > /dev/null 2> pipe &
    victim=$!
    exec 3< pipe
    first=
    if [ $((n % 2)) -eq 0 ]; then
        IFS= read -r first <&3
        [ $((n % 4)) -ne 0 ] || kill -9 "$victim"
        # The first of all has a tenth of the study to do before it tells.
        [ $n -eq 0 ] || pace_ms=$(($(milliseconds) - began))
        [ $((n % 4)) -eq 0 ] || sleep "$(part_of "$moment" $((pace_ms / 4)))"
    else
        sleep "$(part_of "$moment" $((pace_ms * 3 / 2)))"
    fi
    kill -9 "$victim" 2> /dev/null
    n=$((n + 1))
    wait "$victim" 2> /dev/null
    code=$?
    { [ -z "$first" ] || printf '%s\n' "$first"; cat <&3; } > progress
    exec 3<&-
    # One that was killed when all runs were there proves little.
    [ $code -eq 137 ] && [ ! -s killed/runs.csv ] && died=$((died + 1))
    if command -v sqlite3 > /dev/null && [ -s killed/study.db ]; then
        now=$(sqlite3 killed/study.db 'SELECT count(*) FROM run' 2> /dev/null || echo 0)
        [ "$now" -ge "$before" ] || lost=$((lost + 1))
        before=$now
        # A run that was told as done is in the store: of a line that was cut off nothing is known.
        told=$(sed -n 's/^{"done": \([0-9]*\),.*}$/\1/p' progress | tail -n 1)
        [ "$now" -ge "${told:-0}" ] || unkept=$((unkept + 1))
        [ -z "$told" ] || n_told=$((n_told + 1))
    fi
done < moments
that "$lost times runs were lost" [ $lost -eq 0 ]
that "$unkept times a run that was told as done was not kept" [ $unkept -eq 0 ]
! command -v sqlite3 > /dev/null || that "only $n_told times a run was told as done" [ $n_told -ge $((kills / 2 - 10)) ]
that "only $died processes were killed at work" [ $died -ge 150 ]
(run -o whole --quiet) > /dev/null 2>&1
(run -o killed --quiet) > stdout 2> stderr
that 'after the kills it does not end well' [ ! -s stderr ]
for name in runs points quantiles series distributions columns; do
    that "$name.csv differs after $kills kills" cmp "whole/$name.csv" "killed/$name.csv"
done
echo "$died of $kills were killed at work, the last with $before runs in the store"
finish 8
