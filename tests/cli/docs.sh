#!/bin/sh
# Every command in a block ```sh of README, examples and docs runs; what the documents say came out is what
# comes out.
# usage: docs.sh PRIMESTORM SOURCE-ROOT
set -eu
primestorm=$1
root=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/bin" "$folder/work"
ln -s "$primestorm" "$folder/bin/primestorm"
cp -r "$root/examples" "$folder/work"
PATH=$folder/bin:$PATH
export PATH
failures=0
commands=0

# Each command is run once; what it says is kept in said.N, N its line in the list of commands.
: > "$folder/commands"
for document in "$root"/README.md "$root"/CONTRIBUTING.md "$root"/examples/README.md "$root"/docs/*.md; do
    [ "$document" = "$root/docs/questions.md" ] && continue # tests/cli/questions.sh
    awk '/^```sh$/ { inside = 1; next } /^```/ { inside = 0 } inside && NF' "$document" > "$folder/of-document"
    while IFS= read -r command; do
        grep -qxF -- "$command" "$folder/commands" && continue
        printf '%s\n' "$command" >> "$folder/commands"
        commands=$((commands + 1))
        if ! (cd "$folder/work" && sh -c "$command") > "$folder/said.$commands" 2> "$folder/stderr" < /dev/null; then
            echo "$document: fails: $command"
            cat "$folder/said.$commands" "$folder/stderr"
            failures=1
        fi
    done < "$folder/of-document"
done
[ "$commands" -ge 8 ] || { echo "only $commands commands found"; exit 1; }

# Quoted answers, "> Half of the ..." and "> Wait if ...", stand behind the command that gave them.
awk '/^```sh$/ { inside = 1; next } /^```/ { inside = 0 }
     inside && /^primestorm (run|decide|show)/ { command = $0 }
     /^> (Half of|Wait|Fail over|# State database|Longest)/ { print command "|" substr($0, 3) }' \
    "$root/examples/README.md" "$root/docs/model.md" "$root/docs/decide.md" "$root/docs/presets.md" \
    "$root/docs/accounts.md" "$root/docs/policies.md" > "$folder/answers"
[ "$(wc -l < "$folder/answers")" -ge 8 ] || { echo "too few answers quoted in the documents"; exit 1; }
while IFS='|' read -r command answer; do
    said=$folder/said.$(grep -nxF -- "$command" "$folder/commands" | cut -d: -f1)
    if ! grep -qxF -- "$answer" "$said"; then
        echo "'$command' says something else than: $answer"
        tail -n 1 "$said"
        failures=1
    fi
done < "$folder/answers"

# The tables of policies are what their commands write.
grep -nF 'examples/policies/*.yaml' "$folder/commands" | cut -d: -f1 > "$folder/numbers"
[ "$(wc -l < "$folder/numbers")" -eq 2 ] || { echo "there are not two tables of policies"; failures=1; }
while IFS= read -r number; do
    [ "$(grep -c '^|' "$folder/said.$number")" -ge 15 ] || { echo "too few policies"; failures=1; }
    while IFS= read -r line; do
        grep -qxF -- "$line" "$root/docs/policies.md" || { echo "docs/policies.md lacks: $line"; failures=1; }
    done < "$folder/said.$number"
done < "$folder/numbers"

# Each policy has its row: keys (the open herd has none), what it does, and whose idea it is.
for policy in "$root"/examples/policies/*.yaml; do
    awk -F'|' -v name="\`$(basename "$policy" .yaml)\`" '$3 == " " name " " && NF == 7 && $4 ~ /`/ && $5 ~ /[a-z]/ && $6 ~ /[A-Za-z]/ { found = 1 }
        END { exit !found }' "$root/docs/policies.md" || { echo "docs/policies.md does not say what $policy is, and whose"; failures=1; }
done

# A block ```text of these stands behind the block of commands that said it.
for document in model policies accounts decide; do
    mkdir "$folder/$document"
    awk -v at="$folder/$document" '/^```sh$/ { block = "commands"; n++; next } /^```text$/ { block = "text"; next }
        /^```/ { block = ""; next } block != "" { print > (at "/" n "." block) }' "$root/docs/$document.md"
    for text in "$folder/$document"/*.text; do
        while IFS= read -r command; do
            cat "$folder/said.$(grep -nxF -- "$command" "$folder/commands" | cut -d: -f1)"
        done < "${text%.text}.commands" > "$folder/lines"
        cmp -s "$text" "$folder/lines" || { echo "docs/$document.md says otherwise:"; diff "$text" "$folder/lines"; failures=1; }
    done
done

# The console of README shows what the main case prints.
(cd "$folder/work" && primestorm run examples/01-failover-500.yaml 2> /dev/null) > "$folder/said"
grep . "$folder/said" > "$folder/lines"
while IFS= read -r line; do
    grep -qxF -- "$line" "$root/README.md" || { echo "README.md lacks: $line"; failures=1; }
done < "$folder/lines"

# The table of docs/studies.md is what its study prints.
said=$folder/said.$(grep -nxF 'primestorm run cores.yaml -o cores' "$folder/commands" | cut -d: -f1)
grep -E '^(point  |[0-9]+  |Means )' "$said" > "$folder/lines"
awk '/^```text$/ { inside = 1; next } /^```/ { inside = 0 } inside' "$root/docs/studies.md" | cmp - "$folder/lines" || failures=1

# The targets named in README exist.
for target in $(grep -o 'make [a-z]*' "$root/README.md" "$root/CONTRIBUTING.md" | awk '{ print $2 }' | sort -u); do
    grep -q "^$target:" "$root/Makefile" || { echo "there is no 'make $target'"; failures=1; }
done
exit $failures
