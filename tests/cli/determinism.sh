#!/bin/sh
# Same seed: same bytes, with one thread, with two, and on another day. Another seed: others.
# usage: determinism.sh PRIMESTORM SOURCE-ROOT
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
begin "$@"
run() {
    primestorm run --quiet --set users=100 --replications 6 "$@" "$root/examples/01-failover-500.yaml"
}
expect 0 '' run -o one --threads 1
expect 0 '' run -o two --threads 2
expect 0 '' run -o again --threads 2
expect 0 '' run -o other --threads 2 --seed 2
for file in one/*.csv; do
    name=${file#one/}
    that "$name depends on the number of threads" cmp "$file" "two/$name"
    that "$name differs from run to run" cmp "$file" "again/$name"
done
for name in series devices runs points; do
    that "$name.csv does not depend on the seed" [ "$(cmp -s one/$name.csv other/$name.csv; echo $?)" -eq 1 ]
done
that 'the sentence depends on the number of threads' \
    [ "$(run --threads 1 2> /dev/null)" = "$(run --threads 2 2> /dev/null)" ]
finish 24
