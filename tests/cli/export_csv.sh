#!/bin/sh
# The tables of a results folder for spreadsheets with a decimal comma: the same cells, and nothing half-written.
# usage: export_csv.sh PRIMESTORM SOURCE-ROOT
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
begin "$@"
scenario=$root/examples/01-failover-500.yaml
primestorm run -q "$scenario" --set users=20 -r 3 --sweep servers.B.cores=1,2 --sweep series=devices.full -o study
primestorm run -q "$scenario" --set users=20 --set "title=a; b, \"c\"" -r 2 -o single

# Back to a point and a comma it is the file it was made from. Text with a comma is quoted here too.
back() { # FILE
    tail -c +4 "$1" | awk 'BEGIN { RS = "\n" } {
        quoted = 0
        out = ""
        for (i = 1; i <= length($0); i++) {
            c = substr($0, i, 1)
            if (c == "\"") quoted = !quoted
            if (!quoted && c == ";") c = ","
            else if (!quoted && c == ",") c = "."
            out = out c
        }
        print out }'
}
for folder in study single; do
    expect 0 "Written to $folder/excel-eu" primestorm export --csv-for excel-eu $folder
    for file in "$folder"/*.csv; do
        name=${file##*/}
        eu=$folder/excel-eu/$name
        that "$eu is not there" [ -s "$eu" ]
        that "$eu has no byte-order mark" [ "$(head -c 3 "$eu" | od -An -tx1 | tr -d ' ')" = efbbbf ]
        if [ "$name" != columns.csv ]; then # texts with semicolons are quoted there alone
            back "$eu" > back.csv
            that "$eu has other cells than $file" cmp -s back.csv "$file"
        fi
    done
done
that 'a number has a point' sh -c "! sed 1d study/excel-eu/points.csv | grep -q '[.]'"
that 'there is no comma in numbers' grep -q '[0-9],[0-9]' study/excel-eu/points.csv

expect 73 'primestorm: study/excel-eu exists already; choose another name with -o' primestorm export --csv-for excel-eu study
expect 0 '' primestorm export -q --csv-for excel-eu study -o elsewhere/tables
that 'the same results give other bytes' cmp -s elsewhere/tables/points.csv study/excel-eu/points.csv
cp -r study torn
rm -r torn/excel-eu
echo '1,2' >> torn/points.csv
n=$(head -n 1 study/points.csv | tr ',' '\n' | wc -l)
expect 65 "primestorm: torn/points.csv: row 3 has 2 cells and the header $n" primestorm export --csv-for excel-eu torn
that 'half of the tables stay' [ ! -e torn/excel-eu ]
mkdir plain
expect 66 "primestorm: plain: no results folder: it has no manifest.json; 'primestorm run SCENARIO.yaml -o FOLDER' makes one" \
    primestorm export --csv-for excel-eu plain
expect 66 'primestorm: none: No such file or directory' primestorm export --csv-for excel-eu none
# Every command that prints a table has the dialect.
eu() { # COMMAND...
    that "'$*' has no decimal comma" sh -c "primestorm $* --csv-for excel-eu 2> /dev/null | head -c 3 | od -An -tx1 | grep -q 'ef bb bf'"
}
cp "$scenario" case.yaml
eu keys users
eu plan case.yaml --set users=5 --sweep users=5,6
eu fit "$root/examples/04-measured-rates.csv" --column mbit_per_s --bootstrap 20
eu compare case.yaml --vary users=5,6 -r 2 -q
eu decide case.yaml --set users=5 --set servers.A.http_threads=720 -r 2 --outage 5min,10min -q
eu theory mm1/L
eu replay "$root/examples/05-replay-flows.csv" --capacity 20Mbit/s
eu sensitivity case.yaml --set users=5 -r 2 -q --method morris

more="Try \`primestorm export --help' or \`primestorm export --usage' for more
information."
expect 64 "primestorm export: one form at a time: --xlsx or --csv-for excel-eu
$more" primestorm export --xlsx --csv-for excel-eu study
expect 64 "primestorm export: --csv-for knows excel-eu, not 'excel-us'
$more" primestorm export --csv-for excel-us study
finish 46
