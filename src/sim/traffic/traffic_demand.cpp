// Trips counted by origin, placed, and added up where a pair stands several times.
#include "sim/traffic/traffic_demand.h"

#include <algorithm>
#include <utility>

namespace citiverse::sim {

TrafficDemand TrafficDemand::of(std::uint32_t zones, std::span<const UserClass> classes) {
  TrafficDemand demand;
  std::vector<std::pair<std::uint32_t, double>> row;
  for (std::uint32_t users = 0; users < classes.size(); users++) {
    const std::vector<Trip>& trips = classes[users].trips;
    std::vector<std::size_t> start(zones + 1, 0);
    for (const Trip& trip : trips) start[trip.from + 1]++;
    for (std::size_t i = 0; i < zones; i++) start[i + 1] += start[i];
    std::vector<std::uint32_t> order(trips.size());
    std::vector<std::size_t> next(start.begin(), start.end() - 1);
    for (std::uint32_t i = 0; i < trips.size(); i++) order[next[trips[i].from]++] = i;
    demand.destinations.reserve(demand.destinations.size() + trips.size());
    demand.units.reserve(demand.units.size() + trips.size());
    for (std::uint32_t origin = 0; origin < zones; origin++) {
      row.clear();
      for (std::size_t i = start[origin]; i < start[origin + 1]; i++) {
        const Trip& trip = trips[order[i]];
        demand.wanted += trip.trips;
        if (trip.to == origin) demand.within_zones += trip.trips;
        if (trip.to != origin && trip.trips > 0) row.emplace_back(trip.to, trip.trips * classes[users].car_units);
      }
      std::ranges::stable_sort(row, {}, &std::pair<std::uint32_t, double>::first);
      const std::size_t begin = demand.destinations.size();
      for (const auto& [to, units] : row) {
        if (demand.destinations.size() > begin && demand.destinations.back() == to) {
          demand.units.back() += units;
        } else {
          demand.destinations.push_back(to);
          demand.units.push_back(units);
        }
      }
      if (demand.destinations.size() == begin) continue;
      demand.ranges.push_back({begin, demand.destinations.size()});
      demand.sources.push_back({.origin = origin, .users = users, .destinations = {}, .units = {}});
    }
  }
  for (std::size_t i = 0; i < demand.sources.size(); i++) {  // Only now do the arrays stay where they are.
    const auto [begin, end] = demand.ranges[i];
    demand.sources[i].destinations = std::span(demand.destinations).subspan(begin, end - begin);
    demand.sources[i].units = std::span(demand.units).subspan(begin, end - begin);
  }
  return demand;
}

void TrafficDemand::part_by_reach(std::size_t source, const BushWork& work) {
  const auto [begin, end] = ranges[source];
  std::size_t reached = begin;
  for (std::size_t i = begin; i < end; i++) {
    if (!work.reaches(destinations[i])) continue;
    std::swap(destinations[i], destinations[reached]);
    std::swap(units[i], units[reached]);
    reached++;
  }
  sources[source].destinations = std::span(destinations).subspan(begin, reached - begin);
  sources[source].units = std::span(units).subspan(begin, reached - begin);
}

TripCounts TrafficDemand::counts(std::span<const UserClass> classes) const {
  TripCounts counts{.wanted = wanted, .within_zones = within_zones};
  for (std::size_t i = 0; i < sources.size(); i++) {
    const double car_units = classes[sources[i].users].car_units;
    const std::size_t reached = ranges[i].begin + sources[i].destinations.size();
    for (std::size_t k = ranges[i].begin; k < ranges[i].end; k++) {
      (k < reached ? counts.served : counts.unreachable) += units[k] / car_units;
    }
    counts.unreachable_pairs += ranges[i].end - reached;
  }
  return counts;
}

}  // namespace citiverse::sim
