# Two texts are the same: words exactly, numbers within a tolerance (the C library's functions, and with them
# the last digits of every figure, differ from CPU to CPU).
# usage: awk -v relative=1e-9 [-v absolute=0] -f same_text.awk OLD NEW; ends with 1 and the line if they differ.
function bare(word) {
    sub(/^[(+±]+/, "", word)
    sub(/[),;.]+$/, "", word)
    return word
}
function is_number(x) { return x ~ /^-?[0-9][0-9.]*(e[-+]?[0-9]+)?$/ }
function size(x) { return x < 0 ? -x : x }
function differ(why) {
    print FILENAME ":" FNR ": " why ": " $0
    failed = 1
    exit 1
}
NR == FNR { line[FNR] = $0; n = FNR; next }
FNR > n { differ("a line more") }
$0 != line[FNR] {
    m = split(line[FNR], old, " ")
    if (m != NF) differ("other words")
    for (i = 1; i <= m; i++) {
        a = bare(old[i]); b = bare($i)
        if (a == b && $i == old[i]) continue
        if (!is_number(a) || !is_number(b)) differ("'" old[i] "' and '" $i "'")
        if (size(a - b) > absolute + relative * size(a)) differ(old[i] " and " $i)
    }
}
END { if (!failed && FNR != n) { print "a line less"; exit 1 } }
