// Against the worked examples of the Vector Tile Specification 2.1, sections 4.3.5 and 4.4.
#include "formats/mvt_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <protozero/pbf_reader.hpp>

namespace citiverse::formats {
namespace {

using testing::ElementsAre;

struct ReadFeature {
  std::uint64_t id = 0;
  std::vector<std::uint32_t> tags, geometry;
  int type = 0;
};

struct ReadLayer {
  std::string name;
  std::uint32_t version = 0, extent = 0;
  std::vector<std::string> keys, values;
  std::vector<ReadFeature> features;
};

ReadLayer read(const std::string& tile) {
  protozero::pbf_reader reader(tile);
  ReadLayer layer;
  EXPECT_TRUE(reader.next(3));
  auto l = reader.get_message();
  while (l.next()) {
    switch (l.tag()) {
      case 1: layer.name = l.get_string(); break;
      case 2: {
        ReadFeature feature;
        auto f = l.get_message();
        while (f.next()) {
          if (f.tag() == 1)
            feature.id = f.get_uint64();
          else if (f.tag() == 3)
            feature.type = f.get_enum();
          else {
            auto& into = f.tag() == 2 ? feature.tags : feature.geometry;
            for (const auto v : f.get_packed_uint32()) into.push_back(v);
          }
        }
        layer.features.push_back(feature);
        break;
      }
      case 3: layer.keys.push_back(l.get_string()); break;
      case 4: layer.values.push_back(l.get_string()); break;
      case 5: layer.extent = l.get_uint32(); break;
      case 15: layer.version = l.get_uint32(); break;
      default: ADD_FAILURE() << "field " << l.tag();
    }
  }
  return layer;
}

std::vector<std::uint32_t> commands(MvtGeometryType type, auto&& draw) {
  MvtLayer layer("x");
  layer.begin(1, type);
  draw(layer);
  layer.end();
  std::string tile;
  layer.write_to(tile);
  return read(tile).features.at(0).geometry;
}

TEST(Mvt, encodes_the_specifications_point) {
  EXPECT_THAT(commands(MvtGeometryType::point, [](MvtLayer& l) { l.add_point({25, 17}); }), ElementsAre(9, 50, 34));
}

TEST(Mvt, encodes_the_specifications_multipoint) {
  EXPECT_THAT(commands(MvtGeometryType::point,
                       [](MvtLayer& l) {
                         l.add_point({5, 7});
                         l.add_point({3, 2});
                       }),
              ElementsAre(17, 10, 14, 3, 9));
}

TEST(Mvt, encodes_the_specifications_line) {
  EXPECT_THAT(commands(MvtGeometryType::lines,
                       [](MvtLayer& l) {
                         const MvtPoint line[] = {{2, 2}, {2, 10}, {10, 10}};
                         l.add_line(line);
                       }),
              ElementsAre(9, 4, 4, 18, 0, 16, 16, 0));
}

TEST(Mvt, encodes_the_specifications_multiline) {
  EXPECT_THAT(commands(MvtGeometryType::lines,
                       [](MvtLayer& l) {
                         const MvtPoint first[] = {{2, 2}, {2, 10}, {10, 10}};
                         const MvtPoint second[] = {{1, 1}, {3, 5}};
                         l.add_line(first);
                         l.add_line(second);
                       }),
              ElementsAre(9, 4, 4, 18, 0, 16, 16, 0, 9, 17, 17, 10, 4, 8));
}

TEST(Mvt, encodes_the_specifications_polygon) {
  EXPECT_THAT(commands(MvtGeometryType::polygons,
                       [](MvtLayer& l) {
                         const MvtPoint ring[] = {{3, 6}, {8, 12}, {20, 34}};
                         l.add_ring(ring, false);
                       }),
              ElementsAre(9, 6, 12, 18, 10, 12, 24, 44, 15));
}

TEST(Mvt, encodes_the_specifications_multipolygon_with_a_hole) {
  EXPECT_THAT(commands(MvtGeometryType::polygons,
                       [](MvtLayer& l) {
                         const MvtPoint a[] = {{0, 0}, {10, 0}, {10, 10}, {0, 10}};
                         const MvtPoint b[] = {{11, 11}, {20, 11}, {20, 20}, {11, 20}};
                         const MvtPoint hole[] = {{13, 13}, {13, 17}, {17, 17}, {17, 13}};
                         l.add_ring(a, false);
                         l.add_ring(b, false);
                         l.add_ring(hole, true);
                       }),
              ElementsAre(9, 0, 0, 26, 20, 0, 0, 20, 19, 0, 15, 9, 22, 2, 26, 18, 0, 0, 18, 17, 0, 15, 9, 4, 13, 26, 0, 8, 8, 0,
                          0, 7, 15));
}

TEST(Mvt, turns_rings_as_the_specification_demands) {
  const MvtPoint clockwise[] = {{0, 0}, {10, 0}, {10, 10}, {0, 10}};
  const MvtPoint other_way[] = {{0, 0}, {0, 10}, {10, 10}, {10, 0}};
  const auto draw = [](std::span<const MvtPoint> ring) {
    return commands(MvtGeometryType::polygons, [&](MvtLayer& l) { l.add_ring(ring, false); });
  };
  EXPECT_EQ(draw(clockwise), draw(other_way));
}

TEST(Mvt, leaves_out_what_has_no_extent) {
  MvtLayer layer("x");
  const MvtPoint spike[] = {{0, 0}, {10, 0}, {5, 0}};
  const MvtPoint stay[] = {{4, 4}, {4, 4}};
  layer.begin(1, MvtGeometryType::polygons);
  EXPECT_FALSE(layer.add_ring(spike, false));
  layer.end();
  layer.begin(2, MvtGeometryType::lines);
  layer.add_line(stay);
  layer.end();
  EXPECT_TRUE(layer.empty());
  std::string tile;
  layer.write_to(tile);
  EXPECT_TRUE(tile.empty());
}

// Section 4.4: keys and values are stored once and named by number.
TEST(Mvt, stores_keys_and_values_once_a_layer) {
  MvtLayer layer("points");
  for (const char* world : {"world", "again"}) {
    layer.begin(1, MvtGeometryType::point);
    layer.add_point({25, 17});
    layer.property("hello", std::string_view(world));
    layer.property("h", std::string_view("world"));
    layer.property("count", std::uint64_t{23});
    layer.property("none", std::string_view());
    layer.end();
  }
  std::string tile;
  layer.write_to(tile);
  const ReadLayer back = read(tile);
  EXPECT_EQ(back.name, "points");
  EXPECT_EQ(back.version, 2u);
  EXPECT_EQ(back.extent, 4096u);
  EXPECT_THAT(back.keys, ElementsAre("hello", "h", "count"));
  EXPECT_EQ(back.values.size(), 3u);
  EXPECT_THAT(back.features.at(0).tags, ElementsAre(0, 0, 1, 0, 2, 1));
  EXPECT_THAT(back.features.at(1).tags, ElementsAre(0, 2, 1, 0, 2, 1));
}

}  // namespace
}  // namespace citiverse::formats
