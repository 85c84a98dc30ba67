#!/bin/sh
# primestorm theory: the shape of what it says, and that threads change nothing.
# usage: theory.sh PRIMESTORM SOURCE-ROOT
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
begin "$@"

expect 0 '' primestorm theory --group storm --threads 1 --format csv
cp stdout one.csv
expect 0 '' primestorm theory --group storm --threads 2 --format csv
that 'the number of threads changes the figures' cmp -s one.csv stdout
that 'a row of another group' [ "$(sed 1d stdout | grep -vc '^storm,')" -eq 0 ]
that 'no row says that it agrees' grep -q ',agrees$' stdout
expect 0 '' primestorm theory --group storm --seed 2 --format csv
that 'another seed gives the same figures' [ "$(cmp -s one.csv stdout; echo $?)" -eq 1 ]
expect 0 '' primestorm theory --group reliability
that 'the family error is not stated' grep -q 'a probability of 1 % for any of the' stdout
expect 0 '' primestorm theory --group reliability --format md
that 'a row of the table has not nine cells' awk '/^\|/ { if (gsub(/\|/, "") != 10) exit 1 }' stdout

see="Try \`primestorm theory --help' or \`primestorm theory --usage' for more
information."
expect 64 "primestorm theory: --group is queues, sharing, caps, closed, storm, retry or reliability, not 'x'
$see" primestorm theory --group x
expect 64 "primestorm theory: --format is text, csv or md, not 'x'
$see" primestorm theory --format x
expect 64 "primestorm theory: --seed needs a whole number below 2^64, found '-1'
$see" primestorm theory --seed=-1
expect 64 "primestorm theory: no argument is needed; found 'x'
$see" primestorm theory x

# docs/theory.md is what the program says: words exactly, numbers within 1e-9 (libm differs by machine).
"$root/docs/theory.sh" "$primestorm" "$root" > page.md
that 'docs/theory.md has other words; docs/theory.sh writes it' \
    awk -v relative=1e-9 -v absolute=1e-9 -f "$root/tests/support/same_text.awk" "$root/docs/theory.md" page.md

finish 16
