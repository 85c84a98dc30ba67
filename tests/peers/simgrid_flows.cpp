// The flows of a CSV file (id,start_s,size_byte,cap_bit_per_s) through one link, by SimGrid: writes id,finish_s,
// and to standard error the CPU seconds from the flows in memory to their ends (bench/peers).
// usage: simgrid_flows FLOWS.csv CAPACITY_BIT_PER_S
//
// Model CM02 without TCP window, latency and cross-traffic is max-min sharing and nothing else. The cap of a flow
// is the bandwidth of an access link of its own.
#include <simgrid/s4u.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace sg = simgrid::s4u;

struct Flow {
    std::string id;
    double start_s, size_byte, cap_bit_per_s;
    sg::Host *device;
    sg::CommPtr comm;
};

static std::vector<Flow> read_flows(const char *path)
{
    std::ifstream in(path);
    std::string line;
    std::vector<Flow> flows;
    std::getline(in, line);
    if (line != "id,start_s,size_byte,cap_bit_per_s") {
        std::cerr << path << ": not the columns expected\n";
        std::exit(1);
    }
    while (std::getline(in, line)) {
        std::replace(line.begin(), line.end(), ',', ' ');
        std::istringstream words(line);
        Flow f{};
        if (!(words >> f.id >> f.start_s >> f.size_byte >> f.cap_bit_per_s) || f.cap_bit_per_s <= 0) {
            std::cerr << path << ": not a flow with a cap: " << line << "\n";
            std::exit(1);
        }
        flows.push_back(f);
    }
    return flows;
}

static sg::Link *link(sg::NetZone *zone, const std::string &name, double bit_per_s)
{
    return zone->create_link(name, bit_per_s / 8)->set_latency(0)->seal();
}

// A star: the server behind the shared link, each device behind its own.
static sg::Host *build_platform(std::vector<Flow> &flows, double capacity_bit_per_s)
{
    sg::NetZone *const zone = sg::create_star_zone("world");
    sg::Host *const server = zone->create_host("server", 1e9);
    const sg::LinkInRoute shared{link(zone, "shared", capacity_bit_per_s)};
    zone->add_route(server->get_netpoint(), nullptr, nullptr, nullptr, {shared}, true);
    for (Flow &f : flows) {
        f.device = zone->create_host("device " + f.id, 1e9);
        const sg::LinkInRoute access{link(zone, "access " + f.id, f.cap_bit_per_s)};
        zone->add_route(f.device->get_netpoint(), nullptr, nullptr, nullptr, {access}, true);
    }
    zone->seal();
    return server;
}

static void send_all(std::vector<Flow> *flows, sg::Host *server)
{
    std::vector<Flow *> by_start;
    for (Flow &f : *flows) {
        by_start.push_back(&f);
    }
    std::stable_sort(by_start.begin(), by_start.end(),
                     [](const Flow *a, const Flow *b) { return a->start_s < b->start_s; });
    for (Flow *f : by_start) {
        sg::this_actor::sleep_until(f->start_s);
        f->comm = sg::Comm::sendto_async(server, f->device, static_cast<uint64_t>(f->size_byte));
    }
    for (const Flow &f : *flows) {
        f.comm->wait();
    }
}

int main(int argc, char **argv)
{
    sg::Engine engine(&argc, argv);
    if (argc != 3) {
        std::cerr << "usage: simgrid_flows FLOWS.csv CAPACITY_BIT_PER_S\n";
        return 64;
    }
    sg::Engine::set_config("network/model:CM02");
    sg::Engine::set_config("network/TCP-gamma:0");
    sg::Engine::set_config("network/crosstraffic:0");
    sg::Engine::set_config("network/optim:Full"); // as exact as Lazy, and faster here
    sg::Engine::set_config("maxmin/precision:1e-9");
    std::vector<Flow> flows = read_flows(argv[1]);
    const std::clock_t start = std::clock();
    sg::Host *const server = build_platform(flows, std::atof(argv[2]));
    sg::Actor::create("sender", server, send_all, &flows, server);
    engine.run();
    const double used_s = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    std::puts("id,finish_s");
    for (const Flow &f : flows) {
        std::printf("%s,%.17g\n", f.id.c_str(), f.comm->get_finish_time());
    }
    std::fprintf(stderr, "cpu_s %.6f\n", used_s);
    return 0;
}
