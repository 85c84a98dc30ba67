#!/bin/sh
# Writes docs/theory.md: the text of theory.md.in with the rows that the program gives. Every row must stand on
# the page: a model that nobody explains is an error, and so is an explanation without a model.
# usage: docs/theory.sh PRIMESTORM SOURCE-ROOT > docs/theory.md
set -eu
primestorm=$1
cd "$2"
table=$(mktemp)
trap 'rm -f "$table"' EXIT
"$primestorm" theory --format md > "$table"
awk '
function complain(what) { print "docs/theory.sh: " what > "/dev/stderr"; failed = 1 }
FNR == NR && FNR <= 2 { head = head $0 "\n"; next }
FNR == NR && /^\|/ { split($2, name, "/"); rows[name[1]] = rows[name[1]] $0 "\n"; next }
FNR == NR { if (NF) words = words $0 "\n"; next }
/^@ROWS / {
    sub(/@$/, "")
    printf "%s", head
    for (i = 2; i <= NF; i++) {
        if (!($i in rows)) complain("no model is called " $i)
        if ($i in shown) complain($i " is shown twice")
        shown[$i] = 1
        printf "%s", rows[$i]
    }
    next
}
/^@FILE / {
    sub(/@$/, "")
    print "```c"
    while ((getline line < $2) > 0) { print line; n_lines++ }
    if (n_lines == 0) complain($2 " is empty")
    print "```"
    next
}
/^@VERDICT@$/ { printf "%s", words; next }
{ print }
END {
    for (key in rows) if (!(key in shown)) complain(key " is not explained")
    exit failed
}' "$table" docs/theory.md.in
