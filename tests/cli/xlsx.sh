#!/bin/sh
# The workbook of a results folder: its sheets and cells, its chart, and that the same results give the same bytes.
# usage: xlsx.sh PRIMESTORM SOURCE-ROOT
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
begin "$@"
printf '#!/bin/sh\nexit 1\n' > bin/gnuplot # pictures are not asked for here
chmod +x bin/gnuplot
study() { primestorm run -q "$root/examples/01-failover-500.yaml" --set users=20 -r 3 --sweep servers.B.cores=1,2 --sweep users=20,30,40 "$@"; }
study -o one --threads 1
study -o two --threads 2
primestorm export --xlsx one > /dev/null 2> stderr
if [ $? -eq 69 ]; then
    that 'it is not said what is missing' grep -q 'built without libxlsxwriter (Debian: libxlsxwriter-dev)' stderr
    skipped 'the workbook: this program was built without libxlsxwriter'
    exit 77
fi
that 'it is not said where it is' grep -qx 'Written to one/results.xlsx' stderr
sleep 1.1 # a date in it would differ
expect 0 '' primestorm export -q --xlsx two -o two.xlsx
that 'the same results give other bytes' cmp one/results.xlsx two.xlsx
expect 0 '' primestorm export -q --xlsx one --chart user_minutes_lost
that 'another chart gives the same bytes' sh -c '! cmp -s one/results.xlsx two.xlsx'

expect 66 'primestorm: none: No such file or directory' primestorm export --xlsx none -o none.xlsx
that 'half a workbook stays' [ ! -e none.xlsx ]
cp -r one torn
printf '1,2\n' >> torn/points.csv
n=$(head -n 1 one/points.csv | tr ',' '\n' | wc -l)
expect 65 "primestorm: torn/points.csv: row 7 has 2 cells and the header $n" primestorm export --xlsx torn -o torn.xlsx
expect 64 "primestorm export: the form is missing: --xlsx or --csv-for excel-eu
Try \`primestorm export --help' or \`primestorm export --usage' for more
information." primestorm export one

expect 65 "primestorm: points.csv has no figure 'full_p95' for the chart; did you mean 'full_p95_s'?" \
    primestorm export --xlsx one --chart full_p95 -o none.xlsx
expect 65 "primestorm: points.csv has no figure 'nosuch' for the chart" primestorm export --xlsx one --chart nosuch -o none.xlsx
that 'a workbook stays without the chart that was asked for' [ ! -e none.xlsx ]
# Cells and sheets have limits: what does not fit is refused, and what is split has no chart of a part of it.
mkdir wide && cp one/*.csv one/manifest.json wide
long() { awk -v n="$1" 'BEGIN { while (n-- > 0) printf "x" }'; }
printf 'points.csv,more,,text,%s\n' "$(long 32767)" >> wide/columns.csv
expect 0 '' primestorm export -q --xlsx wide
printf 'points.csv,more,,text,%s\n' "$(long 32768)" >> wide/columns.csv
expect 65 "primestorm: columns.csv: 'xxxxxxxxxxxxxxxxxxxx...' is longer than the 32767 characters that a cell of a sheet takes" \
    primestorm export -q --xlsx wide -o none.xlsx
cp one/columns.csv wide
printf '{"note": "%s"}\n' "$(long 32768)" > wide/manifest.json
expect 65 "primestorm: manifest.json: 'xxxxxxxxxxxxxxxxxxxx...' is longer than the 32767 characters that a cell of a sheet takes" \
    primestorm export -q --xlsx wide -o none.xlsx
cp one/manifest.json wide
points() { awk -v n="$1" 'BEGIN { print "point,replications,users,full_p95_s.mean,full_p95_s.half_width"
    for (i = 0; i < n; i++) print i ",1," i + 1 ",2," }' > wide/points.csv; }
points 1048575
expect 0 '' primestorm export -q --xlsx wide -o fits.xlsx
points 1048576
expect 0 '' primestorm export -q --xlsx wide -o split.xlsx

# A single scenario has one point, and no chart.
primestorm run -q "$root/examples/01-failover-500.yaml" --set users=20 -r 2 -o alone 2> /dev/null
expect 0 '' primestorm export -q --xlsx alone

if ! command -v unzip > /dev/null; then
    skipped 'cells: there is no unzip'
    finish 22
fi
mkdir book
unzip -q two.xlsx -d book
that 'a sheet is missing' [ "$(grep -o '<sheet name="[a-z]*"' book/xl/workbook.xml | cut -d'"' -f2 | tr '\n' ' ')" = \
    'chart points runs columns manifest ' ]
# cell SHEET REFERENCE: the number in a cell
cell() { grep -o "<c r=\"$2\"[^>]*><v>[^<]*" "book/xl/worksheets/sheet$1.xml" | sed 's/.*<v>//'; }
# same FOUND WRITTEN: libxlsxwriter writes 16 digits
same() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a != "" && (a - b) ^ 2 <= 1e-30 * b ^ 2) }'; }
# The fifth column of points.csv is a mean, the seventh of runs.csv is a figure, both as in the CSV.
that 'a mean is another' same "$(cell 1 E4)" "$(sed -n 4p two/points.csv | cut -d, -f5)"
that 'the last run is another' same "$(cell 2 G19)" "$(sed -n 19p two/runs.csv | cut -d, -f7)"
that 'there are not 18 runs' [ "$(grep -o '<row r=' book/xl/worksheets/sheet2.xml | wc -l)" -eq 19 ]
that 'the header does not stay' grep -q 'state="frozen"' book/xl/worksheets/sheet1.xml
that 'the header does not filter' grep -q '<autoFilter ref="A1:' book/xl/worksheets/sheet1.xml
that 'the manifest lacks the digest of the runs' grep -q "$(sha256sum two/runs.csv | cut -d' ' -f1)" book/xl/worksheets/sheet4.xml
that 'the manifest says when it was' sh -c '! grep -q ">started<" book/xl/worksheets/sheet4.xml'
# Two curves of three points, and an error bar for each.
chart=book/xl/charts/chart1.xml
mean=$(head -n 1 two/points.csv | tr ',' '\n' | grep -nxF full_p95_s.mean | cut -d: -f1)
half=$(sed -n 2p two/points.csv | cut -d, -f$((mean + 1)))
that 'the first curve is not that of one core' grep -q '<c:f>points!\$D\$2:\$D\$4</c:f>' $chart
that 'the second curve is not that of two cores' grep -q '<c:f>points!\$D\$5:\$D\$7</c:f>' $chart
that 'there are not six error bars' [ "$(grep -o '<c:errBars>' $chart | wc -l)" -eq 6 ]
bar=$(sed 's/<c:errBars>/\n&/' $chart | sed -n 3p | grep -o '<c:val val="[0-9.e+]*"' | cut -d'"' -f2)
that 'the error bar is not the half-width' same "$bar" "$half"
that 'the axis is not named' grep -qF '<a:t>users</a:t>' $chart
that 'a curve is not named' grep -qF '<c:v>servers.B.cores=2</c:v>' $chart
# The first sheet of points holds 1,048,575, and the chart all of them; one more has another sheet, and no chart.
sheets() { unzip -p "$1" xl/workbook.xml | grep -o '<sheet name="[a-z0-9 ]*"' | cut -d'"' -f2 | tr '\n' ' '; }
that 'as many points as a sheet holds have not one' [ "$(sheets fits.xlsx)" = 'chart points runs columns manifest ' ]
that 'the chart lacks the last point' sh -c "unzip -p fits.xlsx xl/charts/chart1.xml | grep -qF 'points!\$D\$2:\$D\$1048576'"
that 'one point more has no sheet' [ "$(sheets split.xlsx)" = 'points points 2 runs columns manifest ' ]
that 'it is not said why there is no chart' \
    sh -c "unzip -p split.xlsx xl/worksheets/sheet5.xml | grep -qF 'the points lie on several sheets'"
finish 35
