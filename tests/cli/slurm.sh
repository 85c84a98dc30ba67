#!/bin/sh
# A study as a job array: the script by hand, and on a real scheduler of this test's own, on loopback.
# usage: slurm.sh PRIMESTORM SOURCE-ROOT
set -u
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
begin "$@"
printf '#!/bin/sh\nexit 1\n' > bin/gnuplot # pictures are another test's
chmod +x bin/gnuplot
scenario=$root/examples/01-failover-500.yaml
submit() { primestorm submit --slurm "$@" --set users=20 -r 4 --sweep servers.B.cores=1,2 "$scenario"; }
merge() { sh -c "$(sed -n 's/^#     //p' job.sh) -q"; }

primestorm run -q --set users=20 -r 4 --sweep servers.B.cores=1,2 -o whole "$scenario"
submit --shards 3 --at-once 2 --time 5:00 -o array > job.sh
that 'the script is no script' sh -n job.sh
for line in '--array=1-3%2' '--signal=B:TERM@60' '--time=5:00' '--ntasks=1' '--job-name=array'; do
    that "the script lacks $line" grep -qxF -- "#SBATCH $line" job.sh
done

# By hand: a job is a shard, and merge says which are missing.
for i in 3 1; do
    that "job $i fails" env SLURM_ARRAY_TASK_ID=$i sh job.sh 2> /dev/null
done
expect 1 'primestorm: 3 of 8 runs are missing; shards that are not here: 2 of 3. The runs that are here are kept, tables are not written' merge
that 'the array is not the shard of its environment' env SLURM_ARRAY_TASK_ID=2 SLURM_ARRAY_TASK_COUNT=3 SLURM_ARRAY_TASK_MIN=1 \
    SLURM_ARRAY_TASK_MAX=3 primestorm run -q --shard slurm --set users=20 -r 4 --sweep servers.B.cores=1,2 -o array "$scenario"
expect 0 '' merge
cp array/runs.csv once.csv
expect 0 '' merge
that 'merging twice is not merging once' cmp once.csv array/runs.csv
that 'the merged table differs' cmp whole/runs.csv array/runs.csv

# Words of the user are words in the script.
primestorm submit --slurm --shards 2 --sweep 'users=5, 10' -r 2 -o "it's; \$(x)" "$scenario" > quoted.sh
that 'what the user wrote is a command' env SLURM_ARRAY_TASK_ID=1 sh quoted.sh 2> /dev/null
that 'the folder has another name' [ -e "it's; \$(x)/shard-1-of-2.db" ]

# Mistakes.
usage="
Try \`primestorm submit --help' or \`primestorm submit --usage' for more
information."
expect 64 'primestorm: --shards 9: the study has only 8 runs' submit --shards 9
expect 64 "primestorm submit: a scheduler and a number of jobs are needed: --slurm --shards N$usage" primestorm submit "$scenario"
expect 64 "primestorm submit: --shards needs a whole number from 1 to 1000000, found '0'$usage" primestorm submit --shards 0 "$scenario"
expect 64 "primestorm submit: --time is minutes, hours:minutes:seconds or days-hours, not 'now; x'$usage" primestorm submit --time 'now; x' "$scenario"
that 'a part of an array is taken for an array' sh -c "! SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_COUNT=2 SLURM_ARRAY_TASK_MIN=3 \
    SLURM_ARRAY_TASK_MAX=7 primestorm run -q --shard slurm '$scenario' 2> /dev/null"

# ---- A real one ----
for command in munged slurmctld slurmd sbatch; do
    if ! PATH=$PATH:/usr/sbin command -v $command > /dev/null || [ "$(id -u)" -ne 0 ]; then
        skipped "a real array: it takes root, munged, slurmctld, slurmd and sbatch"
        (finish 20) || exit 1
        exit 77 # what could be tried is right
    fi
done
PATH=$PATH:/usr/sbin
daemons=
# Each daemon stays a child of this test, which ends it by its pid.
end_daemons() {
    for pid in $daemons; do
        kill "$pid" 2> /dev/null
    done
    for pid in $daemons; do
        wait "$pid" 2> /dev/null
    done
    rm -rf "$work"
}
trap end_daemons EXIT
mkdir ctld d log
chmod 755 "$work"
host=$(hostname -s)
port=$((20000 + $$ % 10000))
head -c 128 /dev/urandom > munge.key
chmod 400 munge.key
munged --foreground --force --key-file="$work/munge.key" --socket="$work/munge.sock" --pid-file="$work/munge.pid" \
    --log-file="$work/log/munge" --seed-file="$work/munge.seed" > log/munged 2>&1 &
daemons="$!"
cat > slurm.conf <<END
ClusterName=local
SlurmctldHost=$host(127.0.0.1)
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmctldPort=$port
SlurmdPort=$((port + 1))
AuthType=auth/munge
AuthInfo=socket=$work/munge.sock
CredType=cred/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$work/ctld
SlurmdSpoolDir=$work/d
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SwitchType=switch/none
SchedulerType=sched/builtin
SchedulerParameters=sched_interval=1,batch_sched_delay=0,sched_min_interval=0
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=main Nodes=$host Default=YES MaxTime=INFINITE State=UP
END
export SLURM_CONF="$work/slurm.conf"
tries=0
while [ ! -S munge.sock ] && [ $tries -lt 100 ]; do
    sleep 0.05
    tries=$((tries + 1))
done
slurmctld -D -f slurm.conf > log/slurmctld 2>&1 &
daemons="$! $daemons"
slurmd -D -f slurm.conf > log/slurmd 2>&1 &
daemons="$! $daemons"
tries=0
until sinfo -h -o %t 2> /dev/null | grep -q idle || [ $tries -ge 100 ]; do
    sleep 0.1
    tries=$((tries + 1))
done
submit --shards 3 -o really > job.sh
that 'the array fails' timeout 120 sbatch --wait job.sh > log/sbatch 2>&1
for i in 1 2 3; do
    that "shard $i is missing" [ -s really/shard-$i-of-3.db ]
done
expect 0 '' merge
that 'the table of the array differs' cmp whole/runs.csv really/runs.csv
[ $n_failed -eq 0 ] || tail -n 5 log/* really-*.log
finish 26
