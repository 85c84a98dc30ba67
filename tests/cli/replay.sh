#!/bin/sh
# primestorm replay: cases worked out by hand, what it says about bad input, files whole or not at all, the documents.
# usage: replay.sh PRIMESTORM SOURCE-ROOT
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
begin "$@"

# ends COMMAND...: the column finish_s, in one line.
ends() { "$@" | awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } { printf "%s ", $at["finish_s"] }'; }
# near EXPECTED...: the ends in the file `ends`, to 1e-12 relative.
near() {
    awk -v expected="$*" '{
        n = split(expected, e, " ")
        if (n != NF) exit 1
        for (i = 1; i <= n; i++) {
            split(e[i], f, "/")
            value = f[2] != "" ? f[1] / f[2] : f[1]
            if (($i - value) ^ 2 > (1e-12 * value) ^ 2) exit 1
        }
    }' ends
}
by_hand() { # NAME CAPACITY EXPECTED...
    name=$1
    capacity=$2
    shift 2
    ends primestorm replay -q "$name.csv" --capacity "$capacity" > ends
    that "case $name: ends are $(cat ends)" near "$@"
}

# A, B, C: caps; D: weights. Sizes are in bytes, so that a flow of 10 bit has 1.25.
cat > A.csv << 'END'
id,start_s,size_byte,cap_bit_per_s
one,0,1.25,1
two,0,1.5,4
three,0,3,8
END
by_hand A 10bit/s 10 3 33/8
cp A.csv B.csv
printf 'four,1,.625,5\nfive,2,.375,10\n' >> B.csv
by_hand B '10 bit/s' 10 67/18 725/144 26/9 29/9
awk 'BEGIN { print "cap_bit_per_s,start_s,size_byte"; for (k = 0; k < 8; k++) print 10 * (k + 1) "," k "," (60 + 10 * k) / 8 }' > C.csv
by_hand C 100bit/s 6 9/2 43/9 154/27 317/45 149/18 55/6 233/24
printf 'start_s,size_byte,cap_bit_per_s,weight\n0,1.5,12,1\n0,1.5,12,2\n0,1.5,4,3\n' > D.csv
by_hand D 12bit/s 3 9/4 3

# Overhead, round trips, steps of the capacity, cancellation: 8 bit/s, nothing from 2 s to 5 s, then 16 bit/s.
printf 'time_s,bit_per_s\n0,8\n2,0\n5,16\n' > steps.csv
printf 'start_s,size_byte,rtt_s,cancel_s\n0,3,,\n1,9,,6\n10,1,0.5,\n' > E.csv
ends primestorm replay -q E.csv -c steps.csv > ends
that "steps: ends are '$(cat ends)'" [ "$(cat ends)" = '6.25  11 ' ]
ends primestorm replay -q E.csv -c steps.csv --round-trips 3 --overhead 2 > ends
that "overhead: ends are '$(cat ends)'" [ "$(cat ends)" = '7.75  12.5 ' ]
primestorm replay -q E.csv -c steps.csv > stdout
that 'the table is another one' diff - stdout << 'END'
id,start_s,size_byte,cap_bit_per_s,rtt_s,cancel_s,finish_s,duration_s,received_byte,mean_bit_per_s
1,0,3,0,0,,6.25,6.25,3,3.84
2,1,9,0,0,6,,,1.5,2.4
3,10,1,0,0.5,,11,1,1,8
END

# Another order of columns and rows, other names, another delimiter, standard input: the same ends.
printf 'who;bytes;rate;t0;x\nthree;3;8;100;\n"two";1.5;4;100;?\none;1.25;1;100;\n' > other.csv
primestorm replay -q - -c 10bit/s -d ';' -C start_s=t0,size_byte=bytes,cap_bit_per_s=rate,id=who < other.csv > stdout
that 'names are not followed' diff - stdout << 'END'
id,start_s,size_byte,cap_bit_per_s,finish_s,duration_s,received_byte,mean_bit_per_s
three,100,3,8,104.125,4.125,3,5.818181818181818
two,100,1.5,4,103,3,1.5,4
one,100,1.25,1,110,10,1.25,1
END

# ... of the capacity too, and whoever has commas in one and semicolons in the other is told where.
printf 't;bit_per_s;remark\n0;10;"a, b"\n' > rates.csv
primestorm replay -q other.csv -c rates.csv -d ';' -C start_s=t0,size_byte=bytes,cap_bit_per_s=rate,time_s=t > stdout 2>&1
that 'a capacity with semicolons is another' grep -qx '3,100,1.25,1,110,10,1.25,1' stdout
expect 65 "primestorm: steps.csv:1: the fields seem to be separated by ','; say so with --delimiter" \
    primestorm replay -q other.csv -c steps.csv -d ';'

# Flows of some microseconds in a day: nothing is off, and their durations have their digits.
awk 'BEGIN { print "start_s,size_byte"; for (i = 0; i < 1000; i++) printf "%d.%03d,300\n", i * 86.4, (i * 37) % 1000 }' > day.csv
expect 0 '' primestorm replay -q day.csv -c 10Mbit/s
that 'not every flow gets the whole link' [ "$(cut -d, -f6,8 stdout | sort -u | tr '\n' ' ')" = \
    '0.00024,10000000 duration_s,mean_bit_per_s ' ]
awk 'BEGIN { seed = 5; print "start_s,size_byte"; for (i = 0; i < 20000; i++) { seed = (seed * 16807) % 2147483647
    print 1700000000 + seed % 86400000 / 1000 "," (i % 3 == 0 ? 1000 : i % 3 == 1 ? 50000 : 2000000) } }' > day.csv
expect 0 '' primestorm replay -q day.csv -c 10Gbit/s
that 'a flow gets more than the link' awk -F, 'NR > 1 && $8 > 1e10 * (1 + 1e-12) { exit 1 }' stdout

# The table in other forms, on standard output and in a file, which can be made again.
expect 0 '' primestorm replay -q A.csv -c 10bit/s --format json
that 'the table as JSON is another' grep -qxF ' {"id": "two", "start_s": 0, "size_byte": 1.5, "cap_bit_per_s": 4, "finish_s": 3, "duration_s": 3, "received_byte": 1.5, "mean_bit_per_s": 4},' stdout
expect 0 '' primestorm replay -q A.csv -c 10bit/s -F md
that 'the table as Markdown is another' grep -qxF '| two | 0 | 1.5 | 4 | 3 | 3 | 1.5 | 4 |' stdout
expect 0 '' primestorm replay -q A.csv -c 10bit/s --csv-for excel-eu
that 'the table for a spreadsheet is another' grep -qxF 'two;0;1,5;4;3;3;1,5;4' stdout
cp stdout eu.txt
expect 0 '' primestorm replay -q A.csv -c 10bit/s -E excel-eu -o eu.csv
that 'the file for a spreadsheet is another' cmp eu.txt eu.csv
for form in csv json md; do
    expect 0 '' primestorm replay -q A.csv -c 10bit/s -F $form -o "form.$form"
    expect 0 '' primestorm rerun -q "form.$form.manifest.json"
done
that 'a file has not the form that was asked for' [ "$(head -qn 1 form.csv form.json form.md | cut -c -4 | tr '\n' ' ')" = 'id,s [ | id ' ]
expect 0 '' primestorm rerun -q eu.csv.manifest.json

# What it says
said='3 flows, 5.75 byte (all with a cap; overhead 1): over 10 s after the first start; a flow takes 5.70833 s on average, 95 % take at most 9.4125 s; the link is the limit 30 % of the time, and 46 % of it is in use.'
expect 0 "$said" primestorm replay A.csv -c 10bit/s
expect 0 "1 cap was rounded to whole bit/s.
1 flow, 1 byte (all with a cap; overhead 1.5): over 6 s after the first start; a flow takes 6 s on average, 95 % take at most 6 s; the link is the limit 0 % of the time, and 25 % of it is in use." \
    sh -c "printf 'start_s,size_byte,cap_bit_per_s\n7,1,1.75\n' | primestorm replay - -c 8bit/s -w 1.5"
printf 'time_s,bit_per_s\n0,8\n2,0\n' > still.csv
expect 0 '2 flows, 11 byte (no caps; overhead 1): over 2 s after the first start; the link is the limit 100 % of the time, and 100 % of it is in use.
1 flow is given up before the end; all together received 2 byte.
1 flow ends never: the capacity stays 0. Its finish_s is empty.' \
    sh -c "printf 'start_s,size_byte,cancel_s\n0,2,2\n0,9,\n' | primestorm replay - -c still.csv"

# Bad input: the place and what would be right
bad() { # TEXT MESSAGE OPTION...
    printf '%b' "$1" > bad.csv
    said=$2
    shift 2
    expect 65 "primestorm: $said" primestorm replay bad.csv -c 10Mbit/s "$@"
}
bad '' 'bad.csv: is empty; its first line names the columns'
bad 'start_s,size_byte\n' 'bad.csv: there is no flow in it'
bad 'start,size_byte\n0,1\n' "bad.csv:1: there is no column 'start_s' (did you mean 'start'?) among start, size_byte"
bad 'start_s,size_byte\n0,1\n' "bad.csv:1: there is no column 'rate' among start_s, size_byte" -C cap_bit_per_s=rate
bad 'start_s,size_byte,start_s\n' 'bad.csv:1:19: start_s: there are two columns of this name'
bad 'start_s,size_byte\n0,1\n0\n' 'bad.csv:3: 1 field; the header has 2'
bad 'start_s,size_byte\n0,many\n' "bad.csv:2:3: size_byte: 'many' is not a number"
bad 'start_s,size_byte\n0,\n' 'bad.csv:2:3: size_byte: a number is missing'
bad 'start_s,size_byte\nnan,1\n' "bad.csv:2:1: start_s: 'nan' is not a number"
bad 'start_s,size_byte\n-1,1\n' 'bad.csv:2:1: start_s: -1 is not from 0 to 100000000000'
bad 'start_s,size_byte\n1700000000000,1\n' 'bad.csv:2:1: start_s: 1700000000000 is not from 0 to 100000000000'
bad 'start_s,size_byte\n0,-1\n' 'bad.csv:2:3: size_byte: -1 is not from 0 to 1e+15'
bad 'start_s,size_byte,weight\n0,1,0.5\n' 'bad.csv:2:5: weight: 0.5 is not from 1 to 1048576'
bad 'start_s,size_byte,weight\n0,1,1.5\n' \
    'bad.csv:2:5: weight: 1.5 is not a whole number; only ratios count, so multiply all weights'
bad 'start_s,size_byte,cap_bit_per_s\n0,1,1e12\n' 'bad.csv:2:5: cap_bit_per_s: 1e12 is not from 0 to 274877906944'
bad 'start_s,size_byte,cancel_s\n5,1,4\n' \
    'bad.csv:2:5: cancel_s: 4 is before the start at 5; both are moments'
bad 'start_s,size_byte\n0,"0,5"\n' "bad.csv:2:3: size_byte: '0,5' is not a number: numbers have a point, no comma"
bad 'start_s,size_byte\n0,5,300\n' 'bad.csv:2: 3 fields; the header has 2 (numbers have a point, a text with a comma is quoted)'
bad 'start_s;size_byte\n0;1\n' "bad.csv:1: the fields seem to be separated by ';'; say so with --delimiter"
bad '\037\0213\010\010' 'bad.csv: is packed with gzip; unpack it first, as in zcat FILE | ...'
bad 'start_s,size_byte\n0,1"1\n' \
    'bad.csv:2: a quote inside a field; such a field is quoted as a whole, and the quotes in it are doubled'
expect 65 "primestorm: $root/examples/05-replay-combined.log: is an access log of a web server, not a table with a header; docs/replay.md says how to make one of it" \
    primestorm replay "$root/examples/05-replay-combined.log" -c 1Mbit/s -d space
bad 'start_s,size_byte\n0,"1\n' 'bad.csv:2: a quoted field does not end'
bad 'start_s,size_byte\n0,\00001\n' 'bad.csv:2:3: not a text file: a byte is 0x00'
expect 65 'primestorm: standard input: is empty; its first line names the columns' primestorm replay - -c 1Mbit/s
expect 66 'primestorm: none.csv: No such file or directory' primestorm replay none.csv -c 1Mbit/s
expect 74 'primestorm: .: Is a directory' primestorm replay . -c 1Mbit/s

# ... in the capacity
capacity() { # TEXT MESSAGE
    printf '%b' "$1" > steps2.csv
    expect 65 "primestorm: $2" primestorm replay A.csv -c steps2.csv
}
capacity 'time_s,bit_per_s\n' 'steps2.csv: there is no capacity in it'
capacity 'time_s,bit_per_s\n0,1\n0,2\n' 'steps2.csv:3:1: time_s: 0 is not after 0, the time of the row before'
capacity 'time_s,bit_per_s\n0,-1\n' 'steps2.csv:2:3: bit_per_s: -1 is not from 0 to 1e+15'
capacity 'time_s,bit_per_s\n0,1\n1,0.4\n' \
    'steps2.csv:3:3: bit_per_s: 0.4 is neither 0, a link that stands still, nor at least 1 bit/s'
# One row more than there may be; its line is said, so the one before was taken.
expect 65 'primestorm: /dev/stdin:16777217:1: time_s: more than 16777215 rates' \
    sh -c "{ echo time_s,bit_per_s; seq 0 16777215 | sed 's/\$/,8/'; } | primestorm replay A.csv -c /dev/stdin"
capacity 'time_s,bit_per_s\n3,1\n' 'the capacity is known from 3 s on, but a flow starts at 0 s'
expect 66 'primestorm: none.csv: No such file or directory' primestorm replay A.csv -c none.csv
expect 65 "primestorm: --capacity: '10' needs a unit of rate (bit/s, kbit/s, Mbit/s, Gbit/s, Tbit/s); nor is there such a file" \
    primestorm replay A.csv -c 10
expect 65 "primestorm: --capacity: '10,5 Mbit/s' has a decimal comma; numbers have a point; nor is there such a file" \
    primestorm replay A.csv -c '10,5 Mbit/s'
expect 0 '' primestorm replay -q A.csv -c 1Tbit/s
expect 65 'primestorm: --capacity: 0 bit/s is not from 1 bit/s to 1e6 Gbit/s' primestorm replay A.csv -c '0 bit/s'

more="Try \`primestorm replay --help' or \`primestorm replay --usage' for more
information."
usage() {
    said=$1
    shift
    expect 64 "primestorm replay: $said
$more" primestorm replay "$@"
}
usage 'a file of flows is missing' -c 1Mbit/s
usage '--capacity is missing, as in 100Mbit/s' A.csv
usage "one trace at a time; 'B.csv' is the second" A.csv B.csv -c 1Mbit/s
usage "--output needs a name, found ''" A.csv -c 1Mbit/s -o ''
usage "--overhead needs a number from 1 to 10, found '0.9'" A.csv -c 1Mbit/s -w 0.9
usage "--overhead needs a number from 1 to 10, found '1,05': numbers have a point, no comma" A.csv -c 1Mbit/s -w 1,05
usage "--overhead needs a number from 1 to 10, found '1,'" A.csv -c 1Mbit/s -w 1,
usage "--round-trips needs a number from 0 to 100, found 'x'" A.csv -c 1Mbit/s -n x
usage "--delimiter is one of , ; | : space tab, not 'ab'" A.csv -c 1Mbit/s -d ab
usage "--format is csv, json or md, not 'text'" A.csv -c 1Mbit/s -F text
usage "--csv-for knows excel-eu, not 'abacus'" A.csv -c 1Mbit/s -E abacus
usage "--columns: there is no column 'starts'; did you mean 'start_s'?" A.csv -c 1Mbit/s -C starts=t0
usage "--columns names 'start_s' twice" A.csv -c 1Mbit/s -C start_s=a,start_s=b
expect 0 '' primestorm replay -q A.csv -c 1Mbit/s -C start_s=a -C id=id
usage "--columns needs NAME=COLUMN,..., found 'start_s='" A.csv -c 1Mbit/s -C start_s=

# A file is there whole or not at all; standard output is continued, not begun anew.
expect 0 '' primestorm replay -q A.csv -c 10bit/s -o out.csv
cp out.csv first.csv
expect 73 'primestorm: out.csv exists already; --force replaces it' primestorm replay A.csv -c 9bit/s -o out.csv
expect 65 "primestorm: bad.csv:2:3: not a text file: a byte is 0x00" primestorm replay bad.csv -c 9bit/s -o out.csv -f
that 'a run that failed changed the file' cmp out.csv first.csv
expect 0 '' primestorm replay -q A.csv -c 9bit/s -o out.csv -f
that 'the file is not replaced' [ "$(cmp -s out.csv first.csv; echo $?)" -eq 1 ]
expect 73 'primestorm: /proc/out.csv cannot be created: No such file or directory' \
    primestorm replay A.csv -c 9bit/s -o /proc/out.csv
echo before > log
primestorm replay -q A.csv -c 10bit/s >> log
that 'standard output is begun anew' [ "$(head -n 1 log) $(wc -l < log)" = 'before 5' ]
expect 74 'primestorm: standard output: No space left on device' sh -c 'primestorm replay -q A.csv -c 10bit/s > /dev/full'

# Many flows: the same bytes each time, and the limit of a file's size leaves nothing behind.
awk 'BEGIN { seed = 5; print "start_s,size_byte,cap_bit_per_s,weight"; for (i = 0; i < 20000; i++) {
    seed = (seed * 16807) % 2147483647
    print seed % 60000 / 1000 "," seed % 999983 "," 1000000 + seed % 77777 "," 1 + seed % 3 } }' > many.csv
expect 0 '' primestorm replay -q many.csv -c 1Gbit/s -o many1.csv
expect 0 '' primestorm replay -q many.csv -c 1Gbit/s -o many2.csv
that 'the same trace gives other bytes' cmp many1.csv many2.csv
that 'rows are lost' [ "$(wc -l < many1.csv)" -eq 20001 ]
limited() { (ulimit -f 8 && primestorm replay -q many.csv -c 1Gbit/s -o limited.csv); }
expect 74 'primestorm: limited.csv: File too large' limited
that 'half a file is left behind' [ -z "$(find . -name '*limited*')" ]

# Stopped while it waits for the rest of its input
mkfifo pipe
for signal in TERM INT HUP; do
    primestorm replay pipe -c 1Gbit/s -o stopped.csv 2> stderr &
    pid=$!
    exec 3> pipe # opens when the other end is there
    until ls .stopped.csv.* > /dev/null 2>&1; do :; done
    kill -s $signal $pid
    status=0
    wait $pid || status=$?
    exec 3>&-
    n_checks=$((n_checks + 1))
    [ $status -eq 75 ] || fail "stopped by $signal: ends with $status"
    that "stopped by $signal: something is left behind" [ -z "$(find . -name '*stopped*')" ]
done

# An internal error leaves no half file behind.
primestorm replay pipe -c 1Gbit/s -o internal.csv 2> stderr &
pid=$!
exec 3> pipe
until ls .internal.csv.* > /dev/null 2>&1; do :; done
kill -s ABRT $pid
wait $pid
status=$?
exec 3>&-
that "an internal error ends with $status and not 70" [ $status -eq 70 ]
that 'an internal error leaves a file behind' [ -z "$(find . -name '*internal*')" ]

# The documents: the ten lines are the file, and the answers are those that come out.
awk '/^```text$/ { inside = 1; next } /^```/ { inside = 0 } inside' "$root/docs/replay.md" > lines
that 'docs/replay.md shows another log' cmp lines "$root/examples/05-replay-access.log"
answers=0
for document in "$root/docs/replay.md" "$root/examples/README.md"; do
    awk '/^```sh$/ { inside = 1; next } /^```/ { inside = 0 }
         inside && /^awk/ { print } inside && /^primestorm replay.*capacity/ && !/ -o / { print }' "$document" |
        sed "s# flows.csv# $work/flows.csv#" > "$work/commands"
    while IFS= read -r command; do
        (cd "$root" && sh -c "$command") 2>&1 > /dev/null | sed 's/^/> /' >> "$work/answers"
    done < "$work/commands"
    grep '^> .* flows, ' "$document" > "$work/quoted"
    while IFS= read -r answer; do
        answers=$((answers + 1))
        that "$document: nothing says: $answer" grep -qxF -- "$answer" "$work/answers"
    done < "$work/quoted"
done
that "only $answers answers are quoted" [ "$answers" -eq 5 ]
expect 64 "primestorm replay: unrecognized option '--capcity'; did you mean '--capacity'?
Try \`primestorm replay --help' or \`primestorm replay --usage' for more
information." primestorm replay --capcity 1 x.csv
finish 112
