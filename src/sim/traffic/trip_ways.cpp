// The bushes of those who are asked about are opened; nothing of it is kept.
#include "sim/traffic/trip_ways.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/traffic/equilibrium_state.h"

namespace citiverse::sim {
namespace {

base::Result<void> find_class(const EquilibriumState& state, std::size_t users) {
  if (users < state.classes.size()) return {};
  return base::fail(base::ErrorCode::not_found,
                    fmt::format("class {} is not there; there are {}", users, state.classes.size()));
}

}  // namespace

base::Result<std::vector<TripWay>> trip_ways(const Equilibrium& traffic, std::size_t users, std::uint32_t from,
                                             std::uint32_t to) {
  const EquilibriumState& s = traffic.state();
  if (auto found = find_class(s, users); !found) return std::unexpected(std::move(found.error()));
  if (from >= s.network.zones || to >= s.network.zones) {
    return base::fail(base::ErrorCode::not_found, fmt::format("{} to {}: there are {} zones", from, to, s.network.zones));
  }
  std::vector<TripWay> ways;
  for (std::size_t i = 0; i < s.bushes.size(); i++) {
    const TripSource& source = s.demand.sources[i];
    if (source.origin != from || source.users != users || s.begins[i]) continue;
    const auto found = std::ranges::find(source.destinations, to);
    if (found == source.destinations.end()) continue;
    const double units = source.units[static_cast<std::size_t>(found - source.destinations.begin())];
    BushWork work(s.graph);
    work.open(s.bushes[i], source);
    for (const BushWork::Way& way : work.ways_to(to, kTripWaysMax)) {
      TripWay told{.vehicles = way.share * units / s.classes[users].car_units, .links = {}};
      for (const std::uint32_t link : way.links) {
        told.minutes += s.loads.states().cost[link] + (s.extra_of(i) ? s.extra_of(i)[link] : 0);
        told.links.push_back(s.graph.given[link]);
      }
      ways.push_back(std::move(told));
    }
  }
  return ways;
}

base::Result<std::vector<Trip>> trips_through(const Equilibrium& traffic, std::size_t users, std::uint32_t link) {
  const EquilibriumState& s = traffic.state();
  if (auto found = find_class(s, users); !found) return std::unexpected(std::move(found.error()));
  const auto place = std::ranges::find(s.graph.given, link);
  if (place == s.graph.given.end()) {
    return base::fail(base::ErrorCode::not_found, fmt::format("link {} is not there; there are {}", link, s.graph.links()));
  }
  const auto of_graph = static_cast<std::uint32_t>(place - s.graph.given.begin());
  std::vector<Trip> trips;
  BushWork work(s.graph);
  for (std::size_t i = 0; i < s.bushes.size(); i++) {
    const TripSource& source = s.demand.sources[i];
    const auto used = std::span(s.bushes[i].links).first(s.bushes[i].active);
    if (source.users != users || s.begins[i] || std::ranges::find(used, of_graph) == used.end()) continue;
    work.open(s.bushes[i], source);
    const std::vector<double> shares = work.shares_through(source, of_graph);
    for (std::size_t k = 0; k < shares.size(); k++) {
      if (shares[k] <= 0) continue;
      trips.push_back({source.origin, source.destinations[k], shares[k] * source.units[k] / s.classes[users].car_units});
    }
  }
  return trips;
}

}  // namespace citiverse::sim
