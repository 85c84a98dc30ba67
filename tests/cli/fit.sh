#!/bin/sh
# primestorm fit: the table, the line for a scenario, files, bad input; measured traces.
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
that 'no line for a scenario' grep -Eq '^      rate: [a-z]+\(.*\) Mbit/s$' text

# The unit at the end of a name: the longest that is known; a rate of something else is no time.
# unit_of NAME LINE WORDS: a column of this name, its line for a scenario, and what is said of its unit
unit_of() {
    awk -v name="$1" 'BEGIN { print name; for (i = 1; i <= 20; i++) print 7 }' > named.csv
    primestorm fit named.csv -x "$1" > text
    that "a column $1: says '$(cat text)'" grep -qF -- "  $2" text
    that "a column $1: not '$3'" grep -qF -- "$3" text
}
from_name='The unit is taken from the name of the column; --unit says otherwise.'
no_rate='The name of the column ends as a rate of a unit that is not known, which is no time: pure numbers;'
unit_of wait_s 'rtt: 7 s' "$from_name"
unit_of h 'rtt: 7 h' "$from_name"
unit_of rate_Mbit_per_s 'rate: 7 Mbit/s' "$from_name"
unit_of mail_kB 'mail_size: 7 kB' "$from_name"
unit_of rate_kB_per_s 'rate: 56 kbit/s' 'A scenario has no kB/s: each value is taken times 8, in kbit/s.'
unit_of MB_per_s 'rate: 56 Mbit/s' 'A scenario has no MB/s: each value is taken times 8, in Mbit/s.'
unit_of rate_byte_per_s 'rate: 56 bit/s' 'A scenario has no byte/s: each value is taken times 8, in bit/s.'
unit_of disk_MiB_per_s 'rate: 58.720256 Mbit/s' 'each value is taken times 8.388608, in Mbit/s.'
that 'the values of a file in another unit are advised' [ "$(grep -c 'empirical(' text)" -eq 0 ]
for name in KiB_s kbit_s hits_s req_per_s errors_per_min mails_per_h per_s rate_min; do
    unit_of "$name" 'documents: 7' "$no_rate"
done
for name in load x rtt_ns bits; do
    unit_of "$name" 'documents: 7' 'The name of the column ends in no unit that is known: pure numbers; --unit gives one.'
done
primestorm fit named.csv -x bits --unit MB/s > text
that "--unit MB/s: says '$(cat text)'" grep -qxF '      rate: 56 Mbit/s' text
that '--unit is taken for a guess' [ "$(grep -c 'name of the column' text)" -eq 0 ]
primestorm fit named.csv -x bits --unit '' > text
that 'a unit of none is taken for a guess' [ "$(grep -c 'name of the column' text)" -eq 0 ]

# The lines are taken as they are, but for the name of a class.
{
    echo 'schema: 1'
    primestorm fit data.csv -x rate_mbit_per_s --bootstrap 0 |
        sed -n '/^or in its file:$/,/^or the values/p' | sed '1d; $d; s/^    NAME:$/    all:/'
    echo '      share: 1'
} > pasted.yaml
that "pasted: '$(cat pasted.yaml)'" grep -q '^      rate: [a-z]*(' pasted.yaml
expect 0 '' primestorm check pasted.yaml
# on_command_line UNIT PATH OPTION...: --set, as it is printed for a column in this unit, is taken by a run
on_command_line() {
    unit=$1
    way=$2
    shift 2
    primestorm fit data.csv -x rate_mbit_per_s --bootstrap 0 --unit "$unit" "$@" |
        sed -n 's/^  --set/--set/p' > option
    that "$way: not among '$(cat option)'" grep -q "^--set '$way=.*'\$" option
    # shellcheck disable=SC2086 # $small is several words
    expect 0 '' sh -c "primestorm run '$root/examples/01-failover-500.yaml' $small --quiet $(sed 's/NAME/umts_ios/' option)"
}
on_command_line Mbit/s devices.classes.NAME.rate
on_command_line s devices.classes.NAME.rtt
on_command_line kB mailbox.mail_size
on_command_line '' mailbox.documents
on_command_line min poison.restart --key poison.restart
on_command_line s devices.classes.edge.erase_time --key devices.classes.edge.erase_time
primestorm fit data.csv -x rate_mbit_per_s --bootstrap 0 --key rates > text
that 'a key that there is not has an option' [ "$(grep -c -- --set text)" -eq 0 ]
that 'a key that there is not is not told' \
    grep -qxF "For the scenario ('primestorm keys' has no such key that takes a law):" text

primestorm fit data.csv -x rate_mbit_per_s --bootstrap 0 --format csv > fit.csv
that 'CSV rows differ in their number of cells' awk -F, '!/"/ { if (n == 0) n = NF; else if (NF != n) exit 1 }' fit.csv
primestorm fit data.csv -x rate_mbit_per_s --bootstrap 0 --format json > fit.json
that 'JSON does not begin and end with braces' sh -c "head -c 1 fit.json | grep -q '{' && tail -n 1 fit.json | grep -q '}'"

# So is that of every family, shifts and mixtures among them.
awk 'BEGIN { print "x"; for (i = 1; i <= 200; i++) { u = (i - 0.5) / 200; print 3 + exp(2 * u * u + 0.1 * sin(i)) } }' > bent.csv
primestorm fit bent.csv -x x --unit kbit/s --bootstrap 0 --format json | sed -n 's/.*"law": "\(..*\)",$/\1/p' > laws
that "only $(wc -l < laws) families are fitted" [ "$(wc -l < laws)" -ge 11 ]
for form in ' + lognormal(' ' + exponential(' 'mixture(' 'triangular('; do
    that "no '$form' among the laws" grep -qF "$form" laws
done
while IFS= read -r law; do
    expect 0 '' primestorm check pasted.yaml --set "devices.classes.all.rate=$law"
done < laws

# Few values that come again and again: each with its share comes first, in every format.
awk 'BEGIN { print "items"; for (i = 0; i < 300; i++) print i % 6 == 0 ? 9 : i % 2 ? 5 : 3 }' > few_values.csv
primestorm fit few_values.csv -x items --bootstrap 0 > text
law='discrete(3 @ 0.3333333333333333, 5 @ 0.5, 9 @ 0.16666666666666666)'
that 'few values: the table does not begin with discrete' \
    sh -c "grep -A1 '^family' text | tail -n 1 | grep -Eq '^discrete +2 +0\.0000$'"
that 'few values: discrete is not the first line for a scenario' \
    sh -c "grep -A1 '^or in its file:' text | grep -qx 'mailbox:' && grep -qxF '  documents: $law' text"
that 'few values: discrete is not advised' grep -q '^Take discrete: .* lognormal, is off by up to 0\.26\.$' text
primestorm fit few_values.csv -x items --bootstrap 0 --format csv > few.csv
that 'few values: discrete is not the first row' sh -c "sed -n 2p few.csv | grep -qF 'discrete,likelihood,\"$law\",2,'"
that 'CSV rows differ in their number of cells' awk '{ gsub(/"[^"]*"/, ""); n = gsub(/,/, ""); if (NR > 1 && n != last) exit 1; last = n }' few.csv
primestorm fit few_values.csv -x items --bootstrap 0 --format json > few.json
that 'few values: the choice is not discrete' grep -q '"choice": "discrete"' few.json
expect 0 '' primestorm check pasted.yaml --set "mailbox.documents=$law"
# Ten values that differ are few, but say nothing of shares.
awk 'BEGIN { print "x"; for (i = 1; i <= 10; i++) print i * i }' > ten.csv
primestorm fit ten.csv -x x --bootstrap 0 > text
that 'ten different values: discrete is advised' [ "$(grep -c discrete text)" -eq 0 ]

# Other separators; numbers have a point.
tr , ';' < data.csv > semicolons.csv
primestorm fit data.csv -x rate_mbit_per_s --bootstrap 0 --format csv > commas
primestorm fit semicolons.csv -x rate_mbit_per_s --bootstrap 0 --format csv --delimiter ';' > semicolons
that 'semicolons between the fields change the fit' cmp -s commas semicolons
primestorm fit semicolons.csv -x rate_mbit_per_s --bootstrap 0 -d ';' > text
that 'empirical() reads no semicolons, but is advised' [ "$(grep -c 'empirical(' text)" -eq 0 ]
printf 'id;x\n1;3,14\n' > decimal_comma.csv
expect 65 "primestorm: decimal_comma.csv:2:3: x: '3,14' is not a number: numbers have a point, no comma" \
    primestorm fit decimal_comma.csv -x x --delimiter ';'
see="Try \`primestorm fit --help' or \`primestorm fit --usage' for more information."
expect 64 "primestorm fit: --delimiter is one of , ; | : space tab, not 'x'
$see" primestorm fit data.csv -x rate_mbit_per_s --delimiter x
# A pipe without an end is read up to a bound.
{ echo x; yes 1.5; } | timeout 300 primestorm fit - -x x --bootstrap 0 > stdout 2> stderr
that "an endless pipe ends with $?, says '$(cat stderr)'" [ "$(cat stderr)" = \
    'primestorm: standard input:10000002:1: x: more than 10000000 values; a fit takes no more (every tenth row tells as much)' ]

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
that 'points of the picture run into its legend' awk '/^set rmargin at screen/ { margin = $NF } /^set key at screen/ { key = $5 + 0 }
    END { exit !(margin > 0 && key > margin) }' out/plots/qq.gp
if command -v gnuplot > /dev/null; then
    that 'there is no picture' [ -s out/plots/qq.png ]
    that 'the picture is not in the manifest' grep -q '"plots/qq.png"' out/manifest.json
else
    skipped 'the picture: there is no gnuplot'
fi
that 'the manifest does not name the data' grep -qF "\"$(realpath data.csv)\": \"$(sha256sum data.csv | cut -d' ' -f1)\"" out/manifest.json
that 'a column is not explained' sh -c "head -n 1 out/qq.csv | tr , '\n' | while read -r name; do
    grep -q \"^qq.csv,\$name,\" out/columns.csv || exit 1; done"
expect 73 'primestorm: out exists already; choose another name, or replace it with --force' \
    primestorm fit data.csv -x rate_mbit_per_s --bootstrap 0 --quiet -o out

# ... and that is told before the data are read
expect 73 'primestorm: out exists already; choose another name, or replace it with --force' \
    primestorm fit none.csv -x x -o out
expect 66 'primestorm: none.csv: No such file or directory' primestorm fit none.csv -x x -o new/fit
that 'a fit that failed leaves a folder' [ ! -e new ]

# Values that are missing are counted, in a file of one column as among others.
awk 'BEGIN { print "x"; for (i = 1; i <= 20; i++) print i % 5 == 2 ? (i % 2 ? "  " : "") : i * i; print ""; print "" }' > blank.csv
primestorm fit blank.csv -x x --bootstrap 0 > text
that "blank lines: says '$(head -n 3 text)'" grep -qx '4 lines have no value of this column and are left out\.' text
that 'blank lines are values' grep -q ': 16 values from 1 to 400' text
that 'empirical(), which reads over blank lines, is not advised' grep -q 'empirical(blank.csv, x)' text
awk 'BEGIN { print "id,x"; for (i = 1; i <= 20; i++) print i "," (i % 5 == 2 ? (i % 2 ? " " : "") : i * i) }' > empty_fields.csv
primestorm fit empty_fields.csv -x x --bootstrap 0 > said
that "empty fields: says '$(head -n 3 said)'" grep -qx '4 lines have no value of this column and are left out\.' said
that 'empty fields change the fit' sh -c "for f in text said; do sed -n '/^family/,/^\$/p' \$f > table.\$f; done; cmp table.text table.said"
that 'empirical(), which refuses empty fields, is advised' [ "$(grep -c 'empirical(' said)" -eq 0 ]
primestorm fit empty_fields.csv -x x --bootstrap 0 --format json > said
that 'JSON does not count what has no value' grep -q '"lines_without_value": 4,' said
sed 6,50d empty_fields.csv > short.csv
expect 65 'primestorm: short.csv: column x has 3 values; a fit takes at least 10' primestorm fit short.csv -x x

# A first line of numbers is a header all the same, and is told.
awk 'BEGIN { for (i = 1; i <= 20; i++) print 3 + i / 10 }' > bare
header="the first line is taken for the header, so that 3.1 is the name of the column and no value"
expect 0 "primestorm: bare: $header" primestorm fit bare -x 3.1 --bootstrap 0
expect 0 '' primestorm fit bare -x 3.1 --bootstrap 0 --quiet
primestorm fit - -x 3.1 --bootstrap 0 --format json < bare > stdout 2> stderr
that "standard input: says '$(cat stderr)'" [ "$(cat stderr)" = "primestorm: standard input: $header" ]
head -n 10 bare > short
expect 65 "primestorm: short: $header
primestorm: short: column 3.1 has 9 values; a fit takes at least 10" primestorm fit short -x 3.1

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

primestorm fit negative.csv -x x > /dev/null 2>&1
that 'a negative value is no mistake of the file' [ $? -eq 65 ]
printf 'x\n1\n\0002\n' > binary.csv
expect 65 'primestorm: binary.csv:3:1: not a text file: a byte is 0x00' primestorm fit binary.csv -x x
printf 'x\n1\nnan\n' > nan.csv
expect 65 "primestorm: nan.csv:3:1: x: 'nan' is not a number" primestorm fit nan.csv -x x
expect 64 "primestorm: --unit: 'mbit' is no unit of a scenario (us, ms, s, min, h, d; byte, B, kB, MB, GB, TB, KiB, MiB, GiB; bit/s, kbit/s, Mbit/s, Gbit/s, Tbit/s)" \
    primestorm fit data.csv -x rate_mbit_per_s --unit mbit
primestorm fit data.csv -x rate_mbit_per_s --families lognormal,gama > /dev/null 2> stderr
that "a misspelt family ends with $?" grep -q "'gama' is not a family; did you mean 'gamma'?" stderr
expect 64 "primestorm fit: discrete is not chosen: it comes first by itself where a column has at most twelve different values, each twice or more on the average
$see" primestorm fit few_values.csv -x items --families gamma,discrete
expect 64 "primestorm fit: empirical is not chosen: it is the values themselves, and no law to be found
$see" primestorm fit few_values.csv -x items --families empirical
# No family that is left: said, and no line is promised.
awk 'BEGIN { print "x"; for (i = 0; i < 20; i++) print i }' > zero.csv
primestorm fit zero.csv -x x --families lognormal > text
that "no family: says '$(cat text)'" grep -qx 'None of these families can have made the values\.' text
that 'no family: a line without a law' grep -A1 '^For the scenario, the values themselves' text > said
that "no family: '$(cat said)'" grep -qxF '  documents: empirical(zero.csv, x)' said
primestorm fit - -x x --families lognormal < zero.csv > text
that "no family and no file: ends with '$(tail -n 1 text)'" sh -c "tail -n 1 text |
    grep -qx 'None of these families can have made the values; there is no line for a scenario\.'"
that 'no family and no file: a line is promised' [ "$(grep -c '^For the scenario' text)" -eq 0 ]
# Squares must be numbers too.
for value in 1e150 1e-150; do
    awk -v power="${value#1e}" 'BEGIN { print "x"; for (i = 20; i > 0; i--) print (power > 0 ? i / 20 : i) "e" power }' > edge.csv
    primestorm fit edge.csv -x x --bootstrap 0 > text
    that "$value: ends with $?" [ $? -eq 0 ]
    that "$value: '$(cat text)'" [ "$(grep -cE '(inf|nan|sd 0)([^a-z.]|$)' text)" -eq 0 ]
done
# bad_value VALUE WHAT
bad_value() {
    awk -v value="$1" 'BEGIN { print "x"; for (i = 1; i <= 20; i++) print i == 2 ? value : i }' > bad_value.csv
    expect 65 "primestorm: bad_value.csv:3:1: x: $2" primestorm fit bad_value.csv -x x
}
bad_value 1.1e150 '1.1e150 is too large; a fit takes values up to 1e+150'
bad_value 1e300 '1e300 is too large; a fit takes values up to 1e+150'
bad_value 1e400 "'1e400' is too large"
bad_value 1e-151 '1e-151 is too small; a fit takes 0, and values from 1e-150 on'
primestorm fit data.csv > /dev/null 2> stderr
that "no column ends with $?" grep -q -- '--column is missing' stderr
awk 'BEGIN { print "x"; for (i = 0; i < 20; i++) print 7 }' > equal.csv
primestorm fit equal.csv -x x --unit s > said
that 'equal values are no constant' grep -qx '      rtt: 7 s' said

expect 64 "primestorm fit: --output needs a name, found ''
Try \`primestorm fit --help' or \`primestorm fit --usage' for more information." \
    primestorm fit data.csv -x rate_mbit_per_s -o ''
# One of a thing is one.
printf 'x\n1\n' > one.csv
expect 65 'primestorm: one.csv: column x has 1 value; a fit takes at least 10' primestorm fit one.csv -x x
primestorm fit zero.csv -x x --positive > said 2>&1
that "one zero: says '$(cat said)'" grep -q '^1 zero (5 % of all) is left out\.$' said

# docs/fit.md quotes what is printed.
(cd "$root" && primestorm fit examples/04-measured-rates.csv --column mbit_per_s) > said
awk '/^```/ { inside = !inside; plain = inside && $0 == "```"; next } inside && plain' "$root/docs/fit.md" |
    grep -vx '\.\.\.' | grep . > quoted
that 'docs/fit.md quotes nothing' [ "$(wc -l < quoted)" -ge 10 ]
while IFS= read -r line; do
    that "docs/fit.md quotes what is not said: $line" grep -qxF -- "$line" said
done < quoted

# What the traces of phones say (Riiser et al. 2013; van der Hooft et al. 2016).
norway=$root/tests/data/norway_3g.csv
belgium=$root/tests/data/belgium_4g.csv
primestorm fit "$norway" -x mbit_per_s --bootstrap 0 > norway
that 'Norway: not 16475 values of mean 1.669' grep -q '16475 values .*mean 1\.669' norway
that 'Norway: neighbours do not correlate by 0.93' grep -q 'Neighbours correlate by 0\.93' norway
# The closed form of the lognormal: mean and deviation of the logarithms.
awk 'NR > 1 { n++; x = log($1); s += x; q += x * x }
    END { m = s / n; printf "median %.5f (.*), sigma %.6f", exp(m), sqrt(q / n - m * m) }' "$norway" > by_hand
that "Norway: lognormal is not $(cat by_hand)" grep -q "^lognormal  *$(cat by_hand)" norway
primestorm fit "$belgium" -x mbit_per_s --bootstrap 0 > belgium
that 'Belgium: zeros do not exclude the lognormal' grep -q '^lognormal  *excluded: there are zeros' belgium
primestorm fit "$belgium" -x mbit_per_s --bootstrap 0 --positive > positive
that 'Belgium without zeros: no lognormal' grep -q '^lognormal  *[0-9]' positive
# docs/fit.md says so: count, mean, distance and the line to paste.
for words in 'mean 1.669' '0.147 Mbit/s + gamma(shape=2.453, scale=0.6205) Mbit/s'; do
    that "docs/fit.md does not say $words" grep -qF "$words" "$root/docs/fit.md"
    that "Norway: not $words" grep -qF "$words" norway
done
# distance FAMILY FILE PAGE'S-NAME: as printed
distance() {
    words="$3, KS distance $(awk -v family="$1" '$1 == family { print $6; exit }' "$2")"
    that "docs/fit.md does not say $words" grep -qF "$words" "$root/docs/fit.md"
}
distance shift+gamma norway 'shift + gamma'
distance lognormal norway lognormal
distance normal belgium 'normal cut off at 0'
that 'Norway: 16475 values do not tell as much as 601' grep -q '16475 tell about as much as 601 ' norway
that 'Belgium: not 18036 values' grep -q ' 18036 values ' belgium
words=$(awk '$1 == "lognormal" && $2 == "median" { printf "median %.3f Mbit/s, sigma %.3f", $3, $6 }' norway)
that "docs/fit.md does not say $words" grep -qF "| $words |" "$root/docs/fit.md"
words='normal(mean=27.09, sd=19.31) Mbit/s'
that "docs/fit.md does not say $words" grep -qF "$words" "$root/docs/fit.md"
that "Belgium: not $words" grep -qF "$words" belgium
expect 64 "primestorm fit: unrecognized option '--bootsrap'; did you mean '--bootstrap'?
Try \`primestorm fit --help' or \`primestorm fit --usage' for more information." primestorm fit --bootsrap 1 x.csv
# Far from 0 a number has as many digits as tell its neighbours apart.
{
    echo far
    seq 1000000000 1000000099
} > far.csv
primestorm fit far.csv -x far --bootstrap 0 > far
that 'far from 0 the extent is rounded away' grep -qF ' 100 values from 1000000000 to 1000000099, mean 1000000049.5, sd 29.01, median 1000000049.5.' far
that 'far from 0 a parameter is rounded away' grep -qE '^uniform .*min 1000000000 .*max 1000000099 ' far
that 'far from 0 a place without an error is rounded away' grep -qE '^triangular .*mode 1000000099, max 1000000099$' far
{
    echo once
    seq 20 | sed 's/.*/1700000001/'
} > once.csv
primestorm fit once.csv -x once --bootstrap 0 > once
that 'far from 0 a constant is rounded away' grep -qF ' from 1700000001 to 1700000001, mean 1700000001, sd 0, median 1700000001.' once
seq 20 | awk 'BEGIN { print "near" } { print $1 * $1 / 7 }' > near.csv
primestorm fit near.csv -x near --bootstrap 0 > near
that 'near 0 the extent has other digits' grep -qF ' from 0.142857 to 57.1429, mean 20.5, sd 18.27, median 15.79.' near
seq 100 | awk 'BEGIN { print "tiny" } { printf "%.9g\n", 1e-12 / (1 - ($1 - 0.5) / 100) ^ 0.7 }' > tiny.csv
primestorm fit tiny.csv -x tiny -m shift+weibull --bootstrap 0 > tiny
that 'a shape without an error has digits by the spread of the values' grep -qE '^shift\+weibull .*, shape 0\.516737, ' tiny

# On a terminal it says how far it is, in one line that is written over and gone at the end; elsewhere not (all above).
if command -v script > /dev/null; then
    script -qec 'primestorm fit far.csv -x far -b 0 -m uniform,normal > table' /dev/null < /dev/null > terminal
    printf '\rlaw 1 of 2: uniform\033[K\rlaw 2 of 2: normal\033[K\r\033[K' > wanted
    that 'a terminal is told otherwise how far it is' cmp wanted terminal
    that 'the table is not there' grep -q '^normal ' table
    script -qec 'primestorm fit far.csv -x far -b 0 -q -m normal > table' /dev/null < /dev/null > terminal
    that 'who is quiet says how far it is' [ ! -s terminal ]
else
    skipped 'the progress on a terminal: script(1) is not there'
fi
finish 207
