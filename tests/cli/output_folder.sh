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
mkdir theirs empty
echo x > theirs/x
expect 73 'primestorm: theirs was not written by primestorm (no manifest.json of it); it is left alone even with --force' run -o theirs --force
that 'a folder of others was changed' [ "$(ls theirs)" = x ]
expect 0 '' run -o empty
that 'an empty folder is not filled' [ -s empty/manifest.json ]

# The manifest names every file with its checksum
sed -nE 's/^ *"([^"]+)": "([0-9a-f]{64})",?$/\2  \1/p' again/manifest.json | grep -v scenario_sha256 > sums
that 'the manifest lists too few files' [ "$(wc -l < sums)" -ge 15 ]
that 'a checksum of the manifest is wrong' sh -c 'cd again && sha256sum --check --quiet ../sums'
finish 22
