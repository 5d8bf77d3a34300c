#include "sim/traffic/trip_ways.h"

#include <gtest/gtest.h>

namespace citiverse::sim {
namespace {

/// Braess's network with its short cut: six cars, two on each of three ways, 92 minutes each.
Equilibrium braess_traffic() {
  const auto link = [](std::uint32_t from, std::uint32_t to, double minutes, double slope) {
    RoadLink made{.from = from, .to = to, .capacity = 1, .power = 1, .junction_min = minutes, .junction_b = slope};
    made.junction_capacity = 1;
    return made;
  };
  RoadNetwork network{.zones = 2, .nodes = 4, .first_through_node = 0, .links = {}};
  network.links = {link(0, 2, 0, 10), link(2, 1, 50, 1), link(0, 3, 50, 1), link(3, 1, 0, 10), link(2, 3, 10, 1)};
  UserClass users{.name = "lorries", .car_units = 2, .trips = {{0, 1, 3}}};
  Equilibrium traffic = Equilibrium::of(std::move(network), {users}).value();
  traffic.solve({.gap = 1e-12});
  return traffic;
}

TEST(TripWays, of_an_equilibrium_all_take_the_same_minutes) {
  const Equilibrium traffic = braess_traffic();
  const std::vector<TripWay> ways = trip_ways(traffic, 0, 0, 1).value();
  ASSERT_EQ(ways.size(), 3U);
  double vehicles = 0;
  for (const TripWay& way : ways) {
    EXPECT_NEAR(way.minutes, 92, 1e-8);
    vehicles += way.vehicles;
    std::uint32_t node = 0;
    for (const std::uint32_t link : way.links) {
      EXPECT_EQ(traffic.network().links[link].from, node);
      node = traffic.network().links[link].to;
    }
    EXPECT_EQ(node, 1U);
  }
  EXPECT_NEAR(vehicles, 3, 1e-9);
  EXPECT_TRUE(trip_ways(traffic, 0, 1, 0).value().empty());
  EXPECT_FALSE(trip_ways(traffic, 1, 0, 1));
  EXPECT_FALSE(trip_ways(traffic, 0, 0, 2));
}

TEST(TripWays, through_a_link_are_as_many_as_drive_on_it) {
  const Equilibrium traffic = braess_traffic();
  const std::vector<double> vehicles = traffic.vehicles_of(0);
  for (std::uint32_t link = 0; link < vehicles.size(); link++) {
    const std::vector<Trip> trips = trips_through(traffic, 0, link).value();
    ASSERT_EQ(trips.size(), 1U) << link;
    EXPECT_NEAR(trips[0].trips, vehicles[link], 1e-9) << link;
  }
  EXPECT_FALSE(trips_through(traffic, 0, 5));
}

}  // namespace
}  // namespace citiverse::sim
