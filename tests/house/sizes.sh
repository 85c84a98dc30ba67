#!/bin/sh
# No file over 500 lines, no function over 70.
# usage: sizes.sh ROOT
set -eu
cd "$1"

find sim models output study cli tests bench -name '*.[ch]' | sort | xargs awk '
FNR == 1 { files++; start = 0 }
FNR == 501 { print FILENAME ": more than 500 lines"; bad = 1 }
/^\{$/ { start = FNR }
/^\}$/ {
    if (start && FNR - start - 1 > 70) {
        print FILENAME ":" start ": a function of " FNR - start - 1 " lines"; bad = 1
    }
    if (start) functions++
    start = 0
}
END {
    if (functions < 300) { print "only " functions " functions found: is the check blind?"; bad = 1 }
    exit bad
}'
