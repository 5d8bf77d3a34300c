#include "testing/ascii_city.h"

#include <gtest/gtest.h>

namespace citiverse::testing_fixtures {
namespace {

using city::FeatureKind;

const city::Feature& feature(const city::City& city, std::string_view id) {
  return city.feature(city.find(*city::feature_id_from(id)).value());
}

double area(const city::City& city, const city::Feature& f) {
  double twice = 0;
  for (const auto& part : city.parts(f.geometry)) {
    const auto ring = city.vertices(part);
    for (std::size_t i = 0; i < ring.size(); ++i) twice += geo::cross(ring[i], ring[(i + 1) % ring.size()]);
  }
  return twice / 2;
}

TEST(AsciiCity, joins_cells_that_touch_and_keeps_courtyards) {
  const auto city = ascii_city(R"(
###.2
#.#.2
###..
)");
  EXPECT_EQ(city.of_kind(FeatureKind::building).count, 2u);
  EXPECT_DOUBLE_EQ(area(city, feature(city, "building-g1")), 800);
  EXPECT_EQ(city.parts(feature(city, "building-g1").geometry).size(), 2u);
  EXPECT_EQ(city.building(feature(city, "building-g2")).levels, 2);
  EXPECT_EQ(feature(city, "building-g1").box, (geo::Box2d{{0, 0}, {30, 30}}));
}

TEST(AsciiCity, splits_streets_where_they_cross) {
  const auto city = ascii_city(R"(
..=..
=====
..=..
)");
  ASSERT_EQ(city.of_kind(FeatureKind::street).count, 4u);
  std::size_t at_crossing = 0;
  for (const auto& f : city.features()) {
    for (const auto p : city.vertices(city.parts(f.geometry)[0])) at_crossing += p == geo::Vec2d{25, 15} ? 1u : 0u;
  }
  EXPECT_EQ(at_crossing, 4u);
}

TEST(AsciiCity, carries_a_street_over_water_on_a_bridge) {
  const auto city = ascii_city(R"(
.~~~.
==BB==
.~~~.
)");
  EXPECT_EQ(city.of_kind(FeatureKind::street).count, 3u);
  std::size_t bridges = 0;
  for (const auto& f : city.features()) {
    if (f.id.kind() == FeatureKind::street) bridges += city.street(f).structure == city::Structure::bridge ? 1u : 0u;
  }
  EXPECT_EQ(bridges, 1u);
  EXPECT_EQ(city.of_kind(FeatureKind::water).count, 1u);
  EXPECT_DOUBLE_EQ(area(city, feature(city, "water-g1")), 800);
}

TEST(AsciiCity, has_the_terrain_it_is_told) {
  const auto city = ascii_city("..\n..\n", {.height = [](geo::Vec2d p) { return p.x + 2 * p.y; }});
  EXPECT_NEAR(city.terrain().height_at({7, 9}), 25, 1e-5);
  EXPECT_TRUE(city.terrain().box().contains({20, 20}));
  EXPECT_TRUE(city.terrain().box().contains({0, 0}));
}

}  // namespace
}  // namespace citiverse::testing_fixtures
