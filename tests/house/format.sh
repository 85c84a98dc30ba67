#!/bin/sh
# Every source file is as clang-format leaves it.
# usage: format.sh ROOT
set -eu
cd "$1"
command -v clang-format >/dev/null 2>&1 || { echo "clang-format is not installed: skipped"; exit 77; }
find sim models output study cli tests bench -name '*.[ch]' -print0 | xargs -0 clang-format --dry-run -Werror
