#!/bin/sh
# Every command in a block ```sh of a page (README, examples, docs) runs; what the page says came out is what comes
# out. One page a test, so that none takes long and they run side by side.
# usage: docs.sh PRIMESTORM SOURCE-ROOT PAGE
set -eu
primestorm=$1
root=$2
page=$3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/bin" "$folder/work"
ln -s "$primestorm" "$folder/bin/primestorm"
cp -r "$root/examples" "$folder/work"
PATH=$folder/bin:$PATH
export PATH
failures=0
commands=0
fail() {
    echo "$page: $*"
    failures=1
}

# Each command is run once; what it says is kept in said.N, N its line in the list of commands.
: > "$folder/commands"
awk '/^```sh$/ { inside = 1; next } /^```/ { inside = 0 } inside && NF' "$root/$page" > "$folder/of-page"
while IFS= read -r command; do
    grep -qxF -- "$command" "$folder/commands" && continue
    printf '%s\n' "$command" >> "$folder/commands"
    commands=$((commands + 1))
    began=$(date +%s)
    if ! (cd "$folder/work" && sh -c "$command") > "$folder/said.$commands" 2> "$folder/stderr" < /dev/null; then
        fail "fails: $command"
        cat "$folder/said.$commands" "$folder/stderr"
    fi
    echo "$(($(date +%s) - began)) s: $(printf '%s' "$command" | cut -c 1-100)"
done < "$folder/of-page"
[ $commands -gt 0 ] || fail 'no command is found'
said_by() { cat "$folder/said.$(grep -nxF -- "$1" "$folder/commands" | cut -d: -f1)"; }

# Quoted answers, "> Half of the ..." and "> Wait if ...", stand behind the command that gave them.
awk '/^```sh$/ { inside = 1; next } /^```/ { inside = 0 }
     inside && /^primestorm (run|decide|show)/ { command = $0 }
     command != "" && /^> (Half of|Wait|Fail over|# State database|Longest)/ { print command "|" substr($0, 3) }' \
    "$root/$page" > "$folder/answers"
while IFS='|' read -r command answer; do
    said_by "$command" > "$folder/said"
    if ! grep -qxF -- "$answer" "$folder/said"; then
        fail "'$command' says something else than: $answer"
        tail -n 1 "$folder/said"
    fi
done < "$folder/answers"

# A block ```text stands behind the block of commands that said it.
blocks() {
    mkdir "$folder/blocks"
    awk -v at="$folder/blocks" '/^```sh$/ { block = "commands"; n++; next } /^```text$/ { block = "text"; next }
        /^```/ { block = ""; next } block != "" { print > (at "/" n "." block) }' "$root/$page"
    for text in "$folder/blocks"/*.text; do
        while IFS= read -r command; do
            said_by "$command"
        done < "${text%.text}.commands" > "$folder/lines"
        cmp -s "$text" "$folder/lines" || { fail "says otherwise:"; diff "$text" "$folder/lines" || true; }
    done
}

answers_at_least() {
    [ "$(wc -l < "$folder/answers")" -ge "$1" ] || fail "$(wc -l < "$folder/answers") answers are quoted, not $1"
}

case $page in
docs/model.md)
    blocks
    answers_at_least 15
    ;;
docs/accounts.md)
    blocks
    answers_at_least 8
    ;;
docs/decide.md)
    blocks
    answers_at_least 3
    ;;
docs/presets.md) answers_at_least 5 ;;
examples/README.md) answers_at_least 8 ;;
docs/policies.md)
    blocks
    # The tables of policies are what their commands write.
    grep -F 'examples/policies/*.yaml' "$folder/commands" > "$folder/tables"
    [ "$(wc -l < "$folder/tables")" -eq 2 ] || fail 'there are not two tables of policies'
    while IFS= read -r command; do
        said_by "$command" > "$folder/lines"
        [ "$(grep -c '^|' "$folder/lines")" -ge 15 ] || fail 'too few policies'
        while IFS= read -r line; do
            grep -qxF -- "$line" "$root/$page" || fail "lacks: $line"
        done < "$folder/lines"
    done < "$folder/tables"
    # Each policy has its row: keys (the open herd has none), what it does, and whose idea it is.
    for policy in "$root"/examples/policies/*.yaml; do
        awk -F'|' -v name="\`$(basename "$policy" .yaml)\`" \
            '$3 == " " name " " && NF == 7 && $4 ~ /`/ && $5 ~ /[a-z]/ && $6 ~ /[A-Za-z]/ { found = 1 }
            END { exit !found }' "$root/$page" || fail "does not say what $policy is, and whose"
    done
    ;;
README.md)
    # Its console shows what the main case prints.
    (cd "$folder/work" && primestorm run examples/01-failover-500.yaml 2> /dev/null) | grep . > "$folder/lines"
    while IFS= read -r line; do
        grep -qxF -- "$line" "$root/$page" || fail "lacks: $line"
    done < "$folder/lines"
    # The targets that it and CONTRIBUTING name exist.
    for target in $(grep -o 'make [a-z]*' "$root/README.md" "$root/CONTRIBUTING.md" | awk '{ print $2 }' | sort -u); do
        grep -q "^$target:" "$root/Makefile" || fail "there is no 'make $target'"
    done
    ;;
docs/studies.md)
    # Its table is what its study prints.
    said_by 'primestorm run cores.yaml -o cores' | grep -E '^(point  |[0-9]+  |Means )' > "$folder/lines"
    awk '/^```text$/ { inside = 1; next } /^```/ { inside = 0 } inside' "$root/$page" | cmp - "$folder/lines" || failures=1
    ;;
esac
echo "$page: $commands commands, $(wc -l < "$folder/answers") answers"
exit $failures
