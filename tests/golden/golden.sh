#!/bin/sh
# The figures of every example are what they were. A change of the model changes them: look at the
# difference, and if it is meant, run this with --update and commit the new figures.
# usage: golden.sh PRIMESTORM CSV_COMPARE SOURCE-ROOT [--update]
set -eu
primestorm=$1
compare=$2
root=$3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

for scenario in "$root"/examples/*.yaml; do
    name=$(basename "$scenario" .yaml)
    "$primestorm" run "$scenario" --quiet -o "$folder/$name"
    # One line a minute of the first 50 minutes keeps the file small.
    awk -F, 'NR == 1 || (NR % 6 == 2 && NR < 300)' "$folder/$name/series_mean.csv" > "$folder/$name.series.csv"
    for file in summary stages; do
        cp "$folder/$name/$file.csv" "$folder/$name.$file.csv"
    done
    for file in summary stages series; do
        golden=$root/tests/golden/$name.$file.csv
        if [ "${4:-}" = --update ]; then
            cp "$folder/$name.$file.csv" "$golden"
        elif ! "$compare" "$golden" "$folder/$name.$file.csv" 1e-9; then
            echo "$name: $file.csv differs from tests/golden/$name.$file.csv"
            failures=1
        fi
    done
done
exit $failures
