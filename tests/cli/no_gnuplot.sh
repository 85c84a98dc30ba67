#!/bin/sh
# Without gnuplot, and with one that fails: tables and scripts are there, and it is said what is not.
# usage: no_gnuplot.sh PRIMESTORM SOURCE-ROOT
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
begin "$@"
# shellcheck disable=SC2086 # $small is several words
run() { primestorm run $small "$root/examples/01-failover-500.yaml" "$@"; }

mkdir broken
printf '#!/bin/sh\necho "gnuplot 9.9 patchlevel 0"\n[ "$1" = --version ] || { echo "no fonts" >&2; exit 1; }\n' \
    > broken/gnuplot
chmod +x broken/gnuplot
for path in "$work/bin" "$work/broken:$work/bin:/bin"; do
    n_checks=$((n_checks + 1))
    rm -rf out
    status=0
    said=$(PATH=$path; run -o out 2>&1) || status=$?
    [ $status -eq 0 ] || fail "without pictures: ends with $status"
    case $said in
    *gnuplot*) ;;
    *) fail "it is not said that there are no pictures: $said" ;;
    esac
    that 'there is a picture without gnuplot' [ -z "$(find out -name '*.png' -o -name '*.svg')" ]
    that 'the script is missing' [ -s out/plots/states.gp ]
    that 'the tables are missing' [ -s out/series.csv ]
done
# A script that was not written is not drawn; a picture that came out empty is not kept.
never="--set users=5 --set horizon=1s --replications 1"
printf '#!/bin/sh\n[ "$1" != --version ] || { echo "gnuplot 9.9"; exit 0; }\necho "$1" >> "$DRAWN"\n: > "${1%%.gp}.png"\n' \
    > broken/gnuplot
n_checks=$((n_checks + 1))
# shellcheck disable=SC2086 # $never is several words
DRAWN=$work/drawn PATH=$work/broken:$PATH primestorm run -q $never "$root/examples/01-failover-500.yaml" -o never 2> said ||
    fail "empty pictures: ends with $?"
(cd never/plots && ls ./*.gp) | sed 's|^\./||' | sort > written
that 'there is a script for nothing to be seen' [ ! -e never/plots/queues.gp ]
sort drawn > drawn.sorted
that 'what is drawn is not what was written' cmp written drawn.sorted
that 'it is not said of each picture that it is empty' [ "$(grep -c 'no picture: gnuplot .*\.gp left an empty file$' said)" -eq "$(wc -l < written)" ]
that 'an empty picture is kept' [ -z "$(find never -name '*.png')" ]
if command -v gnuplot > /dev/null; then
    # shellcheck disable=SC2086
    primestorm run -q $never "$root/examples/01-failover-500.yaml" -o really > said 2>&1
    that 'gnuplot leaves an empty file' [ -z "$(find really -size 0)" ]
    that 'a file is not in the manifest' sh -c \
        'cd really && find . -type f ! -name manifest.json | sed "s|^\./||" | while read -r f; do grep -qF "\"$f\": \"" manifest.json || exit 1; done'
else
    skipped 'curves without a point: there is no gnuplot'
fi

# Drawn later, by hand, as the script says.
that 'a script does not run in its folder' sh -c 'cd out/plots && gnuplot states.gp'
that 'it draws nothing' [ -s out/plots/states.png ]
finish 17
