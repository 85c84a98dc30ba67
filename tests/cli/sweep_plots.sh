#!/bin/sh
# The pictures of a study: a curve for one parameter, a map for two, panels for three, dots for what is no grid.
# usage: sweep_plots.sh PRIMESTORM SOURCE-ROOT
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
begin "$@"
study() { primestorm run -q "$root/examples/01-failover-500.yaml" --set users=20 -r 2 "$@"; }
has() { grep -qF -- "$2" "$1"; }

expect 0 '' study --sweep servers.B.cores=1,2,4,8 --expect 'full_p95_s < 30 min' -o curve
gp=curve/plots/full_p95_s.gp
that 'the band is missing' has $gp "using (column('servers.B.cores')):(low(0)):(high(0)) with filledcurves"
that 'the title is missing' has $gp 'Time until 95 % of the devices have everything'
that 'replications are not told' has $gp '(means of 2 replications)'
that 'what is expected is not drawn' has $gp "30 with lines linecolor rgb '#b03030'"
that 'the values are not the ticks' has $gp "set xtics noenhanced ('1' 1, '2' 2, '4' 4, '8' 8)"
that 'doubled values stand evenly' has $gp 'set logscale x'
that 'the watched figure has no picture' [ -s curve/plots/user_minutes_lost.gp ]
that 'the manifest lacks the script' has curve/manifest.json "\"plots/full_p95_s.gp\": \"$(sha256sum $gp | cut -d' ' -f1)\""

expect 0 '' study --sweep servers.B.cores=1,2 --sweep zip.users=20,30,40 --sweep zip.servers.B.http_threads=200,300,400 -o map
gp=map/plots/full_p95_s.gp
that 'the cells are missing' has $gp "using (Xof(column('servers.B.cores'))):(Yof(column('users')))"
that 'keys in step are not told' has $gp "set ylabel 'users (in step: servers.B.http_threads)'"

expect 0 '' study --sweep servers.B.cores=1..2 --sweep users=20..50\ step\ 10 --sweep devices.classes.edge.backoff.policy=fixed,exponential -o panels
gp=panels/plots/full_p95_s.gp
that 'the longest axis of numbers is not that of the curves' has $gp "set xlabel 'users'"
that 'there are not two panels' [ "$(grep -c '^set title ' $gp)" -eq 2 ]
that 'words are not told apart' has $gp "stringcolumn('devices.classes.edge.backoff.policy') eq 'fixed'"

expect 0 '' study --sweep lhs.points=8 --sweep lhs.users=10..40 --sweep 'lhs.network.uplink=log 1..1000 Mbit/s' -o dots
gp=dots/plots/full_p95_s.gp
that 'not each key has a panel' [ "$(grep -c ' with yerrorbars' $gp)" -eq 2 ]
that 'the unit is missing' has $gp "set xlabel 'network.uplink' . ', ' . 'bit/s'"

# The simulation ends before most are done: no mean, no curve.
primestorm run "$root/examples/01-failover-500.yaml" --set users=20 -r 2 --set horizon=30s --sweep servers.B.cores=1,2 \
    --progress none -o never 2> stderr
that 'it is not said why there is no picture' grep -qxF "primestorm: no picture 'full_p95_s': no point has a mean of it" stderr
that 'a picture of nothing' [ ! -e never/plots/full_p95_s.gp ]

if command -v gnuplot > /dev/null; then
    for folder in curve map panels dots; do
        picture=$folder/plots/full_p95_s
        cp $picture.png before.png
        rm $picture.png $picture.svg
        (cd $folder/plots && gnuplot full_p95_s.gp) > said 2>&1
        that "$folder: gnuplot says something" [ ! -s said ]
        that "$folder: another picture" cmp $picture.png before.png
        that "$folder: nothing is seen" [ "$(grep -c '<path' $picture.svg)" -ge 8 ]
    done
    expect 0 '' primestorm rerun -q map/manifest.json
else
    skipped 'drawing: there is no gnuplot'
fi

# Without gnuplot the scripts are there, and no older picture beside them.
printf '#!/bin/sh\nexit 1\n' > bin/gnuplot
chmod +x bin/gnuplot
primestorm run "$root/examples/01-failover-500.yaml" --set users=20 -r 2 --sweep servers.B.cores=1,2,4 --progress none \
    -o curve 2> stderr
that 'it is not said that there are no pictures' grep -q '^primestorm: no pictures: gnuplot is not there' stderr
that 'an older picture stays' [ -z "$(find curve -name 'full_p95_s.png')" ]
that 'the script is not new' has curve/plots/full_p95_s.gp "set xtics noenhanced ('1' 1, '2' 2, '4' 4)"
finish 23
