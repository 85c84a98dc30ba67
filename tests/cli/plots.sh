#!/bin/sh
# The pictures of a run: what they draw, where their axes end, and that they can be drawn again by hand.
# usage: plots.sh PRIMESTORM SOURCE-ROOT
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
begin "$@"
scenario=$root/examples/01-failover-500.yaml

# column FILE NAME: the number of a column.
column() { head -n 1 "$1" | tr ',' '\n' | grep -nxF "$2" | cut -d: -f1; }

# ends FILE.gp: where the time axis ends, as it is written.
ends() { sed -n 's/^set xrange \[0:\(.*\)\]$/\1/p' "$1"; }

# lines_of FILE.gp: the lines and areas that are drawn.
lines_of() { grep -o "column('time_s')" "$1" | wc -l; }

# is_first_and_thick FOLDER TITLE: the bottleneck leads the picture, thick, alone, and without dashes.
is_first_and_thick() {
    grep '^plot ' "$1/plots/busy.gp" | grep -F "linewidth 5 title '$2" | grep -q 'dashtype solid' &&
        [ "$(grep -c 'linewidth 5' "$1/plots/busy.gp")" -eq 1 ]
}

primestorm run "$scenario" --replications 3 -o out > answer 2> stderr
that 'the run fails' grep -q '; the CPU of server B is the bottleneck' answer
that 'the bottleneck is not drawn first and thick' is_first_and_thick out 'CPU of server B (bottleneck)'

# Five lines of all resources with a column, and the rest is counted: 6 of each server, 3 of each mail server, 1.
that 'there are not five lines' [ "$(lines_of out/plots/busy.gp)" -eq 5 ]
that 'what is not drawn is not counted' grep -qF '14 more, less busy or alike: see series.csv.' out/plots/busy.gp
that 'threads and workers are missing' sh -c \
    "grep -q \"http.busy')/720)\" out/plots/busy.gp && grep -q \"prime.busy')/50)\" out/plots/busy.gp"
that 'the queue of the state database is missing' grep -qF "column('servers.b.state_db.jobs')" out/plots/queues.gp

# A pool has one database, drawn as such, and the index of each server in its series.
primestorm run "$root/presets/traveler-ha-pool.yaml" --replications 2 --set 'timeline.0.do=tell traveler reset *' --set users=60 \
    --set pool.database.cores=1 --set 'pool.database.cpu_per_transaction=100 ms' -o pool > answer 2> stderr
that 'the database is not told' grep -q "; the CPU of the pool's database is the bottleneck" answer
that 'the database is not drawn' is_first_and_thick pool "CPU of the pool''s database (bottleneck)"
that 'the index has no place in the dictionary' \
    grep -q '^series.csv,servers.b.availability_index,%,real,.*empty while it does not serve' pool/columns.csv

# Mail servers are drawn by one of a kind: the busiest.
busiest=$(awk -F, -v a="$(column out/series_mean.csv mail.0.disk.busy_share)" \
    -v b="$(column out/series_mean.csv mail.1.disk.busy_share)" \
    'NR > 1 && $1 <= 1500 { x += $a; y += $b } END { print (x >= y ? 0 : 1) }' out/series_mean.csv)
that 'it is not the busiest mail server' grep -qF "title 'disk of mail server $busiest, the busiest of 2'" out/plots/busy.gp
that 'two disks are drawn' [ "$(grep -c 'mail\..\.disk' out/plots/busy.gp)" -eq 1 ]

# The axis ends a tenth after 99 % are full, and less than a tick of 5 minutes later.
that 'the time axis ends elsewhere' awk -F, -v full="$(column out/series_mean.csv done.full)" \
    -v end="$(ends out/plots/curves.gp)" '
    NR > 1 && !reached && $full >= 0.99 * 600 { reached = $1 }
    END { end *= 60; exit !(reached > 0 && end >= 1.1 * reached && end < 1.1 * reached + 300) }' out/series_mean.csv
for name in states busy queues; do
    that "$name: another time axis" [ "$(ends out/plots/$name.gp)" = "$(ends out/plots/curves.gp)" ]
done
that 'what comes after the axis is not told' grep -q 'slowest replication has everything after [0-9.]* minutes' out/plots/states.gp
that 'the replications are not told' grep -qF '(mean of 3 replications)' out/plots/states.gp

# Every state that counts has its area.
that 'no area for the devices that wait' grep -qF "title 'waiting before the next try'" out/plots/states.gp

# One replication has no band.
primestorm run "$scenario" --quiet --set users=20 --replications 1 -o one 2> stderr
that 'a band over one replication' [ "$(lines_of one/plots/curves.gp)" -eq 2 ]
that 'it is not said that it is one' grep -qF '(one replication)' one/plots/states.gp

# Far more mail servers than have columns: the bottleneck is one of those without, and shown by the mean.
primestorm run --set mail.servers=4000 --set users=1000 --replications 1 --set horizon=5min \
    --set servers.B.cores=256 --set servers.B.prime_workers=1000 --set servers.B.heap=64GB \
    --set servers.B.http_threads=2000 --set 'servers.B.state_db.iops=1000000 /s' \
    --set 'mail.disk_iops=1 /s' --set 'mail.stream_iops=1 /s' --set mail.desktop_users=0 \
    "$scenario" -o farm > answer 2> stderr
that 'the bottleneck is another' grep -q 'the disk of mail server [0-9]* is the bottleneck' answer
number=$(grep -o 'disk of mail server [0-9]* is the bottleneck' answer | grep -o '[0-9][0-9]*')
that 'it has a column' [ "$number" -ge 20 ]
that 'the disks of the farm are not first' is_first_and_thick farm \
    "disk of a mail server, mean of 4000; bottleneck: the disk of mail server $number'"
that 'a single mail server is drawn' [ "$(grep -c "column('mail\.[0-9]" farm/plots/busy.gp)" -eq 0 ]

# Long runs are told in hours, short ones in seconds; nobody done: no curves, and a word about it.
never() { primestorm run "$scenario" --set users=20 --set horizon=20s --replications 2 -o never -f "$@" > /dev/null 2> stderr; }
never --quiet
that '--quiet lets something be said' [ ! -s stderr ]
never
that 'seconds are not called so' grep -qF "set xlabel 'seconds since the failure'" never/plots/states.gp
that 'the axis goes on after the horizon' [ "$(ends never/plots/states.gp)" = 20 ]
that 'curves without a point' [ ! -e never/plots/curves.gp ]
that 'it is not said why' grep -qxF "primestorm: no picture 'curves': no device has its mail again" stderr
that 'who is left over is not told' grep -qF 'after 20 seconds, 24 of the 24 devices still lack something' never/plots/states.gp
primestorm run "$scenario" --quiet --set users=20 --set devices.online=50% \
    --set 'devices.offline_time=5 h' --replications 1 -o hours 2> stderr
that 'hours are not called so' grep -qF "set xlabel 'hours since the failure'" hours/plots/states.gp

if ! command -v gnuplot > /dev/null; then
    skipped 'drawing: there is no gnuplot'
    finish 27
fi

# The band keeps between 0 and 100 %, and would not without being cut.
primestorm run "$scenario" --quiet --set users=5 -o five 2> stderr
that 'no interval needs cutting: a poor test' awk -F, -v n="$(column five/series_mean.csv done.basic)" \
    -v half="$(column five/series_mean.csv done.basic.half_width)" '
    NR > 1 { low += $n - $half < 0; high += $n + $half > 6 } END { exit !(low && high) }' five/series_mean.csv
sed 's/^plot /set table "points.txt"\nplot /; /^set output/d; /^set terminal svg/,$d' five/plots/curves.gp > five/plots/table.gp
that 'the points cannot be had' sh -c 'cd five/plots && gnuplot table.gp'
that 'the band leaves 0 to 100 %' awk '
    $NF ~ /^[iou]$/ { n++; for (i = 2; i < NF; i++) if ($i < 0 || $i > 100) { print; bad = 1 } }
    END { exit bad || n < 60 }' five/plots/points.txt
rm five/plots/table.gp five/plots/points.txt

# Every picture can be drawn again by hand, without a word, and is what it was; and it is not blank.
for folder in out one farm five never hours; do
    for script in "$folder"/plots/*.gp; do
        picture=${script%.gp}.png
        cp "$picture" before.png
        rm "$picture" "${script%.gp}.svg"
        (cd "$folder/plots" && gnuplot "$(basename "$script")") > said 2>&1
        that "$script: gnuplot says something" [ ! -s said ]
        that "$script: another picture" cmp "$picture" before.png
        that "$script: nothing is seen" [ "$(grep -c '<path' "${script%.gp}.svg")" -ge 12 ]
    done
done
finish 110
