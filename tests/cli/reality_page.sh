#!/bin/sh
# docs/reality.md: its figures are those of docs/reality.csv, the picture holds every point, and `make reality` is
# skipped with a word where there is no root.
# usage: reality_page.sh PRIMESTORM SOURCE-ROOT
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
begin "$@"
page=$root/docs/reality.md
data=$root/docs/reality.csv
here=$root/tests/reality

awk -f "$here/by_cap.awk" "$data" > table
grep '^|' "$page" > told
that "the table is not that of the data: $(diff table told)" cmp -s table told
# The line of the round, from the data by another way: sorted by sort, not by the script.
cut -d, -f7 "$data" | sed -e 1d -e 's/^-//' | sort -n > sizes
n=$(wc -l < sizes)
line=$(awk -v n="$n" 'NR == int((n + 1) / 2) { m = $1 } NR == int(0.95 * n + 0.999) { q = $1 } END {
    printf "  round 1: |difference| median %.2f %%, 95 %% %.2f %%, largest %.2f %%; mean ", m, q, $1 }' sizes)
mean=$(awk -F, 'NR > 1 { s += $7 } END { printf "%+.2f %%: within the bars (2 %%, 5 %%)", s / (NR - 1) }' "$data")
that "the page does not say '$line$mean'" grep -qxF -- "$line$mean" "$page"
that 'not 200 downloads' [ "$n" -eq 200 ]
that 'a difference is not that of its durations' awk -F, 'NR > 1 {
    d = 100 * ($5 - $6) / $6 - $7; if (d * d > 0.1 * 0.1) exit 1 }' "$data"
# The replayed durations are those of the program, from the measured starts.
cut -d, -f1-4 "$data" > flows.csv
overhead=$(sed -n 's/^overhead=\([0-9.]*\).*/\1/p' "$here/reality.sh")
primestorm replay flows.csv --capacity 100Mbit/s --overhead "$overhead" > replayed.csv 2> stderr
# Starts are kept in milliseconds, so durations are met to a few of them.
that 'a replayed duration is not what the program says' awk -F, '
    FNR == 1 { for (i = 1; i <= NF; i++) at[FILENAME, $i] = i; next }
    FILENAME == "replayed.csv" { finish[$at[FILENAME, "id"]] = $at[FILENAME, "finish_s"]; next }
    { d = finish[$1] - $2 - $6; n++; if (d * d > 0.01 * 0.01) { print $1, d; bad = 1 } }
    END { exit bad || n != 200 }' replayed.csv "$data"

# No point on the edge of the picture or beyond: axes of durations are logarithmic.
that 'a point lies on an axis' awk -F, '
    /^set [xy]range/ { split($0, part, /[\[:]|\]/); low[++k] = part[2]; high[k] = part[3]; next }
    $1 ~ /^[0-9]+$/ { n++; for (i = 5; i <= 7; i++) {
        at = i == 7 ? 3 : i == 6 ? 1 : 2
        if ($i < (at < 3 ? 1.3 : 0.9) * low[at] || $i > (at < 3 ? 1 / 1.3 : 0.9) * high[at]) { print $0; bad = 1 } } }
    END { exit bad || k != 3 || n != 200 }' "$here/reality.gp" "$data"
if command -v gnuplot > /dev/null; then
    expect 0 '' gnuplot -e "data='$data'; picture='drawn.png'" "$here/reality.gp"
    that 'nothing is drawn' [ -s drawn.png ]
else
    skipped 'the picture: there is no gnuplot'
fi

# The last command of `make reality`, as somebody without rights; a make that runs the tests must not be noticed.
(cd "$root" && env -u MAKEFLAGS -u MAKELEVEL make -n reality 2> /dev/null | tail -n 1) > recipe
that "the last command is '$(cat recipe)'" grep -q '^tests/reality/reality.sh ' recipe
ln -s "$root/tests" tests
chmod 777 .
if [ "$(id -u)" -ne 0 ]; then
    sh recipe > said 2>&1
elif command -v setpriv > /dev/null && setpriv --reuid 65534 --clear-groups test -r tests/reality/reality.sh; then
    setpriv --reuid 65534 --clear-groups sh recipe > said 2>&1
else
    skipped 'make reality without root: nobody may read the sources'
    finish 7
fi
that "without root it ends with $?, says '$(cat said)'" [ $? -eq 0 ]
that "without root it says '$(cat said)'" grep -qx 'skipped: network namespaces need root' said
finish 9
