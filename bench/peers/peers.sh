#!/bin/sh
# The same work by primestorm and by other simulators, in turn: one table of ratios, and whether the results agree.
# A peer that is not there is left out with a word. Ends with 1 if results do not agree, with 77 if there is no peer.
# usage: peers.sh [--rounds N] [--small] BUILD-FOLDER
#     --small   sizes for a test, at which the ratios say nothing
set -eu
here=$(dirname "$0")
rounds=5
each=5 # runs of ours a round: they are short, so their median counts
customers=1000000 pending=10000 events=2000000 flows=5000 bar=2000
while [ $# -gt 1 ]; do
    case $1 in
    --rounds) rounds=$2 && shift ;;
    --small) customers=20000 pending=1000 events=20000 flows=200 bar=0 ;;
    *) break ;;
    esac
    shift
done
if [ $# -ne 1 ]; then
    sed -n 's/^# usage: //p' "$0" >&2
    exit 64
fi
build=$1
drivers=$build/bench/peers
simgrid_flows=$build/tests/peers/simgrid_flows
capacity=100000000 # bit/s
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# ---- Which peers are there ----

python= # the first that knows SimPy: Debian's package is for Debian's Python
for candidate in python3 /usr/bin/python3; do
    if simpy=$("$candidate" -c 'import simpy; print(simpy.__version__)' 2> /dev/null); then
        python=$candidate
        break
    fi
done
n_peers=0
peer() { # NAME DEBIAN-PACKAGE VERSION (empty: it is not there)
    if [ -n "$3" ]; then
        n_peers=$((n_peers + 1))
        echo "$1 $3"
    else
        echo "$1: skipped, not installed or not built (Debian: $2)"
    fi
}
version() { # DRIVER PKG-CONFIG-NAME
    if [ -x "$1" ]; then pkg-config --modversion "$2" 2> /dev/null || echo "of unknown version"; fi
}
ns3=$(version "$drivers/mm1_ns3" ns3-core)
simgrid=$(version "$drivers/mm1_simgrid" simgrid)
simgrid_for_flows=$(version "$simgrid_flows" simgrid)

# ---- A row: both sides in turn ----

run() { # OUTPUT COMMAND...: a line "CPU seconds, figure"
    output=$1
    shift
    "$@" >> "$output" 2> "$folder/log" || {
        cat "$folder/log"
        echo "peers: '$*' failed"
        exit 1
    } >&2
}

n_failed=0
# The commands are words; {} stands for the number of the round.
row() { # WORK OURS PEER BAR CHECK OURS-COMMAND PEER-COMMAND
    rm -f "$folder/ours" "$folder/peer"
    for round in $(seq "$rounds"); do
        # shellcheck disable=SC2046 # words
        for _ in $(seq "$each"); do run "$folder/ours" $(echo "$6" | sed "s/{}/$round/"); done
        # shellcheck disable=SC2046
        run "$folder/peer" $(echo "$7" | sed "s/{}/$round/")
    done
    awk -f "$here/peers.awk" -v work="$1" -v ours="$2" -v peer="$3" -v bar="$4" -v check="$5" -v each="$each" \
        "$folder/ours" "$folder/peer" || n_failed=$((n_failed + 1))
}

# ---- The flows: the time stands on standard error, and the figure is in the ends ----

time_of() { awk '$1 == "cpu_s" { print $2 }' "$1"; }

flows_by_primestorm() { # RUNS in one process, of which the last counts
    "$drivers/flows_primestorm" "$folder/flows.csv" $capacity "$1" > "$folder/ends" 2> "$folder/time"
    echo "$(time_of "$folder/time") 0"
}

flows_by_simgrid() {
    "$simgrid_flows" "$folder/flows.csv" $capacity > "$folder/simgrid" 2> "$folder/time"
    echo "$(time_of "$folder/time") $(awk -F, '
        FNR == 1 { next }
        NR == FNR { end_s[$1] = $2; n++; next }
        { d = ($1 in end_s) ? ($2 - end_s[$1]) / end_s[$1] : 1; d = d < 0 ? -d : d; most = d > most ? d : most; n-- }
        END { print n == 0 ? most + 0 : 1 }' "$folder/ends" "$folder/simgrid")"
}

# ---- The table ----

mm1="M/M/1, $customers customers"
hold="HOLD, $pending pending, $events events"
shared="$flows downloads through one link"

echo "The same work by primestorm and by a peer in turn; CPU time of the work alone, median of $rounds rounds."
awk -F': *' '/^model name/ { print "CPU: " $2; exit }' /proc/cpuinfo
awk '{ print "load when it began: " $1 }' /proc/loadavg
peer SimPy python3-simpy3 "${python:+$simpy}"
peer ns-3 libns3-dev "$ns3"
peer SimGrid libsimgrid-dev "$simgrid"
if [ -n "$simgrid" ] && [ -z "$simgrid_for_flows" ]; then
    echo "The flows through SimGrid are skipped: $simgrid_flows is not built (it is one of the tests)"
fi
[ $n_peers -gt 0 ] || exit 77
echo
echo "| work | ours, ms | peer, ms | peer / ours (range) | bar | check |"
echo "|---|---|---|---|---|---|"
if [ -n "$python" ]; then
    row "$mm1" "station" "SimPy, a process a customer and a resource" 0 "theory $customers" \
        "$drivers/mm1_primestorm station $customers {}" "$python $here/mm1_simpy.py $customers {}"
fi
if [ -n "$simgrid" ]; then
    row "$mm1" "station" "SimGrid, two actors and a semaphore" 0 "theory $customers" \
        "$drivers/mm1_primestorm station $customers {}" "$drivers/mm1_simgrid $customers {}"
fi
if [ -n "$ns3" ]; then
    row "$mm1" "events" "ns-3, events" 0 "theory $customers" \
        "$drivers/mm1_primestorm events $customers {}" "$drivers/mm1_ns3 ns3::MapScheduler $customers {}"
    for scheduler in Map Heap PriorityQueue; do
        row "$hold" "events" "ns-3, ${scheduler}Scheduler" 0 clock \
            "$drivers/hold_primestorm $pending $events" "$drivers/hold_ns3 ns3::${scheduler}Scheduler $pending $events"
    done
fi
if [ -n "$python" ]; then
    row "$hold" "events" "SimPy, processes" 0 clock \
        "$drivers/hold_primestorm $pending $events" "$python $here/hold_simpy.py $pending $events"
fi
if [ -n "$simgrid_for_flows" ]; then
    "$build/bench/bench_flows" csv storm $flows > "$folder/flows.csv"
    row "$shared" "first run of a process" "SimGrid, CM02" $bar ends "flows_by_primestorm 1" flows_by_simgrid
    row "$shared" "fifth run of a process" "SimGrid, CM02" $bar ends "flows_by_primestorm 5" flows_by_simgrid
fi
exit $((n_failed > 0))
