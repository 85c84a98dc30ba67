# shellcheck shell=sh disable=SC2034,SC2154 # variables are set here and used there, and the other way
# Sourced by the tests of the program: commands with the exit code and the words they must answer.
# $primestorm and $root are set by `begin "$@"`; $work is a folder that goes away at the end.

begin() {
    primestorm=$1
    root=$2
    work=$(mktemp -d)
    readonly primestorm root work # a loop over $work would leave the folder behind
    trap 'rm -rf "$work"' EXIT
    cd "$work" || exit 1
    mkdir bin
    ln -s "$primestorm" bin/primestorm
    PATH=$work/bin:$PATH
    small="--set users=20 --replications 2"
    n_checks=0
    n_failed=0
}

fail() {
    n_failed=$((n_failed + 1))
    echo "FAILED: $*"
}

# expect EXIT-CODE STDERR COMMAND...: the code, and every word of standard error.
expect() {
    code=$1
    said=$2
    shift 2
    n_checks=$((n_checks + 1))
    status=0
    "$@" > stdout 2> stderr < /dev/null || status=$?
    [ "$status" -eq "$code" ] || fail "'$*' ends with $status, not $code"
    if [ "$(cat stderr)" != "$said" ]; then
        fail "'$*' says"
        cat stderr
        echo "and not"
        echo "$said"
    fi
}

# that MESSAGE COMMAND...: the command must succeed.
that() {
    message=$1
    shift
    n_checks=$((n_checks + 1))
    "$@" || fail "$message"
}

# skipped WHAT: says aloud what could not be tried here, so that a green run does not hide it.
skipped() { echo "SKIPPED: $*"; }

# finish N: at least N checks were made, and none failed.
finish() {
    [ "$n_checks" -ge "$1" ] || fail "only $n_checks checks were made, $1 expected"
    echo "$n_checks checks, $n_failed failed"
    exit $((n_failed > 0))
}
