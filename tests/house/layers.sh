#!/bin/sh
# Who may include whom: reads every #include of the tree.
# usage: layers.sh ROOT
set -eu
cd "$1"

# layer: what it may include besides itself; <name> stands for a library header.
# base reads CSV, because both distributions (rng) and traces (models) come from columns of a file.
rules='
sim/base: <csv.h>
sim/rng: sim/base <gsl> <Random123>
sim/stat: sim/base <gsl>
sim/core: sim/base sim/rng
sim/res: sim/base sim/core sim/rng sim/stat
sim/run: sim/base sim/rng sim/stat
sim/fit: sim/base sim/rng sim/stat <gsl>
sim/design: sim/base sim/rng sim/stat <gsl>
models: sim/base sim/core sim/rng sim/stat sim/res <yaml.h>
models/theory: sim/base sim/core sim/rng sim/stat sim/res models <gsl>
output: sim/base sim/stat <csv.h> <jansson.h> <sha256.h> <gsl> <xlsxwriter.h>
study: sim/base sim/stat sim/design models output <sqlite3.h>
cli: sim/base sim/core sim/rng sim/stat sim/res sim/run sim/fit sim/design models models/theory output <gsl> <csv.h> <jansson.h> study
'

find sim models output study cli -name '*.[ch]' | sort | xargs awk -v rules="$rules" '
function layer_of(path,    parts, n) {
    n = split(path, parts, "/")
    return parts[1] == "sim" || parts[2] == "theory" ? parts[1] "/" parts[2] : parts[1]
}
BEGIN {
    n = split(rules, lines, "\n")
    for (i = 1; i <= n; i++) {
        if (split(lines[i], halves, ": ") == 2) {
            m = split(halves[2], words, " ")
            for (k = 1; k <= m; k++) allowed[halves[1] SUBSEP words[k]] = 1
            known[halves[1]] = 1
        }
    }
    libraries["csv.h"] = libraries["yaml.h"] = libraries["jansson.h"] = libraries["sha256.h"] = libraries["sqlite3.h"] = libraries["xlsxwriter.h"] = 1
    files = 0
}
FNR == 1 {
    files++
    from = layer_of(FILENAME)
    if (!(from in known)) { print FILENAME ": layer " from " is not in the rules"; bad = 1 }
}
/^#include "/ {
    split($0, q, "\"")
    if (q[2] !~ /\//) { print FILENAME ":" FNR ": " q[2] " is not named from the root"; bad = 1; next }
    to = layer_of(q[2])
    if (to != from && !((from SUBSEP to) in allowed)) {
        print FILENAME ":" FNR ": " from " must not include " q[2]; bad = 1
    }
    if (q[2] ~ /_internal\.h$/ && to != from) {
        print FILENAME ":" FNR ": " q[2] " belongs to " to " alone"; bad = 1
    }
}
/^#include </ {
    name = $2; gsub(/[<>]/, "", name)
    split(name, parts, "/")
    library = (name in libraries) ? name : (parts[1] == "gsl" || parts[1] == "Random123") ? parts[1] : ""
    if (library != "" && !((from SUBSEP "<" library ">") in allowed)) {
        print FILENAME ":" FNR ": " from " must not use <" name ">"; bad = 1
    }
}
END {
    if (files < 50) { print "only " files " files read: is this the root of the tree?"; bad = 1 }
    exit bad
}'
