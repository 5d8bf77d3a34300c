#include "city/network.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "city/city_builder.h"

namespace citiverse::city {
namespace {

struct Streets {
  CityBuilder builder{"Trial", {45, 5}};
  std::uint64_t next = 1;

  void add(std::vector<geo::Vec2d> line, Street street) {
    Geometry g = builder.begin(GeometryType::lines);
    ASSERT_TRUE(builder.add_part(g, line));
    builder.add(FeatureId::of(FeatureKind::street, IdSource::generated, next++), g, {}, street);
  }
};

constexpr std::uint8_t kAll = kWalk | kCycle | kDrive;
const Street kTwoWay{.speed_kmh = 36, .forward = kAll, .backward = kAll};
const Street kOneWay{.speed_kmh = 36, .forward = kAll, .backward = kWalk};

TEST(Network, streets_meet_where_they_share_a_vertex_and_nowhere_else) {
  Streets s;
  s.add({{0, 0}, {100, 0}, {200, 0}}, kTwoWay);
  s.add({{100, -100}, {100, 0}}, kTwoWay);  // Shares (100, 0).
  s.add({{50, -50}, {50, 50}}, kTwoWay);    // Crosses without a shared vertex: a bridge.
  const City city = std::move(s.builder).build();
  const Network network(city, kDrive);
  EXPECT_EQ(network.node_count(), 6u);
  EXPECT_EQ(network.edge_count(), 8u);
  EXPECT_EQ(network.component_sizes(), (std::vector<std::uint32_t>{4, 2}));
  const auto from = network.nearest_node({0, 1}, 5);
  const auto to = network.nearest_node({100, -99}, 5);
  ASSERT_TRUE(from && to);
  const auto path = quickest_path(network, *from, *to);
  ASSERT_TRUE(path);
  EXPECT_DOUBLE_EQ(path->length_m, 200);
  EXPECT_NEAR(path->time_s, 20, 1e-4) << "36 km/h is 10 m/s";
  EXPECT_FALSE(quickest_path(network, *from, *network.nearest_node({50, 50}, 5)));
  EXPECT_FALSE(network.nearest_node({5000, 0}, 100));
}

TEST(Network, one_way_streets_hold_for_drivers_and_not_for_walkers) {
  Streets s;
  s.add({{0, 0}, {100, 0}}, kOneWay);
  const City city = std::move(s.builder).build();
  const Network drive(city, kDrive);
  EXPECT_TRUE(quickest_path(drive, *drive.nearest_node({0, 0}, 1), *drive.nearest_node({100, 0}, 1)));
  EXPECT_FALSE(quickest_path(drive, *drive.nearest_node({100, 0}, 1), *drive.nearest_node({0, 0}, 1)));
  const Network walk(city, kWalk);
  const auto back = quickest_path(walk, *walk.nearest_node({100, 0}, 1), *walk.nearest_node({0, 0}, 1));
  ASSERT_TRUE(back);
  EXPECT_NEAR(back->time_s, 75, 1e-3) << "100 m at 4.8 km/h";
  ASSERT_EQ(back->edges.size(), 1u);
  EXPECT_GT(back->edges[0]->first_vertex, back->edges[0]->last_vertex) << "against the street's direction";
}

TEST(Network, quickest_paths_agree_with_bellman_ford_on_random_streets) {
  base::Random random(5);
  Streets s;
  std::vector<geo::Vec2d> points;
  for (int i = 0; i < 60; ++i) points.push_back({std::round(random.uniform(0, 1000)), std::round(random.uniform(0, 1000))});
  for (int i = 0; i < 150; ++i) {
    Street street = random.chance(0.3) ? kOneWay : kTwoWay;
    street.speed_kmh = static_cast<std::uint16_t>(20 + random.below(60));
    const auto a = points[random.below(60)];
    const auto b = points[random.below(60)];
    if (!(a == b)) s.add({a, b}, street);
  }
  const City city = std::move(s.builder).build();
  const Network network(city, kDrive);
  const auto n = static_cast<Network::Node>(network.node_count());
  for (Network::Node from = 0; from < n; from += 7) {
    std::vector<double> best(n, 1e18);
    best[from] = 0;
    for (Network::Node round = 0; round < n; ++round) {
      for (Network::Node at = 0; at < n; ++at) {
        for (const auto& e : network.edges_from(at)) best[e.to] = std::min(best[e.to], best[at] + e.time_s);
      }
    }
    for (Network::Node to = 0; to < n; ++to) {
      const auto path = quickest_path(network, from, to);
      if (best[to] > 1e17) {
        EXPECT_FALSE(path);
      } else {
        ASSERT_TRUE(path);
        EXPECT_NEAR(path->time_s, best[to], 1e-6);
      }
    }
  }
}

}  // namespace
}  // namespace citiverse::city
