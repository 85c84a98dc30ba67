#!/bin/sh
# Figures in the prose of these documents are those that a command beside it has printed (in a block, a table or an answer, all of
# which docs.sh and questions.sh compare), or that are asked for in a command, rounded or not. Looked at are
# numbers with a decimal point, or of three digits or more; not at years, the names of standards, and what a source says.
# The targets of make that are named exist.
# usage: docs_prose.sh PRIMESTORM SOURCE-ROOT
set -eu
root=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/prose.awk" << 'AWK'
# Is x, as it is written, the number y rounded?
function is_of(x, y, unit, text) {
    text = x
    if (text ~ /\./) { unit = 10 ^ -(length(text) - index(text, ".")) } else {
        unit = 1
        while (text ~ /0$/) { unit *= 10; text = substr(text, 1, length(text) - 1) }
    }
    return (x - y) ^ 2 <= (0.5 * unit + 1e-9) ^ 2
}
# The numbers of a line; commas between thousands go.
function numbers(line, list, n) {
    while (match(line, /[0-9],[0-9][0-9][0-9]/)) line = substr(line, 1, RSTART) substr(line, RSTART + 2)
    n = 0
    while (match(line, /[0-9]+(\.[0-9]+)?/)) {
        list[++n] = substr(line, RSTART, RLENGTH)
        line = substr(line, RSTART + RLENGTH)
    }
    return n
}
/^```/ { inside = !inside; next }
inside || /^\|/ || /^> / { is_printed = 1 }
!(inside || /^\|/ || /^> /) { is_printed = 0 }
{
    line = $0
    if (!is_printed) { gsub(/`[^`]*`/, "", line); gsub(/(HTTP|RFC) [0-9]+|(19|20)[0-9][0-9](,? |[.;:)]|$)|512 clients/, "", line) }
    n = numbers(line, list)
    for (i = 1; i <= n; i++) {
        if (is_printed) printed[list[i]] = 1
        else if (list[i] ~ /\./ || list[i] + 0 >= 100) { told[++n_told] = list[i]; where[n_told] = FILENAME ":" FNR ": " $0 }
    }
}
END {
    for (i = 1; i <= n_told; i++) {
        found = 0
        for (y in printed) if (is_of(told[i], y)) found = 1
        if (!found) { print where[i] "\n    no command prints " told[i]; failed = 1 }
    }
    if (n_told < least) { print "only " n_told " figures looked at"; failed = 1 }
    exit failed
}
AWK
# model.md and policies.md speak of the same runs.
failed=0
awk -v least=90 -f "$folder/prose.awk" "$root/docs/model.md" "$root/docs/policies.md" || failed=1
for page in questions decide; do
    awk -v least=5 -f "$folder/prose.awk" "$root/docs/$page.md" || failed=1
done

for target in $(grep -o 'make [a-z]*' "$root/README.md" "$root/CONTRIBUTING.md" | awk '{ print $2 }' | sort -u); do
    grep -q "^$target:" "$root/Makefile" || { echo "there is no 'make $target'"; failed=1; }
done
exit $failed
