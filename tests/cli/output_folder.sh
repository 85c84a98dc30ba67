#!/bin/sh
# The output folder: whole or not there, never silently replaced, and true to its manifest.
# usage: output_folder.sh PRIMESTORM SOURCE-ROOT
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
begin "$@"
scenario=$root/examples/01-failover-500.yaml
# shellcheck disable=SC2086 # $small is several words
run() { primestorm run $small --quiet "$scenario" "$@"; }

expect 0 '' run -o deep/new/out
for file in series devices runs points columns stages curves summary; do
    that "there is no $file.csv" [ -s deep/new/out/$file.csv ]
done
that 'the scenario is not kept as it was given' cmp "$scenario" deep/new/out/scenario.yaml
that 'something hidden is left' [ -z "$(find deep -name '.*')" ]

# The effective scenario is the same experiment: same bytes of results
expect 0 '' primestorm run --quiet deep/new/out/scenario.effective.yaml -o again
for file in series devices runs points; do
    that "the effective scenario gives another $file.csv" cmp deep/new/out/$file.csv again/$file.csv
done

# Existing folders
expect 73 'primestorm: again exists already; choose another name, or replace it with --force' run -o again
echo mine > again/notes.txt
expect 0 '' run -o again --force --seed 7
that 'what was not ours is lost' grep -q mine again/notes.txt
that 'an old table is kept' [ "$(cmp -s deep/new/out/runs.csv again/runs.csv; echo $?)" -eq 1 ]

# What only the older run wrote goes with it: no old picture stands beside new data. What the user has put there stays.
expect 0 '' run -o again --force
echo stale > again/plots/stale.png
echo stale > again/plots/old.gp
sed -i 's|"sha256": {|&"plots/old.gp": "0", "plots/stale.png": "0", "gone.csv": "0",|' again/manifest.json
echo mine > again/plots/mine.png
expect 0 '' run -o again --force --seed 7
for file in plots/stale.png plots/old.gp; do
    that "$file of an older run is kept" [ ! -e again/$file ]
done
that 'a picture of the user is lost' grep -q mine again/plots/mine.png
that 'notes of the user are lost' grep -q mine again/notes.txt
echo mine > again/more.csv
sed -i '/"runs.csv"/d' again/manifest.json
expect 0 '' run -o again --force
that 'a file that is not on the list is overwritten' [ -s again/runs.csv~ ]
that 'something hidden is left' [ -z "$(find . -name '.*' ! -name .)" ]
expect 73 'primestorm: ./again was not written by primestorm (no manifest.json of it); it is left alone even with --force' \
    sh -c "echo '{' > again/manifest.json; primestorm run '$scenario' -o ./again --force"
that 'a folder without a manifest was changed' grep -q mine again/notes.txt
rm -rf again
expect 0 '' run -o again --seed 7

# One of a thing is one.
primestorm run --set users=1 --set devices.per_user=1 --replications 1 "$scenario" > said 2>&1
that "one replication: says '$(head -n 1 said)'" sh -c "head -n 1 said | grep -q ' 1 replication)'"
that "one device: says '$(grep device said)'" grep -q "^The only device has today's mail after .*, everything after " said

# A run that fails leaves an empty folder as it was, and no parents of a new one.
mkdir empty
that 'a folder cannot be made private' chmod 700 empty
limited() { (ulimit -f 8 && primestorm run --set users=20 --replications 2 "$scenario" -o "$1"); }
expect 74 'primestorm: empty/summary.csv: File too large' limited empty
that 'the empty folder is gone' [ -d empty ]
expect 74 'primestorm: new/one/out/summary.csv: File too large' limited new/one/out
that 'parents of a folder that failed are left' [ ! -e new ]
ln -s again link
expect 0 '' run -o link --force --seed 7
that 'the link is replaced' [ -L link ]
mkdir theirs
echo x > theirs/x
expect 73 'primestorm: theirs was not written by primestorm (no manifest.json of it); it is left alone even with --force' run -o theirs --force
that 'a folder of others was changed' [ "$(ls theirs)" = x ]
echo '{"tool": "another", "sha256": {"x": ""}}' > theirs/manifest.json
expect 73 'primestorm: theirs was not written by primestorm (no manifest.json of it); it is left alone even with --force' run -o theirs --force
that 'a folder of another program was changed' [ -s theirs/x ]
expect 0 '' run -o empty
that 'an empty folder is not filled' [ -s empty/manifest.json ]
that 'a private folder is open to all now' [ "$(stat -c %a empty)" = 700 ]
that 'the confidence is not written as it was given' grep -q '"confidence": 0.95,' empty/manifest.json

# The manifest names every file with its checksum
sed -nE 's/^ *"([^"]+)": "([0-9a-f]{64})",?$/\2  \1/p' again/manifest.json | grep -v scenario_sha256 > sums
that 'the manifest lists too few files' [ "$(wc -l < sums)" -ge 15 ]
that 'a checksum of the manifest is wrong' sh -c 'cd again && sha256sum --check --quiet ../sums'
finish 40
