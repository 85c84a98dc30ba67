#!/bin/sh
# A manifest is enough to do it all again: byte for byte the same, or it is said what differs and why.
# usage: rerun.sh PRIMESTORM SOURCE-ROOT
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
begin "$@"
scenario=$root/examples/01-failover-500.yaml
said() { # CODE LINE COMMAND...: the code, and a line on standard output
    code=$1
    line=$2
    shift 2
    "$@" > stdout 2> stderr
    status=$?
    that "'$*' ends with $status and not $code: $(cat stderr)" [ "$status" -eq "$code" ]
    that "'$*' says $(cat stdout) and not '$line'" grep -qxF -- "$line" stdout
}

# ---- Identical: a run, a study, a decision ----
cat > given.yaml <<EOF
extends: $scenario
users: 20
expect: [full_p95_s < 1 s]
EOF
primestorm run -q given.yaml -r 3 --set mail.cores=2 --seed 7 -o alone
files() { grep -cE '"[a-z0-9_/]+\.[a-z0-9_.]+": "[0-9a-f]{64}"' "$1/manifest.json"; }
n=$(files alone)
said 0 "identical: $((n - 1)) files, byte for byte" primestorm rerun alone/manifest.json # all but scenario.yaml
said 0 "identical: $((n - 1)) files, byte for byte" primestorm rerun alone
said 0 "identical: $((n - 1)) files, byte for byte" primestorm rerun alone/
mkdir none
expect 66 'primestorm: none/manifest.json: No such file or directory' primestorm rerun none
printf 'servers.B.cores,users\n1,20\n4,25\n' > points.csv
cat > swept.yaml <<EOF
extends: given.yaml
replications: 4
sweep:
  list: points.csv
  grid: {mail.cores: [1, 2]}
  where: ["users > 20 or servers.B.cores < 2", mail.cores >= 1]
  series: devices.full
EOF
primestorm run -q swept.yaml -o study --sweep 'baseline=users=20,mail.cores=1' --expect 'unfinished <= 0'
primestorm run -q swept.yaml -o parts --shard 1/2 && primestorm run -q swept.yaml -o parts --shard 2/2
primestorm merge -q swept.yaml -o parts
primestorm decide -q "$scenario" --set users=20 -r 2 --outage 5min,10min,20min --outage 5min,10min --limit basic_max_s=20min \
    -o decision > printed
# Neither the first scenario nor the folder it was given in is needed.
mkdir away && mv given.yaml swept.yaml points.csv away
mv study elsewhere
n_study=$(($(files elsewhere) - 1))
said 0 "identical: $n_study files, byte for byte" primestorm rerun elsewhere/manifest.json -o again --threads 3
for name in runs points series differences expectations columns; do
    that "$name.csv of the study differs" cmp elsewhere/$name.csv again/$name.csv
done
said 0 "identical: $n_study files, byte for byte" primestorm rerun again/manifest.json # of a repetition too
said 0 "identical: $(($(files parts) - 1)) files, byte for byte" primestorm rerun parts/manifest.json
n=$(grep -cE '"[a-z_./]+": "[0-9a-f]{64}"' decision/manifest.json)
said 0 "identical: $((n - 1)) files, byte for byte" primestorm rerun decision/manifest.json
that 'a decision is printed' [ "$(wc -l < stdout)" -eq 3 ]
primestorm rerun -q elsewhere/manifest.json --threads 7 > stdout 2> stderr
that 'quiet is not' [ ! -s stdout ]
mkdir aside
TMPDIR=$work/aside primestorm rerun -q elsewhere/manifest.json
that 'results that nobody wanted stay behind' [ -z "$(ls aside)" ]

# ---- Different: which file, row and column, and why ----
# falsified FILE SED: changes a file, and the manifest with it.
falsified() {
    before=$(sha256sum "false/$1" | cut -d' ' -f1)
    sed -i "$2" "false/$1"
    sed -i "s/$before/$(sha256sum "false/$1" | cut -d' ' -f1)/" false/manifest.json
}
cp -r elsewhere false
value=$(sed -n 3p false/runs.csv | cut -d, -f6) # row 2, basic_p50_s
name=$(sed -n 1p false/runs.csv | cut -d, -f6)
falsified runs.csv "3s/,$value,/,1,/"
said 1 "runs.csv: row 2, column $name: '1' then, '$value' now" primestorm rerun false/manifest.json
said 1 "different: 1 of $n_study files" primestorm rerun false/manifest.json
falsified runs.csv '5d'
falsified points.csv '2s/^0,4,/0,5,/'
said 1 "points.csv: row 1, column replications: '5' then, '4' now" primestorm rerun false/manifest.json
that 'a missing row is not told' grep -qE "^runs.csv: row 2, column $name: '1' then, '$value' now; [0-9]+ differences in all$" stdout
said 1 "different: 2 of $n_study files" primestorm rerun false/manifest.json
sed -i '2s/$/ /' false/runs.csv
said 1 'runs.csv: differs; the file beside the manifest was changed since, so it is not known where' \
    primestorm rerun false/manifest.json
rm -r false && cp -r elsewhere false
sed -i 's/"revision": "[^"]*"/"revision": "older"/' false/manifest.json
# shellcheck disable=SC2016 # of sed
falsified runs.csv '2,$s/([^)]*)$/(older)/'
said 1 "runs.csv: row 1, column program: '$(sed -n 2p false/runs.csv | sed 's/.*,//')' then, '$(sed -n 2p elsewhere/runs.csv | sed 's/.*,//')' now; 16 differences in all; the column program alone" \
    primestorm rerun false/manifest.json
that 'another program is not told' grep -q '^program: another, .* (older) then, ' stdout
rm -r false && cp -r elsewhere false
falsified scenario.effective.yaml 's/^seed: 1/seed: 8/'
said 1 'scenario: another: this program reads other keys, defaults or measured values in the same text' primestorm rerun false/manifest.json
# An older program wrote the keys in another order.
rm -r false && cp -r alone false
falsified scenario.effective.yaml '/^      traveler_start:/d; s/^      projection: .*/&\n    vm:\n      traveler_start: 60 s/'
said 0 'scenario.effective.yaml: the same scenario, and the same lines in another order' primestorm rerun false
that 'what was written in another order is counted' grep -qxF "identical: $(($(files alone) - 2)) files, byte for byte" stdout
falsified scenario.effective.yaml 's/^title: .*/&  # mine/'
said 1 "different: 1 of $(($(files alone) - 1)) files" primestorm rerun false
that 'another line is told as another order' [ "$(grep -c 'another order' stdout)" -eq 0 ]
rm -r false && cp -r alone false
falsified scenario.effective.yaml '/^      traveler_start:/d; s/^      projection: .*/&\n    vm:\n      traveler_start: 60 s/'
sed -i 's/"scenario_sha256": "....../"scenario_sha256": "000000/' false/manifest.json
said 1 "different: 1 of $(($(files alone) - 1)) files" primestorm rerun false # the lines are the same, but not what is read in them
rm -r false && cp -r alone false
sed -i 's/"gnuplot": .*/"gnuplot": "gnuplot 1.0"/' false/manifest.json
n=$(grep -cE '"plots/.*(png|svg)"' alone/manifest.json)
if [ "$n" -gt 0 ]; then
    said 0 "gnuplot: another, gnuplot 1.0 then: $n pictures not compared" primestorm rerun false/manifest.json
fi

# ---- A fit and a replay: made of measured files, which must still be there ----
mkdir data
awk 'BEGIN { print "rtt_ms"; for (i = 1; i <= 60; i++) print 20 + i % 7 + i / 10 }' > data/rtt.csv
printf 'id,start_s,size_byte\na,0,1000000\nb,1,2000000\nc,1.5,500000\n' > data/flows.csv
printf 'time_s,bit_per_s\n0,8000000\n2,16000000\n' > data/link.csv
primestorm fit -q data/rtt.csv -x rtt_ms --families lognormal,gamma --bootstrap 49 --seed 5 --positive -o fitted
said 0 "identical: $(grep -cE '"[a-z/]+\.[a-z]+": "[0-9a-f]{64}"' fitted/manifest.json) files, byte for byte" primestorm rerun fitted/manifest.json
that 'the data are not told' grep -qxF 'data: the same' stdout
primestorm replay -q data/flows.csv --capacity data/link.csv --overhead 1.05 --columns size_byte=size_byte -o data/ends.csv
said 0 'identical: 1 file, byte for byte' primestorm rerun data/ends.csv.manifest.json -o repeated
that 'the table is not kept' cmp data/ends.csv repeated/ends.csv
(cd data && primestorm replay -q flows.csv --capacity 8Mbit/s -o short.csv)
said 0 'identical: 1 file, byte for byte' primestorm rerun data/short.csv.manifest.json
that 'a replay has no seed' [ "$(grep -c '"seed"' data/short.csv.manifest.json)" -eq 0 ]
sed -i 's/^a,0,/a,0.25,/' data/ends.csv
said 1 "changed since it was written: ends.csv: row 1, column start_s: '0.25' then, '0' now" primestorm rerun data/ends.csv.manifest.json
expect 73 'primestorm: data/other.csv.manifest.json exists already; --force replaces it' \
    sh -c 'echo mine > data/other.csv.manifest.json; primestorm replay -q data/flows.csv --capacity 8Mbit/s -o data/other.csv'
that 'a replay without a place leaves a table' [ ! -e data/other.csv ]
echo '0,1' >> data/link.csv
expect 65 "primestorm: $(realpath data/link.csv) is not as the manifest describes it: the data were changed since" \
    primestorm rerun data/ends.csv.manifest.json
mv data/rtt.csv data/away.csv
expect 66 "primestorm: $(realpath data)/rtt.csv: No such file or directory; the results were made of it" primestorm rerun fitted/manifest.json
primestorm fit -q - -x rtt_ms --bootstrap 0 -o streamed < data/away.csv
expect 65 "primestorm: streamed/manifest.json: 'repeat' is missing: what it describes was made of standard input or a pipe, or by a program that did not yet write it" \
    primestorm rerun streamed/manifest.json
# Names and options that are unusual.
cp data/away.csv data/rtt.csv && ln -s rtt.csv data/alias.csv
primestorm fit -q data/alias.csv -x rtt_ms --bootstrap 0 --unit '' --key '' -o linked
said 0 'data: the same' primestorm rerun linked/manifest.json
name=$(printf 'flo\377.csv')
cp data/flows.csv "$name"
primestorm replay -q "$name" --capacity 8Mbit/s -o named.csv
that 'a name that is no UTF-8 is no name' [ $? -eq 0 ]
expect 65 "primestorm: named.csv.manifest.json: 'repeat' is missing: what it describes was made of standard input or a pipe, or by a program that did not yet write it" \
    primestorm rerun named.csv.manifest.json
cp away/given.yaml "$(printf 'sc\377.yaml')"
expect 0 '' primestorm run -q "$(printf 'sc\377.yaml')" -r 1 -o unnamed
rm named.csv
expect 0 '' primestorm replay -q data/flows.csv --capacity 8Mbit/s -o named.csv # the manifest of a table that is gone is no hindrance
expect 73 'primestorm: named.csv is what the replay is made of; choose another name' \
    primestorm replay -q named.csv --capacity 8Mbit/s -f -o named.csv
primestorm replay -q data/flows.csv --capacity 8Mbit/s -o named.csv -f
sed 's/"8Mbit.s"$/"secret.csv"/' named.csv.manifest.json | awk '/"options"/ { inside = 1 } !inside { gsub(/secret.csv/, "8Mbit\/s") } 1' > other.manifest.json
sed -i 's/"8Mbit.s"/"secret.csv"/' other.manifest.json
expect 65 "primestorm: other.manifest.json: repeat: the capacity 'secret.csv' is not among the data" primestorm rerun other.manifest.json

# ---- A comparison and a sensitivity analysis: made of scenarios, as they were named and where ----
mkdir place
printf 'schema: 1\nusers: 20\ntimeline: [{at: 0 s, do: fail host A}]\n' > place/base.yaml
printf 'extends: base.yaml\nmail.cores: 2\n' > place/cores.yaml
(
    cd place || exit
    primestorm compare -q base.yaml cores.yaml --vary users=10,20 --set servers.B.cores=2 -r 3 --seed 5 --threads 1 -o compared.csv > words
    primestorm compare -q base.yaml cores.yaml --vary users=10,20 --set servers.B.cores=2 -r 3 --seed 5 --format csv > printed.csv
    primestorm sensitivity -q base.yaml -r 2 --method morris --size 2 --only prime --only latency -o screened.csv > /dev/null
    primestorm sensitivity -q base.yaml -r 2 --method morris --size 2 --only prime --only latency --format csv > screened
    primestorm sensitivity -q cores.yaml -r 2 -o varied.csv > /dev/null
    primestorm sensitivity -q cores.yaml -r 2 --format csv > varied
    primestorm compare -q - cores.yaml -r 2 -o streamed.csv < base.yaml > /dev/null
)
that 'the table of a comparison is not what is printed' cmp place/compared.csv place/printed.csv
that 'the table of a screening is not what is printed' cmp place/screened.csv place/screened
that 'the table of a sensitivity analysis is not what is printed' cmp place/varied.csv place/varied
that 'with a file the words are left out' grep -q '^Against base.yaml, users=10 (3 replications' place/words
for name in compared screened varied; do
    said 0 'identical: 1 file, byte for byte' primestorm rerun place/$name.csv.manifest.json --threads 2
    that "the scenarios of $name are not told" grep -qxF 'scenarios: the same' stdout
done
said 0 'identical: 1 file, byte for byte' primestorm rerun place/compared.csv.manifest.json -o compared
that 'the table of a comparison is not kept' cmp place/compared.csv compared/compared.csv
that 'the points of a comparison are not counted' grep -q '"points": 4,' place/compared.csv.manifest.json
expect 65 "primestorm: place/streamed.csv.manifest.json: 'repeat' is missing: what it describes was made of standard input or a pipe, or by a program that did not yet write it" \
    primestorm rerun place/streamed.csv.manifest.json
sed -i 's/^users: 20/users: 30/' place/base.yaml # which both scenarios of the comparison vary
said 0 'scenarios: the same' primestorm rerun place/compared.csv.manifest.json
said 1 'scenarios: others: one of their files was changed since, or this program reads other keys, defaults or measured values in them' \
    primestorm rerun place/varied.csv.manifest.json
for change in 's/"base.yaml",/"--output",/' 's/"--vary"/"--output"/' 's/"scenarios": \[/"others": [/' 's/"folder": "[^"]*"/"folder": "\/none"/'; do
    sed "$change" place/compared.csv.manifest.json > place/false.json
    cp place/compared.csv place/false.csv
    primestorm rerun place/false.json > stdout 2> stderr
    echo "$? $(cat stderr)"
done > found
cat > wanted << 'END'
65 primestorm: place/false.json: repeat: '--output' is no name of a scenario
65 primestorm: place/false.json: repeat: compare takes no option '--output' here
65 primestorm: place/false.json: repeat: 'scenarios' is missing, or is no list
66 primestorm: /none: No such file or directory; the scenarios were named there
END
that "false manifests of a comparison: $(diff found wanted)" cmp -s found wanted
expect 73 'primestorm: place/cores.yaml is what the comparison is made of; choose another name' \
    primestorm compare -q place/base.yaml place/cores.yaml -f -o place/cores.yaml
expect 73 'primestorm: place/varied.csv exists already; --force replaces it' \
    primestorm sensitivity -q place/base.yaml -o place/varied.csv
primestorm sensitivity -q place/base.yaml -r 2 --method morris --size 2 --only latency -f -o place/varied.csv > /dev/null
said 0 'identical: 1 file, byte for byte' primestorm rerun place/varied.csv.manifest.json
(exec primestorm compare -q "$scenario" --vary servers.B.cores=1..8 -r 1000 -o place/stopped.csv) > stdout 2> stderr &
victim=$!
until [ -n "$(find place -name '.stopped.csv*')" ]; do sleep 0.02; done
kill "$victim"
wait "$victim"
status=$?
that "a comparison that is stopped ends with $status" [ "$status" -eq 75 ]
that 'a comparison that is stopped leaves something' [ -z "$(find place -name '*stopped*')" ]

# A request to stop reaches the repetition, and nothing stays behind.
awk 'BEGIN { print "rtt_ms"; srand(3); for (i = 1; i <= 4000; i++) print 20 + 30 * rand() }' > data/many.csv
primestorm fit -q data/many.csv -x rtt_ms --bootstrap 0 -o long
sed -i '/"--bootstrap"/ { n; s/"0"/"100000"/ }' long/manifest.json
mkdir left
(TMPDIR=$work/left exec primestorm rerun long/manifest.json) > stdout 2> stderr &
victim=$!
until [ -n "$(ls left)" ]; do sleep 0.02; done
sleep 0.1
kill "$victim"
wait "$victim"
status=$?
that "a repetition that is stopped ends with $status" [ "$status" -eq 75 ]
sed -i '/"--seed"/ { n; s/"5"/"x"/ }' fitted/manifest.json
TMPDIR=$work/left primestorm rerun fitted/manifest.json > stdout 2> stderr
status=$?
that "a repetition with a wrong option ends with $status" [ "$status" -eq 64 ]
that "a repetition leaves $(ls left)" [ -z "$(ls left)" ]
expect 64 'primestorm: rerun is for one process; start it without mpirun' env PMI_SIZE=3 PMI_RANK=0 primestorm rerun alone/manifest.json
mkdir false-data
for change in 's/"--families"/"--output"/' 's/"--positive"/"--seed"/'; do
    sed "$change" fitted/manifest.json > false-data/manifest.json
    grep -q 'output' false-data/manifest.json && why="fit takes no option '--output' here" ||
        why="fit takes no option '--seed' here without a value"
    expect 65 "primestorm: false-data/manifest.json: repeat: $why" primestorm rerun false-data/manifest.json
done

# Measured columns are named by their full paths; another content is another scenario, for a store of runs too.
seq 0.1 0.1 5 | sed '1i mbit_per_s' > measured.csv
cat > measured.yaml <<EOF
extends: $scenario
users: 10
devices.classes: {phone: {share: 1, rate: "empirical(measured.csv, mbit_per_s) Mbit/s"}}
EOF
primestorm run -q measured.yaml -r 2 --sweep mail.cores=1,2 -o measured
said 0 'scenario: the same' primestorm rerun measured/manifest.json
seq 5.1 0.1 10 | sed '1i mbit_per_s' > measured.csv
said 1 'scenario: another: this program reads other keys, defaults or measured values in the same text' \
    primestorm rerun measured/manifest.json
primestorm run -q measured.yaml -r 2 --sweep mail.cores=1,2 -o measured 2> stderr
that "runs of other measured values are taken over: $(cat stderr)" grep -q "the runs of another scenario ('devices.classes.phone.rate = " stderr
# In a long line the place is shown, not the beginning.
rm -r false && cp -r alone false
if [ -e false/plots/curves.gp ]; then
    falsified plots/curves.gp "s/using (axis(column('time_s')))/using (axis(column('time_t')))/"
    primestorm rerun false/manifest.json > stdout
    that "a difference far to the right is not shown: $(cat stdout)" grep -q "^plots/curves.gp: line [0-9]*: '.*time_t.* then, '.*time_s.* now" stdout
fi

# ---- Manifests that are not as they should be ----
wrong() { expect 65 "primestorm: false/manifest.json$1" primestorm rerun false/manifest.json; }
rm -r false && cp -r elsewhere false
# What lies beside the manifest is looked at too: a table that was changed by hand, one that is gone.
sed -i '2s/^0,/1,/' false/points.csv
said 1 "different: 1 of $n_study files" primestorm rerun false/manifest.json
that 'the change is not told' grep -qxF "changed since it was written: points.csv: row 1, column point: '1' then, '0' now" stdout
rm false/points.csv
said 1 'points.csv: is missing beside the manifest' primestorm rerun false/manifest.json
rm -r false && cp -r alone false
sed -i 's/^seed: 7/seed: 8/' false/scenario.effective.yaml
expect 65 'primestorm: false/scenario.effective.yaml is not there, or not as the manifest describes it: the scenario was changed since' \
    primestorm rerun false/manifest.json
expect 66 'primestorm: none.json: No such file or directory' primestorm rerun none.json
: > false/manifest.json
wrong ":1:0: no JSON: '[' or '{' expected near end of file"
printf '{"tool": "primestorm",\n "version": }' > false/manifest.json
wrong ":2:13: no JSON: unexpected token near '}'"
changed() {
    sed "$1" alone/manifest.json > false/manifest.json
    wrong "$2"
}
echo '[]' > false/manifest.json
wrong ": 'tool' is missing, or is no text"
changed 's/"tool": "primestorm"/"tool": "other"/' ": a manifest of 'other', not of primestorm"
changed 's/"version": "/"edition": "/' ": 'version' is missing, or is no text"
changed 's/"repeat": {/"repetition": {/' \
    ": 'repeat' is missing: what it describes was made of standard input or a pipe, or by a program that did not yet write it"
changed 's/"subcommand": "run"/"subcommand": "theory"/' ": repeat: 'theory' cannot be repeated; run, decide, fit, replay, compare and sensitivity can"
changed 's/"subcommand": "run"/"subcommand": "fit"/' ": 'data' is missing, or is no text"
changed 's/"options": \[\]/"options": ["--force"]/' ": repeat: run takes no option '--force' here"
changed 's/"options": \[\]/"options": [1]/' ': repeat: options: there is something that is no text'
changed 's|"runs.csv": |"../runs.csv": |' ": sha256: '../runs.csv' is not a file of this folder with its SHA-256"
changed 's|"scenario.effective.yaml": |"other.yaml": |' ': sha256: the scenario, scenario.effective.yaml, is not listed'
changed 's/"sha256": {/"digests": {/' ": 'sha256' lists no files"
expect 64 "primestorm rerun: a results folder, or its manifest.json, is missing
Try \`primestorm rerun --help' or \`primestorm rerun --usage' for more
information." primestorm rerun
expect 73 'primestorm: alone exists already; choose another name' primestorm rerun alone/manifest.json -o alone

# ---- Subcommands that know nothing of studies say so ----
unused() { expect 0 "primestorm: away/$1.yaml: $2" primestorm "$3" "away/$1.yaml"; }
unused given "'expect:' is not used here, the scenario is taken without; 'primestorm run' uses it" show
unused swept "'sweep:' and 'expect:' are not used here, the scenario is taken without; 'primestorm run' uses them" show
printf 'extends: swept.yaml\nusers: 5\n' > away/heir.yaml
expect 0 "primestorm: away/heir.yaml: 'sweep:' and 'expect:' are not used here, the scenario is taken without; 'primestorm run' uses them" \
    primestorm compare away/heir.yaml -q -r 2 --vary mail.cores=1,2
expect 0 '' primestorm check away/swept.yaml
finish 55
