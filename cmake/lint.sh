#!/bin/sh
# clang-tidy, cppcheck and shellcheck over the tree.
# usage: cmake/lint.sh BUILD-FOLDER (configured, with compile_commands.json)
set -eu
build=$1
jobs=$(nproc)

echo "clang-tidy"
find sim models output study cli -name '*.c' -print0 |
    xargs -0 -n 4 -P "$jobs" clang-tidy -p "$build" --quiet 2>/dev/null

echo "cppcheck"
cppcheck --quiet --std=c11 --language=c --enable=warning,performance,portability --error-exitcode=1 \
    --suppress=missingIncludeSystem --inline-suppr -I . -j "$jobs" sim models output study cli

echo "shellcheck"
git ls-files -co --exclude-standard '*.sh' .ci/run | xargs shellcheck -x -S warning
