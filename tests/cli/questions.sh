#!/bin/sh
# docs/questions.md: each of the twelve questions has its commands, and says what they say, number by number.
# usage: questions.sh PRIMESTORM SOURCE-ROOT
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
begin "$@"
cp -r "$root/examples" .
that 'there are not twelve questions' [ "$(grep -c '^## [0-9]*\. .*?$' "$root/docs/questions.md")" -eq 12 ]

# commands.N and answers.N: the blocks of question N.
awk '/^## [0-9]/ { n = $2 + 0 }
     /^```sh$/ { block = "commands"; next } /^```text$/ { block = "answers"; next } /^```/ { block = ""; next }
     block != "" { print > (block "." n) }' "$root/docs/questions.md"

# Words must be the same, numbers within 1 %, or half of their last digit or so: what is printed is rounded.
cat > alike.awk << 'AWK'
function is_number(t) { return t ~ /^-?[0-9]+(\.[0-9]+)?$/ }
function near(a, b, d) { d = a - b; d = d < 0 ? -d : d; return d <= 0.11 || d <= 0.01 * (a < 0 ? -a : a) }
{ gsub(/[(),;]/, " & "); gsub(/\.( |$)/, " . ") }
NR == FNR { told[FNR] = $0; n = FNR; next }
{
    m = split(told[FNR], a, " ")
    k = split($0, b, " ")
    bad = m != k
    for (i = 1; i <= m && !bad; i++)
        bad = is_number(a[i]) && is_number(b[i]) ? !near(a[i], b[i]) : a[i] != b[i]
    if (bad) { print "told: " told[FNR]; print "said: " $0; failed = 1 }
    last = FNR
}
END { exit failed || n != last }
AWK
alike() { awk -f alike.awk "answers.$1" "said.$1"; }

number=1
while [ "$number" -le 12 ]; do
    : > "said.$number"
    while IFS= read -r command; do
        that "question $number: fails: $command" sh -c "$command" >> "said.$number" 2> stderr < /dev/null
    done < "commands.$number"
    that "question $number is answered otherwise" alike "$number"
    number=$((number + 1))
done

# A comparison that lets everything pass would be none.
sed 's/9\.5 min (9\.1/9.9 min (9.1/' answers.1 > answers.13
cp said.1 said.13
alike 13 > /dev/null && fail 'a number that is 4 % off passes'
sed 's/basic_p50_s/basic_p51_s/' answers.1 > answers.13
alike 13 > /dev/null && fail 'a wrong word passes'
sed 1d answers.1 > answers.13
alike 13 > /dev/null && fail 'a line too few passes'
finish 30
