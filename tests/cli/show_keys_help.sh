#!/bin/sh
# show, check, keys, help, doctor, version and the manual pages.
# usage: show_keys_help.sh PRIMESTORM SOURCE-ROOT FOLDER-OF-MANUAL-PAGES
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
begin "$@"
pages=$3

for scenario in "$root"/examples/*.yaml; do
    expect 0 '' primestorm check "$scenario"
    expect 0 '' primestorm show "$scenario"
    cp stdout once.yaml
    expect 0 '' primestorm show once.yaml
    # The origins, in comments, differ; the values do not.
    sed 's/ *#.*//' once.yaml > once
    sed 's/ *#.*//' stdout > twice
    that "show of show differs for $scenario" cmp once twice
done
expect 0 '' primestorm show --set users=7 --seed 9 "$root/examples/01-failover-500.yaml"
that 'the origin of --set is not told' grep -q '^users: 7 .*--set users=7' stdout
that 'the origin of a default is not told' grep -q '^horizon: .*default' stdout
that 'the place in the file is not told' grep -qE '^    http_threads: 720 .*01-failover-500.yaml:[0-9]+:[0-9]+$' stdout
that 'the title keeps silent about what an option changes' \
    grep -qE '^title: Failover of 500 users to an empty standby \(users=7\)  # --set users=7$' stdout
titled() { # TITLE OPTION...: `show` heads the scenario so
    wanted=$1
    shift
    found=$(primestorm show --plain "$@" "$root/examples/01-failover-500.yaml" | sed -n 's/^title: //p')
    that "the title of $* is '$found' and not '$wanted'" [ "$found" = "$wanted" ]
}
titled 'Failover of 500 users to an empty standby' --seed 9 -r 3 --set 'precision.relative=2 %' --set 'confidence=90 %'
titled 'Failover of 500 users to an empty standby (users=7, horizon=2 h)' --set users=7 --set 'horizon=2 h' -r 2
titled 'As asked' --set users=7 --set 'title=As asked'
titled 'Failover of 500 users to an empty standby (users=7, horizon=2 h, servers.B.state_db.iops=450 /s and 2 more)' \
    --set users=7 --set 'horizon=2 h' --set 'servers.B.state_db.iops=450 /s' --set servers.B.state_db.group=5 --set servers.B.cores=2
titled 'Failover of 500 users to an empty standby (1 key changed)' \
    --set 'devices.offline_time=mixture(uniform(1, 2) min @ 0.5, uniform(3, 4) min @ 0.25, 8 min @ 0.25)'

expect 0 '' primestorm keys
sed '/^Built in/,$d' stdout > keys
n_keys=$(grep -c '^[a-z].* = ' keys)
that 'a key has no range' [ "$n_keys" -eq "$(grep -c 'allowed: ' keys)" ]
that 'a key has no source' [ "$n_keys" -eq "$(grep -cE '^    (documented|literature|estimate|convention): .' keys)" ]
that 'there are few keys' [ "$n_keys" -ge 60 ]
expect 0 '' primestorm keys --format=csv
that 'keys --format=csv has no header' grep -q '^key,' stdout
expect 0 '' primestorm help users
that 'help of a key does not explain it' grep -q 'people with at least one device' stdout
expect 0 '' primestorm help servers.B.cores
that 'the key of one server is not found by its name' grep -q '^servers.NAME.cores = ' stdout
expect 64 "primestorm: no key holds 'usres'; did you mean 'users'?" primestorm help usres
expect 64 "primestorm: no key holds 'stat_db'; did you mean 'state_db'?" primestorm keys stat_db
expect 64 "primestorm: no key holds 'state_db.iosp'; did you mean 'state_db.iops'?" primestorm keys state_db.iosp
expect 64 "primestorm: no key holds 'zzz'; 'primestorm keys' lists all" primestorm keys zzz
expect 64 "primestorm: no key holds 'foo'; 'primestorm keys' lists all" primestorm keys foo
expect 64 "primestorm keys: one part of a key at a time; 'iops' is the second
Try \`primestorm keys --help' or \`primestorm keys --usage' for more
information." primestorm keys state_db iops
expect 64 "primestorm: no key holds 'zzz'; 'primestorm keys' lists all" primestorm keys zzz --format csv
expect 64 "primestorm: no subcommand and no key is called 'sensitivty'; did you mean 'sensitivity'?" primestorm help sensitivty
for topic in sweep expect extends; do
    expect 0 '' primestorm help $topic
    that "help $topic does not explain it" grep -q "^$topic: " stdout
done

for command in run check show keys fit presets doctor version help; do
    expect 0 '' primestorm $command --help
    that "$command --help says nothing" [ -s stdout ]
    that "primestorm.1 does not describe $command" grep -qx "\.B $command" "$root/docs/primestorm.1"
done
# Every long option stands in the manual page.
for command in run check show keys fit; do
    primestorm $command --help | grep -oE -- '--[a-z]+' | grep -v -- --usage | sort -u | while IFS= read -r option; do
        word=$(printf '%s' "${option#--}" | sed 's/-/\\\\-/g')
        grep -qE -- "$word" "$root/docs/primestorm.1" || echo "$command $option"
    done > missing
    that "primestorm.1 lacks $(cat missing)" [ ! -s missing ]
done
expect 0 '' primestorm version
that 'the version has another form' grep -qE '^primestorm [0-9]+\.[0-9]+\.[0-9]+ ' stdout
expect 0 '' primestorm --version
expect 64 "primestorm version: Too many arguments
Try \`primestorm version --help' or \`primestorm version --usage' for more
information." primestorm version now
expect 0 '' primestorm doctor
gsl=$(awk '$1 == "gsl" { print $2 }' stdout)
that 'doctor does not know GSL' [ -n "$gsl" ]
for part in libyaml sqlite; do
    that "doctor does not know the version of $part" grep -qE "^$part +[0-9]+\\.[0-9]+\\.[0-9]+$" stdout
done
expect 0 '' primestorm doctor --format csv
that 'doctor as CSV is another' grep -qx "gsl,$gsl" stdout
expect 0 '' primestorm doctor --format json
that 'doctor as JSON is another' grep -qxF " {\"part\": \"gsl\", \"found\": \"$gsl\"}," stdout
expect 0 '' primestorm doctor --format md
that 'doctor as Markdown is another' grep -qxF "| gsl | $gsl |" stdout

# The table of docs/model.md has the sentences that a timeline may say, all of them and no other.
timeline_says() { primestorm check --set "timeline.0.do=$1" "$root/examples/01-failover-500.yaml" 2>&1 | grep -o "'[^']*'" | sed 1d; }
for word in $(timeline_says 'zzzzzz no' | tr -d "'"); do
    [ "$word" = on ] || timeline_says "$word no"
done | tr -d "'" | sort > may
that 'the sentences of a timeline are not told' [ "$(wc -l < may)" -ge 30 ]
sed -n '/^## The timeline/,/^## /p' "$root/docs/model.md" | grep '^| `' | cut -d'|' -f2 | grep -o '`[^`]*`' | tr -d '`' |
    sed 's/ [AB]\>/ NAME/g; s/group [0-9]*/group GROUP/; s/class [a-z]*/class CLASS/; s/mail [0-9]*/mail NUMBER/
         s/every [0-9]* [a-z]* [0-9]* times/every TIME UNIT COUNT times/' | sort > told
that "docs/model.md and the program differ in what a timeline says: $(diff may told)" cmp -s may told

for page in "$root/docs/primestorm.1" "$pages/primestorm-scenario.5"; do
    that "$page is not clean" [ -z "$(man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 > /dev/null)" ]
done
finish 54
