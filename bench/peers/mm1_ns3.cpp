// M/M/1 by ns-3: two event functions, and random variables of ns-3's own. Reports the mean sojourn.
//
// usage: mm1_ns3 SCHEDULER CUSTOMERS SEED
//     SCHEDULER   a class of ns-3, for instance ns3::MapScheduler, which is its default
#include "bench/peers/driver.h"

#include <ns3/core-module.h>

#include <cstdlib>
#include <queue>

using namespace ns3;

class Model
{
  public:
    explicit Model(unsigned long customers) : to_come(customers)
    {
        gap_s->SetAttribute("Mean", DoubleValue(1 / 0.9));
        service_s->SetAttribute("Mean", DoubleValue(1));
        Simulator::Schedule(Seconds(gap_s->GetValue()), &Model::Arrive, this);
    }

    double MeanSojournSeconds() const
    {
        return sum_s / served;
    }

  private:
    void Arrive()
    {
        const bool was_idle = arrived.empty();
        arrived.push(Simulator::Now());
        if (--to_come > 0) {
            Simulator::Schedule(Seconds(gap_s->GetValue()), &Model::Arrive, this);
        }
        if (was_idle) {
            Serve();
        }
    }

    void Serve()
    {
        Simulator::Schedule(Seconds(service_s->GetValue()), &Model::Depart, this);
    }

    void Depart()
    {
        sum_s += (Simulator::Now() - arrived.front()).GetSeconds();
        served++;
        arrived.pop();
        if (!arrived.empty()) {
            Serve();
        }
    }

    Ptr<ExponentialRandomVariable> gap_s = CreateObject<ExponentialRandomVariable>();
    Ptr<ExponentialRandomVariable> service_s = CreateObject<ExponentialRandomVariable>();
    std::queue<Time> arrived; // those present
    unsigned long to_come;
    double sum_s = 0;
    double served = 0;
};

int main(int argc, char **argv)
{
    if (argc != 4) {
        std::fputs("usage: mm1_ns3 SCHEDULER CUSTOMERS SEED\n", stderr);
        return 64;
    }
    GlobalValue::Bind("SchedulerType", TypeIdValue(TypeId::LookupByName(argv[1])));
    RngSeedManager::SetRun(std::strtoul(argv[3], nullptr, 10));
    const double start_s = driver_cpu_s();
    Model model(std::strtoul(argv[2], nullptr, 10));
    Simulator::Run();
    driver_report(driver_cpu_s() - start_s, model.MeanSojournSeconds());
    Simulator::Destroy();
    return 0;
}
