#!/bin/sh
# clang-tidy, cppcheck and shellcheck over the tree.
# usage: cmake/lint.sh BUILD-FOLDER (configured, with compile_commands.json)
set -eu
build=$1
jobs=$(nproc)

echo "clang-tidy"
# A file whose library is not installed is no part of this build.
find sim models output study cli -name '*.c' | while read -r file; do
    ! grep -q "/$file\"" "$build/compile_commands.json" || printf '%s\0' "$file"
done |
    xargs -0 -n 4 -P "$jobs" clang-tidy -p "$build" --quiet 2>/dev/null

echo "cppcheck"
cppcheck --quiet --std=c11 --language=c --enable=warning,performance,portability --error-exitcode=1 \
    --suppress=missingIncludeSystem --inline-suppr -I . -j "$jobs" sim models output study cli

echo "shellcheck"
git ls-files -co --exclude-standard '*.sh' .ci/run | xargs shellcheck -x -S warning
