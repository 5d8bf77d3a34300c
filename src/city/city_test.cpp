#include "city/city.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "city/city_builder.h"
#include "city/city_pack.h"

namespace citiverse::city {
namespace {

City small_city() {
  CityBuilder builder("Trial", {43.7, 7.4});
  const auto source = builder.add_source({"By hand", "CC0-1.0", "nobody", "2026-01-01"});
  const std::vector<geo::Vec2d> square = {{0, 0}, {0, 10}, {10, 10}, {10, 0}, {0, 0}};
  Geometry outline = builder.begin(GeometryType::polygons);
  EXPECT_TRUE(builder.add_part(outline, square));
  const auto hall_id = FeatureId::of(FeatureKind::building, IdSource::osm_way, 42);
  const auto hall = builder.add(hall_id, outline, builder.text("Hall"), Building{.height_m = 12});
  builder.set_source(hall, source);
  const std::vector<Attribute> attributes = {{builder.text("name:fr"), builder.text("Mairie")}};
  builder.set_attributes(hall, attributes);
  Geometry part_outline = builder.begin(GeometryType::polygons);
  EXPECT_TRUE(builder.add_part(part_outline, square));
  builder.add(FeatureId::of(FeatureKind::building_part, IdSource::osm_way, 43), part_outline, {}, Building{.parent = hall});
  Geometry way = builder.begin(GeometryType::lines);
  EXPECT_TRUE(builder.add_part(way, std::vector<geo::Vec2d>{{-50, -5}, {50, -5}}));
  builder.add(FeatureId::of(FeatureKind::street, IdSource::osm_way, 7), way, builder.text("High Street"), Street{});
  builder.set_terrain(Terrain({-100, -100}, 200, 2, 2, Column(std::vector<float>{0, 10, 20, 40})));
  return std::move(builder).build();
}

TEST(City, keeps_features_under_stable_ids) {
  const City city = small_city();
  const auto hall = city.find(*feature_id_from("building-w42"));
  ASSERT_TRUE(hall);
  const Feature& f = city.feature(*hall);
  EXPECT_EQ(city.text(f.name), "Hall");
  EXPECT_EQ(city.name_in(f, "fr"), "Mairie");
  EXPECT_EQ(city.name_in(f, "ar"), "Hall");
  EXPECT_FLOAT_EQ(city.building(f).height_m, 12);
  EXPECT_FALSE(city.find(*feature_id_from("building-w44")));
  const Feature& part = city.feature(*city.find(*feature_id_from("building_part-w43")));
  EXPECT_EQ(city.building(part).parent, *hall);
  EXPECT_EQ(city.of_kind(FeatureKind::street).count, 1u);
}

TEST(City, turns_outer_rings_counter_clockwise_and_opens_them) {
  const City city = small_city();
  const auto ring = city.vertices(city.parts(city.feature(*city.find(*feature_id_from("building-w42"))).geometry)[0]);
  ASSERT_EQ(ring.size(), 4u);
  EXPECT_GT(geo::cross(ring[1] - ring[0], ring[2] - ring[1]), 0);
}

TEST(City, comes_back_the_same_from_a_pack) {
  const City city = small_city();
  const auto path = std::filesystem::temp_directory_path() / "citiverse_pack_test.pack";
  ASSERT_TRUE(CityPack::save(city, path));
  const auto back = CityPack::open(path);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->name(), "Trial");
  EXPECT_EQ(back->features().size(), city.features().size());
  EXPECT_EQ(back->text(back->feature(*back->find(*feature_id_from("street-w7"))).name), "High Street");
  EXPECT_DOUBLE_EQ(back->terrain().height_at({0, 0}), city.terrain().height_at({0, 0}));
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 1);
  EXPECT_EQ(CityPack::open(path).error().code, base::ErrorCode::corrupt);
  std::filesystem::remove(path);
}

TEST(FeatureId, text_form_goes_both_ways_and_nothing_else_is_read) {
  for (const char* text : {"building-w4097656", "building_part-r1", "tree-n99", "place-g0", "line-h4503599627370495"}) {
    ASSERT_TRUE(feature_id_from(text)) << text;
    EXPECT_EQ(to_string(*feature_id_from(text)), text);
  }
  for (const char* text : {"", "-", "building", "building-w", "building-w01", "building-x1", "castle-w1", "building-w-1",
                           "building-w4503599627370496", "building-w1 "}) {
    EXPECT_FALSE(feature_id_from(text)) << text;
  }
}

TEST(Terrain, is_linear_on_two_triangles_a_cell) {
  const Terrain terrain({0, 0}, 10, 2, 2, Column(std::vector<float>{0, 10, 20, 40}));
  EXPECT_DOUBLE_EQ(terrain.height_at({10, 0}), 10);
  EXPECT_DOUBLE_EQ(terrain.height_at({5, 5}), 20);
  EXPECT_DOUBLE_EQ(terrain.height_at({10, 5}), 25);
  EXPECT_DOUBLE_EQ(terrain.height_at({-99, 99}), 20);
}

TEST(SpatialIndex, finds_what_a_plain_scan_finds) {
  base::Random random(11);
  std::vector<geo::Box2d> boxes;
  for (int i = 0; i < 3000; ++i) {
    const geo::Vec2d low{random.uniform(-500, 500), random.uniform(-500, 500)};
    boxes.push_back({low, {low.x + random.uniform(0, 20), low.y + random.uniform(0, 20)}});
  }
  const SpatialIndex index(boxes);
  for (int trial = 0; trial < 100; ++trial) {
    const geo::Vec2d low{random.uniform(-600, 600), random.uniform(-600, 600)};
    const geo::Box2d wanted{low, {low.x + random.uniform(0, 300), low.y + random.uniform(0, 300)}};
    std::vector<std::uint32_t> found;
    index.visit_box(wanted, [&](std::uint32_t item) { found.push_back(item); });
    std::sort(found.begin(), found.end());
    std::vector<std::uint32_t> expected;
    for (std::uint32_t i = 0; i < boxes.size(); ++i) {
      if (boxes[i].intersects(wanted)) expected.push_back(i);
    }
    ASSERT_EQ(found, expected);

    double last = -1;
    std::vector<double> nearest;
    index.visit_nearest(low, 1e9, [&](std::uint32_t item, double) {
      nearest.push_back(boxes[item].squared_distance(low));
      return nearest.size() < 20;
    });
    std::vector<double> all;
    for (const auto& b : boxes) all.push_back(b.squared_distance(low));
    std::sort(all.begin(), all.end());
    for (std::size_t i = 0; i < 20; ++i) {
      EXPECT_NEAR(nearest[i], all[i], 0.1);
      EXPECT_GE(nearest[i] + 0.1, last);
      last = nearest[i];
    }
  }
}

TEST(SpatialIndex, of_nothing_and_of_one_answers) {
  int visits = 0;
  SpatialIndex(std::span<const geo::Box2d>{}).visit_box({{0, 0}, {1, 1}}, [&](std::uint32_t) { ++visits; });
  EXPECT_EQ(visits, 0);
  const geo::Box2d one{{0, 0}, {1, 1}};
  SpatialIndex(std::span(&one, 1)).visit_box({{0, 0}, {1, 1}}, [&](std::uint32_t) { ++visits; });
  EXPECT_EQ(visits, 1);
}

}  // namespace
}  // namespace citiverse::city
