#!/bin/sh
# Writes docs/limits.md: the text of limits.md.in with the tables that the program gives. Every estimate stands in one of
# them: one that has no effect on the main case must be measured where it is at work, or be explained in the text.
# usage: docs/limits.sh PRIMESTORM SOURCE-ROOT > docs/limits.md
set -eu
primestorm=$1
cd "$2"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

main=examples/01-failover-500.yaml
"$primestorm" sensitivity $main --quiet --format md > "$folder/table"
# The ends alone, of a small case.
"$primestorm" sensitivity $main --set users=20 --replications 2 --quiet --format csv > "$folder/main.csv"
sed -n 's/^Without any effect here[^:]*: \(.*\)\.$/\1/p' "$folder/table" | tr -d '`' | sed 's/, /\n/g' > "$folder/without"
sed '/^Without any effect here/d' "$folder/table" | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}' > "$folder/at-work"

# Where the others are at work: the estimate, what takes the ends (-: the same name), the figure that changes, the unit to
# say it in and how many of the figure's own that is, and the scenario.
cat > "$folder/rows" << 'ROWS'
balancer.bucket_interval|-|user_minutes_lost|min|1|examples/01-failover-500.yaml --set balancer.bucket=100
balancer.dns.kept|-|user_minutes_lost|min|1|examples/machinery/dns.yaml --set users=100 --replications 10
devices.classes.NAME.reload_after|devices.classes.umts_ios.reload_after|user_minutes_lost|min|1|examples/policies/hold-down.yaml
devices.classes.wifi_ios.receive_window|-|user_minutes_lost|min|1|examples/01-failover-500.yaml --set devices.classes.wifi_ios.loss=0
devices.classes.wifi_android.receive_window|-|user_minutes_lost|min|1|examples/01-failover-500.yaml --set devices.classes.wifi_android.loss=0
devices.offline_time|-|full_max_s|min|60|examples/01-failover-500.yaml --set devices.online=0.8
mail.switch|-|user_minutes_lost|min|1|examples/machinery/mail-failover.yaml
mailbox.profile.standard_days|-|user_minutes_lost|min|1|examples/01-failover-500.yaml --set 'timeline.0.do=tell traveler delete *'
poison.restart|-|user_minutes_lost|min|1|examples/12-poison-documents.yaml
pool.database.cores|-|user_minutes_lost|min|1|preset/traveler-ha-pool --set 'timeline.0.do=tell traveler reset *'
pool.database.cpu_per_transaction|-|user_minutes_lost|min|1|preset/traveler-ha-pool --set 'timeline.0.do=tell traveler reset *'
pool.database.group|-|user_minutes_lost|min|1|preset/traveler-ha-pool --set 'timeline.0.do=tell traveler reset *'
pool.database.iops|-|user_minutes_lost|min|1|preset/traveler-ha-pool --set 'timeline.0.do=tell traveler reset *'
pool.database.latency|-|user_minutes_lost|min|1|preset/traveler-ha-pool --set 'timeline.0.do=tell traveler reset *'
security.age|-|security_exposure_min|h|60|examples/questions/11-restore-noon.yaml --set security.wipes=10 --set 'timeline.1.do=restore host A with state'
security.contact|-|security_exposure_min|h|60|examples/01-failover-500.yaml --set security.wipes=10
security.projection_lag|-|security_ghost_wipes|wipes|1|examples/questions/11-restore-noon.yaml --set security.wipes=200 --set 'security.age=exponential(1 d)'
security.reissue|-|security_exposure_min|h|60|examples/01-failover-500.yaml --set security.wipes=10
servers.NAME.defrag.rate|servers.A.defrag.rate|user_minutes_lost|min|1|examples/10-vm-restart.yaml --set servers.A.defrag.at_restart=true --set 'balancer.hold_down=2 h'
servers.NAME.gc_speed|servers.B.gc_speed|user_minutes_lost|min|1|examples/01-failover-500.yaml --set 'servers.B.heap_per_sync=10 MB'
servers.NAME.gc_threshold|servers.B.gc_threshold|user_minutes_lost|min|1|examples/01-failover-500.yaml --set 'servers.B.heap_per_sync=10 MB'
servers.NAME.http_backlog|servers.B.http_backlog|user_minutes_lost|min|1|examples/03-first-start-threads.yaml
servers.NAME.restore.age|servers.A.restore.age|gap_items|items|1|examples/questions/11-restore-noon.yaml --set 'timeline.1.do=restore host A with state'
servers.NAME.restore.copy_rate|servers.A.restore.copy_rate|user_minutes_lost|min|1|examples/questions/11-restore-noon.yaml --set 'timeline.1.do=begin to restore host A without state'
servers.NAME.restore.data|servers.A.restore.data|user_minutes_lost|min|1|examples/questions/11-restore-noon.yaml --set 'timeline.1.do=begin to restore host A without state'
servers.NAME.restore.mount|servers.A.restore.mount|user_minutes_lost|min|1|examples/questions/11-restore-noon.yaml --set 'timeline.1.do=begin to restore host A without state'
servers.NAME.vm.fixup_rate|servers.A.vm.fixup_rate|user_minutes_lost|min|1|examples/10-vm-restart.yaml --set 'balancer.hold_down=2 h'
servers.NAME.vm.guest_boot|servers.A.vm.guest_boot|user_minutes_lost|min|1|examples/10-vm-restart.yaml --set 'balancer.hold_down=2 h'
servers.NAME.vm.queue|servers.A.vm.queue|user_minutes_lost|min|1|examples/10-vm-restart.yaml --set 'balancer.hold_down=2 h'
servers.NAME.vm.server_start|servers.A.vm.server_start|user_minutes_lost|min|1|examples/10-vm-restart.yaml --set 'balancer.hold_down=2 h'
servers.NAME.vm.traveler_start|servers.A.vm.traveler_start|user_minutes_lost|min|1|examples/10-vm-restart.yaml --set 'balancer.hold_down=2 h'
servers.NAME.vm.unlogged|servers.A.vm.unlogged|user_minutes_lost|min|1|examples/10-vm-restart.yaml --set 'balancer.hold_down=2 h'
sync.adaptive.most_urgent|-|user_minutes_lost|min|1|examples/01-failover-500.yaml --set sync.adaptive.enabled=true
sync.delta.commits|-|user_minutes_lost|min|1|examples/10-vm-restart.yaml
sync.delta.cpu|-|user_minutes_lost|min|1|examples/10-vm-restart.yaml
sync.delta.reads|-|user_minutes_lost|min|1|examples/10-vm-restart.yaml
ROWS

# end KEY COLUMN: of the CSV table, where it may be quoted.
end() {
    awk -v key="$1" -v wanted="$2" '
        function cells(line, cell, n) { # of one CSV line without quotes in quotes
            n = 0
            while (line != "") {
                if (line ~ /^"/) { match(line, /^"[^"]*"/); cell[++n] = substr(line, 2, RLENGTH - 2) }
                else { match(line, /^[^,]*/); cell[++n] = substr(line, 1, RLENGTH) }
                line = substr(line, RLENGTH + 2)
            }
            return n
        }
        NR == 1 { n = cells($0, cell); for (i = 1; i <= n; i++) at[cell[i]] = i; next }
        { cells($0, cell); if (cell[1] == key) print cell[at[wanted]] }' "$folder/main.csv"
}

# One figure in each replication.
figures() {
    awk -F, -v name="$2" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i; next } { print $at }' "$1/runs.csv"
}

echo '| estimate | default | low end | high end | at work in | figure | low to high end |' > "$folder/elsewhere"
echo '|---|---|---|---|---|---|---|' >> "$folder/elsewhere"
failed=0
while IFS='|' read -r key element figure unit per_unit scenario; do
    if ! grep -qxF "$key" "$folder/without"; then
        echo "docs/limits.sh: $key has an effect on the main case, or is no estimate of it" >&2
        failed=1
        continue
    fi
    [ "$element" != - ] || element=$key
    grep -vxF "$key" "$folder/without" > "$folder/rest" || true
    mv "$folder/rest" "$folder/without"
    for end in low high; do
        (
            eval "set -- $scenario"
            # Where there is no gnuplot no pictures are drawn, which would take as long as the runs.
            value=$(end "$key" $end)
            PATH=$folder
            "$primestorm" run "$@" --set "$element=$value" --quiet --force -o "$folder/$end" \
                > /dev/null 2> "$folder/stderr" || { PATH=/usr/bin:/bin; cat "$folder/stderr" >&2; exit 1; }
        )
        figures "$folder/$end" "$figure" > "$folder/$end.figures"
    done
    paste "$folder/low.figures" "$folder/high.figures" | awk -v per="$per_unit" -v unit="$unit" -v figure="$figure" '
        { n++; low += $1 / per; high += $2 / per; d[n] = ($2 - $1) / per; sum += d[n] }
        END {
            for (i = 1; i <= n; i++) squares += (d[i] - sum / n) ^ 2
            if (n != 10) { print "not 10 replications" > "/dev/stderr"; exit 1 } # 2.2622: Student, 9 degrees of freedom
            digits = (unit == "min" && figure !~ /_s$/) || unit == "items" ? 0 : 1
            format = "%." digits "f to %." digits "f %s (%+." digits "f ± %." digits "f)"
            printf format, low / n, high / n, unit, sum / n, 2.2622 * sqrt(squares / 9 / 10)
        }' > "$folder/change"
    echo "| \`$key\` | $(end "$key" default) | $(end "$key" low) | $(end "$key" high) | \`$scenario\` | \`$figure\` | $(cat "$folder/change") |" \
        >> "$folder/elsewhere"
done < "$folder/rows"
while read -r key; do
    grep -qF "\`$key\`" docs/limits.md.in ||
        { echo "docs/limits.sh: $key has no effect on the main case, is not measured elsewhere and not explained" >&2; failed=1; }
done < "$folder/without"
[ $failed -eq 0 ]
sed -e "/^@TABLE@\$/{r $folder/at-work" -e 'd}' -e "/^@ELSEWHERE@\$/{r $folder/elsewhere" -e 'd}' docs/limits.md.in
