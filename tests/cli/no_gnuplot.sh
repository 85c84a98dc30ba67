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
# Drawn later, by hand, as the script says.
that 'a script does not run in its folder' sh -c 'cd out/plots && gnuplot states.gp'
that 'it draws nothing' [ -s out/plots/states.png ]
finish 10
