#!/bin/sh
# What the frame makes of rows whose times and figures are known.
# usage: frame.sh ROWS-PROGRAM
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
n_failed=0
fail() {
    echo "FAILED: $1"
    n_failed=$((n_failed + 1))
}

"$1" --header > "$folder/table" || fail "rows that agree end with $?"
sed 's/  */ /g' "$folder/table" > "$folder/said"
cat > "$folder/expected" <<'END'
| work | ours / floor, median (range) | bar | met? | ours | floor |
|---|---|---|---|---|---|
| best floor | 2.00 (2.00 to 2.00) | 1.50 | NO | 2 us, 24 runs | 1 us fast; 4 us slow |
| met | 2.00 (2.00 to 2.00) | 2.50 | yes | 2 us | 1 us fast |
| by time | - | 3 us | yes | 2 us | - |
| least | - | 400 ms | NO | 500 ms | - |
| far below | 1/700 (1/700 to 1/700) | 1/200 | yes | 1 ms | 700 ms peer |
| no peer | no such peer | 2.00 | - | - | - |
| long | only with --million | - | - | - | - |
| nearly the same | only with --million | - | - | - | - |
| concluded | - | 1 | yes | 42 s | - |
END
diff "$folder/expected" "$folder/said" || fail "the table is another one"

# A thousandth is too much in a row that allows a half of it, and little enough at a hundredth of its size.
code=0
"$1" --million --only "nearly the same" > "$folder/table" 2> "$folder/error" || code=$?
[ $code -eq 1 ] || fail "sides that do not agree end with $code"
grep -q "nearly the same: the figure of 'bent' is 300[23]" "$folder/error" || fail "nobody says which side does not agree"
"$1" --million --small --only "nearly the same" > /dev/null || fail "few numbers may not spread more than many"
[ "$("$1" --small | grep -c '^| least')" -eq 1 ] || fail "a row with a small size is left out"
[ "$("$1" --small | grep -c '^| met')" -eq 0 ] || fail "a row without a small size is there"

for wrong in "--only nothing" "--once nothing" "--what"; do
    code=0
    # shellcheck disable=SC2086 # words
    "$1" $wrong > /dev/null 2>&1 || code=$?
    [ $code -eq 64 ] || fail "$wrong ends with $code"
done
"$1" --once met > "$folder/said" || fail "--once ends with $?"
[ ! -s "$folder/said" ] || fail "--once prints something"
exit $n_failed
