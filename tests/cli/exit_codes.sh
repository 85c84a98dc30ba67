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
usage "unrecognized option '--exptect'; did you mean '--expect'?" "$scenario" --exptect 'full_p95_s < 1 h'
usage "unrecognized option '--thread-s'; did you mean '--threads'?" --thread-s=4 "$scenario"
expect 0 '' primestorm check --set users=5 "$scenario" --replic 3
expect 0 '' primestorm check --set 'title=x' "$scenario"
expect 73 'primestorm: /proc/--setx cannot be created: No such file or directory' primestorm run "$scenario" -q -o /proc/--setx
usage "--set needs KEY=VALUE, found '--seet'" --set --seet "$scenario"
usage "--set needs KEY=VALUE, found 'users'" --set users "$scenario"
usage "--threads needs a whole number from 1 to 4096, found '0'" --threads 0 "$scenario"
usage "--threads needs a whole number from 1 to 4096, found 'many'" --threads many "$scenario"
for name in '' . .. / ./ sub/.. //; do
    usage "--output needs a name, found '$name'" "$scenario" -o "$name"
done
expect 64 "primestorm: unknown subcommand 'runn'; did you mean 'run'?
'primestorm help' lists them." primestorm runn
expect 65 "--seed x: seed: 'x' is not a number" primestorm run --seed x "$scenario"

# Places
expect 73 'primestorm: /proc/out cannot be created: No such file or directory' \
    primestorm run "$scenario" -o /proc/out
# As somebody whom permissions hold: root may write everywhere.
as() { if [ "$(id -u)" -eq 0 ]; then setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; else "$@"; fi; }
chmod 755 .
if as primestorm version > /dev/null 2>&1; then
    mkdir open -m 777
    cp "$scenario" open/s.yaml
    as primestorm run -q open/s.yaml --set users=5 --sweep mail.cores=1,2 -r 1 -o open/study
    chmod a-w open/study
    expect 73 'primestorm: open/study cannot be written to: Permission denied' \
        as primestorm run open/s.yaml --set users=5 --sweep mail.cores=1,2 -r 2 -o open/study
    # The old folder cannot be emptied: what was kept in it is where it is said to be.
    as primestorm run -q open/s.yaml --set users=5 -r 1 -o open/alone
    mkdir open/alone/mine
    touch open/alone/mine/file
    chmod a-w open/alone open/alone/mine
    status=0
    as primestorm run -q -f open/s.yaml --set users=5 -r 1 -o open/alone 2> stderr || status=$?
    that "a folder that cannot be emptied ends with $status" [ "$status" -eq 74 ]
    place=$(sed -n 's/^primestorm: open\/alone is written, but not all that was kept in the old one could be moved; it is in //p' stderr)
    that "what was kept is not in '$place'" [ -e "$place/mine/file" ]
    chmod -R u+w open && rm -rf open
else
    skipped 'permissions: nobody else may run the program'
fi
touch file
expect 73 'primestorm: file/out cannot be created: Not a directory' primestorm run "$scenario" -o file/out
if [ "$(id -u)" -ne 0 ]; then
    mkdir -m 500 locked
    expect 73 'primestorm: locked/out cannot be created: Permission denied' \
        primestorm run "$scenario" -o locked/out
else
    skipped 'a folder one may not write in: root may'
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
    expect 74 'primestorm: disk/out/devices.csv: No space left on device' \
        primestorm run $small "$scenario" -o disk/out
    that 'a full disk keeps half-written files' [ -z "$(ls -A disk)" ]
else
    skipped 'a full disk: no file system may be mounted here'
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
else
    skipped 'more than the memory holds: the program does not start with so little'
fi

# Signals: started, and then stopped while the work is going on
# begun ...: the program in the background, when its folder is begun, which is before the work; sets $pid.
begun() {
    "$@" --set users=100000 --replications 50 --threads 2 "$scenario" -o stopped 2> stderr &
    pid=$!
    while kill -0 $pid 2> /dev/null && [ -z "$(find . -name '.stopped.*')" ]; do :; done
}
# stopped WORDS: ends with 75, says so, and leaves nothing behind.
stopped() {
    status=0
    wait $pid || status=$?
    n_checks=$((n_checks + 1))
    [ $status -eq 75 ] || fail "stopped by $1: ends with $status"
    that "stopped by $1: something is left behind" [ -z "$(find . -name '*stopped*')" ]
    that "stopped by $1: says '$(cat stderr)'" grep -qx 'primestorm: stopped on request' stderr
}
for signal in INT TERM HUP; do
    begun primestorm run
    kill -s $signal $pid
    stopped $signal
done
# timeout(1) sends its signal twice, and so do shells whose terminal is closed.
begun primestorm run
kill -s TERM $pid
kill -s TERM $pid 2> /dev/null
stopped 'TERM twice'
begun primestorm run
kill -s HUP $pid
kill -s HUP $pid 2> /dev/null
stopped 'HUP twice'
# What was started with nohup goes on when the terminal is closed.
begun nohup primestorm run
kill -s HUP $pid
kill -s TERM $pid
stopped 'TERM behind nohup'

# Stopped while gnuplot draws: it is ended as well. This one would draw for ever.
mkdir slow
cat > slow/gnuplot << 'END'
#!/bin/sh
[ "$1" != --version ] || { echo 'gnuplot 9.9 patchlevel 0'; exit 0; }
echo half > states.png
echo $$ > "$DRAWING.new"
mv "$DRAWING.new" "$DRAWING"
exec sleep 1000
END
chmod +x slow/gnuplot
for signal in INT TERM HUP; do
    rm -f drawing
    # shellcheck disable=SC2086 # $small is several words
    DRAWING=$work/drawing PATH=$work/slow:$PATH primestorm run $small "$scenario" -o stopped 2> stderr &
    pid=$!
    while kill -0 $pid 2> /dev/null && [ ! -e drawing ]; do :; done
    kill -s $signal $pid
    stopped "$signal while gnuplot draws"
    that "stopped by $signal: gnuplot goes on" [ ! -d "/proc/$(cat drawing)" ]
done

# Ctrl-C goes to the whole group of processes, as a terminal sends it; gnuplot is in another.
if command -v setsid > /dev/null; then
    rm -f drawing
    # shellcheck disable=SC2086
    DRAWING=$work/drawing PATH=$work/slow:$PATH setsid primestorm run $small "$scenario" -o stopped 2> stderr &
    pid=$!
    while kill -0 $pid 2> /dev/null && [ ! -e drawing ]; do :; done
    that 'gnuplot is in the group of the program' [ "$(cut -d ' ' -f 5 "/proc/$(cat drawing)/stat")" -eq "$(cat drawing)" ]
    kill -s INT -- -$pid
    stopped 'Ctrl-C while gnuplot draws'
else
    skipped 'Ctrl-C from a terminal: there is no setsid'
fi

# Nobody reads what it says of gnuplot: no reason to leave half a folder.
mkdir broken
printf '#!/bin/sh\n[ "$1" = --version ] && echo gnuplot 9.9\n' > broken/gnuplot
chmod +x broken/gnuplot
mkfifo nobody
: < nobody &
exec 4> nobody
wait $!
status=0
# shellcheck disable=SC2086
PATH=$work/broken:$PATH primestorm run $small "$scenario" -o piped --quiet 2>&4 || status=$?
exec 4>&-
that "a closed standard error: ends with $status" [ $status -eq 0 ]
that 'a closed standard error costs the results' [ -s piped/manifest.json ]
that 'something hidden is left' [ -z "$(find . -name '.?*')" ]
finish 60
