#!/bin/sh
# Would the table of peers.sh show a peer that computes something else? Peers that are primestorm in disguise agree;
# those whose results are bent do not, each in its own rows.
# usage: disagree.sh BUILD-FOLDER
set -eu
here=$(dirname "$0")
build=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/bench/peers" "$folder/tests/peers"
for program in bench_flows peers/mm1_primestorm peers/hold_primestorm peers/flows_primestorm; do
    ln -s "$build/bench/$program" "$folder/bench/$program"
done

disguise() { # DRIVER ARGUMENTS-OF-OURS PROGRAM FACTOR-OF-THE-RESULT
    cat > "$folder/$1" <<EOF
#!/bin/sh
"$build/bench/peers/$3" $2 | awk -v factor=$4 '
    BEGIN { CONVFMT = OFMT = "%.17g" }
    /^id/ { print; next }
    /,/ { split(\$0, cell, ","); print cell[1] "," cell[2] * factor; next }
    { print \$1, \$2 * factor }'
EOF
    chmod +x "$folder/$1"
}

disguise_all() { # FACTOR-OF-MEANS FACTOR-OF-CLOCKS FACTOR-OF-ENDS
    disguise bench/peers/mm1_ns3 'events "$2" "$3"' mm1_primestorm "$1"
    disguise bench/peers/mm1_simgrid 'station "$1" "$2"' mm1_primestorm "$1"
    disguise bench/peers/hold_ns3 '"$2" "$3"' hold_primestorm "$2"
    disguise tests/peers/simgrid_flows '"$1" "$2" 1' flows_primestorm "$3"
}

n_failed=0
expect() { # EXIT-CODE ROWS-THAT-DO-NOT-AGREE
    code=0
    "$here/peers.sh" --small --rounds 2 "$folder" > "$folder/table" || code=$?
    rows=$(grep -c 'DO NOT AGREE' "$folder/table" || true)
    if [ "$code" -ne "$1" ] || [ "$rows" -ne "$2" ]; then
        cat "$folder/table"
        echo "FAILED: ends with $code and $rows rows that do not agree; expected were $1 and $2"
        n_failed=$((n_failed + 1))
    fi
}

disguise_all 1 1 1
expect 0 0
disguise_all 1.7 1 1 # of 40,000 customers 0.95 s is the standard deviation of the mean
expect 1 2
disguise_all 1 1.00001 1
expect 1 3
disguise_all 1 1 1.00001
expect 1 2
exit $n_failed
