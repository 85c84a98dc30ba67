#!/bin/sh
# The warnings of the build are really on: each bad snippet must be refused, by name of the warning.
# usage: warnings.sh COMPILER "FLAG FLAG..."
set -u
compiler=$1
flags=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

# expect WARNING CODE
expect() {
    printf '%s\n' "$2" > "$folder/snippet.c"
    # shellcheck disable=SC2086 # flags are words
    if "$compiler" -std=c11 -O2 $flags -Werror -c "$folder/snippet.c" -o "$folder/snippet.o" \
        > "$folder/said" 2>&1; then
        echo "accepted although it should not be: -W$1"
        failures=1
    elif ! grep -q "Werror=$1" "$folder/said"; then
        echo "refused, but not by -W$1:"
        cat "$folder/said"
        failures=1
    fi
}

# The good one first: else everything below would pass with a broken compiler.
printf 'int twice(int x);\nint twice(int x)\n{\n    return 2 * x;\n}\n' > "$folder/good.c"
# shellcheck disable=SC2086
"$compiler" -std=c11 -O2 $flags -Werror -c "$folder/good.c" -o "$folder/good.o" || exit 1

expect unused-variable 'int f(void); int f(void) { int x = 1; return 0; }'
expect unused-parameter 'int f(int x); int f(int x) { return 0; }'
expect conversion 'int f(long x); int f(long x) { int y = x; return y; }'
expect sign-conversion 'unsigned f(int x); unsigned f(int x) { return x; }'
expect float-conversion 'int f(double x); int f(double x) { return x; }'
expect shadow 'int f(int x); int f(int x) { if (x) { int x = 2; return x; } return 0; }'
expect missing-prototypes 'int f(int x) { return x; }'
expect strict-prototypes 'int f(); int g(void); int g(void) { return 1; }'
expect old-style-definition 'int f(int); int f(x) int x; { return x; }'
expect redundant-decls 'int f(void); int f(void);'
expect format-nonliteral '#include <stdio.h>
void f(const char *s); void f(const char *s) { printf(s, 1); }'
expect undef '#if NOT_DEFINED
#endif
int x_;'
expect vla 'int f(int n); int f(int n) { int a[n]; a[0] = n; return a[0]; }'
expect cast-qual 'char *f(const char *s); char *f(const char *s) { return (char *)s; }'
expect pointer-arith 'void *f(void *p); void *f(void *p) { return p + 1; }'
expect discarded-qualifiers 'char *f(void); char *f(void) { return "text"; }'
expect switch 'enum e { A, B }; int f(enum e x); int f(enum e x) { switch (x) { case A: return 1; } return 0; }'
expect pedantic 'int f(void); int f(void) { return ({ 1; }); }'
exit $failures
