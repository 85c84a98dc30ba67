#!/bin/sh
# The installed library as a stranger uses it: every header compiles alone, and a program builds and
# runs with pkg-config and with find_package, against the installed copy only.
# usage: install.sh BUILD-FOLDER SOURCE-ROOT COMPILER
set -eu
build=$1
root=$2
compiler=$3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
prefix=$folder/prefix

cmake --install "$build" --prefix "$prefix" > "$folder/log" || { cat "$folder/log"; exit 1; }
pc=$(find "$prefix" -name libprimesim.pc)
# The file names the prefix of the configuration; a stranger's tree lies elsewhere.
PKG_CONFIG_PATH=$(dirname "$pc")
export PKG_CONFIG_PATH
flags="--define-variable=prefix=$prefix libprimesim"

n=0
for header in $(cd "$prefix/include/primesim" && find sim -name '*.h'); do
    printf '#include "%s"\nint main(void) { return 0; }\n' "$header" > "$folder/alone.c"
    # shellcheck disable=SC2046,SC2086 # flags are words
    "$compiler" -std=c11 -Wall -Wextra -Werror $(pkg-config --cflags $flags) "$folder/alone.c" \
        -o "$folder/alone" || { echo "$header does not compile alone"; exit 1; }
    n=$((n + 1))
done
[ "$n" -gt 15 ] || { echo "only $n headers are installed"; exit 1; }
if find "$prefix/include" -name '*_internal.h' | grep -q .; then
    echo "an internal header is installed"
    exit 1
fi

cat > "$folder/hello.c" <<'END'
#include <math.h>
#include <stdio.h>

#include "sim/core/sim.h"
#include "sim/res/station.h"
#include "sim/run/replicate.h"

static void on_done(void *self, uint64_t arg, enum sim_station_outcome outcome)
{
    (void)arg;
    *(int *)self += outcome == SIM_STATION_DONE;
}

int main(void)
{
    struct sim *sim;
    struct sim_station *station;
    int done = 0;
    const struct sim_station_job job = {.service_s = 2, .fn = on_done, .self = &done};
    if (sim_create(1, 0, &sim) != SIM_OK || sim_station_create(sim, 1, 10, &station) != SIM_OK) {
        return 1;
    }
    sim_station_enter(station, &job, NULL);
    sim_station_enter(station, &job, NULL);
    const enum sim_err err = sim_run(sim, INFINITY);
    printf("%d jobs done at %g s\n", done, sim_now(sim));
    sim_station_destroy(station);
    sim_destroy(sim);
    return err;
}
END
expected="2 jobs done at 4 s"
# shellcheck disable=SC2046,SC2086
"$compiler" -std=c11 "$folder/hello.c" $(pkg-config --cflags --libs $flags) -o "$folder/hello"
[ "$("$folder/hello")" = "$expected" ] || { echo "pkg-config: wrong output"; exit 1; }

# agrees EXAMPLE ROWS FIGURE...
# A program of docs/theory.md says what the rows of `primestorm theory` say.
agrees() {
    example=$1
    rows=$2
    shift 2
    # shellcheck disable=SC2046,SC2086
    "$compiler" -std=c11 -Wall -Wextra -Werror "$root/examples/theory/$example.c" $(pkg-config --cflags --libs $flags) \
        -lm -o "$folder/$example"
    "$folder/$example" > "$folder/said"
    for figure; do
        exact=$("$prefix/bin/primestorm" theory --list "$rows/$figure" | awk '{ print $2 }')
        # 2 %: some four standard errors of the single run of mm1.c
        awk -v figure="$figure" -v exact="$exact" '$1 == figure { n++; bad = ($3 - exact) ^ 2 > (0.02 * exact) ^ 2 || $NF != exact }
            END { exit bad || n != 1 }' "$folder/said" ||
            { echo "$example.c: $figure is not $exact: $(cat "$folder/said")"; exit 1; }
    done
}
agrees mm1 mm1 L W
agrees sharing ps-storm-ten t_1 t_5 t_9 t_10
agrees storm storm-500 E-max

mkdir "$folder/project"
cp "$folder/hello.c" "$folder/project"
cat > "$folder/project/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.22)
project(hello C)
find_package(primesim REQUIRED)
add_executable(hello hello.c)
target_link_libraries(hello primesim::primesim)
END
cmake -S "$folder/project" -B "$folder/project/build" -DCMAKE_PREFIX_PATH="$prefix" \
    -DCMAKE_C_COMPILER="$compiler" > "$folder/log" || { cat "$folder/log"; exit 1; }
cmake --build "$folder/project/build" > "$folder/log" || { cat "$folder/log"; exit 1; }
[ "$("$folder/project/build/hello")" = "$expected" ] || { echo "find_package: wrong output"; exit 1; }

# The program and its manual pages work from where they are installed.
"$prefix/bin/primestorm" version > /dev/null
"$prefix/bin/primestorm" check "$root/examples/01-failover-500.yaml"
(cd "$folder" && "$prefix/bin/primestorm" presets traveler-2011 | cmp - "$root/presets/traveler-2011.yaml") ||
    { echo "the installed program lacks its presets"; exit 1; }
for page in man1/primestorm.1 man5/primestorm-scenario.5; do
    [ -s "$prefix/share/man/$page" ] || { echo "$page is not installed"; exit 1; }
done
