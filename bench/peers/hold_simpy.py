"""HOLD by SimPy: PENDING processes, each of which sleeps again and again. Reports the clock after so many events.

usage: hold_simpy.py PENDING EVENTS
"""
import itertools
import math
import sys
import time

import simpy


def increments(n):
    """Exponential numbers of mean 1, those of driver.h, for ever."""
    x = 1
    table = []
    for _ in range(n):
        x = x * 16807 % 2147483647
        table.append(-math.log(x / 2147483647))
    return itertools.cycle(table)


def sleeper(env, sleep_s, left, done):
    while True:
        yield env.timeout(next(sleep_s))
        left[0] -= 1
        if left[0] == 0:
            done.succeed()


def main(pending, events):
    env = simpy.Environment()
    sleep_s = increments(1 << 16)
    left = [events]
    done = env.event()
    for _ in range(pending):
        env.process(sleeper(env, sleep_s, left, done))
    start_s = time.process_time()
    env.run(until=done)
    print(time.process_time() - start_s, env.now)


if len(sys.argv) != 3:
    sys.exit(__doc__)
main(int(sys.argv[1]), int(sys.argv[2]))
