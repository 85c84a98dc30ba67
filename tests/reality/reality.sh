#!/bin/sh
# Against reality: two hosts in network namespaces, a shaped link between them, nginx on one and some hundred
# clients on the other; the duration of every download against what `primestorm replay` says of the same flows.
#
# usage: reality.sh PRIMESTORM DOWNLOAD SOURCE-ROOT [FOLDER-FOR-RESULTS]
#
# The link is a veth pair. The server's side is shaped by htb: a root class of the capacity, below it a leaf class
# per client with the client's cap as ceiling; all leaves may borrow the same, so htb serves those that have not
# reached their ceilings in turn: max-min sharing, made by a kernel that knows nothing of ours. The bars: the
# median of |measured/replayed - 1| under 2 %, its 95th percentile under 5 %. Other work on the machine can only
# push measured times away from the replay, so the best of three rounds counts; each is printed. The folder gets the
# compared durations, their summary, the table by cap and the picture of docs/reality.md.
# Ends with 77 and a word where there is no root or no such kernel.
set -eu
primestorm=$1
download=$2
here=$3/tests/reality
results=${4:-}
clients=200
capacity_mbit=100
rounds=3
overhead=1.0456 # 1514 byte of Ethernet frame, as htb counts it, per 1448 byte of payload (TCP time stamps on)

[ -z "$results" ] || { rm -rf "$results" && mkdir -p "$results"; }
skip() {
    echo "skipped: $1"
    [ -z "$results" ] || echo "$1" > "$results/skipped"
    exit 77
}
[ "$(id -u)" -eq 0 ] || skip 'network namespaces need root'
for tool in ip tc nginx; do
    command -v $tool > /dev/null 2>&1 || skip "there is no $tool (Debian packages iproute2, nginx-light)"
done
[ -x "$download" ] || skip 'the downloading program was not built (Debian package libcurl4-openssl-dev)'

server=primestorm-server-$$
client=primestorm-client-$$
work=$(mktemp -d)
chmod 755 "$work"
cleanup() {
    if [ -s "$work/nginx.pid" ]; then
        kill "$(cat "$work/nginx.pid")" 2> /dev/null || true
    fi
    ip netns del $server 2> /dev/null || true
    ip netns del $client 2> /dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT

# ---- Two hosts and a link ----
ip netns add $server 2> "$work/said" || skip "no network namespaces here: $(cat "$work/said")"
ip netns add $client
ip link add s$$ netns $server type veth peer name c$$ netns $client
ip -n $server addr add 10.77.0.1/16 dev s$$
# One packet is one frame: htb serves a packet at a time, and super-packets of unequal length would share unequally.
ip -n $server link set s$$ gso_max_segs 1 2> "$work/said" || skip "this kernel does not bound packets: $(cat "$work/said")"
ip -n $server link set s$$ up
ip -n $client link set c$$ up
k=0
while [ $k -lt $clients ]; do
    echo "addr add 10.77.$((1 + k / 200)).$((1 + k % 200))/16 dev c$$"
    k=$((k + 1))
done | ip -n $client -batch -
# Loss-based congestion control fills a queue and so keeps a class busy; the same for every kernel's default.
ip netns exec $server sysctl -qw net.ipv4.tcp_congestion_control=reno

# ---- Flows and shaping ----
awk -v n=$clients -f "$here/flows.awk" | sort -t, -k1,1n |
    awk 'BEGIN { print "id,start_s,size_byte,cap_bit_per_s" } { print NR - 1 "," $0 }' > "$work/flows.csv"
{
    # r2q only silences a warning: every class names its quantum.
    echo "qdisc add dev s$$ root handle 1: htb r2q 1000"
    echo "class add dev s$$ parent 1: classid 1:1 htb rate ${capacity_mbit}mbit burst 3k cburst 3k quantum 1514"
    awk -F, -v device=s$$ -v capacity=${capacity_mbit}000000 'NR > 1 {
        class = sprintf("1:%x", $1 + 16)
        ceil = $4 > 0 ? $4 : capacity
        address = sprintf("10.77.%d.%d", 1 + int($1 / 200), 1 + $1 % 200)
        print "class add dev " device " parent 1:1 classid " class " htb rate 8kbit ceil " ceil \
            "bit burst 3k cburst 3k quantum 1514"
        print "qdisc add dev " device " parent " class " pfifo limit 60"
        print "filter add dev " device " parent 1: protocol ip prio 1 u32 match ip dst " address "/32 flowid " class
    }' "$work/flows.csv"
} > "$work/tc"
ip netns exec $server tc -batch "$work/tc" 2> "$work/said" || skip "this kernel does not shape: $(head -n 1 "$work/said")"

# ---- A web server ----
largest=$(awk -F, 'NR > 1 && $3 > most { most = $3 } END { printf "%.0f", most }' "$work/flows.csv")
head -c "$largest" /dev/zero > "$work/file"
cat > "$work/nginx.conf" << EOF
user root;
worker_processes 1;
pid $work/nginx.pid;
error_log $work/error.log;
events { worker_connections 2048; }
http { access_log off; sendfile on; server { listen 10.77.0.1:80; root $work; } }
EOF
ip netns exec $server nginx -c "$work/nginx.conf" -p "$work" 2> "$work/said" || skip "nginx does not start: $(cat "$work/said")"

# ---- Rounds ----
echo "$clients downloads over $capacity_mbit Mbit/s, measured against replayed:"
round=1
met=no
while [ $round -le $rounds ] && [ $met = no ]; do
    echo "  round $round of at most $rounds: $clients downloads, then the replay of them (about a minute and a half)"
    ip netns exec $client "$download" "$work/flows.csv" http://10.77.0.1/file > "$work/measured.csv"
    cut -d, -f1-4 "$work/measured.csv" > "$work/input.csv"
    "$primestorm" replay "$work/input.csv" --capacity ${capacity_mbit}Mbit/s --overhead $overhead \
        > "$work/replayed.csv" 2> "$work/said"
    awk -v summary="$work/summary" -f "$here/compare.awk" "$work/measured.csv" "$work/replayed.csv" > "$work/compared.csv"
    met=$(awk -F, 'NR == 2 { print ($2 < 2 && $3 < 5) ? "yes" : "no" }' "$work/summary")
    awk -F, -v round=$round -v met=$met 'NR == 2 {
        printf "  round %d: |difference| median %.2f %%, 95 %% %.2f %%, largest %.2f %%; mean %+.2f %%: %s\n",
            round, $2, $3, $4, $5, met == "yes" ? "within the bars (2 %, 5 %)" : "outside the bars (2 %, 5 %)"
    }' "$work/summary"
    round=$((round + 1))
done
awk -f "$here/by_cap.awk" "$work/compared.csv"
if [ -n "$results" ]; then
    cp "$work/compared.csv" "$work/summary" "$results"
    awk -f "$here/by_cap.awk" "$work/compared.csv" > "$results/by_cap.md"
    if command -v gnuplot > /dev/null 2>&1; then
        gnuplot -e "data='$work/compared.csv'; picture='$results/reality.png'" "$here/reality.gp"
    else
        echo 'no picture: gnuplot is not there (Debian: gnuplot-nox)'
    fi
    echo "Written to $results: $(cd "$results" && echo *)"
fi
[ $met = yes ]
