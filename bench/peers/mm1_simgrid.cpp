// M/M/1 by SimGrid: an actor from which the customers come, an actor that serves them, and a semaphore
// between the two. Reports the mean sojourn.
//
// usage: mm1_simgrid CUSTOMERS SEED
#include "bench/peers/driver.h"

#include <simgrid/s4u.hpp>
#include <xbt/random.hpp>

#include <cstdlib>
#include <queue>

namespace sg = simgrid::s4u;

struct Model {
    long customers = 0;
    sg::SemaphorePtr waiting = sg::Semaphore::create(0);
    std::queue<double> arrived_s; // those present
    double sum_s = 0;
};

static void send_customers(Model *m)
{
    for (long i = 0; i < m->customers; i++) {
        sg::this_actor::sleep_for(simgrid::xbt::random::exponential(0.9));
        m->arrived_s.push(sg::Engine::get_clock());
        m->waiting->release();
    }
}

static void serve_customers(Model *m)
{
    for (long i = 0; i < m->customers; i++) {
        m->waiting->acquire();
        sg::this_actor::sleep_for(simgrid::xbt::random::exponential(1));
        m->sum_s += sg::Engine::get_clock() - m->arrived_s.front();
        m->arrived_s.pop();
    }
}

int main(int argc, char **argv)
{
    sg::Engine engine(&argc, argv);
    if (argc != 3) {
        std::fputs("usage: mm1_simgrid CUSTOMERS SEED\n", stderr);
        return 64;
    }
    simgrid::xbt::random::set_mersenne_seed(std::atoi(argv[2]));
    sg::NetZone *const zone = sg::create_star_zone("world");
    sg::Host *const host = zone->create_host("host", 1e9);
    zone->seal();
    const double start_s = driver_cpu_s();
    Model model;
    model.customers = std::atol(argv[1]);
    sg::Actor::create("source", host, send_customers, &model);
    sg::Actor::create("server", host, serve_customers, &model);
    engine.run();
    driver_report(driver_cpu_s() - start_s, model.sum_s / static_cast<double>(model.customers));
    return 0;
}
