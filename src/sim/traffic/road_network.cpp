// Everything the model is given passes here first, so that the solver's loops need no checks.
#include "sim/traffic/road_network.h"

#include <fmt/format.h>

#include <algorithm>

namespace citiverse::sim {
namespace {

using base::ErrorCode;
using base::fail;

bool is_road_value(double value, double max) { return value >= 0 && value <= max; }  // Not for what is no number.

base::Result<void> check_link(const RoadNetwork& network, std::size_t at) {
  const RoadLink& link = network.links[at];
  const auto wrong = [&](std::string_view what) {
    return fail(ErrorCode::bad_input, fmt::format("link {} ({} to {}): {}", at, link.from, link.to, what));
  };
  if (link.from >= network.nodes || link.to >= network.nodes) {
    return wrong(fmt::format("nodes are 0 to {}", network.nodes - 1));
  }
  const std::pair<double, std::string_view> values[] = {{link.capacity, "capacity"},
                                                        {link.free_flow_min, "free-flow minutes"},
                                                        {link.b, "b"},
                                                        {link.length, "length"},
                                                        {link.toll, "toll"},
                                                        {link.junction_min, "junction minutes"},
                                                        {link.junction_b, "junction's b"},
                                                        {link.junction_capacity, "junction's capacity"}};
  for (const auto& [value, name] : values) {
    if (!is_road_value(value, kRoadValueMax)) {
      return wrong(fmt::format("{} is {}; it is a number from 0 to {}", name, value, kRoadValueMax));
    }
  }
  if (!is_road_value(link.power, kRoadPowerMax) || (link.power > 0 && link.power < 1)) {
    return wrong(fmt::format("power is {}; it is 0, or a number from 1 to {}", link.power, kRoadPowerMax));
  }
  if (carries_nobody(link) && !network.zero_capacity_is_closed) {
    return wrong("its capacity is 0, so it can carry nobody; give it a capacity or leave it out");
  }
  return {};
}

}  // namespace

bool carries_nobody(const RoadLink& link) {
  return (link.capacity <= 0 && link.free_flow_min * link.b > 0) || (link.junction_capacity <= 0 && link.junction_b > 0);
}

base::Result<void> check_network(const RoadNetwork& network) {
  if (network.nodes > kRoadNodesMax || network.links.size() > kRoadLinksMax) {
    return fail(ErrorCode::limit, fmt::format("{} nodes and {} links; at most {} and {} are modelled", network.nodes,
                                              network.links.size(), kRoadNodesMax, kRoadLinksMax));
  }
  if (network.zones > network.nodes) {
    return fail(ErrorCode::bad_input, fmt::format("{} zones, but only {} nodes", network.zones, network.nodes));
  }
  for (std::size_t i = 0; i < network.links.size(); i++) {
    if (auto checked = check_link(network, i); !checked) return checked;
  }
  return {};
}

base::Result<void> check_classes(const RoadNetwork& network, std::span<const UserClass> classes) {
  if (classes.empty() || classes.size() > kUserClassesMax) {
    return fail(ErrorCode::limit, fmt::format("{} classes of users; 1 to {} are modelled", classes.size(), kUserClassesMax));
  }
  for (const UserClass& users : classes) {
    if (!is_road_value(users.min_a_toll, kRoadValueMax) || !is_road_value(users.min_a_length, kRoadValueMax)) {
      return fail(ErrorCode::bad_input, fmt::format("class '{}': weights of toll and length are 0 or more", users.name));
    }
    if (!is_road_value(users.car_units, kRoadValueMax) || users.car_units == 0) {
      return fail(ErrorCode::bad_input, fmt::format("class '{}': a vehicle is more than 0 car units", users.name));
    }
    for (const Trip& trip : users.trips) {
      if (trip.from >= network.zones || trip.to >= network.zones || !is_road_value(trip.trips, kRoadValueMax)) {
        return fail(ErrorCode::bad_input,
                    fmt::format("class '{}': {} trips from {} to {}; zones are 0 to {}, trips 0 to {}", users.name, trip.trips,
                                trip.from, trip.to, static_cast<std::int64_t>(network.zones) - 1, kRoadValueMax));
      }
    }
  }
  return {};
}

RoadNetwork road_network_of(const formats::TntpNetwork& file) {
  RoadNetwork network{.zones = file.zones,
                      .nodes = file.nodes,
                      .first_through_node = std::max<std::uint32_t>(file.first_through_node, 1) - 1,
                      .links = {}};
  network.links.reserve(file.links.size());
  for (const formats::TntpLink& link : file.links) {
    network.links.push_back({.from = link.from - 1,
                             .to = link.to - 1,
                             .capacity = link.capacity,
                             .free_flow_min = link.free_flow_time,
                             .b = link.b,
                             .power = link.power,
                             .length = link.length,
                             .toll = link.toll});
  }
  return network;
}

UserClass user_class_of(const formats::TntpTrips& file, double min_a_toll, double min_a_length) {
  UserClass users{.name = "all", .min_a_toll = min_a_toll, .min_a_length = min_a_length, .trips = {}};
  users.trips.reserve(file.trips.size());
  for (const formats::TntpTrip& trip : file.trips) users.trips.push_back({trip.from - 1, trip.to - 1, trip.trips});
  return users;
}

}  // namespace citiverse::sim
