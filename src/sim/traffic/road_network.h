// What the traffic model is asked about: streets, and who wants to go where.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "formats/tntp.h"
#include "sim/traffic/link_cost.h"

namespace citiverse::sim {

inline constexpr std::uint32_t kRoadNodesMax = 4'000'000;
inline constexpr std::size_t kRoadLinksMax = 16'000'000;
inline constexpr std::size_t kUserClassesMax = 16;
inline constexpr double kRoadValueMax = 1e9;  ///< Capacities, minutes, lengths and tolls of one link, and trips of one pair.
inline constexpr double kRoadPowerMax = 16;

/// Nodes 0 to zones − 1 are where trips begin and end.
struct RoadNetwork {
  std::uint32_t zones = 0;
  std::uint32_t nodes = 0;
  std::uint32_t first_through_node = 0;  ///< No trip passes through a node before it; it may begin or end there.
  std::vector<RoadLink> links;
  /// A link whose time depends on a capacity of 0 is closed, and counted as such; false: it is an error that names it.
  bool zero_capacity_is_closed = true;
};

struct Trip {
  std::uint32_t from = 0;  ///< Zone, from 0.
  std::uint32_t to = 0;
  double trips = 0;  ///< Vehicles in the period.
};

/// Those who weigh time, toll and length alike: their cost of a link is minutes + min_a_toll · toll + min_a_length · length.
struct UserClass {
  std::string name;
  double min_a_toll = 0;
  double min_a_length = 0;
  double car_units = 1;     ///< Passenger-car units that a vehicle is.
  std::vector<Trip> trips;  ///< A pair may stand several times.
};

/// Fails: bad_input, naming the link or trip and the fix; limit.
base::Result<void> check_network(const RoadNetwork& network);
base::Result<void> check_classes(const RoadNetwork& network, std::span<const UserClass> classes);

/// Whether the link's time depends on a capacity that is 0.
bool carries_nobody(const RoadLink& link);

RoadNetwork road_network_of(const formats::TntpNetwork& file);
/// The file's trips as one class.
UserClass user_class_of(const formats::TntpTrips& file, double min_a_toll, double min_a_length);

}  // namespace citiverse::sim
