#!/bin/sh
# primestorm fit: the table, the line for a scenario, files, bad input; measured traces where they are at hand.
# usage: fit.sh PRIMESTORM SOURCE-ROOT
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
begin "$@"

# Quantiles of an exponential law of mean 2: a sample without luck.
awk 'BEGIN { print "id,rate_mbit_per_s"; for (i = 1; i <= 400; i++) printf "%d,%.6f\n", i, -2 * log(1 - (i - 0.5) / 400) }' > data.csv
primestorm fit data.csv --column rate_mbit_per_s --bootstrap 0 > text 2> stderr
that "fit: says '$(cat stderr)'" [ ! -s stderr ]
that 'the unit is not taken from the name of the column' grep -q 'mean 2.*Mbit/s\|Mbit/s, mean' text
that 'the exponential is not the first' sh -c "grep -A1 '^family' text | tail -n 1 | grep -q '^exponential\|^weibull\|^gamma'"
that 'no line for a scenario' grep -Eq '^  rate: [a-z]+\(.*\) Mbit/s$' text

# The line is taken as it is.
{
    printf 'schema: 1\ndevices:\n  classes:\n    all:\n      share: 1\n'
    primestorm fit data.csv -x rate_mbit_per_s --bootstrap 0 | awk '/^  rate: / && !done { print "    " $0; done = 1 }'
} > pasted.yaml
expect 0 '' primestorm check pasted.yaml

primestorm fit data.csv -x rate_mbit_per_s --bootstrap 0 --format csv > fit.csv
that 'CSV rows differ in their number of cells' awk -F, '!/"/ { if (n == 0) n = NF; else if (NF != n) exit 1 }' fit.csv
primestorm fit data.csv -x rate_mbit_per_s --bootstrap 0 --format json > fit.json
that 'JSON does not begin and end with braces' sh -c "head -c 1 fit.json | grep -q '{' && tail -n 1 fit.json | grep -q '}'"
primestorm fit data.csv -x rate_mbit_per_s --seed 3 > once
primestorm fit data.csv -x rate_mbit_per_s --seed 3 > twice
that 'the same seed gives other words' cmp -s once twice
primestorm fit - -x rate_mbit_per_s --bootstrap 0 < data.csv > /dev/null 2>&1
that 'standard input is not read' [ $? -eq 0 ]

primestorm fit data.csv -x rate_mbit_per_s --bootstrap 0 --quiet -o out > said 2>&1
for file in fit.csv parameters.csv qq.csv columns.csv manifest.json plots/qq.gp; do
    that "out/$file is missing" [ -s "out/$file" ]
done
that 'a fit that is quiet says something' [ ! -s said ]
expect 73 'primestorm: out exists already; choose another name, or replace it with --force' \
    primestorm fit data.csv -x rate_mbit_per_s --bootstrap 0 --quiet -o out

# Bad input
expect 65 "primestorm: data.csv:1: there is no column 'rate' among id, rate_mbit_per_s" primestorm fit data.csv -x rate
printf 'x\n1\n2\nmany\n' > word.csv
expect 65 "primestorm: word.csv:4:1: x: 'many' is not a number" primestorm fit word.csv -x x
printf 'x\n1\n2\n3\n' > few.csv
primestorm fit few.csv -x x > /dev/null 2> stderr
that "three values: ends with $?" grep -q 'few.csv: .*10' stderr
: > empty.csv
expect 65 'primestorm: empty.csv: is empty; its first line names the columns' primestorm fit empty.csv -x x
expect 66 'primestorm: none.csv: No such file or directory' primestorm fit none.csv -x x
awk 'BEGIN { print "x"; for (i = 0; i < 20; i++) print (i == 7 ? -1 : i) }' > negative.csv
primestorm fit negative.csv -x x > /dev/null 2> stderr
that "a negative value: ends with $?, says '$(cat stderr)'" grep -q 'negative.csv:9:1: x: ' stderr

# What the traces of phones say (Riiser et al. 2013; van der Hooft et al. 2016), where they are at hand.
norway=$root/../shared/data/norway-3g-hsdpa/norway_3g.csv
if [ -f "$norway" ]; then
    primestorm fit "$norway" -x mbit_per_s --bootstrap 0 > norway
    that 'Norway: not 16475 values of mean 1.669' grep -q '16475 values .*mean 1\.669' norway
    that 'Norway: neighbours do not correlate by 0.93' grep -q 'Neighbours correlate by 0\.93' norway
    # The closed form of the lognormal: mean and deviation of the logarithms.
    awk -F, 'NR > 1 { n++; x = log($4); s += x; q += x * x }
        END { m = s / n; printf "median %.5f (.*), sigma %.6f", exp(m), sqrt(q / n - m * m) }' "$norway" > by_hand
    that "Norway: lognormal is not $(cat by_hand)" grep -q "^lognormal  *$(cat by_hand)" norway
    primestorm fit "$root/../shared/data/belgium-4g-lte/belgium_4g.csv" -x mbit_per_s --bootstrap 0 > belgium
    that 'Belgium: zeros do not exclude the lognormal' grep -q '^lognormal  *excluded: there are zeros' belgium
    primestorm fit "$root/../shared/data/belgium-4g-lte/belgium_4g.csv" -x mbit_per_s --bootstrap 0 --positive > positive
    that 'Belgium without zeros: no lognormal' grep -q '^lognormal  *[0-9]' positive
else
    echo 'the measured traces are not at hand: not fitted'
fi
finish 23
