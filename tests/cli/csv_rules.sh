#!/bin/sh
# What every table keeps: the dictionary is complete, devices are conserved, stages add up.
# usage: csv_rules.sh PRIMESTORM SOURCE-ROOT
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
begin "$@"
expect 0 '' primestorm run --quiet --set users=60 --replications 3 \
    "$root/examples/03-first-start-threads.yaml" -o out
cd out || exit 1

for file in *.csv; do
    head -n 1 "$file" | tr ',' '\n' > header
    awk -F, -v file="$file" '$1 == file { print $2 }' columns.csv > dictionary
    [ "$file" = columns.csv ] || that "columns.csv and the header of $file differ" cmp header dictionary
    that "$file: a name is not of a-z, 0-9, _ and ." [ -z "$(grep -v '^[a-z0-9_.]*$' header)" ]
    that "$file: two columns of one name" [ -z "$(sort header | uniq -d)" ]
    that "$file: carriage returns" [ "$(tr -dc '\r' < "$file" | wc -c)" -eq 0 ]
    that "$file: no number is 'nan' or 'inf'" [ "$(grep -ciE '(^|,)-?(nan|inf)(,|$)' "$file")" -eq 0 ]
done

# A unit in columns.csv ends the name of its column.
that 'a name does not end with its unit' awk -F, '
    NR > 1 && $3 ~ /^(s|byte|bit\/s)$/ {
        unit = $3; gsub(/\//, "_per_", unit)
        if ($2 !~ ("[_.]" unit "$") && $2 !~ ("[_.]" unit "\\.[a-z_0-9]+$")) { print; bad = 1 }
    }
    END { exit bad }' columns.csv

# In every row of the series the devices of all states are all devices.
that 'devices get lost between the states' awk -F, '
    NR == 1 { for (i = 1; i <= NF; i++) if ($i ~ /^devices\./) state[i] = 1; next }
    { sum = 0; for (i in state) sum += $i; if (sum != 72) { print NR, sum; bad = 1 } }
    END { exit bad || NR < 20 }' series.csv

# Where the time of each device went adds up to its total, to 1e-9 of it.
that 'the stages of a device do not add up' awk -F, '
    NR == 1 { for (i = 1; i <= NF; i++) { if ($i ~ /^time\./) stage[i] = 1; if ($i == "total_s") total = i }; next }
    { sum = 0; for (i in stage) sum += $i; gap = sum - $total
      if (gap < 0) gap = -gap
      if (gap > 1e-9 * (1 + $total)) { print NR, sum, $total; bad = 1 } }
    END { exit bad || NR != 217 }' devices.csv

# Means of the series are the means over the replications.
that 'series_mean.csv is not the mean of series.csv' awk -F, '
    FNR == 1 { for (i = 1; i <= NF; i++) { if ($i == "done.full") d[FILENAME] = i; if ($i == "time_s") t[FILENAME] = i }; next }
    FILENAME == "series.csv" { sum[$t[FILENAME]] += $d[FILENAME]; n[$t[FILENAME]]++; next }
    n[$t[FILENAME]] == 3 { gap = $d[FILENAME] - sum[$t[FILENAME]] / 3; if (gap * gap > 1e-12) { print; bad = 1 }; seen++ }
    END { exit bad || seen < 10 }' series.csv series_mean.csv

# points.csv and summary.csv say of runs.csv what they claim to: mean, and quantiles by linear interpolation.
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } { print $at["full_p50_s"] }' runs.csv |
    sort -g > sorted
that 'points.csv does not agree with runs.csv' awk -F, '
    function near(a, b) { return (a - b) ^ 2 <= 1e-18 * b * b }
    FILENAME == "sorted" { x[n++] = $1; sum += $1; next }
    FNR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    { good = n == 3 && near($at["full_p50_s.mean"], sum / 3) && near($at["full_p50_s.p50"], x[1]) &&
             near($at["full_p50_s.p05"], 0.9 * x[0] + 0.1 * x[1]) &&
             near($at["full_p50_s.p95"], 0.1 * x[1] + 0.9 * x[2]) }
    END { exit !good }' sorted points.csv
# Student: the half-width is t(0.975; 2) = 4.30265273 standard errors.
that 'the interval is not that of Student' awk -F, '
    FILENAME == "sorted" { x[n++] = $1; sum += $1; next }
    FNR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    { for (i in x) squares += (x[i] - sum / 3) ^ 2
      half = 4.30265272991 * sqrt(squares / 2 / 3); gap = $at["full_p50_s.half_width"] / half - 1 }
    END { exit !(gap * gap < 1e-18) }' sorted points.csv
# Three replications close no interval; 72 close that of the 95 % quantile: the 62nd and the last of them in order.
that 'an interval from three replications' awk -F, '
    NR > 1 && $6 != "" && $7 != "" { print; bad = 1 } NR > 1 && $10 == "" { bad = 1 } END { exit bad || NR < 100 }' \
    quantiles.csv
cd "$work" || exit 1
expect 0 '' primestorm run --quiet --set users=5 --replications 72 "$root/examples/03-first-start-threads.yaml" -o enough
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } { print $at["full_max_s"] }' enough/runs.csv |
    sort -g > sorted
that 'the interval of p95 is not of order statistics' awk -F, '
    FILENAME == "sorted" { x[++n] = $1; next }
    $1 == "full_max_s" && $4 == 0.95 { good = $6 == x[64] && $7 == x[72] && $8 >= 0.95 && $9 == 72 && $10 == "" }
    END { exit !good }' sorted enough/quantiles.csv
finish 45
