// The division of a city: where tiles stand, that nothing is lost or doubled between them, and that reruns give the same bytes.
#include "tiles/pyramid.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "city/city_builder.h"
#include "testing/ascii_city.h"
#include "tiles/city_version.h"
#include "tiles/tile_bounds.h"
#include "tiles/tile_content.h"
#include "tiles/tree_shapes.h"

namespace citiverse::tiles {
namespace {

constexpr std::string_view kTown = R"(
..T....##......~~~~
##=====##==BBBB~~~=
##=..T.##==....~~~=
.#=""T""..=.###~~~=
..=""T""..=.###.T.=
###====###=====####
###....###....:::##
)";

city::City town(double cell_m = 60) {
  testing_fixtures::AsciiCityOptions options;
  options.cell_m = cell_m;
  options.height = [](geo::Vec2d p) { return 40 + 0.03 * p.x + 5 * std::sin(p.y / 90); };
  return testing_fixtures::ascii_city(kTown, options);
}

std::vector<formats::TileAddress> tiles_of_level(const Pyramid& pyramid, unsigned level) {
  std::vector<formats::TileAddress> tiles;
  for (std::uint32_t y = 0; y < 1u << level; ++y) {
    for (std::uint32_t x = 0; x < 1u << level; ++x) {
      if (pyramid.exists({level, x, y})) tiles.push_back({level, x, y});
    }
  }
  return tiles;
}

std::vector<formats::TileAddress> finest_tiles(const Pyramid& pyramid) {
  std::vector<formats::TileAddress> tiles;
  for (unsigned level = 0; level < pyramid.levels(); ++level) {
    for (const auto at : tiles_of_level(pyramid, level)) {
      if (pyramid.is_leaf(at)) tiles.push_back(at);
    }
  }
  return tiles;
}

TEST(Pyramid, covers_the_city_with_one_root_and_leaves_of_one_size) {
  const city::City city = town();
  const Pyramid pyramid(city);
  EXPECT_GE(pyramid.levels(), 3u);
  EXPECT_EQ(pyramid.tile_size_m(pyramid.levels() - 1), kLeafTileM);
  const geo::Box2d root = pyramid.tile_box({});
  EXPECT_LE(root.low.x, pyramid.extent().low.x);
  EXPECT_GE(root.high.y, pyramid.extent().high.y);
  double area = 0;
  for (const auto at : finest_tiles(pyramid)) {
    area += pyramid.ground_box(at).width() * pyramid.ground_box(at).height();
  }
  EXPECT_NEAR(area, pyramid.extent().width() * pyramid.extent().height(), 1e-3);
}

TEST(Pyramid, halves_the_geometric_error_with_each_level_as_implicit_tiling_does) {
  const city::City city = town();
  const Pyramid pyramid(city);
  for (unsigned level = 1; level < pyramid.levels(); ++level) {
    EXPECT_EQ(pyramid.geometric_error_m(level), pyramid.geometric_error_m(0) / (1u << level));
    for (const auto at : tiles_of_level(pyramid, level)) {
      EXPECT_GE(pyramid.geometric_error_m(level), ground_error_m(ground_detail(pyramid.detail(at)), pyramid.tile_box(at)));
    }
  }
}

TEST(Pyramid, divides_only_where_much_stands) {
  // A hundred streets in one corner, one street far away.
  city::CityBuilder builder("corner", {48, 15});
  const auto street = [&](std::uint64_t number, geo::Vec2d a, geo::Vec2d b) {
    city::Geometry geometry = builder.begin(city::GeometryType::lines);
    std::vector<geo::Vec2d> line;
    for (int i = 0; i <= 20; ++i) line.push_back(a + (b - a) * (i / 20.0));
    ASSERT_TRUE(builder.add_part(geometry, line));
    builder.add(city::FeatureId::of(city::FeatureKind::street, city::IdSource::generated, number), geometry, {},
                city::Street{});
  };
  for (std::uint64_t i = 1; i <= 100; ++i) street(i, {0, 2.0 * static_cast<double>(i)}, {200, 2.0 * static_cast<double>(i)});
  street(101, {1500, 1500}, {1600, 1600});
  const city::City city = std::move(builder).build();
  const Pyramid pyramid(city);
  double smallest = 1e9;
  double largest = 0;
  for (const auto at : finest_tiles(pyramid)) {
    smallest = std::min(smallest, pyramid.tile_size_m(at.level));
    largest = std::max(largest, pyramid.tile_size_m(at.level));
  }
  EXPECT_EQ(smallest, kLeafTileM);
  EXPECT_EQ(largest, kLeafTileMaxM);
}

TEST(Pyramid, shows_each_building_part_and_tree_in_one_finest_tile) {
  const city::City city = town();
  const Pyramid pyramid(city);
  std::map<city::FeatureIndex, int> seen;
  for (const auto at : finest_tiles(pyramid)) {
    const TileContent content = make_tile_content(city, pyramid, at);
    std::set<city::FeatureIndex> here;
    for (const auto material : {Material::wall, Material::roof}) {
      for (const std::uint32_t f : content.meshes[static_cast<std::size_t>(material)].features) here.insert(f);
    }
    for (const TreeInstance& tree : content.trees) here.insert(tree.feature);
    for (const city::FeatureIndex f : here) ++seen[f];
  }
  std::size_t expected = 0;
  for (city::FeatureIndex i = 0; i < city.features().size(); ++i) {
    const auto kind = city.feature(i).id.kind();
    if (kind != city::FeatureKind::building && kind != city::FeatureKind::tree) continue;
    ++expected;
    EXPECT_EQ(seen[i], 1) << to_string(city.feature(i).id);
  }
  EXPECT_GE(expected, 8u);
}

TEST(Pyramid, stays_within_the_limits_of_coarse_tiles) {
  const city::City city = town();
  const Pyramid pyramid(city);
  const TileContent root = make_tile_content(city, pyramid, {});
  EXPECT_LE(root.trees.size(), kCoarseTreesMax);
  EXPECT_FALSE(root.meshes[static_cast<std::size_t>(Material::ground)].indices.empty());
}

TEST(Pyramid, shows_a_quarter_of_small_houses_from_afar_as_much_as_it_covers) {
  city::CityBuilder builder("old town", {48, 15});
  double covered_m2 = 0;
  for (int i = 0; i < 400; ++i) {
    const geo::Vec2d at{i % 20 * 11.0, i / 20 * 13.0};
    const std::vector<geo::Vec2d> house{at, at + geo::Vec2d{9, 0}, at + geo::Vec2d{9, 8}, at + geo::Vec2d{0, 8}};
    city::Geometry geometry = builder.begin(city::GeometryType::polygons);
    ASSERT_TRUE(builder.add_part(geometry, house));
    builder.add(city::FeatureId::of(city::FeatureKind::building, city::IdSource::generated, static_cast<std::uint64_t>(i + 1)),
                geometry, {}, city::Building{.height_m = 8});
    covered_m2 += 72;
  }
  city::Geometry street = builder.begin(city::GeometryType::lines);
  ASSERT_TRUE(builder.add_part(street, std::vector<geo::Vec2d>{{3900, 3900}, {4000, 4000}}));
  builder.add(city::FeatureId::of(city::FeatureKind::street, city::IdSource::generated, 1), street, {}, city::Street{});
  const city::City city = std::move(builder).build();
  const Pyramid pyramid(city);
  ASSERT_GE(pyramid.geometric_error_m(0), 64);
  const TileContent root = make_tile_content(city, pyramid, {});
  const Mesh& roofs = root.meshes[static_cast<std::size_t>(Material::roof)];
  double shown_m2 = 0;
  for (std::size_t i = 0; i < roofs.indices.size(); i += 3) {
    const auto corner = [&](std::size_t k) { return roofs.positions[roofs.indices[i + k]]; };
    const geo::Vec3f a = corner(0);
    shown_m2 += 0.5 * std::abs((corner(1).x - a.x) * (corner(2).y - a.y) - (corner(2).x - a.x) * (corner(1).y - a.y));
  }
  EXPECT_NEAR(shown_m2, covered_m2, 0.15 * covered_m2);
  EXPECT_LT(roofs.indices.size() / 6, 400u / 4) << "fewer boxes than houses";
}

TEST(Pyramid, holds_the_content_of_every_tile_in_its_bounds) {
  const city::City city = town();
  const Pyramid pyramid(city);
  for (unsigned level = 0; level < pyramid.levels(); ++level) {
    for (const auto at : tiles_of_level(pyramid, level)) {
      const TileBounds b = bounds_of_tile(city, pyramid, at);
      const TileContent content = make_tile_content(city, pyramid, at);
      for (const Mesh& mesh : content.meshes) {
        for (const geo::Vec3f& p : mesh.positions) {
          const geo::Vec3d q = content.origin + geo::Vec3d{p.x, p.y, p.z};
          ASSERT_TRUE(b.box.grown_by(0.05).contains({q.x, q.y}))
              << level << ' ' << at.x << ' ' << at.y << ": " << q.x << ' ' << q.y;
          ASSERT_GE(q.z, b.low_m - 0.05);
          ASSERT_LE(q.z, b.high_m + 0.05);
        }
      }
    }
  }
}

TEST(Pyramid, writes_the_same_bytes_again) {
  const city::City first = town();
  const city::City second = town();
  EXPECT_EQ(tile_version(first), tile_version(second));
  const Pyramid pyramid(first);
  for (const auto at : finest_tiles(pyramid)) {
    EXPECT_EQ(write_tile_content(first, pyramid, at, make_tile_content(first, pyramid, at)).value(),
              write_tile_content(second, pyramid, at, make_tile_content(second, pyramid, at)).value());
  }
}

TEST(Pyramid, has_another_version_for_another_city) { EXPECT_NE(tile_version(town(60)), tile_version(town(61))); }

// Against the exact way through the ellipsoid (geo::to_ecef), at the corners of tiles near and far.
TEST(Placement, leads_to_where_the_ellipsoid_says) {
  const geo::CityPlane plane({43.7311, 7.4197});
  const geo::EnuAxes frame = geo::enu_axes(plane.origin());
  const geo::Vec3d frame_at = geo::to_ecef(plane.origin(), 0);
  for (const geo::Vec3d origin : {geo::Vec3d{0, 0, 60}, {128, -384, 12}, {9'000, 14'000, 700}, {-30'000, 2'000, 0}}) {
    const formats::GlbPlacement placement = place_in_tileset(plane, origin);
    for (const geo::Vec3d local : {geo::Vec3d{}, {128, 128, 0}, {-128, 128, 30}, {500, -400, 0}, {2000, 2000, 0}}) {
      const geo::Vec3d ecef =
          geo::to_ecef(plane.to_lat_lon({origin.x + local.x, origin.y + local.y}), origin.z + local.z) - frame_at;
      const geo::Vec3d exact{geo::dot(ecef, frame.east), geo::dot(ecef, frame.north), geo::dot(ecef, frame.up)};
      const double away = std::hypot(local.x, local.y);
      EXPECT_LE(geo::length(to_tileset(placement, local) - exact), placement_error_m(away) + 0.002) << origin.x << ' ' << away;
    }
  }
}

TEST(TreeShapes, are_small_and_fit_into_a_unit_box) {
  for (std::size_t s = 0; s < kTreeShapes; ++s) {
    for (const bool simple : {false, true}) {
      const Mesh& mesh = tree_shape(static_cast<TreeShape>(s), simple);
      EXPECT_LE(mesh.indices.size() / 3, kTreeTrianglesMax);
      float top = 0;
      for (std::size_t i = 0; i < mesh.positions.size(); ++i) {
        const geo::Vec3f& p = mesh.positions[i];
        const geo::Vec3f& n = mesh.normals[i];
        EXPECT_LE(std::hypot(p.x, p.y), 0.51f);
        EXPECT_GE(p.z, 0.0f);
        EXPECT_NEAR(std::sqrt(n.x * n.x + n.y * n.y + n.z * n.z), 1, 0.01);
        top = std::max(top, p.z);
      }
      EXPECT_NEAR(top, 1, 0.06);
    }
  }
}

}  // namespace
}  // namespace citiverse::tiles
