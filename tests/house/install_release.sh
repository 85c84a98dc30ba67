#!/bin/sh
# A release build of the library as a packager installs it: below DESTDIR, with an absolute folder of libraries. What is
# installed is an ordinary library: nothing in it is for the linker of one compiler, and the textbook's first program
# builds with it and is right.
# usage: install_release.sh SOURCE-ROOT COMPILER
set -eu
root=$1
compiler=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
build=$folder/build
there=$folder/there
lib=/opt/primesim/lib

quietly() { "$@" > "$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }; }
quietly cmake -S "$root" -B "$build" -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_COMPILER="$compiler" -DPRIMESTORM_TESTS=OFF \
    -DPRIMESTORM_BENCH=OFF -DCMAKE_INSTALL_PREFIX=/usr -DCMAKE_INSTALL_LIBDIR=$lib
quietly cmake --build "$build" --target primesim -j2
DESTDIR=$there quietly cmake --install "$build/sim"

archive=$there$lib/libprimesim.a
[ -s "$archive" ] || { echo "no library at $lib"; exit 1; }
for_the_linker() { objdump -ht "$1" | grep -c -e gnu.lto_ -e gnu.debuglto_ -e __gnu_lto_v1; }
if echo | "$compiler" -dM -E - | grep -q __clang__; then
    echo "a library of clang has nothing to strip"
elif [ "$(for_the_linker "$build/sim/libprimesim.a")" -eq 0 ]; then
    echo "a release build is not prepared to be optimised as a whole, or this test is blind"
    exit 1
fi
n=$(for_the_linker "$archive") || true
[ "$n" -eq 0 ] || { echo "the installed library has $n sections and symbols for the linker of this compiler"; exit 1; }

PKG_CONFIG_PATH=$there$lib/pkgconfig
PKG_CONFIG_SYSROOT_DIR=$there
export PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR
# shellcheck disable=SC2046 # flags are words
"$compiler" -std=c11 -Wall -Wextra -Werror "$root/examples/theory/mm1.c" $(pkg-config --cflags --libs libprimesim) -lm \
    -o "$folder/mm1"
"$folder/mm1" > "$folder/said"
# At a load of 0.8 four are present; 2 % are some four standard errors of this single run.
awk '$1 == "L" { n++; bad = ($3 - 4) ^ 2 > 0.08 ^ 2 } END { exit bad || n != 1 }' "$folder/said" || {
    cat "$folder/said"
    exit 1
}
