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
finish 17
