// Buildings stop whoever walks into them, and nobody else.
#include "city/walls.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "city/city_builder.h"

namespace citiverse::city {
namespace {

struct WalledTown {
  CityBuilder builder{"Trial", {45, 5}};
  std::uint64_t next = 1;

  void add_building(std::vector<std::vector<geo::Vec2d>> rings, Building building = {}) {
    Geometry g = builder.begin(GeometryType::polygons);
    for (std::size_t r = 0; r < rings.size(); ++r) ASSERT_TRUE(builder.add_part(g, rings[r], r > 0));
    builder.add(FeatureId::of(FeatureKind::building, IdSource::generated, next++), g, {}, building);
  }
  void add_street(std::vector<geo::Vec2d> line) {
    Geometry g = builder.begin(GeometryType::lines);
    ASSERT_TRUE(builder.add_part(g, line));
    builder.add(FeatureId::of(FeatureKind::street, IdSource::generated, next++), g, {},
                Street{.forward = kWalk, .backward = kWalk});
  }
};

std::vector<geo::Vec2d> square(double x, double y, double edge) {
  return {{x, y}, {x + edge, y}, {x + edge, y + edge}, {x, y + edge}};
}

// A house with a courtyard, from 0 to 20, the court from 5 to 15.
City house_with_court() {
  WalledTown town;
  town.add_building({square(0, 0, 20), {{5, 5}, {5, 15}, {15, 15}, {15, 5}}});
  return std::move(town.builder).build();
}

TEST(Walls, a_step_into_a_building_or_through_it_is_stopped_and_one_beside_it_is_not) {
  const City city = house_with_court();
  const Walls walls(city);
  EXPECT_TRUE(walls.is_walled({-1, 10}, {1, 10}));
  EXPECT_TRUE(walls.is_walled({-1, 2}, {21, 2}));
  EXPECT_TRUE(walls.is_walled({10, 10}, {10, 17}));
  EXPECT_FALSE(walls.is_walled({-1, -1}, {-1, 21}));
  EXPECT_FALSE(walls.is_walled({6, 6}, {14, 14}));
}

TEST(Walls, who_stands_inside_may_leave) {
  const City city = house_with_court();
  const Walls walls(city);
  EXPECT_TRUE(walls.is_inside({2, 2}));
  EXPECT_FALSE(walls.is_inside({10, 10}));
  EXPECT_FALSE(walls.is_walled({2, 2}, {3, 3}));
  EXPECT_FALSE(walls.is_walled({2, 2}, {-5, 2}));
}

TEST(Walls, the_clearance_is_the_distance_to_the_nearest_outline) {
  const City city = house_with_court();
  const Walls walls(city);
  EXPECT_DOUBLE_EQ(walls.clearance_m({-3, 10}, 40), 3);
  EXPECT_DOUBLE_EQ(walls.clearance_m({10, 10}, 40), 5);
  EXPECT_DOUBLE_EQ(walls.clearance_m({-3, -4}, 40), 5);
  EXPECT_DOUBLE_EQ(walls.clearance_m({-100, 10}, 40), 40);
}

TEST(Walls, no_step_within_the_clearance_is_ever_walled) {
  const City city = house_with_court();
  const Walls walls(city);
  base::Random random(5);
  for (int i = 0; i < 20'000; ++i) {
    const geo::Vec2d from{random.uniform(-10, 30), random.uniform(-10, 30)};
    const double reach = walls.clearance_m(from, 40) * 0.999;
    const double turn = random.uniform(0, 6.283);
    ASSERT_FALSE(walls.is_walled(from, from + geo::Vec2d{std::sin(turn), std::cos(turn)} * reach));
  }
}

TEST(Walls, a_building_that_hangs_or_that_a_street_leads_through_is_no_wall) {
  WalledTown town;
  town.add_building({square(0, 0, 10)}, Building{.min_height_m = 4});
  town.add_building({square(100, 0, 10)});
  town.add_street({{90, 5}, {120, 5}});
  town.add_building({square(200, 0, 10)});
  town.add_street({{190, -5}, {220, -5}});
  const City city = std::move(town.builder).build();
  const Walls walls(city);
  EXPECT_EQ(walls.size(), 1u);
  EXPECT_FALSE(walls.is_walled({-1, 5}, {5, 5}));
  EXPECT_FALSE(walls.is_walled({99, 7}, {105, 7}));
  EXPECT_TRUE(walls.is_walled({199, 5}, {205, 5}));
}

TEST(Walls, who_would_stand_in_a_building_stands_beside_it) {
  const City city = house_with_court();
  const Walls walls(city);
  EXPECT_EQ(walls.standing_place({-1, -1}), (geo::Vec2d{-1, -1}));
  const geo::Vec2d place = walls.standing_place({1, 2});
  EXPECT_FALSE(walls.is_inside(place));
  EXPECT_LT(geo::distance(place, {1, 2}), 2);
}

}  // namespace
}  // namespace citiverse::city
