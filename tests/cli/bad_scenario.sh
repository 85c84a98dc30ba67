#!/bin/sh
# Every kind of bad scenario: the exact message with its place, and the exit code.
# usage: bad_scenario.sh PRIMESTORM SOURCE-ROOT
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
begin "$@"

# bad NAME TEXT MESSAGE...: the scenario `TEXT` is refused with these lines.
bad() {
    printf '%b' "$2" > "$1.yaml"
    expect 65 "$3" primestorm check "$1.yaml"
}

# Keys
bad key 'usres: 10\n' "key.yaml:1:1: unknown key 'usres'; did you mean 'users'?"
bad key_below 'servers:\n  B:\n    http_thread: 5\n' \
    "key_below.yaml:3:5: unknown key 'servers.B.http_thread'; did you mean 'servers.B.http_threads'?"
bad key_strange 'wxyz:\n  - 1\n' "key_strange.yaml:1:1: unknown key 'wxyz.0'; 'primestorm keys' lists all of them"
bad twice 'users: 5\nusers: 6\n' 'twice.yaml:2:1: users is given twice (first in line 1)'
bad twice_map 'servers:\n  A:\n  B:\n    vm: {detect: 1 s}\n    cores: 8\n    vm: {queue: 2 s}\n' \
    'twice_map.yaml:6:5: servers.B.vm is given twice (first in line 4)'
bad twice_element 'servers: {A: , B: {cores: 8}, B: {heap: 2 GiB}}\n' \
    'twice_element.yaml:1:31: servers.B is given twice (first in line 1)'
bad twice_list 'timeline:\n  - {at: 0 s, do: fail host A, at: 1 s}\ntimeline: []\n' \
    "twice_list.yaml:2:32: timeline.0.at is given twice (first in line 2)
twice_list.yaml:3:1: timeline is given twice (first in line 1)"
# What older programs wrote into results folders had such maps, and can be run again; values given twice it had not.
mkdir old
cp twice_map.yaml old/scenario.effective.yaml
expect 0 '' primestorm check old/scenario.effective.yaml
that 'a part of a map in two places is lost' [ "$(primestorm show --plain old/scenario.effective.yaml |
    awk '/^  B:/ { b = 1 } b && / (detect|queue): / { printf "%s ", $0 }' | tr -s ' ')" = ' detect: 1 s queue: 2 s ' ]
echo '    cores: 9' >> old/scenario.effective.yaml
expect 65 'old/scenario.effective.yaml:7:5: servers.B.cores is given twice (first in line 5)' \
    primestorm check old/scenario.effective.yaml
bad nothing 'servers:\nfoo: {}\nnetwork: {}\n' \
    "nothing.yaml:1:1: servers: nothing is given below it; without the line, the defaults stand
nothing.yaml:2:1: unknown key 'foo'; 'primestorm keys' lists all of them
nothing.yaml:3:1: network: nothing is given below it; without the line, the defaults stand"
bad no_value 'users: []\n' "no_value.yaml:1:8: users: a value is missing"
bad section 'sync: fast\n' "section.yaml:1:7: sync: expected keys below it, found 'fast'"
bad no_list 'timeline: {now: {at: 0 s, do: fail host A}}\n' \
    "no_list.yaml:1:22: timeline.now: a list is expected here, each entry behind a '-'"
bad no_dash 'timeline:\n  at: 0 s\n  do: fail host A\n' \
    "no_dash.yaml:2:7: timeline.at: a list is expected here, each entry behind a '-'
no_dash.yaml:3:7: timeline.do: a list is expected here, each entry behind a '-'"
bad no_map 'timeline:\n  - fail host A\n' \
    "no_map.yaml:2:5: timeline.0.at: a value is missing
no_map.yaml:2:5: timeline.0.do: a value is missing
no_map.yaml:2:5: timeline.0: expected keys below it, found 'fail host A'"
bad names_listed 'servers: [A, B]\n' \
    "names_listed.yaml:1:11: servers: names with keys below them are expected, as in 'servers: {A: }', and no list
names_listed.yaml:1:14: servers: names with keys below them are expected, as in 'servers: {B: }', and no list"
bad listed 'users: [5, 6]\ntitle: {a: {b: c}}\n' \
    "listed.yaml:1:1: users: a value is expected, and no list or keys below it
listed.yaml:2:13: title: a value is expected, and no list or keys below it"
bad small_letters 'servers: {A: {}, a: {}}\n' \
    "small_letters.yaml:1:21: servers.a: the name differs from 'A' by small and capital letters alone"
bad all_at_once 'usres: 10\nhorizon: 12\nseed: -1\n' \
    "all_at_once.yaml:1:1: unknown key 'usres'; did you mean 'users'?
all_at_once.yaml:2:10: horizon: '12' needs a unit of time (us, ms, s, min, h, d)
all_at_once.yaml:3:7: seed: '-1' is out of range; allowed: 0 to 9007199254740992"

# Units and numbers
bad unit 'horizon: 5 Mbit/s\n' "unit.yaml:1:10: horizon: 'Mbit/s' is not a unit of time (us, ms, s, min, h, d)"
bad no_unit 'horizon: 12\n' "no_unit.yaml:1:10: horizon: '12' needs a unit of time (us, ms, s, min, h, d)"
bad nan 'users: nan\n' "nan.yaml:1:8: users: 'nan' is not a number"
bad infinite 'horizon: inf s\n' "infinite.yaml:1:10: horizon: 'inf s' is not a number"
bad fraction 'users: 1.5\n' "fraction.yaml:1:8: users: '1.5' is not a whole number"
bad huge 'users: 1e300\n' "huge.yaml:1:8: users: '1e300' is out of range; allowed: 1 to 10000000"
bad neither 'replications: aut\nmail: {desktop_users: user}\n' \
    "neither.yaml:1:15: replications: 'aut' is neither a whole number nor 'auto'
neither.yaml:2:23: mail.desktop_users: 'user' is neither a whole number nor 'users'"
bad nobody 'users: 0\n' "nobody.yaml:1:8: users: '0' is out of range; allowed: 1 to 10000000"

# Shares and distributions
bad negative 'devices:\n  classes:\n    a: {share: -0.5}\n    b: {share: 1.5}\n' \
    "negative.yaml:3:16: devices.classes.a.share: '-0.5' is out of range; allowed: 0 to 1
negative.yaml:4:16: devices.classes.b.share: '1.5' is out of range; allowed: 0 to 1"
bad percentage 'devices:\n  online: 80\n' \
    "percentage.yaml:2:11: devices.online: '80' is out of range; allowed: 0 to 1; did you mean '80 %'?"
bad sum 'devices:\n  classes:\n    a: {share: 0.5}\n    b: {share: 0.4}\n' \
    'sum.yaml:3:16: devices.classes: the shares sum to 0.9, not to 1 (a 0.5, b 0.4)'
bad family 'devices:\n  classes:\n    a:\n      share: 1\n      rate: lognorm(1,2) Mbit/s\n' \
    "family.yaml:5:13: devices.classes.a.rate: 'lognorm' is not a distribution; did you mean 'lognormal'?"
bad sample 'devices:\n  classes:\n    a:\n      share: 1\n      rate: empirical(no.csv, x) Mbit/s\n' \
    'sample.yaml:5:13: devices.classes.a.rate: ./no.csv: No such file or directory'

# Policies
bad burst 'balancer:\n  rate_burst: 20\n' \
    "burst.yaml:2:15: balancer.rate_burst: 20 at once, but balancer.rate_limit is 0: no limit"

bad orders 'users: 10\nsecurity:\n  wipes: 13\n' \
    "orders.yaml:3:10: security: 13 orders, but there are 12 devices"

bad hold_down 'balancer:\n  failover: manual\n  hold_down: 5 min\n' \
    "hold_down.yaml:3:14: balancer.hold_down: 300 s before an automatic failover, but balancer.failover is manual"

bad hold_pool 'balancer:\n  method: pool\n  hold_down: 5 min\n' \
    "hold_pool.yaml:3:14: balancer.hold_down: of balancer.method active, where the next server takes over; with pool there is no next one"
bad flap 'balancer:\n  method: round_robin\n  failback: automatic\n' \
    "flap.yaml:3:13: balancer.failback: of balancer.method active, where the next server takes over; with round_robin there is no next one"

bad fuzz 'balancer:\n  retry_after_fuzz: 50 %\n' \
    "fuzz.yaml:2:21: balancer.retry_after_fuzz: 0.5 of balancer.retry_after, which is 0: not sent"
bad obeys 'devices:\n  classes:\n    a: {share: 1, backoff: {obeys_retry_after: 90 %}}\n' \
    "obeys.yaml:3:48: devices.classes.a.backoff.obeys_retry_after: '90 %' is neither true nor false"

bad order 'sync:\n  prime: {order: smallest}\n' \
    "order.yaml:2:18: sync.prime.order: 'smallest' is not one of arrival, smallest_first"

bad bucket_interval 'balancer:\n  bucket_interval: 1 min\n' \
    "bucket_interval.yaml:2:20: balancer.bucket_interval: of balancer.bucket, which is 0: all are let in"

# Timeline
bad server 'timeline:\n  - at: 0 s\n    do: fail host Z\n' \
    "server.yaml:3:9: timeline.0.do: there is no server 'Z'; known: A, B"
bad action 'timeline:\n  - at: 0 s\n    do: explode\n' \
    "action.yaml:3:9: timeline.0.do: 'explode' is not understood; an entry begins with: 'fail', 'restart', 'restore', 'begin', 'redirect', 'flap', 'drain', 'block', 'release', 'tell', 'load', 'on'"
# One server, or one class, in place of all that are built in
gone='; naming servers.C replaces the built-in A and B; name them too'
bad replaced 'servers:\n  C:\n    cores: 8\n' "built-in: timeline.0.do: there is no server 'A'; known: C$gone"
bad replaced_one 'servers: {b: {cores: 8}}\n' \
    "built-in: timeline.0.do: there is no server 'A'; known: b; naming servers.b replaces the built-in A; name it too"
bad replaced_not 'servers: {C: {}}\ntimeline:\n  - {at: 0 s, do: fail host Z}\n' \
    "replaced_not.yaml:3:19: timeline.0.do: there is no server 'Z'; known: C"
echo 'servers: {A: {cores: 8}}' > one_server.yaml
only_a='naming servers.A replaces the built-in B; name it too'
expect 65 "--set servers.B.cores=4: the scenario has nothing of this name; 'primestorm show' lists what it has; $only_a" \
    primestorm check --set servers.B.cores=4 one_server.yaml
expect 65 "--set servers.C.cores=4: the scenario has nothing of this name; 'primestorm show' lists what it has" \
    primestorm check --set servers.C.cores=4 one_server.yaml
expect 65 "--sweep servers.B.cores=4: sweep: servers.B.cores: the scenario has nothing of this name; 'primestorm show' lists what it has; $only_a" \
    primestorm plan --sweep servers.B.cores=4 one_server.yaml
others='umts_ios, umts_android, wifi_ios and wifi_android; name them too'
bad replaced_class 'devices: {classes: {edge: {share: 20 %}}}\n' \
    "replaced_class.yaml:1:35: devices.classes: the shares sum to 0.2, not to 1 (edge 0.2); naming devices.classes.edge replaces the built-in $others"
bad replaced_share 'devices: {classes: {edge: {promotion: 0 s}}}\n' \
    "replaced_share.yaml:1:39: devices.classes.edge.share: a value is missing; naming devices.classes.edge replaces the built-in $others"
fail='timeline:\n  - {at: 0 s, do: fail host A}\n  - {at: 9 s, do: '
bad sticky 'balancer:\n  stickiness: user\n' \
    "sticky.yaml:2:15: balancer.stickiness: of balancer.method round_robin; with active all go to one server"
bad no_balancer 'balancer: {method: dns, rate_limit: 5 /s}\n' \
    "no_balancer.yaml:1:37: balancer.rate_limit: balancer.method is dns: there is no balancer that could do it"
bad turns 'balancer: {method: round_robin}\ntimeline:\n  - {at: 0 s, do: drain A to B}\n' \
    "turns.yaml:3:19: timeline.0.do: balancer.method is round_robin: there is no one server that has the connections"
bad released "$fail release all}\n" \
    "released.yaml:3:20: timeline.1.do: 'release all': nobody is blocked before it"
bad group "$fail block group 2}\n" \
    "group.yaml:3:20: timeline.1.do: there is no group '2'; allowed: 1 to 1"
bad class "$fail block class lte}\n" \
    "class.yaml:3:20: timeline.1.do: there is no class 'lte'; known: edge, umts_ios, umts_android, wifi_ios, wifi_android"
bad drained "$fail drain A to B}\n" \
    "drained.yaml:3:20: timeline.1.do: 'drain A to B': host A has failed before: 'redirect A to B'"
bad mail_alone 'timeline:\n  - {at: 0 s, do: fail mail 1}\n' \
    "mail_alone.yaml:2:10: timeline: nothing takes a server from its devices; all are at A at first: 'fail host A'; where a mail server alone fails they keep what they have"
bad defrag_alone 'servers: {A: , B: {defrag: {at_restart: true}}}\n' \
    "defrag_alone.yaml:1:41: servers.B.defrag.at_restart: when the machine restarts by itself, but vm.restarts is false; by hand: 'restart host B with defragmentation'"
# A return that something else has overtaken does not come, and what comes after it is judged by that.
overtaken='timeline:\n  - {at: 0 s, do: fail host A}\n  - {at: 60 s, do: FIRST}\n  - {at: 120 s, do: restart host A}\n  - {at: 180 s, do: fail host A}\n'
for first in 'restart host A with defragmentation' 'begin to restore host A without state'; do
    printf '%b' "$overtaken" | sed "s/FIRST/$first/" > overtaken.yaml
    echo '  - {at: 2000 s, do: restart host A}' >> overtaken.yaml
    expect 0 '' primestorm check overtaken.yaml
done
bad still_down "$(printf '%s' "$overtaken" | sed 's/FIRST/restart host A with defragmentation/')  - {at: 1900 s, do: fail host A}\n" \
    'still_down.yaml:6:22: timeline.4.do: host A has failed already (timeline.3)'
bad two_restores 'timeline:\n  - {at: 0 s, do: fail host A}\n  - {at: 60 s, do: begin to restore host A without state}\n  - {at: 90 s, do: begin to restore host A with state}\n' \
    "two_restores.yaml:4:20: timeline.2.do: 'begin to restore host A with state': a restore of A is under way then (timeline.1)"
bad other_release 'balancer: {groups: 2}\ntimeline:\n  - {at: 0 s, do: fail host A}\n  - {at: 1 s, do: block group 1}\n  - {at: 9 s, do: release group 2}\n' \
    "other_release.yaml:5:19: timeline.2.do: 'release group 2': others are blocked before it"
bad defrag_in_pool 'balancer: {method: pool}\nservers: {A: {vm: {restarts: true}, defrag: {at_restart: true}}, B: }\n' \
    'defrag_in_pool.yaml:2:58: servers.A.defrag.at_restart: balancer.method is pool: the state is in its database and not on a host'
bad hold_alone 'balancer: {hold_down: 60 s}\nservers: {A: }\n' \
    'hold_alone.yaml:1:23: balancer.hold_down: 60 s before a failover to the next server, but there is only A'
bad begin_up 'timeline:\n  - {at: 0 s, do: begin to restore host A with state}\n' \
    "begin_up.yaml:2:19: timeline.0.do: 'begin to restore host A with state': host A is up then"
bad restore_up 'timeline:\n  - {at: 0 s, do: restore host A without state}\n' \
    "restore_up.yaml:2:19: timeline.0.do: 'restore host A without state': host A is up then"
bad back_to_one_never_gone "$fail fail back to B}\n" \
    "back_to_one_never_gone.yaml:3:20: timeline.1.do: 'fail back to B': B has not failed or been taken out before"
bad defrag_up 'timeline:\n  - {at: 0 s, do: restart host A with defragmentation}\n' \
    "defrag_up.yaml:2:19: timeline.0.do: 'restart host A with defragmentation': host A is up then"
bad defrag_pool 'balancer: {method: pool}\ntimeline:\n  - {at: 0 s, do: fail host A}\n  - {at: 9 s, do: restart host A with defragmentation}\n' \
    "defrag_pool.yaml:4:19: timeline.1.do: balancer.method is pool: the state is in its database and not on a host; allowed: 'restart host'"
flap='timeline:\n  - {at: 0 s, do: flap A and B every'
bad flap_unit "$flap 5 Mbit/s 3 times}\n" "flap_unit.yaml:2:19: timeline.0.do: 'Mbit/s' is not a unit of time (us, ms, s, min, h, d)"
bad flap_short "$flap 10 ms 3 times}\n" \
    "flap_short.yaml:2:19: timeline.0.do: '10 ms' is too short a time between flips; at least 1 s"
bad flap_never "$flap 5 min 0 times}\n" \
    "flap_never.yaml:2:19: timeline.0.do: there is no number of flips '0'; allowed: 1 to 1000"
bad flap_late "$flap 1 h 13 times}\n" \
    "flap_late.yaml:2:10: timeline.0.at: later than the horizon of 12 h after the failure"
bad flap_itself 'timeline:\n  - {at: 0 s, do: flap A and A every 5 min 3 times}\n' \
    "flap_itself.yaml:2:19: timeline.0.do: 'flap A and A every 5 min 3 times' leads back to the same server"
bad flap_gone "$flap 5 min 3 times}\n  - {at: 7 min, do: fail host B}\n" \
    "flap_gone.yaml:2:19: timeline.0.do: 'flap A and B every 5 min 3 times': host B has failed before"
bad flap_turns 'balancer: {method: round_robin}\ntimeline:\n  - {at: 0 s, do: flap A and B every 5 min 3 times}\n' \
    "flap_turns.yaml:3:19: timeline.0.do: balancer.method is round_robin: there is no one server that has the connections"
bad mail_number "$fail fail mail 3}\n" \
    "mail_number.yaml:3:20: timeline.1.do: there is no mail server '3'; allowed: 1 to 2"
bad mail_up "$fail restart mail 1}\n" \
    "mail_up.yaml:3:20: timeline.1.do: 'restart mail 1': mail server 1 is up then"
bad mate 'mail:\n  servers: 1\n  has_mates: true\n' \
    "mate.yaml:3:14: mail.has_mates: a mate is another mail server, but mail.servers is 1"
bad mate_load 'mail:\n  has_mates: true\n  desktop_users: 900\n' \
    "mate_load.yaml:2:14: mail.has_mates: the desktop users of two servers ask one for 675 reads/s and 0.3375 cores; it has 600 and 2"
bad manner 'timeline:\n  - do: fail host A\n    connections: soft\n' \
    "manner.yaml:2:9: timeline.0.at: a value is missing
manner.yaml:3:18: timeline.0.connections: 'soft' is not one of reset, silent"

# extends
printf 'extends: circle_b.yaml\n' > circle_a.yaml
bad circle_b 'extends: circle_a.yaml\n' "circle_a.yaml:1:10: extends: 'circle_b.yaml' leads back to itself"
bad itself 'extends: itself.yaml\n' "itself.yaml:1:10: extends: 'itself.yaml' leads back to itself"
bad base 'extends: nowhere.yaml\n' \
    "base.yaml:1:10: extends: 'nowhere.yaml' cannot be read: No such file or directory"

# What is not a scenario
bad empty '' "empty.yaml: the file is empty; the least a scenario has is 'schema: 1'"
bad comment '# only\n' "comment.yaml: a scenario is a mapping: lines such as 'users: 500'"
bad list '- 1\n- 2\n' "list.yaml: a scenario is a mapping: lines such as 'users: 500'"
bad word 'hello\n' "word.yaml: a scenario is a mapping: lines such as 'users: 500'"
bad documents 'users: 5\n---\nusers: 6\n' 'documents.yaml:2:1: a second document begins here; a scenario is one'
bad open 'users: [5\n' "open.yaml:1:8: the '[' that begins here is not closed; end it with ']'"
bad tab 'a:\n\tb: 1\n' \
    'tab.yaml:2:1: a tab in the indentation; indent with spaces, not with tabs'
bad tab_later 'users: 5\n\thorizon: 5 h\n' \
    'tab_later.yaml:2:1: a tab in the indentation; indent with spaces, not with tabs'
bad tab_spaces 'servers:\n  A:\n  \tcores: 8\n' \
    'tab_spaces.yaml:3:3: a tab in the indentation; indent with spaces, not with tabs'
bad colon 'users: 5\nhorizon 5 h\nseed: 4\n' "colon.yaml:2:1: a ':' is missing behind the key; write 'horizon: 5 h'"
bad colon_below 'servers:\n  A:\n  B:\n    cores 8\n    http_threads: 50\n' \
    "colon_below.yaml:4:5: a ':' is missing behind the key; write 'cores: 8'"
bad colon_last 'users: 5\nhorizon 5 h' "colon_last.yaml:2:1: a ':' is missing behind the key; write 'horizon: 5 h'"
bad colon_map 'servers\n  A:\n    cores: 4\n' "colon_map.yaml:1:1: a ':' is missing behind the key; write 'servers:'"
bad colon_space 'users:5\nseed: 3\n' "colon_space.yaml:1:1: a space is missing behind the ':'; write 'users: 5'"
bad colons 'title: a: b\n' "colons.yaml:1:9: a second ':' in one line; a value with ': ' in it must stand in quotes"
bad quote 'users: 5\ntitle: "a title\nhorizon: 5 h\n' \
    'quote.yaml:2:8: the quote that begins here is not closed; end the value with " on the same line'
bad quote_single "title: 'a title\\nhorizon: 5 h\\n" \
    "quote_single.yaml:1:8: the quote that begins here is not closed; end the value with ' on the same line"
bad quote_again 'title: "a\nhorizon: "5 h"\nusers: 3\n' \
    'quote_again.yaml:1:8: the quote that begins here is not closed; end the value with " on the same line'
bad deep_key 'servers:\n  A:\n  B:\n    cores: 8\n   http_threads: 50\n' \
    'deep_key.yaml:5:4: indented to column 4; keys of one map begin in the same column, here 5, 3 or 1'
bad deeper 'servers:\n  A:\n    cores: 8\n      http_threads: 50\n' \
    'deeper.yaml:4:7: indented to column 7; keys of one map begin in the same column, here 5, 3 or 1'
bad under_dash 'timeline:\n  - at: 0 s\n  do: fail host A\n' \
    'under_dash.yaml:3:3: indented to column 3; keys of one map begin in the same column, here 5 or 1'
bad first_space ' users: 5\nseed: 3\n' \
    'first_space.yaml:2:1: indented to column 1; keys of one map begin in the same column, here 2'
dash="a '-' that belongs to no list; entries of a list stand below each other, each '-' in the same column and on a line of its own; a key has no '-'"
bad dash 'servers:\n  A:\n    cores: 8\n  - http_threads: 50\n' "dash.yaml:4:3: $dash"
bad dash_value 'users: - 5\n' "dash_value.yaml:1:8: $dash"
bad dash_deeper 'timeline:\n- at: 0 s\n  - do: fail host A\n' "dash_deeper.yaml:3:3: $dash"
bad dash_first '\055 users: 5\nseed: 3\n' \
    "dash_first.yaml:1:1: a '-' makes this an entry of a list; a scenario is lines such as 'users: 500'"
bad comma 'servers:\n  A: {cores: 4 http_threads: 50}\n' "comma.yaml:2:28: a ',' or the '}' is missing before this"
bad character 'title: \0303\0251 # @\nnetwork: {uplink: @home}\n' \
    "character.yaml:2:19: a value cannot begin with '@'; put the value in quotes"
bad alias 'users: &a 5\nseed: *a\n' \
    'alias.yaml:1:8: anchors and aliases (&, *) are not used in scenarios; write the value again'
bad binary 'a\001b' 'binary.yaml: not a text file: byte 2 is 0x01; a scenario is text in UTF-8'
bad zeros 'users\0000' 'zeros.yaml: not a text file: byte 6 is 0x00; a scenario is text in UTF-8'

# Bytes that are no text: the place counts characters; a byte order mark is none.
bad utf8 'users: 5\ntitle: "\0303\0251t\0303\0251 \0377"\n' 'utf8.yaml:2:13: invalid leading UTF-8 octet (0xff); a scenario is text in UTF-8'
bad utf8_cut 'title: \0303\n' 'utf8_cut.yaml:1:9: invalid trailing UTF-8 octet (0x0a); a scenario is text in UTF-8'
bad utf8_mark '\0357\0273\0277title: \0377\n' \
    'utf8_mark.yaml:1:8: invalid leading UTF-8 octet (0xff); a scenario is text in UTF-8'
bad control 'users: 5\ntitle: a\0177\n' \
    'control.yaml:2:9: control characters are not allowed (0x7f); a scenario is text in UTF-8'
awk 'BEGIN { for (i = 0; i < 5000; i++) print "# a line of a long file"; printf "users: 5\nt: \377\n" }' > late.yaml
expect 65 'late.yaml:5002:4: invalid leading UTF-8 octet (0xff); a scenario is text in UTF-8' primestorm check late.yaml

yes 'users: 5 # a hundred megabytes of it' | head -c 100000000 > large.yaml
expect 65 'large.yaml: larger than 1 MiB; a scenario takes a few kilobytes' primestorm check large.yaml
rm large.yaml
{ printf 'users: '; yes '[' | head -n 10000 | tr -d '\n'; yes ']' | head -n 10000 | tr -d '\n'; } > deep.yaml
expect 65 'deep.yaml:1:23: nested more than 16 levels deep; a scenario needs four' primestorm check deep.yaml
awk 'BEGIN { for (i = 0; i < 1000; i++) { printf "%*sa:\n", i, "" } }' > steps.yaml
expect 65 'steps.yaml:17:17: nested more than 16 levels deep; a scenario needs four' primestorm check steps.yaml

# Refused by run as well, before anything is written
expect 65 "key.yaml:1:1: unknown key 'usres'; did you mean 'users'?" primestorm run key.yaml -o out
that 'a refused scenario leaves a folder behind' [ ! -e out ]
expect 65 "(stdin):1:1: unknown key 'usres'; did you mean 'users'?" sh -c 'primestorm check - < key.yaml'
expect 66 'nowhere.yaml: No such file or directory' primestorm check nowhere.yaml
expect 74 '.: a folder; a scenario is a file (of a results folder: scenario.yaml in it)' primestorm check .
# What might wait for ever
mkfifo pipe.yaml
for place in pipe.yaml /dev/tty /dev/zero; do
    [ -e $place ] || continue
    expect 74 "$place: not a plain file (a pipe, a terminal or a device); '-' reads standard input" \
        timeout 60 primestorm check $place
done
expect 65 "pipe.yaml: not a plain file (a pipe, a terminal or a device); '-' reads standard input" \
    sh -c "echo 'extends: pipe.yaml' > base2.yaml; timeout 60 primestorm check base2.yaml"
expect 0 '' sh -c "echo 'users: 5' | primestorm check -"

# Options are part of the scenario
echo 'schema: 1' > good.yaml
echo 'servers: {A: {}, B: {}}' > empty_elements.yaml
expect 0 '' primestorm check empty_elements.yaml
expect 65 '--set extends=good.yaml: extends: a scenario says in its file what it stands on' primestorm check --set extends=good.yaml good.yaml
# The last of two would win in silence.
expect 65 '--set users=6: users is given twice (first: --set users=5)' primestorm check --set users=5 --set users=6 good.yaml
expect 65 '--set seed=8: seed is given twice (first: --seed 7)' primestorm check --seed 7 --set seed=8 good.yaml
expect 65 '--sweep users=7,8: sweep.grid.users is given twice (first: --sweep users=5,6)' \
    primestorm plan --sweep users=5,6 --sweep users=7,8 good.yaml
expect 65 '--vary users=7: users is given twice (first: --set users=5)' primestorm compare --set users=5 --vary users=7,8 good.yaml
expect 65 "--set usres=5: unknown key 'usres'; did you mean 'users'?" primestorm check --set usres=5 good.yaml
finish 55
