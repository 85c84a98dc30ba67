#!/bin/sh
# primestorm theory: the shape of what it says, which rows it runs, how it ends, and that threads change nothing.
# usage: theory.sh PRIMESTORM SOURCE-ROOT [compare-docs]
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
begin "$@"
compare_docs=${3:-}

# The same figures with any number of threads, others with another seed.
expect 0 '' primestorm theory retry reliability --threads 1 --format csv
cp stdout one.csv
expect 0 '' primestorm theory retry reliability --threads 2 --format csv
that 'the number of threads changes the figures' cmp -s one.csv stdout
that 'a row of another group' [ "$(sed 1d stdout | grep -Evc '^(retry|reliability),')" -eq 0 ]
that 'a row does not agree' [ "$(sed 1d stdout | grep -vc ',agrees$')" -eq 0 ]
expect 0 '' primestorm theory retry reliability --seed 2 --format csv
that 'another seed gives the same figures' [ "$(cmp -s one.csv stdout; echo $?)" -eq 1 ]

# Loss and retries are met within |z| < 4; what |z| may be at most is Student's, as the page says.
sed 's/"[^"]*"/words/g' one.csv > unquoted.csv
that 'a row of retries is beyond |z| = 4' awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    $1 == "retry" && $at["z"] != "" { n++; if ($at["z"] ^ 2 >= 16) bad = 1 } END { exit bad || n != 23 }' unquoted.csv
# The fixpoints also without their tolerance of 0.5 %; 2.0227 is Student's quantile behind the half-width, of 39 degrees of freedom.
that 'a fixpoint is beyond |z| = 4, were there no tolerance' awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    $2 ~ /^return-/ { n++; z = ($at["simulated"] - $at["exact"]) / ($at["half_width"] / 2.0227); if (z ^ 2 >= 16) bad = 1 }
    END { exit bad || n != 4 }' unquoted.csv
for line in 'full-jitter/retry-1 3.94' 'return-half/B 4.40' 'return-most/B 4.40' 'storm-1000000/mean 8.15'; do
    expect 0 '' primestorm theory "${line% *}"
    that "the critical value is not ${line#* }" grep -Eq " (z|within) .*, critical ${line#* }," stdout
    that "docs/theory.md.in does not say ${line#* }" grep -q "${line#* }" "$root/docs/theory.md.in"
done

# What is said of the whole, and the shape of the table.
expect 0 '' primestorm theory reliability
that 'the family error is not stated' grep -q 'a probability of 1 % for any of the 1[0-9][0-9] random rows' stdout
that 'a random row does not say what it sees' [ "$(grep -c ' sees [0-9.]* %$' stdout)" -eq 8 ]
expect 0 '' primestorm theory reliability --format md
that 'a row of the table has not ten cells' awk '/^\|/ { if (gsub(/\|/, "") != 11) exit 1 }' stdout

# Rows are chosen by group, model or name; the list names them without running them.
expect 0 '' primestorm theory --list
that 'fewer than 140 rows are listed' [ "$(wc -l < stdout)" -ge 140 ]
that 'a name is listed twice' [ -z "$(awk '{ print $1 }' stdout | sort | uniq -d)" ]
that 'a line without a formula' awk 'NF < 4 { exit 1 }' stdout
expect 0 '' primestorm theory --list caps 'md1' 'storm-500/s*'
that 'the list has other names than were asked for' [ "$(awk '{ print $1 }' stdout | grep -c '^caps-')" -eq 19 ]
that 'a name does not choose its row alone' [ "$(grep -c '^storm-500/sd ' stdout) $(wc -l < stdout)" = '1 23' ]
expect 0 '' primestorm theory caps-a/end-of-flow-3 'restart-300' --format csv
that 'other rows than asked for are run' [ "$(sed 1d stdout | cut -d, -f2 | tr '\n' ' ')" = \
    'restart-300/E-T caps-a/end-of-flow-3 ' ]

# Exact values that are wrong by 10 % are found, in every row, and the end says so.
expect 1 '' primestorm theory closed retry reliability caps mm1 'mg1-*' --shift-percent 10 --format csv
that 'a row takes a value wrong by 10 % for right' [ "$(sed 1d stdout | grep -vc ',DISAGREES$')" -eq 0 ]
that 'too few rows' [ "$(sed 1d stdout | wc -l)" -ge 70 ]
expect 1 '' primestorm theory restart-300 --shift-percent=-10
that 'the shift is not told' grep -qx 'The exact values were made wrong by -10 %: 1 of 1 rows find it.' stdout
expect 0 '' primestorm theory return-half --shift-percent 0.1

# A row that cannot see an error of 10 % is no miss, but no agreement either, until it is given more replications.
expect 2 '' primestorm theory max-1000000 --set n=2000
that 'a blind row is not called so' grep -q '^  BLIND     max-1000000/E-max ' stdout
that 'blindness is not explained' grep -q '^1 row is BLIND: no deviation was found, but' stdout
expect 0 '' primestorm theory max-1000000 --set n=2000 --effort 4
that 'four times the replications are not run' grep -q '(120 replications' stdout

# Pareto services have no third moment: of some seeds one service is so long that it made the row blind.
for seed in 5 17; do
    expect 0 '' primestorm theory mg1-pareto --seed $seed
done

# Other parameters have other exact values: M/M/1 at 0.5 holds one customer.
expect 0 '' primestorm theory mm1/L --set lambda=0.5 --format csv
that 'the exact value does not follow' [ "$(sed 1d stdout | cut -d, -f3,7)" = 'mm1 with lambda = 0.5,1' ]
expect 0 '' primestorm theory mm1/L
that 'the parameters are not named' grep -q -- '--set lambda=0.8)' stdout

expect 64 "primestorm: no group, model or row is called 'x'; \`primestorm theory --list' names them" \
    primestorm theory caps x
expect 64 "primestorm: mm1 has no parameter 'x' that can be set; it has lambda" primestorm theory mm1 --set x=1
# What would take for ever is refused, with how long it would take.
expect 64 'primestorm: mm1 with lambda = 0.9999999 takes some 2.2e+13 events, about 1.24e+03 hours on one processor; at most 1.8e+10 are run' \
    primestorm theory mm1 --set lambda=0.9999999
expect 64 'primestorm: mm1 with lambda = 0.999 takes some 2.2e+12 events, about 124 hours on one processor; at most 1.8e+10 are run, which allows an effort of 8' \
    primestorm theory mm1 --set lambda=0.999 --effort 1000
expect 64 'primestorm: repair-1000 with customers = 75, think_s = 0.01, service_s = 0.01, servers = 100 takes some 3e+10 events, about 1.67 hours on one processor; at most 1.8e+10 are run' \
    primestorm theory repair-1000 --set customers=75 --set think_s=0.01 --set service_s=0.01 --set servers=100
# Ten present are too rare to be seen: no miss of the kernel.
expect 2 '' primestorm theory mm1/P-N-10 --set lambda=0.1
expect 0 '' primestorm theory return-half minute
that 'a z of -0' [ "$(grep -c ' z *-0.00' stdout)" -eq 0 ]
that 'a tolerance is not named' grep -q ' within the tolerance of 0.5 %, critical 4.40,' stdout
expect 64 'primestorm: mm1: lambda must stay below the number of servers, or the line grows for ever' \
    primestorm theory mm1 --set lambda=1
see="Try \`primestorm theory --help' or \`primestorm theory --usage' for more
information."
expect 64 "primestorm theory: --format is text, csv, json or md, not 'x'
$see" primestorm theory --format x
expect 64 "primestorm theory: --seed needs a whole number below 2^64, found '-1'
$see" primestorm theory --seed=-1
expect 64 "primestorm theory: --set needs NAME=NUMBER, found 'lambda'
$see" primestorm theory mm1 --set lambda
expect 64 "primestorm theory: --set needs NAME=NUMBER, found 'lambda=0,5': numbers have a point, no comma
$see" primestorm theory mm1 --set lambda=0,5
expect 64 "primestorm theory: --set lambda=0.6: lambda is given twice (first: --set lambda=0.50)
$see" primestorm theory mm1/L --set lambda=0.50 --set lambda=0.6
for number in inf 0x1 '' 0.5x; do
    expect 64 "primestorm theory: --set needs NAME=NUMBER, found 'lambda=$number'
$see" primestorm theory mm1 --set "lambda=$number"
done
expect 64 "primestorm theory: --shift-percent needs a number from -90 to 90, found '0,5': numbers have a point, no comma
$see" primestorm theory --shift-percent 0,5
expect 64 "primestorm theory: --effort needs a whole number from 1 to 1000, found '0'
$see" primestorm theory --effort 0
expect 64 "primestorm theory: --shift-percent needs a number from -90 to 90, found 'x'
$see" primestorm theory --shift-percent x

# On a terminal it says how far it is, in one line that is written over and gone at the end; elsewhere not (all above).
if command -v script > /dev/null; then
    script -qec 'primestorm theory mm1/L --effort 2 --threads 1 > table' /dev/null < /dev/null > terminal
    tr '\r' '\n' < terminal > lines
    that 'a terminal is not told of the first replication' \
        grep -Fqx "$(printf '1 of 320 replications of 1 model\033[K')" lines
    that 'the progress does not grow, or something else is said' awk -v clear="$(printf '\033[K')" '
        NR == 1 { if ($0 != "") exit 1; next }
        is_clear { after = after $0; next }
        $0 == clear { is_clear = 1; next }
        { if ($0 != $1 " of 320 replications of 1 model" clear || $1 <= n || $1 > 320) { bad = 1; exit }; n = $1 }
        END { exit bad || !is_clear || after != "" || n == 0 }' lines
    that 'the table is not there' grep -q '^  agrees    mm1/L ' table
else
    skipped 'the progress on a terminal: script(1) is not there'
fi

# docs/theory.md is what the program says: words exactly, numbers within 1e-9 (libm differs by machine).
if [ "$compare_docs" = compare-docs ]; then
    that 'docs/theory.sh fails' sh -c "'$root/docs/theory.sh' '$primestorm' '$root' > page.md"
    that 'docs/theory.md has other words; docs/theory.sh writes it' \
        awk -v relative=1e-9 -v absolute=1e-9 -f "$root/tests/support/same_text.awk" "$root/docs/theory.md" page.md
fi

finish 61
