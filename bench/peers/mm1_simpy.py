"""M/M/1 by SimPy: a process a customer, and a resource that serves them. Reports the mean sojourn.

usage: mm1_simpy.py CUSTOMERS SEED
"""
import random
import sys
import time

import simpy


def customer(env, server, sojourns_s):
    arrived_s = env.now
    with server.request() as turn:
        yield turn
        yield env.timeout(random.expovariate(1))
    sojourns_s.append(env.now - arrived_s)


def source(env, server, customers, sojourns_s):
    for _ in range(customers):
        yield env.timeout(random.expovariate(0.9))
        env.process(customer(env, server, sojourns_s))


def main(customers, seed):
    random.seed(seed)
    sojourns_s = []
    start_s = time.process_time()
    env = simpy.Environment()
    env.process(source(env, simpy.Resource(env), customers, sojourns_s))
    env.run()
    mean_s = sum(sojourns_s) / customers
    print(time.process_time() - start_s, mean_s)


if len(sys.argv) != 3:
    sys.exit(__doc__)
main(int(sys.argv[1]), int(sys.argv[2]))
