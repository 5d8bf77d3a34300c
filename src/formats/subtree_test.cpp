// Bit orders and layouts against the examples of the 3D Tiles 1.1 standard.
#include "formats/subtree.h"

#include <gtest/gtest.h>

#include <cstring>

#include "formats/tileset_json.h"

namespace citiverse::formats {
namespace {

std::uint64_t read_u64(const std::string& file, std::size_t at) {
  std::uint64_t v;
  std::memcpy(&v, file.data() + at, sizeof v);
  return v;
}

// Standard, "Morton order" figure: children are numbered south-west, south-east, north-west, north-east.
TEST(Subtree, orders_the_children_of_a_tile_as_the_standard_draws_them) {
  EXPECT_EQ(morton_index(0, 0), 0u);
  EXPECT_EQ(morton_index(1, 0), 1u);
  EXPECT_EQ(morton_index(0, 1), 2u);
  EXPECT_EQ(morton_index(1, 1), 3u);
  EXPECT_EQ(morton_index(5, 3), 0b011011u);  // x 101, y 011: y2 x2 y1 x1 y0 x0 = 0 1 1 0 1 1.
  EXPECT_EQ(morton_index(0xFFFFFFFF, 0), 0x5555555555555555ull);
}

TEST(Subtree, puts_each_level_after_the_levels_above_it) {
  EXPECT_EQ(subtree_bit({0, 0, 0}), 0u);
  EXPECT_EQ(subtree_bit({1, 0, 0}), 1u);
  EXPECT_EQ(subtree_bit({1, 1, 1}), 4u);
  EXPECT_EQ(subtree_bit({2, 0, 0}), 5u);
  EXPECT_EQ(subtree_bit({3, 7, 7}), 84u);
}

// Standard, 11.5: bit i lies in byte i / 8 at place i mod 8. Root and the first and last children: bits 0, 1 and 4.
TEST(Subtree, writes_the_first_tile_to_the_lowest_bit_of_the_first_byte) {
  Subtree s;
  s.levels = 2;
  s.tiles = {true, true, false, false, true};
  s.contents = {true, true, true, true, true};
  s.child_subtrees.assign(16, false);
  const std::string file = write_subtree(s);
  ASSERT_EQ(file.substr(0, 4), "subt");
  const std::uint64_t json_bytes = read_u64(file, 8);
  const std::uint64_t binary_bytes = read_u64(file, 16);
  EXPECT_EQ(json_bytes % 8, 0u);
  EXPECT_EQ(binary_bytes, 8u);
  ASSERT_EQ(file.size(), 24 + json_bytes + binary_bytes);
  EXPECT_EQ(static_cast<unsigned char>(file[24 + json_bytes]), 0b10011);
  const std::string json = file.substr(24, json_bytes);
  EXPECT_NE(json.find(R"("tileAvailability":{"bitstream":0,"availableCount":3})"), std::string::npos) << json;
  EXPECT_NE(json.find(R"("contentAvailability":[{"constant":1,"availableCount":5}])"), std::string::npos) << json;
  EXPECT_NE(json.find(R"("childSubtreeAvailability":{"constant":0})"), std::string::npos) << json;
}

TEST(Subtree, carries_one_box_for_each_tile_that_exists) {
  Subtree s;
  s.levels = 2;
  s.tiles = {true, false, true, false, false};
  s.contents = s.tiles;
  s.child_subtrees.assign(16, false);
  s.tile_boxes = {{0, 0, 50, 100, 0, 0, 0, 100, 0, 0, 0, 50}, {50, -50, 30, 55, 0, 0, 0, 52, 0, 0, 0, 30}};
  const std::string file = write_subtree(s);
  const std::uint64_t json_bytes = read_u64(file, 8);
  ASSERT_EQ(file.size(), 24 + json_bytes + read_u64(file, 16));
  const std::size_t boxes_at = file.size() - 2 * sizeof(BoxVolume);
  EXPECT_EQ((boxes_at - 24 - json_bytes) % 8, 0u);
  double x;
  std::memcpy(&x, file.data() + boxes_at + sizeof(BoxVolume), sizeof x);
  EXPECT_EQ(x, 50.0);
}

// EPSG guidance note 7-2, geographic/geocentric example: 53°48'33.820"N, 2°07'46.380"E, 73.0 m → 3771793.968, 140253.342,
// 5124304.349. The frame's own up axis must lead from the ellipsoid to that point.
TEST(TilesetJson, places_the_frame_where_the_ellipsoid_says) {
  const geo::LatLon place{53 + 48 / 60.0 + 33.820 / 3600, 2 + 7 / 60.0 + 46.380 / 3600};
  const auto m = east_north_up_transform(place);
  EXPECT_NEAR(m[12] + 73.0 * m[8], 3771793.968, 0.001);
  EXPECT_NEAR(m[13] + 73.0 * m[9], 140253.342, 0.001);
  EXPECT_NEAR(m[14] + 73.0 * m[10], 5124304.349, 0.001);
}

}  // namespace
}  // namespace citiverse::formats
