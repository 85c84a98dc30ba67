#!/bin/sh
# The scenarios that come with the program: listed, printed, run, and stood on by others.
# usage: presets.sh PRIMESTORM SOURCE-ROOT
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
begin "$@"

expect 0 '' primestorm presets
cp stdout list
for file in "$root"/presets/*.yaml; do
    name=$(basename "$file" .yaml)
    that "$name is not listed with its title" grep -qE "^$name +$(sed -n 's/^title: //p' "$file")\$" list
    that "docs/presets.md does not describe $name" grep -q "^| \`$name\` |" "$root/docs/presets.md"
    expect 0 '' primestorm presets "$name"
    that "$name is not printed as it is" cmp -s stdout "$file"
    expect 0 '' primestorm check "preset/$name"
    # shellcheck disable=SC2086 # options are words
    that "$name does not run" sh -c "primestorm run $small preset/$name > said 2>&1"
    that "$name: no answer" grep -q "have today's mail after" said
done
that 'the list has other lines' [ "$(wc -l < list)" -eq "$(find "$root/presets" -name '*.yaml' | wc -l)" ]

expect 0 '' primestorm presets --format csv
that 'the list as CSV is another' [ "$(sed 1d stdout | cut -d, -f1)" = "$(cut -d' ' -f1 list)" ]
expect 0 '' primestorm presets --format md
that 'the list as Markdown lacks a preset' grep -qxF "| groupwise | $(sed -n 's/^groupwise *//p' list) |" stdout
expect 64 "primestorm presets: --format is of the list; a preset is YAML
Try \`primestorm presets --help' or \`primestorm presets --usage' for more
information." primestorm presets --format json groupwise

# A preset by its text is the preset by its name.
primestorm presets groupwise | primestorm show --plain - > by_text
primestorm show --plain preset/groupwise > by_name
that 'the text of a preset is another scenario' cmp -s by_text by_name

# A scenario that stands on one: what it says wins, and each value has its place.
printf 'extends: preset/groupwise\nusers: 40\n' > mine.yaml
expect 0 '' primestorm show mine.yaml
that 'the own value has no place' grep -q '^users: 40  # mine.yaml:2:8$' stdout
that 'the value of the preset has no place' grep -qE 'prime_workers: 4  # preset/groupwise:[0-9]+:[0-9]+$' stdout
that 'the value of its base has no place' grep -qE 'heartbeat: 15 min  # preset/traveler-2011:[0-9]+:[0-9]+$' stdout
mkdir -p preset below
printf 'users: 7\n' > preset/activesync.yaml
printf 'extends: ../preset/activesync.yaml\n' > below/file.yaml
expect 0 '' primestorm show below/file.yaml
that 'a folder called preset is no preset' grep -q '^users: 7 ' stdout
printf 'extends: preset/activesync\n' > below/preset.yaml
expect 0 '' primestorm show below/preset.yaml
that 'a preset is looked for beside the scenario' grep -q '^users: 500  # preset/traveler-2011' stdout

# What is not there.
printf 'schema: 1\nextends: preset/travler-2011\n' > slip.yaml
expect 65 "slip.yaml:2:10: there is no preset 'travler-2011'; did you mean 'traveler-2011'? 'primestorm presets' lists them" \
    primestorm check slip.yaml
expect 66 "preset/zzz: there is no preset 'zzz'; 'primestorm presets' lists them" primestorm run preset/zzz
expect 64 "primestorm: there is no preset 'matrix'; did you mean 'matrix-2017'? 'primestorm presets' lists them" primestorm presets matrix
expect 64 "primestorm: there is no preset 'traveler'; 'primestorm presets' lists them" primestorm presets traveler
expect 0 '' primestorm presets preset/groupwise
that 'the name of a scenario is no name of a preset' cmp -s stdout "$root/presets/groupwise.yaml"
missing='No such file or directory'
expect 66 "groupwise: $missing; did you mean 'preset/groupwise'?" primestorm run groupwise
expect 66 "presets/group-wise.yaml: $missing; did you mean 'preset/groupwise'?" primestorm show presets/group-wise.yaml
expect 66 "mien.yaml: $missing" primestorm check mien.yaml
printf 'extends: matrix\n' > bare.yaml
expect 65 "bare.yaml:1:10: extends: 'matrix' cannot be read: $missing; did you mean 'preset/matrix-2017'?" primestorm check bare.yaml
expect 64 "primestorm: there is no preset 'group-wise'; did you mean 'groupwise'? 'primestorm presets' lists them" \
    primestorm presets group-wise
printf 'extends: preset/matrix-2017\nservers: {homeserver: {cores: 0}}\n' > none.yaml
expect 65 "none.yaml:2:31: servers.homeserver.cores: '0' is out of range; allowed: 1 to 65536" primestorm check none.yaml

# The folder of a run holds the preset as it was given.
expect 0 '' primestorm run --quiet --set users=5 --replications 2 -o out preset/groupwise
that 'scenario.yaml is not the preset' cmp -s out/scenario.yaml "$root/presets/groupwise.yaml"
finish 52
