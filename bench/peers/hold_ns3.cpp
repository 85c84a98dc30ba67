// HOLD by ns-3: PENDING events, each of which schedules itself again. Reports the clock after so many
// events. Times of ns-3 are whole nanoseconds.
//
// usage: hold_ns3 SCHEDULER PENDING EVENTS
//     SCHEDULER   a class of ns-3, for instance ns3::MapScheduler, which is its default
#include "bench/peers/driver.h"

#include <ns3/core-module.h>

#include <cstdlib>

using namespace ns3;

static double increment[DRIVER_INCREMENTS];
static unsigned long left, drawn;

static void on_event();

static void schedule()
{
    Simulator::Schedule(Seconds(increment[drawn++ % DRIVER_INCREMENTS]), &on_event);
}

static void on_event()
{
    if (--left == 0) {
        Simulator::Stop();
    } else {
        schedule();
    }
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        std::fputs("usage: hold_ns3 SCHEDULER PENDING EVENTS\n", stderr);
        return 64;
    }
    GlobalValue::Bind("SchedulerType", TypeIdValue(TypeId::LookupByName(argv[1])));
    left = std::strtoul(argv[3], nullptr, 10);
    driver_increments(increment);
    for (unsigned long i = std::strtoul(argv[2], nullptr, 10); i > 0; i--) {
        schedule();
    }
    const double start_s = driver_cpu_s();
    Simulator::Run();
    driver_report(driver_cpu_s() - start_s, Simulator::Now().GetSeconds());
    Simulator::Destroy();
    return 0;
}
