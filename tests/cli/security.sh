#!/bin/sh
# security.csv: which orders, when, for how long; the figures of runs.csv are those of its rows.
# usage: security.sh PRIMESTORM SOURCE-ROOT
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
begin "$@"

cat > lost.yaml << 'END'
schema: 1
users: 40
replications: 3
security: {denied: 3, locks: 2, wipes: 4, contact: 20 min}
timeline:
  - {at: 0 s, do: fail host A}
  - {at: 1 h, do: restore host A without state}
servers:
  A: {restore: {projection: true}}
balancer: {failover: manual}
END

# column TABLE NAME: its cells.
column() { awk -F, -v name="$2" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i; next } { print $c }' "$1"; }

# adds_up FIGURE UNIT AWK-EXPRESSION: the figure of every replication is that sum over its orders, in UNIT.
adds_up() {
    column out/runs.csv "$1" > told
    awk -F, "NR == 1 { for (i = 1; i <= NF; i++) at[\$i] = i; next }
        { r = \$at[\"replication\"]; sum[r] += $3 } END { for (r = 0; r < 3; r++) print sum[r] / $2 }" out/security.csv > counted
    that "$1 is not what its orders come to" awk 'NR == FNR { told[FNR] = $1; n = FNR; next }
        { d = told[FNR] - $1; if (d * d > 1e-8 * (1 + $1 * $1)) exit 1 } END { exit n != FNR || n != 3 }' told counted
}
expect 0 '' primestorm run -q lost.yaml -o out
that 'there are not nine orders in each replication' [ "$(sed 1d out/security.csv | cut -d, -f1 | sort | uniq -c | awk '{ print $1 }' | tr '\n' ' ')" = '9 9 9 ' ]
that 'the kinds are others' [ "$(column out/security.csv kind | sort | uniq -c | awk '{ print $2 $1 }' | tr '\n' ' ')" = 'denied9 lock6 wipe12 ' ]
that 'an order was not given before the failure' awk '!($1 < 0) { exit 1 }' << END
$(column out/security.csv issued_s)
END
that 'somebody is served before A is back' awk '$1 != "" && $1 < 3600 { exit 1 }' << END
$(column out/security.csv served_s)
END
that 'two orders are against one device' [ -z "$(sed 1d out/security.csv | cut -d, -f1,3 | sort | uniq -d)" ]
that 'nobody is served' [ "$(column out/security.csv served_s | grep -c .)" -ge 20 ]
adds_up security_wrongly_served 1 '$at["served_s"] != ""'
adds_up security_wipes_missed 1 '($at["served_s"] != "" && $at["kind"] == "wipe")'
adds_up security_exposure_min 60 '$at["exposure_s"]'
adds_up security_ghost_wipes 1 '$at["ghost"]'
that 'no wipe is a ghost' [ "$(column out/security.csv ghost | grep -c 1)" -ge 9 ]
that 'an order that is no wipe is a ghost' awk -F, 'NR > 1 && $5 != "wipe" && $10 != 0 { exit 1 }' out/security.csv

# A restart keeps them: they are carried out, and nobody is served.
sed 's/restore host A without state/restart host A/' lost.yaml > kept.yaml
expect 0 '' primestorm run -q kept.yaml -o kept
that 'somebody is served by a server that knows' [ "$(column kept/security.csv served_s | grep -c .)" -eq 0 ]
that 'locks and wipes are not carried out' [ "$(column kept/security.csv executed_s | grep -c .)" -ge 16 ]
expect 0 '' primestorm run -q --set users=20 --replications 1 "$root/examples/01-failover-500.yaml" -o none
that 'there is a table of no orders' [ ! -e none/security.csv ]
finish 17
