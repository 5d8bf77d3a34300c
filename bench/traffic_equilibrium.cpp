// What an equilibrium of traffic costs, beside a plain Frank-Wolfe with Dijkstra's search that measures the machine.
// Built and run by bench/traffic_equilibrium. Usage: traffic_equilibrium STEM MIN_A_TOLL MIN_A_LENGTH GAP THREADS
// cold|what_if|yardstick
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <limits>
#include <queue>
#include <string>

#include "base/file.h"
#include "formats/tntp.h"
#include "sim/traffic/equilibrium.h"

namespace {

using namespace citiverse;

double cpu_s() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         1e-6 * static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

double wall_s() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

std::string bytes_of(const std::string& file) {
  auto bytes = base::read_file(file, 1'000'000'000);
  if (bytes) return std::move(*bytes);
  std::fprintf(stderr, "%s\n", bytes.error().message.c_str());
  std::exit(1);
}

template <class T>
T value_of(base::Result<T> result) {
  if (result) return std::move(*result);
  std::fprintf(stderr, "%s\n", result.error().message.c_str());
  std::exit(1);
}

/// All trips on shortest ways at these costs, zone by zone; returns their minutes.
double load_shortest(const sim::RoadNetwork& network, const std::vector<std::vector<std::size_t>>& out,
                     const std::vector<std::vector<sim::Trip>>& trips, const std::vector<double>& cost,
                     std::vector<double>& volumes) {
  double sum = 0;
  volumes.assign(network.links.size(), 0);
  for (std::uint32_t origin = 0; origin < network.zones; origin++) {
    if (trips[origin].empty()) continue;
    std::vector<double> best(network.nodes, std::numeric_limits<double>::infinity());
    std::vector<std::size_t> way(network.nodes, network.links.size());
    std::priority_queue<std::pair<double, std::uint32_t>, std::vector<std::pair<double, std::uint32_t>>, std::greater<>> queue;
    best[origin] = 0;
    queue.emplace(0, origin);
    while (!queue.empty()) {
      const auto [minutes, node] = queue.top();
      queue.pop();
      if (minutes > best[node] || (node < network.first_through_node && node != origin)) continue;
      for (const std::size_t link : out[node]) {
        const std::uint32_t to = network.links[link].to;
        if (minutes + cost[link] >= best[to]) continue;
        best[to] = minutes + cost[link];
        way[to] = link;
        queue.emplace(best[to], to);
      }
    }
    for (const sim::Trip& trip : trips[origin]) {
      sum += trip.trips * best[trip.to];
      for (std::uint32_t node = trip.to; node != origin; node = network.links[way[node]].from) volumes[way[node]] += trip.trips;
    }
  }
  return sum;
}

/// Frank & Wolfe 1956: all onto the shortest ways, and as far in that direction as the objective falls.
double frank_wolfe(const sim::RoadNetwork& network, const sim::UserClass& users, double gap) {
  std::vector<std::vector<std::size_t>> out(network.nodes);
  for (std::size_t i = 0; i < network.links.size(); i++) out[network.links[i].from].push_back(i);
  std::vector<std::vector<sim::Trip>> trips(network.zones);
  for (const sim::Trip& trip : users.trips) {
    if (trip.from != trip.to) trips[trip.from].push_back(trip);
  }
  std::vector<sim::LinkCost> costs;
  for (const sim::RoadLink& link : network.links) {
    costs.push_back(sim::LinkCost::of(link));
    costs.back().base += users.min_a_toll * link.toll + users.min_a_length * link.length;
  }
  const std::size_t links = costs.size();
  std::vector<double> cost(links);
  std::vector<double> volumes(links);
  std::vector<double> target(links);
  const auto cost_at = [&](double step) {
    for (std::size_t i = 0; i < links; i++) cost[i] = costs[i].minutes(volumes[i] + step * (target[i] - volumes[i]));
  };
  cost_at(0);
  load_shortest(network, out, trips, cost, volumes);
  while (true) {
    target = volumes;
    cost_at(0);
    const double shortest = load_shortest(network, out, trips, cost, target);
    double total = 0;
    for (std::size_t i = 0; i < links; i++) total += volumes[i] * cost[i];
    if (total / shortest - 1 <= gap) return total / shortest - 1;
    double low = 0;
    double high = 1;
    for (int k = 0; k < 40; k++) {
      const double middle = (low + high) / 2;
      cost_at(middle);
      double slope = 0;
      for (std::size_t i = 0; i < links; i++) slope += cost[i] * (target[i] - volumes[i]);
      (slope > 0 ? high : low) = middle;
    }
    for (std::size_t i = 0; i < links; i++) volumes[i] += low * (target[i] - volumes[i]);
  }
}

/// The busiest link that does not end at a zone, at a tenth of its capacity.
void cut_busiest(sim::Equilibrium& traffic) {
  const std::vector<double> volumes = traffic.volumes();
  const sim::RoadNetwork& network = traffic.network();
  std::uint32_t busiest = 0;
  double most = -1;
  for (std::uint32_t i = 0; i < volumes.size(); i++) {
    const bool is_street = network.links[i].from >= network.zones && network.links[i].to >= network.zones;
    if (!is_street || volumes[i] <= most) continue;
    most = volumes[i];
    busiest = i;
  }
  sim::RoadLink link = network.links[busiest];
  link.capacity /= 10;
  if (!traffic.change_links({&busiest, 1}, {&link, 1})) std::exit(1);
}

}  // namespace

int main(int count, char** words) {
  if (count != 7) return 2;
  const std::string stem = words[1];
  const double gap = std::atof(words[4]);
  const std::string what = words[6];
  const double begin = wall_s();
  sim::RoadNetwork network = sim::road_network_of(value_of(formats::read_tntp_network(bytes_of(stem + "_net.tntp"))));
  sim::UserClass users = sim::user_class_of(value_of(formats::read_tntp_trips(bytes_of(stem + "_trips.tntp"))),
                                            std::atof(words[2]), std::atof(words[3]));
  if (what == "yardstick") {
    const double found = frank_wolfe(network, users, gap);
    std::printf("cpu_s %.3f\ngap %.3e\n", cpu_s(), found);
    return 0;
  }
  std::vector<sim::UserClass> classes;
  classes.push_back(std::move(users));
  sim::Equilibrium traffic = value_of(sim::Equilibrium::of(std::move(network), std::move(classes)));
  sim::EquilibriumOptions options{
      .gap = gap, .threads = static_cast<unsigned>(std::atoi(words[5])), .cancel = {}, .progress = {}};
  sim::EquilibriumReport report = traffic.solve(options);
  double cpu_before_s = 0;
  double wall_before_s = begin;
  if (what == "what_if") {
    cpu_before_s = cpu_s();
    wall_before_s = wall_s();
    cut_busiest(traffic);
    options.gap = 1e-4;
    report = traffic.solve(options);
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("cpu_s %.3f\nwall_s %.3f\ngap %.3e\nrounds %u\nobjective %.6f\nmemory_mb %.1f\n", cpu_s() - cpu_before_s,
              wall_s() - wall_before_s, report.gap, report.rounds, report.objective,
              static_cast<double>(usage.ru_maxrss) / 1000);
  return report.is_converged ? 0 : 1;
}
