#!/bin/sh
# A study on four ranks, with Open MPI and with MPICH: the tables are those of the threads, and a rank that is killed
# costs the runs under way and no others.
# usage: ranks.sh PRIMESTORM SOURCE-ROOT
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
begin "$@"
printf '#!/bin/sh\nexit 1\n' > bin/gnuplot # pictures are another test's
chmod +x bin/gnuplot
real=$(readlink -f "$primestorm")
modules=$(dirname "$real")
options="--set users=30 -r 30 --sweep servers.B.cores=1..4 --sweep series=devices.full --sweep distributions=full_s $root/examples/01-failover-500.yaml"
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1

# on MPI N COMMAND...: N processes of it
on() {
    mpi=$1
    n=$2
    shift 2
    case $mpi in
    openmpi) mpirun.openmpi --oversubscribe -n "$n" "$@" ;;
    mpich) mpiexec.mpich -n "$n" "$@" ;;
    esac
}
launcher_of() { [ "$1" = openmpi ] && echo mpirun.openmpi || echo mpiexec.mpich; }

# Each rank leaves its pid, so that the test can end one of its own.
cat > rank.sh <<'EOF'
#!/bin/sh
echo $$ > "pid.${OMPI_COMM_WORLD_RANK:-$PMI_RANK}"
exec primestorm "$@"
EOF
chmod +x rank.sh

# shellcheck disable=SC2086 # $options is several words
primestorm run -q $options -o whole
that 'the plain program knows MPI' sh -c "! ldd '$real' | grep -q mpi"
tried=
for mpi in openmpi mpich; do
    if ! command -v "$(launcher_of $mpi)" > /dev/null || [ ! -e "$modules/primestorm-$mpi.so" ]; then
        skipped "$mpi: it is not installed, or the program was built without it"
        continue
    fi
    tried="$tried $mpi"
    that "doctor does not know $mpi" sh -c "primestorm doctor | grep -qE '^mpi +(openmpi, )?$mpi'"
    # shellcheck disable=SC2086
    that "$mpi: fails" on $mpi 4 primestorm run -q $options -o $mpi
    for name in runs points quantiles series distributions columns; do
        that "$mpi: $name.csv differs" cmp whole/$name.csv $mpi/$name.csv
    done
    that "$mpi: the manifest does not name the ranks" grep -qF '"ranks": 4' $mpi/manifest.json
    that "$mpi: each of them has more than a thread" grep -qF '"threads": 1,' $mpi/manifest.json

    # Killed: the others end with it.
    rm -f pid.*
    # shellcheck disable=SC2086
    on $mpi 4 ./rank.sh run -q $options -o $mpi-killed > /dev/null 2>&1 &
    launcher=$!
    tries=0
    while [ ! -s $mpi-killed/study.db-wal ] && [ $tries -lt 1000 ]; do
        sleep 0.02
        tries=$((tries + 1))
    done
    sleep 0.1
    kill -9 "$(cat pid.2)"
    wait $launcher
    that "$mpi: nobody notices that a rank is gone" [ $? -ne 0 ]
    that "$mpi: the study was done before" [ ! -e $mpi-killed/manifest.json ]
    # shellcheck disable=SC2086
    that "$mpi: cannot go on" on $mpi 4 primestorm run -q $options -o $mpi-killed
    that "$mpi: after the kill runs.csv differs" cmp whole/runs.csv $mpi-killed/runs.csv

    # What is wrong is said once, and nobody waits for ever.
    on $mpi 3 primestorm run -q "$root/examples/01-failover-500.yaml" > /dev/null 2> stderr
    that "$mpi: a single scenario is not refused once" [ "$(grep -c '^primestorm: a single scenario is not divided among processes' stderr)" -eq 1 ]
    on $mpi 3 primestorm run missing.yaml 2> stderr
    that "$mpi: a missing scenario is not told once" [ "$(grep -cx 'missing.yaml: No such file or directory' stderr)" -eq 1 ]
done

# Where the module is missing.
mkdir away
cp "$real" away/primestorm
OMPI_COMM_WORLD_SIZE=4 OMPI_COMM_WORLD_RANK=0 away/primestorm run x.yaml 2> stderr
that 'without a module it does not end with 69' [ $? -eq 69 ]
that 'it is not said which module is missing' grep -q '^primestorm: primestorm-openmpi.so is missing, which joins the 4 processes.*libopenmpi-dev' stderr
that 'the other ranks say it too' [ -z "$(OMPI_COMM_WORLD_SIZE=4 OMPI_COMM_WORLD_RANK=1 away/primestorm run x.yaml 2>&1)" ]
: > away/primestorm-openmpi.so
away/primestorm doctor > doctor
that 'doctor knows an MPI whose module does not load' grep -qxE 'mpi +no: neither primestorm-openmpi\.so nor primestorm-mpich\.so loads' doctor
if [ -z "$tried" ]; then
    (finish 4) || exit 1
    exit 77 # what could be tried is right
fi
finish 17
