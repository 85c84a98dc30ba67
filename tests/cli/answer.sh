#!/bin/sh
# The sentence under the table: what it says of several losses, devices offline, a full balancer, a timeline that
# leaves nobody to take the devices, and what was not measured.
# usage: answer.sh PRIMESTORM SOURCE-ROOT
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
begin "$@"

# says WORDS NAME ARGUMENT...: the answer for NAME.yaml has these words, given as an extended regular expression.
says() {
    words=$1
    name=$2
    shift 2
    n_checks=$((n_checks + 1))
    primestorm run "$name.yaml" --replications 3 "$@" > stdout 2> stderr
    grep -qE -- "$words" stdout || {
        fail "the answer for $name $* has no '$words'"
        cat stdout stderr
    }
}
lacks() {
    n_checks=$((n_checks + 1))
    if grep -qE -- "$1" stdout; then fail "the answer says '$1'"; fi
}

printf 'schema: 1\nusers: 50\n' > plain.yaml
says 'no server or line is a bottleneck for long' plain
lacks 'Times count from|were offline|balancer|not measured'
says 'The scenario has no timeline: it is assumed that server A fails at 0 s\.' plain
says '\(the limit for [0-9.]+ of the [0-9.]+ (s|min) until 95 % of the devices have everything; [0-9]+ % of its capacity in use on average\)' \
    plain --set users=300
says 'the connections of the balancer are the bottleneck \(it takes 30; each of the 60 devices wants one, all the time\)' \
    plain --set balancer.max_connections=30 --set 'horizon=2 h'
says "On average [0-9]+ of the devices were offline at the failure and begin when they come back; of those online, half have today's mail after [0-9.]+ (s|min) .*, all have everything after [0-9.]+ (s|min) " \
    plain --set 'devices.online=50 %'
says 'On average 60 of the devices were offline at the failure and begin when they come back\.' \
    plain --set 'devices.online=0 %'
says 'no server takes connections after the last entry of the timeline\. .* Up to 60 devices were not done at the end \(60 min\)\.' \
    plain --set balancer.failover=manual --set 'horizon=1 h'
says 'desktop mail, times slower than usual +not measured' plain --set 'mail.probe_interval=86400 s'
lacks '(^|[^a-z])(inf|nan)'

# Desktop users are those of 500 users unless somebody says how many.
other="The mail servers have 500 desktop users, the default, where the scenario has 50 users; 'mail\.desktop_users: users' makes them as many\."
says "$other" plain
for users in '--set mail.desktop_users=500' '--set mail.desktop_users=users' '--set users=250'; do
    # shellcheck disable=SC2086 # two words
    says 'half|Half' plain $users
    lacks 'desktop users, the default'
done
primestorm run plain.yaml -q -r 2 --set mail.desktop_users=users -o followed
primestorm run plain.yaml -q -r 2 --set mail.desktop_users=50 -o given
primestorm run plain.yaml -q -r 2 -o neither
that 'the word users is not the number of users' cmp followed/runs.csv given/runs.csv
that 'the number of desktop users has no effect' [ "$(cmp followed/runs.csv neither/runs.csv | wc -l)" -eq 1 ]
that 'the same scenario has two hashes' \
    [ "$(grep -h scenario_sha256 followed/manifest.json)" = "$(grep -h scenario_sha256 given/manifest.json)" ]
that 'the word is not shown' grep -qx '  desktop_users: users' followed/scenario.effective.yaml
swept() { primestorm run plain.yaml -r 2 --sweep users=20,240,300 --progress none "$@" -o swept > stdout 2> stderr; }
swept
that 'a study does not tell of two points' grep -qx "2 points of over twice or under half as many users as desktop users, which are 500 by default: 'mail\.desktop_users: users' makes them as many" stderr
swept --sweep mail.desktop_users=20,500 -f
that 'a study tells it of desktop users that vary' [ "$(grep -c 'by default' stderr)" -eq 0 ]
swept --set mail.desktop_users=users -f
that 'the word does not follow a sweep' [ "$(awk -F, '$1 != p { p = $1; print }' swept/runs.csv | wc -l)" -eq 4 ]
that 'a study tells it of the word' [ "$(grep -c 'by default' stderr)" -eq 0 ]

cat > twice.yaml << 'END'
schema: 1
users: 20
servers: {A: , B: , C: }
timeline:
  - {at: 9 h, do: fail host A}
  - {at: 10 h, do: fail host B}
END
says 'Times count from the first of 2 losses; a device counts as done when it has everything and does not lose it again\.' twice
says 'all have everything after 6[0-9]' twice
lacks 'has no timeline'
says 'fails at 0 s' plain
says 'Half of' plain --set 'timeline.0.do=redirect A to B'
lacks 'has no timeline'
says 'It does not end: each poll may end at a server that does not know what the device has' \
    plain --set balancer.method=round_robin --set 'horizon=1 h'

# An old state that was restored is told where somebody goes on with it, and in other words where all have begun anew.
cat > old.yaml << 'END'
schema: 1
users: 20
servers: {A: , B: }
mailbox: {received_per_day: 200}
timeline:
  - {at: 0 s, do: fail host A}
  - {at: 1 h, do: restore host A with state}
END
gaps='devices the old, restored state'
says 'Half of' old
lacks "$gaps|Not as good"
says 'Not as good as it looks: of 24 devices the old, restored state does not know what they have \([0-9]+ mails in all\), and without a reset nobody will notice\.' \
    old --set balancer.failover=manual
lacks 'did not know'
later_old() { { cat old.yaml && echo "  - {at: $1, do: $2}"; } > later.yaml; }
later_old '61 min' 'restart host A'
says 'Half of' later --set balancer.failover=manual --set 'timeline.1.do=begin to restore host A with state'
lacks "$gaps|Not as good"
later_old '2 h' 'tell traveler reset *'
says 'Of 24 devices the old, restored state did not know what they have \([0-9]+ mails in all\), until a reset, or another server, made them load everything again\.' \
    later --set balancer.failover=manual
lacks 'Not as good'
later_old '2 h' 'tell traveler reset 4'
says 'Not as good as it looks: of 2[23](\.[0-9])? devices' later --set balancer.failover=manual
lacks 'did not know'

# Any server that is available will do, where the balancer uses all.
off() {
    printf 'schema: 1\nusers: 20\nhorizon: 2 h\nservers: {A: , B: , C: }\nbalancer.method: %s\ntimeline:\n' "$1" > off.yaml
    printf '  - {at: 0 s, do: %s}\n' "$2" >> off.yaml
    printf '  - {at: 1 h, do: on %s tell traveler available off}\n' "$3" >> off.yaml
}
off round_robin 'tell traveler reset *' A
says 'Half of' off
lacks 'no server takes connections'
off pool 'fail host A' B
says 'Half of' off
lacks 'no server takes connections'
echo '  - {at: 1 h, do: on C tell traveler available off}' >> off.yaml
says 'no server takes connections after the last entry' off
finish 46
