#include "tiles/building_mesh.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "city/city_builder.h"
#include "testing/outlines.h"
#include "testing/solids.h"
#include "tiles/roof.h"

namespace citiverse::tiles {
namespace {

using city::Building;
using city::CityBuilder;
using city::FeatureId;
using city::FeatureKind;
using city::IdSource;
using city::RoofShape;
using testing_fixtures::Outline;
using testing_fixtures::OutlineKind;

constexpr RoofShape kShapes[] = {RoofShape::flat,      RoofShape::gabled,   RoofShape::hipped,  RoofShape::half_hipped,
                                 RoofShape::pyramidal, RoofShape::skillion, RoofShape::gambrel, RoofShape::mansard,
                                 RoofShape::dome,      RoofShape::onion,    RoofShape::round};

const char* name_of(RoofShape shape) {
  constexpr const char* kNames[] = {"unknown",  "flat",    "gabled",  "hipped", "half_hipped", "pyramidal",
                                    "skillion", "gambrel", "mansard", "dome",   "onion",       "round"};
  return kNames[static_cast<std::size_t>(shape)];
}

double perimeter_of(const Outline& outline) {
  double sum = 0;
  for (const auto& ring : outline) {
    for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) sum += distance(ring[j], ring[i]);
  }
  return sum;
}

// One building on a slope of 1 in 10.
city::City city_of(const Outline& outline, const Building& building) {
  CityBuilder builder("Trial", {43.7, 7.4});
  auto geometry = builder.begin(city::GeometryType::polygons);
  for (std::size_t r = 0; r < outline.size(); ++r) EXPECT_TRUE(builder.add_part(geometry, outline[r], r > 0));
  builder.add(FeatureId::of(FeatureKind::building, IdSource::osm_way, 1), geometry, {}, building);
  std::vector<float> heights;
  for (int row = 0; row < 41; ++row) {
    for (int column = 0; column < 41; ++column) heights.push_back(static_cast<float>(column) * 20.0f);
  }
  builder.set_terrain(city::Terrain({-4000, -4000}, 200, 41, 41, city::Column(std::move(heights))));
  return std::move(builder).build();
}

testing_fixtures::SolidReport draw(const city::City& city, BuildingDetail detail, TileContent& content) {
  content = {};
  content.origin = {city.box().center().x, city.box().center().y, 400};
  append_building(city, 0, detail, content.origin, content);
  return testing_fixtures::inspect(content, 0);
}

void expect_a_solid(const Outline& outline, const Building& building) {
  const city::City city = city_of(outline, building);
  TileContent content;
  const auto full = draw(city, BuildingDetail::full, content);
  ASSERT_GT(full.triangles, 0u);
  EXPECT_FALSE(full.has_bad_number);
  EXPECT_EQ(full.open_edges, 0u);
  EXPECT_EQ(full.shared_edges, 0u);
  EXPECT_EQ(full.doubled_faces, 0u);
  EXPECT_EQ(full.against_normal, 0u);
  EXPECT_GT(full.volume_m3, 0);
  EXPECT_NEAR(full.roof_plan_m2, testing_fixtures::area_of(outline), kOutlineToleranceM * perimeter_of(outline));
  EXPECT_LE(full.off_plane_m, kRoofPlaneErrorM);
  for (const auto detail : {BuildingDetail::block, BuildingDetail::far}) {
    const auto coarse = draw(city, detail, content);
    EXPECT_EQ(coarse.open_edges, 0u);
    EXPECT_GT(coarse.volume_m3, 0);
    // A prism: two triangles a wall, and a top and an underside.
    std::size_t points = 0;
    for (const auto& ring : outline) points += ring.size();
    const std::size_t corners = detail == BuildingDetail::far ? 4 : points;
    const std::size_t holes = detail == BuildingDetail::far ? 0 : outline.size() - 1;
    EXPECT_LE(coarse.triangles, 2 * corners + 2 * (corners - 2 + 2 * holes));
  }
}

TEST(BuildingMesh, is_a_closed_solid_for_every_roof_over_every_outline) {
  for (const RoofShape shape : kShapes) {
    for (const OutlineKind kind : testing_fixtures::kOutlineKinds) {
      base::Random random(static_cast<std::uint64_t>(shape), static_cast<std::uint64_t>(kind));
      for (int i = 0; i < 40; ++i) {
        const Outline outline = random_outline(kind, random);
        const Building building{
            .height_m = static_cast<float>(random.uniform(4, 30)),
            .min_height_m = random.chance(0.2) ? 2.5f : 0.0f,
            .roof_height_m = static_cast<float>(random.uniform(0, 8)),
            .roof_direction_deg = static_cast<float>(random.uniform(-1, 360)),
            .roof = shape,
            .roof_orientation = random.chance(0.3) ? city::RoofOrientation::across : city::RoofOrientation::along};
        ASSERT_NO_FATAL_FAILURE(expect_a_solid(outline, building));
        ASSERT_FALSE(HasFailure()) << name_of(shape) << " on kind " << static_cast<int>(kind) << " try " << i;
      }
    }
  }
}

TEST(BuildingMesh, draws_a_group_as_one_closed_box_of_its_area_and_height_around_its_center) {
  const Outline house = {{{0, 0}, {9, 0}, {9, 6}, {0, 6}}};
  const city::City city = city_of(house, {.height_m = 7, .roof_height_m = 2, .roof = RoofShape::gabled});
  EXPECT_DOUBLE_EQ(outline_area_m2(city, city.feature(0)), 54);
  TileContent content;
  append_building_group(city, {.largest = 0, .center = {20, 30}, .box = {{-50, -50}, {90, 110}}, .area_m2 = 540, .height_m = 9},
                        {20, 30, 400}, content);
  const auto solid = testing_fixtures::inspect(content, 0);
  EXPECT_EQ(solid.triangles, 12u);
  EXPECT_EQ(solid.open_edges, 0u);
  EXPECT_NEAR(solid.roof_plan_m2, 540, 0.1);
  EXPECT_NEAR(solid.volume_m3, 540 * (9 - 1 + kFootingM), 540 * 1.0)
      << "its ground slopes by 0.9 m; the roof is at half of its height";
  geo::Vec2d middle{0, 0};
  const auto& roof = content.of(Material::roof).positions;
  for (std::size_t i = 0; i < roof.size(); ++i) middle = middle + geo::Vec2d{roof[i].x, roof[i].y};
  EXPECT_NEAR(length(middle), 0, 0.01 * static_cast<double>(roof.size()));
}

TEST(BuildingMesh, is_a_closed_solid_for_any_seed) {
  rc::check([](std::uint64_t seed) {
    base::Random random(seed);
    const auto kind = testing_fixtures::kOutlineKinds[random.below(std::size(testing_fixtures::kOutlineKinds))];
    expect_a_solid(random_outline(kind, random), {.height_m = static_cast<float>(random.uniform(-5, 60)),
                                                  .min_height_m = static_cast<float>(random.uniform(-3, 70)),
                                                  .roof_height_m = static_cast<float>(random.uniform(-3, 80)),
                                                  .roof = kShapes[random.below(std::size(kShapes))]});
    RC_LOG() << "seed " << seed;
    RC_ASSERT(!::testing::Test::HasFailure());
  });
}

// The shapes that OSM Simple 3D Buildings draws over a rectangle, an L, a T and a U are made as wished, not replaced.
TEST(Roof, takes_the_wished_shape_on_houses_with_wings) {
  for (const OutlineKind kind : {OutlineKind::rectangle, OutlineKind::l_shape, OutlineKind::t_shape, OutlineKind::u_shape}) {
    base::Random random(99, static_cast<std::uint64_t>(kind));
    for (int i = 0; i < 100; ++i) {
      tiles::Outline outline;
      ASSERT_TRUE(outline.add_ring(random_outline(kind, random)[0], 0.01));
      for (const RoofShape shape : {RoofShape::gabled, RoofShape::hipped, RoofShape::half_hipped, RoofShape::gambrel,
                                    RoofShape::mansard, RoofShape::skillion, RoofShape::round}) {
        Roof roof;
        make_roof(outline, {shape, 3}, roof);
        EXPECT_EQ(roof.made, shape) << name_of(shape) << " on kind " << static_cast<int>(kind) << " try " << i;
        EXPECT_NEAR(roof.height_m, 3, 0.01);
      }
    }
  }
}

TEST(Roof, of_a_gabled_rectangle_has_its_ridge_along_the_longer_side_unless_across) {
  tiles::Outline outline;
  ASSERT_TRUE(outline.add_ring(std::vector<geo::Vec2d>{{0, 0}, {12, 0}, {12, 6}, {0, 6}}, 0.01));
  for (const auto orientation : {city::RoofOrientation::along, city::RoofOrientation::across}) {
    Roof roof;
    make_roof(outline, {RoofShape::gabled, 4, -1, orientation}, roof);
    ASSERT_GE(roof.points.size(), 6u);
    for (std::size_t i = 4; i < roof.points.size(); ++i) {
      EXPECT_NEAR(roof.points[i].z, 4, 1e-9);
      const bool is_along = orientation == city::RoofOrientation::along;
      EXPECT_NEAR(is_along ? roof.points[i].y : roof.points[i].x, is_along ? 3 : 6, 1e-9);
    }
  }
}

TEST(Roof, has_its_ridge_across_the_direction_in_which_its_slopes_face) {
  tiles::Outline outline;
  ASSERT_TRUE(outline.add_ring(std::vector<geo::Vec2d>{{0, 0}, {12, 0}, {12, 6}, {0, 6}}, 0.01));
  Roof roof;
  make_roof(outline, {RoofShape::gabled, 4, 85}, roof);  // Slopes face east and west.
  for (std::size_t i = 4; i < roof.points.size(); ++i) EXPECT_NEAR(roof.points[i].x, 6, 1e-9);
}

TEST(Roof, of_a_skillion_falls_to_its_direction) {
  tiles::Outline outline;
  ASSERT_TRUE(outline.add_ring(std::vector<geo::Vec2d>{{0, 0}, {12, 0}, {12, 6}, {0, 6}}, 0.01));
  Roof roof;
  make_roof(outline, {RoofShape::skillion, 2, 90}, roof);  // Downhill to the east.
  for (const auto& p : roof.points) EXPECT_NEAR(p.z, 2 * (12 - p.x) / 12, 1e-9);
}

TEST(Roof, becomes_flat_at_half_its_height_where_the_outline_has_too_many_points) {
  std::vector<geo::Vec2d> ring;
  for (int i = 0; i < 300; ++i) {
    const double a = 2 * std::numbers::pi * i / 300;
    const double r = i % 2 == 0 ? 30 : 20;
    ring.push_back({r * std::cos(a), r * std::sin(a)});
  }
  tiles::Outline outline;
  ASSERT_TRUE(outline.add_ring(ring, 0.01));
  Roof roof;
  make_roof(outline, {RoofShape::hipped, 6}, roof);
  EXPECT_EQ(roof.made, RoofShape::flat);
  EXPECT_DOUBLE_EQ(roof.height_m, 3);
}

TEST(BuildingMesh, stands_on_the_lowest_ground_and_rises_by_its_height) {
  const Outline outline = {{{0, 0}, {20, 0}, {20, 10}, {0, 10}}};
  const city::City city = city_of(outline, {.height_m = 9});
  TileContent content;
  draw(city, BuildingDetail::full, content);
  float low = 1e9f;
  float high = -1e9f;
  for (const auto& p : content.of(Material::wall).positions) low = std::min(low, p.z);
  for (const auto& p : content.of(Material::roof).positions) high = std::max(high, p.z);
  EXPECT_NEAR(low + content.origin.z, 400 - kFootingM, 1e-3);  // The ground is at 400 m at x = 0 and rises to the east.
  EXPECT_NEAR(high + content.origin.z, 409, 1e-3);
}

TEST(BuildingMesh, counts_estimated_heights_from_the_street) {
  const Outline outline = {{{0, 0}, {20, 0}, {20, 10}, {0, 10}}};
  const city::City city = city_of(outline, {.height_m = 9, .estimated = city::kHeightEstimated});
  TileContent content;
  draw(city, BuildingDetail::full, content);
  float high = -1e9f;
  for (const auto& p : content.of(Material::roof).positions) high = std::max(high, p.z);
  EXPECT_NEAR(high + content.origin.z, 410, 1e-3);  // From 401 m, between 400 m and 402 m.
}

TEST(BuildingMesh, of_a_part_hangs_from_the_ground_line_of_its_building) {
  CityBuilder builder("Trial", {43.7, 7.4});
  auto whole = builder.begin(city::GeometryType::polygons);
  builder.add_part(whole, std::vector<geo::Vec2d>{{0, 0}, {40, 0}, {40, 10}, {0, 10}});
  const auto parent = builder.add(FeatureId::of(FeatureKind::building, IdSource::osm_way, 1), whole, {},
                                  Building{.height_m = 30, .has_parts = true});
  auto tower = builder.begin(city::GeometryType::polygons);
  builder.add_part(tower, std::vector<geo::Vec2d>{{30, 0}, {40, 0}, {40, 10}, {30, 10}});
  builder.add(FeatureId::of(FeatureKind::building_part, IdSource::osm_way, 2), tower, {},
              Building{.height_m = 30, .min_height_m = 12, .parent = parent});
  builder.set_terrain(city::Terrain({-100, -100}, 200, 2, 2, city::Column(std::vector<float>{0, 20, 0, 20})));
  const city::City city = std::move(builder).build();
  TileContent content;
  content.origin = {0, 0, 0};
  const auto part = *city.find(FeatureId::of(FeatureKind::building_part, IdSource::osm_way, 2));
  append_building(city, part, BuildingDetail::full, content.origin, content);
  float low = 1e9f;
  float high = -1e9f;
  for (const auto& p : content.of(Material::wall).positions) low = std::min(low, p.z);
  for (const auto& p : content.of(Material::roof).positions) high = std::max(high, p.z);
  EXPECT_NEAR(low, 10 + 12, 1e-3);  // Ground is 10 m at x = 0, the lowest of the whole building.
  EXPECT_NEAR(high, 10 + 30, 1e-3);
}

TEST(BuildingMesh, is_darker_in_a_narrow_gap) {
  const auto light_of_walls = [](double gap_m) {
    CityBuilder builder("Trial", {43.7, 7.4});
    for (int i = 0; i < 2; ++i) {
      const double x = i * (10 + gap_m);
      auto geometry = builder.begin(city::GeometryType::polygons);
      builder.add_part(geometry, std::vector<geo::Vec2d>{{x, 0}, {x + 10, 0}, {x + 10, 10}, {x, 10}});
      builder.add(FeatureId::of(FeatureKind::building, IdSource::generated, static_cast<std::uint64_t>(i + 1)), geometry, {},
                  Building{.height_m = 10});
    }
    const city::City city = std::move(builder).build();
    TileContent content;
    append_building(city, *city.find(FeatureId::of(FeatureKind::building, IdSource::generated, 1)), BuildingDetail::full, {},
                    content);
    double sum = 0;
    for (const auto& c : content.of(Material::wall).colours) sum += c.g;
    return sum / static_cast<double>(content.of(Material::wall).colours.size());
  };
  EXPECT_LT(light_of_walls(1) + 2, light_of_walls(9));
  EXPECT_LT(light_of_walls(9), light_of_walls(50));
}

TEST(BuildingMesh, makes_a_solid_of_rings_that_cross_themselves) {
  const Outline crossing = {{{0, 0}, {20, 20}, {20, 0}, {0, 20}}};
  const Outline hole_outside = {{{0, 0}, {20, 0}, {20, 20}, {0, 20}}, {{15, 5}, {15, 10}, {30, 10}, {30, 5}}};
  for (const Outline& outline : {crossing, hole_outside}) {
    const city::City city = city_of(outline, {.height_m = 9, .roof_height_m = 3, .roof = RoofShape::hipped});
    TileContent content;
    const auto report = draw(city, BuildingDetail::full, content);
    EXPECT_GT(report.triangles, 0u);
    EXPECT_EQ(report.open_edges, 0u);
    EXPECT_GT(report.volume_m3, 0);
  }
}

TEST(BuildingMesh, gives_the_same_bytes_again) {
  base::Random random(4);
  const city::City city =
      city_of(random_outline(OutlineKind::courtyard, random), {.height_m = 14, .roof_height_m = 4, .roof = RoofShape::gabled});
  TileContent once;
  TileContent twice;
  draw(city, BuildingDetail::full, once);
  draw(city, BuildingDetail::full, twice);
  for (const auto material : {Material::wall, Material::roof}) {
    EXPECT_EQ(once.of(material).positions, twice.of(material).positions);
    EXPECT_EQ(once.of(material).colours, twice.of(material).colours);
    EXPECT_EQ(once.of(material).indices, twice.of(material).indices);
  }
}

}  // namespace
}  // namespace citiverse::tiles
