#!/bin/sh
# SIGINT and SIGTERM end the program with 75 at once, whatever it is doing: in the middle of a replication that takes
# minutes, while it is built, while points are chosen. The bound here is generous; the machine may be busy.
# usage: stop.sh PRIMESTORM SOURCE-ROOT
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
begin "$@"
scenario=$root/examples/01-failover-500.yaml
patience=8 # s

# catches PID NUMBER: has the process a handler for this signal? Before, on a busy machine, it has not begun at all.
catches() {
    mask=$(awk '/^SigCgt/ { print $2 }' "/proc/$1/status")
    [ $((0x$mask >> ($2 - 1) & 1)) -eq 1 ]
}

# stopped SIGNAL DELAY SAID COMMAND...: sends the signal after DELAY; what is said last, and how it ends.
stopped() {
    signal=$1
    delay=$2
    said=$3
    shift 3
    "$@" > /dev/null 2> stderr &
    victim=$!
    sleep "$delay"
    for tenth in $(seq $((10 * patience))); do
        catches "$victim" 15 && break
        sleep 0.1
    done
    kill -s "$signal" "$victim"
    for tenth in $(seq $((10 * patience))); do
        kill -0 "$victim" 2> /dev/null || break
        sleep 0.1
    done
    that "$signal does not end '$*' within $patience s" [ "$tenth" -lt $((10 * patience)) ]
    kill -s KILL "$victim" 2> /dev/null
    wait "$victim"
    status=$?
    that "$signal ends '$*' with $status and not 75" [ "$status" -eq 75 ]
    that "after $signal '$*' says: $(cat stderr)" grep -q "$said" stderr
}
# One step of the time series is all of the replication: it must be asked between events.
long="--set series_step=6h --set horizon=6h --threads 1"
# shellcheck disable=SC2086 # options
stopped INT 1.5 'stopped on request' primestorm run $long --set users=300000 "$scenario" -o alone
# shellcheck disable=SC2086
stopped TERM 1.5 'stopped on request; 0 of 20 runs are kept' primestorm run $long --set users=300000 "$scenario" --sweep mail.cores=1,2 -o study
# shellcheck disable=SC2086
stopped TERM 0.05 'stopped on request' primestorm run $long --set users=1000000 "$scenario"
stopped TERM 0.5 'stopped on request, before the first run' primestorm run "$scenario" --yes --sweep users=1..3000 \
    --sweep mail.cores=1..3000 --sweep 'where=users < 2' -o many
# An internal error leaves nothing behind either: not an empty folder, not one that is being filled, with pictures or
# without, and nothing else with them.
internal() { # NAME FILE COMMAND...: an abort as soon as FILE is there in the folder that is being made
    name=$1
    file=$2
    shift 2
    "$@" -o "$name" > /dev/null 2> stderr &
    victim=$!
    until find . -path "./.$name.*/$file" | grep -q . || ! kill -0 $victim 2> /dev/null; do :; done
    kill -s ABRT "$victim" 2> /dev/null
    wait "$victim"
    status=$?
    that "an internal error of '$*' ends with $status and not 70" [ "$status" -eq 70 ]
    that "an internal error leaves behind $(find . -name "*$name*")" [ -z "$(find . -name "*$name*")" ]
}
internal filled-run 'plots/*.gp' primestorm run "$scenario" -r 2
internal filled-decide '*' primestorm decide "$root/examples/10-vm-restart.yaml" --set users=20 -r 2
internal filled-fit '*' primestorm fit "$root/tests/data/norway_3g.csv" --column mbit_per_s
# shellcheck disable=SC2086
primestorm run $long --set users=300000 "$scenario" -o internal > /dev/null 2> stderr &
victim=$!
until ls -d .internal.* > /dev/null 2>&1; do sleep 0.05; done
kill -s ABRT "$victim"
wait "$victim"
status=$?
that "an internal error ends with $status and not 70" [ "$status" -eq 70 ]
that 'an internal error leaves a folder behind' [ -z "$(find . -name '*internal*')" ]
# A repetition takes its temporary folder away again.
primestorm run -q --set users=5 -r 1 "$scenario" --sweep mail.cores=1 -o short
before=$(sha256sum short/scenario.effective.yaml | cut -d' ' -f1)
sed -i 's/^users: .*/users: 300000/' short/scenario.effective.yaml
sed -i "s/$before/$(sha256sum short/scenario.effective.yaml | cut -d' ' -f1)/" short/manifest.json
mkdir aside
export TMPDIR="$work/aside"
stopped TERM 1 'stopped on request' primestorm rerun short/manifest.json
unset TMPDIR
that 'a repetition that was stopped leaves something behind' [ -z "$(ls -A aside)" ]
rm -r short aside
that 'something half-written stays behind' [ "$(ls -A | tr '\n' ' ')" = 'bin stderr study ' ]
that 'a study that was stopped has tables' [ "$(ls study)" = study.db ]
finish 24
