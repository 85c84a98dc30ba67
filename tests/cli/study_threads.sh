#!/bin/sh
# A study on 1, 2 and 7 threads: fixed and automatic replications, series, expectations, failing runs, a stop. Small
# enough for ThreadSanitizer, which sees in it all that threads share.
# usage: study_threads.sh PRIMESTORM SOURCE-ROOT
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
begin "$@"
run() {
    primestorm run -q "$root/examples/01-failover-500.yaml" --sweep users=3,9 --sweep servers.B.cores=1,4 \
        --sweep series=devices.full --sweep distributions=full_s --sweep baseline=users=3,servers.B.cores=1 --expect 'full_max_s < 3 min' "$@"
}
same() { # FOLDER FOLDER
    for name in runs points quantiles series distributions differences expectations columns; do
        that "$name.csv of $1 and $2 differ" cmp "$1/$name.csv" "$2/$name.csv"
    done
}
auto="-r auto --set precision.min=3 --set precision.max=12 --set precision.relative=20%"
for threads in 1 2 7; do
    run -r 5 -o fixed$threads --threads $threads
    # shellcheck disable=SC2086 # options
    run $auto -o auto$threads --threads $threads 2> /dev/null
done
for threads in 2 7; do
    same fixed1 fixed$threads
    same auto1 auto$threads
done
that 'automatic replications are the same everywhere' [ "$(cut -d, -f2 auto1/points.csv | sort -u | wc -l)" -gt 2 ]

# Runs that fail are told, and left out by any number of threads.
for threads in 1 7; do
    run -r 5 --set max_events=2000 -o failing$threads --threads $threads 2> said$threads
    status=$?
    that "runs that fail end with $status" [ "$status" -eq 1 ]
done
that 'not as many runs fail with more threads' [ "$(grep -c failed said1)" -eq "$(grep -c failed said7)" ]
that 'no run fails, or all' [ "$(wc -l < failing1/runs.csv)" -gt 1 ]
same failing1 failing7

# Stopped at work, and gone on with.
(exec primestorm run -q "$root/examples/01-failover-500.yaml" --sweep users=3,9 --sweep servers.B.cores=1,4 \
    --sweep series=devices.full --sweep distributions=full_s --sweep baseline=users=3,servers.B.cores=1 --expect 'full_max_s < 3 min' -r 100000 \
    --threads 7 -o stopped) 2> said &
victim=$!
# Some runs are in it: an empty store of this study takes less than a tenth of that.
until [ -s stopped/study.db-wal ] && [ "$(wc -c < stopped/study.db-wal)" -gt 500000 ]; do sleep 0.02; done
kill "$victim"
wait "$victim"
status=$?
that "stopped with no run in the store: $(cat said)" grep -qE 'stopped on request; [1-9][0-9]* of 400000 runs' said
that "SIGTERM ends seven threads with $status" [ "$status" -eq 75 ]
run -r 5 --threads 3 -o stopped
same fixed1 stopped
finish 35
