#!/bin/sh
# A figure in the prose of these documents is one that a command beside it has printed (in a block, a table or an answer, all of
# which docs.sh and questions.sh compare), or that is asked for in a command, rounded or not. Beside it: in the same part of a
# section (a part begins with bold words) or before the first part, and in a table that has a row for the part, that row or the
# first. A figure from elsewhere stands in a paragraph with a link to the section that prints it, or in prose.txt with the
# reason. Looked at are numbers with a decimal point, or of three digits or more; not at years, versions, the names of standards, and
# what a source says. How much a wrong figure would be noticed is counted: every digit of every figure is altered in all ways.
# usage: prose.sh PRIMESTORM SOURCE-ROOT
set -eu
root=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/prose.awk" << 'AWK'
# Is the figure, as it is written, the number y rounded? At least two digits of it stand.
function is_of(figure, y, unit, n) {
    unit = figure ~ /\./ ? 10 ^ -(length(figure) - index(figure, ".")) : 1
    if (figure !~ /\./) for (n = length(figure); n > 2 && substr(figure, n, 1) == "0"; n--) unit *= 10
    return (figure - y) ^ 2 <= (0.5 * unit + 1e-9) ^ 2
}
function is_at(figure, places, place, of, i, j) {
    split(places, place, " ")
    for (i in place) {
        split(printed[place[i]], of, " ")
        for (j in of) if (is_of(figure, of[j])) return 1
    }
    return 0
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
# The address of a heading, of bold words and of the first cell of a row.
function address(text) {
    text = tolower(text)
    gsub(/^[^a-z0-9]+|[^a-z0-9 _-]/, "", text)
    sub(/ +$/, "", text)
    gsub(/ /, "-", text)
    return text
}
function begin_part(line) {
    sub(/^(- )?\*\*/, "", line)
    sub(/\*\*.*/, "", line)
    part = section "/" address(line)
}
function read_row(cell) {
    split($0, cell, "|")
    row = address(cell[2])
    if (row == "") return
    if (first_row[section] == "" && n_rows++ > 0) first_row[section] = row
    if (first_row[section] != "") rows[section] = rows[section] " " row
}
# Where else the paragraph looks: sections it links to.
function read_links(line, to) {
    while (match(line, /\]\([^)]*#[^)]*\)/)) {
        to = substr(line, RSTART + 2, RLENGTH - 3)
        line = substr(line, RSTART + RLENGTH)
        if (to ~ /^#/) to = page to
        sub(/^(\.\.\/)?(docs\/)?/, "", to)
        links[paragraph] = links[paragraph] " " to
    }
}
function read_printed(line, list, n, place) {
    if (inside && is_command) gsub(/'[^']*'/, "", line) # programs of awk
    gsub(/\([0-9.-]+( h| min| s)? (fewer |more |sooner |later )?to [0-9.-]+[^)]*\)/, "", line) # ends of intervals are not told
    place = part (row != "" ? "|" row : "")
    for (n = numbers(line, list); n > 0; n--) {
        printed[place] = printed[place] " " list[n]
        if (row == "") whole[section] = whole[section] " " list[n]
    }
}
function read_prose(line, list, n) {
    read_links(line)
    gsub(/\]\([^)]*\)|`[^`]*`/, "", line)
    gsub(/(HTTP|RFC) [0-9]+|[0-9]+\.[0-9]+\.[0-9.]+|(19|20)[0-9][0-9](,? |[.;:)]|$)/, "", line)
    for (n = numbers(line, list); n > 0; n--) if (list[n] ~ /\./ || list[n] + 0 >= 100) {
        told[++n_told] = list[n]
        where[n_told] = page ":" FNR ": " $0
        told_page[n_told] = page
        told_section[n_told] = section
        told_part[n_told] = part
        told_paragraph[n_told] = paragraph
    }
}
# The rows of a section that speak of the part of this name: its own and the first; all of them, if it has none of its own.
function rows_of(section, name, row, n, k, own, all) {
    n = split(rows[section], row, " ")
    for (k = 1; k <= n; k++) if (name != "" && index(name, row[k]) == 1) own = row[k]
    for (k = 1; k <= n; k++)
        if (own == "" || row[k] == own || row[k] == first_row[section]) all = all " " section "|" row[k]
    return all
}
# Where a figure may be printed: in its section, in its part, and in sections to which its paragraph has links.
function places_of(i, all, name, to, n) {
    name = substr(told_part[i], length(told_section[i]) + 2)
    all = told_section[i] " " told_part[i] rows_of(told_section[i], name)
    for (n = split(links[told_paragraph[i]], to, " "); n > 0; n--) {
        printed["@" to[n]] = whole[to[n]]
        all = all " @" to[n] rows_of(to[n], name)
    }
    return all
}
function alter(figure, places, at, digit) {
    for (at = 1; at <= length(figure); at++) if (substr(figure, at, 1) != ".")
        for (digit = at == 1 && figure !~ /^0/; digit <= 9; digit++) if (digit != substr(figure, at, 1)) {
            n_altered++
            if (!is_at(substr(figure, 1, at - 1) digit substr(figure, at + 1), places)) n_seen++
        }
}
FILENAME ~ /prose\.txt$/ { if ($0 !~ /^#/ && NF) { if (NF < 3) { print "no reason: " $0; failed = 1 } excepted[$1 " " $2] = 1 } next }
FNR == 1 {
    page = FILENAME
    sub(/.*\//, "", page)
    if (FILENAME ~ /examples\/README/) page = "examples/README.md"
    section = part = page "#"
    inside = 0
}
/^```/ { inside = !inside; is_command = /sh$/; row = ""; next }
inside { read_printed($0); next }
/^#/ { section = part = page "#" address($0); n_rows = 0; next }
/^(- )?\*\*/ { begin_part($0) }
/^$/ || /^- / { paragraph++ }
/^\|/ { read_row(); read_printed($0); next }
{ row = "" }
/^> / { read_printed($0); next }
{ read_prose($0) }
END {
    for (i = 1; i <= n_told; i++) if (index(" " pages " ", " " told_page[i] " ")) {
        n_looked++
        key = told_page[i] " " told[i]
        if (key in excepted) { used[key] = 1; continue }
        if (("* " told[i]) in excepted) { used["* " told[i]] = 1; continue }
        places = places_of(i)
        if (is_at(told[i], places)) alter(told[i], places)
        else { print where[i] "\n    no command beside it prints " told[i]; failed = 1 }
    }
    for (key in excepted) if (!(key in used)) { print "prose.txt: nobody says " key; failed = 1 }
    printf "%d figures; %.1f %% of %d wrong ones would be noticed\n", n_looked, 100 * n_seen / n_altered, n_altered
    if (n_looked < 110) { print "too few"; failed = 1 }
    if (n_seen < 0.92 * n_altered) { print "too many would not"; failed = 1 }
    exit failed
}
AWK
awk -v pages="model.md policies.md questions.md decide.md" -f "$folder/prose.awk" \
    "$root/tests/cli/prose.txt" "$root/examples/README.md" "$root"/docs/*.md
