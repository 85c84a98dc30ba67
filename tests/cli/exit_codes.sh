#!/bin/sh
# How the program ends: wrong options, places it cannot write to, full disks, signals.
# usage: exit_codes.sh PRIMESTORM SOURCE-ROOT
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
begin "$@"
scenario=$root/examples/01-failover-500.yaml

more="Try \`primestorm run --help' or \`primestorm run --usage' for more information."
usage() {
    said=$1
    shift
    expect 64 "primestorm run: $said
$more" primestorm run "$@"
}
usage 'a scenario file is missing'
usage "unrecognized option '--frob'" --frob "$scenario"
usage "--set needs KEY=VALUE, found 'users'" --set users "$scenario"
usage "--threads needs a whole number from 1 to 4096, found '0'" --threads 0 "$scenario"
usage "--threads needs a whole number from 1 to 4096, found 'many'" --threads many "$scenario"
expect 64 "primestorm: unknown subcommand 'runn'; did you mean 'run'?
'primestorm help' lists them." primestorm runn
expect 65 "--seed x: seed: 'x' is not a number" primestorm run --seed x "$scenario"

# Places
expect 73 'primestorm: /proc/out cannot be created: No such file or directory' \
    primestorm run "$scenario" -o /proc/out
touch file
expect 73 'primestorm: file/out cannot be created: Not a directory' primestorm run "$scenario" -o file/out
if [ "$(id -u)" -ne 0 ]; then
    mkdir -m 500 locked
    expect 73 'primestorm: locked/out cannot be created: Permission denied' \
        primestorm run "$scenario" -o locked/out
fi

# Nothing more can be written: standard output, and then the disk of the folder
full='primestorm: standard output: what was to be said could not be written'
expect 74 "$full" sh -c 'primestorm keys > /dev/full'
expect 74 "$full" sh -c "primestorm show '$scenario' > /dev/full"
expect 74 "
With -o FOLDER the tables and pictures are written.
$full" sh -c "primestorm run $small '$scenario' > /dev/full"

# A limit on the size of files stands for a full disk where nobody may mount one.
# shellcheck disable=SC2086 # $small is several words
limited() { (ulimit -f 8 && primestorm run $small "$scenario" -o limited); }
expect 74 'primestorm: limited/summary.csv: File too large' limited
that 'a write that failed leaves something behind' [ -z "$(find . -name '*limited*')" ]
if [ "$(id -u)" -eq 0 ] && mkdir disk && mount -t tmpfs -o size=64k tmpfs disk 2> /dev/null; then
    trap 'umount "$work/disk"; rm -rf "$work"' EXIT
    # shellcheck disable=SC2086
    expect 74 'primestorm: disk/out/stages.csv: No space left on device' \
        primestorm run $small "$scenario" -o disk/out
    that 'a full disk keeps half-written files' [ -z "$(ls -A disk)" ]
fi

# More than the memory holds. (A sanitizer reserves more than any such limit for itself.)
little_memory='prlimit --data=204800000'
if $little_memory primestorm version > /dev/null 2>&1; then
    n_checks=$((n_checks + 1))
    status=0
    $little_memory primestorm run --set users=1000000 --threads 1 "$scenario" -o huge 2> stderr || status=$?
    [ $status -eq 71 ] || fail "without memory: ends with $status"
    that "without memory: says '$(cat stderr)'" grep -q 'out of memory' stderr
    that 'without memory: does not say what helps' grep -qx \
        'It may use 195 MiB here; fewer users, replications or threads need less.' stderr
    that 'without memory: leaves something behind' [ -z "$(find . -name '*huge*')" ]
fi

# Signals: started, and then stopped while the work is going on
stopped_by() {
    primestorm run --set users=100000 --replications 50 --threads 2 "$scenario" -o stopped 2> stderr &
    pid=$!
    # The folder is begun before the work.
    while kill -0 $pid 2> /dev/null && [ -z "$(find . -name '.stopped.*')" ]; do :; done
    kill -s "$1" $pid
    status=0
    wait $pid || status=$?
    return $status
}
for signal in INT TERM; do
    n_checks=$((n_checks + 1))
    status=0
    stopped_by $signal || status=$?
    [ $status -eq 75 ] || fail "stopped by $signal: ends with $status"
    that "stopped by $signal: something is left behind" [ -z "$(find . -name '*stopped*')" ]
    that "stopped by $signal: says '$(cat stderr)'" grep -q 'stopped on request' stderr
done
finish 18
