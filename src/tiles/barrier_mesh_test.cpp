#include "tiles/barrier_mesh.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "city/city_builder.h"
#include "testing/outlines.h"
#include "testing/solids.h"

namespace citiverse::tiles {
namespace {

using city::BarrierClass;
using city::FeatureId;
using city::FeatureKind;
using city::IdSource;

city::City city_with(city::GeometryType type, const testing_fixtures::Outline& rings, const city::Barrier& barrier) {
  city::CityBuilder builder("Trial", {43.7, 7.4});
  auto geometry = builder.begin(type);
  for (std::size_t r = 0; r < rings.size(); ++r)
    EXPECT_TRUE(builder.add_part(geometry, rings[r], type == city::GeometryType::polygons && r > 0));
  builder.add(FeatureId::of(FeatureKind::barrier, IdSource::osm_way, 1), geometry, {}, barrier);
  // A slope of 1 in 5 to the east, in steps of 10 m.
  std::vector<float> heights;
  for (int row = 0; row < 101; ++row) {
    for (int column = 0; column < 101; ++column) heights.push_back(static_cast<float>(column) * 2.0f);
  }
  builder.set_terrain(city::Terrain({-500, -500}, 10, 101, 101, city::Column(std::move(heights))));
  return std::move(builder).build();
}

testing_fixtures::SolidReport draw(const city::City& city, TileContent& content) {
  content.origin = {0, 0, 100};
  append_barrier(city, 0, content.origin, content);
  return testing_fixtures::inspect(content, 0);
}

void expect_closed(const testing_fixtures::SolidReport& report) {
  EXPECT_GT(report.triangles, 0u);
  EXPECT_EQ(report.open_edges, 0u);
  EXPECT_EQ(report.against_normal, 0u);
  EXPECT_GT(report.volume_m3, 0);
}

TEST(BarrierMesh, is_a_closed_solid_as_thick_as_its_class_that_follows_the_ground) {
  const city::City city = city_with(city::GeometryType::lines, {{{0, 0}, {50, 0}, {50, 30}, {20, 45}}},
                                    {.height_m = 2, .barrier_class = BarrierClass::wall});
  TileContent content;
  const auto report = draw(city, content);
  expect_closed(report);
  const double length_m = 50 + 30 + std::hypot(30, 15);
  EXPECT_NEAR(report.volume_m3, length_m * 0.3 * (2 + kBarrierFootingM), 0.5);
  for (const auto& p : content.of(Material::roof).positions) {
    const double ground = 100 + 0.2 * p.x - content.origin.z;
    const double over = p.z - ground;
    // Both faces of the wall take the ground of its middle line.
    EXPECT_TRUE(std::abs(over - 2) < 0.1 || std::abs(over + kBarrierFootingM) < 0.1) << over;
  }
}

TEST(BarrierMesh, closes_a_ring_without_ends) {
  const city::City city = city_with(city::GeometryType::lines, {{{0, 0}, {40, 0}, {40, 40}, {0, 40}, {0, 0}}},
                                    {.height_m = 1, .barrier_class = BarrierClass::fence});
  TileContent content;
  const auto report = draw(city, content);
  expect_closed(report);
  EXPECT_EQ(report.triangles, 16u * 8u);  // 16 cuts of 10 m, four faces of two triangles, no ends.
}

TEST(BarrierMesh, fills_a_broad_hedge) {
  const testing_fixtures::Outline hedge = {{{0, 0}, {10, 0}, {10, 4}, {0, 4}}, {{2, 1}, {2, 3}, {4, 3}, {4, 1}}};
  const city::City city =
      city_with(city::GeometryType::polygons, hedge, {.height_m = 1.5, .barrier_class = BarrierClass::hedge});
  TileContent content;
  const auto report = draw(city, content);
  expect_closed(report);
  EXPECT_NEAR(report.volume_m3, (40 - 4) * (1.5 + kBarrierFootingM), 0.05);
}

TEST(BarrierMesh, stays_closed_on_wild_lines) {
  base::Random random(8);
  for (int trial = 0; trial < 200; ++trial) {
    testing_fixtures::Outline line(1);
    geo::Vec2d p{0, 0};
    for (int i = 0; i < 12; ++i) {
      p = p + geo::Vec2d{random.uniform(-9, 9), random.uniform(-9, 9)};
      line[0].push_back(p);
      if (random.chance(0.2)) line[0].push_back(p + geo::Vec2d{0.004, 0});
    }
    const city::City city = city_with(city::GeometryType::lines, line, {.height_m = 1});
    TileContent content;
    const auto report = draw(city, content);
    EXPECT_EQ(report.open_edges, 0u) << trial;
    EXPECT_FALSE(report.has_bad_number);
  }
}

TEST(BarrierMesh, leaves_out_kerbs_and_heights_that_are_no_number) {
  for (const float height : {0.1f, -2.0f, std::nanf("")}) {
    const city::City city = city_with(city::GeometryType::lines, {{{0, 0}, {5, 0}}}, {.height_m = height});
    TileContent content;
    EXPECT_EQ(draw(city, content).triangles, 0u);
  }
}

}  // namespace
}  // namespace citiverse::tiles
