// The map: projection against its closed form, shapes against their definitions, tiles by what they hold.
#include "tiles/vector_tiles.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include <protozero/pbf_reader.hpp>

#include "base/random.h"
#include "testing/ascii_city.h"
#include "tiles/map_shape.h"

namespace citiverse::tiles {
namespace {

TEST(MapProjection, agrees_with_the_exact_way) {
  const geo::CityPlane plane({-30.03, -51.23});
  const geo::Box2d box{{-100'000, -90'000}, {100'000, 90'000}};
  const MapProjection projection(plane, box);
  base::Random random(7);
  const double metres = 40075016.68;
  for (int i = 0; i < 1000; ++i) {
    const geo::Vec2d p{random.uniform(-120'000, 120'000), random.uniform(-100'000, 100'000)};
    const geo::Vec2d off = projection(p) - mercator_of(plane.to_lat_lon(p));
    ASSERT_LE(geo::length(off) * metres * std::cos(0.52), kMapProjectionErrorM) << p.x << ' ' << p.y;
  }
}

// OGC 17-083r4: the top left of tile 14/8529/5974 is 7.404785° E, 43.739352° N.
TEST(MapProjection, puts_places_into_the_tiles_of_the_standard) {
  const geo::Vec2d m = mercator_of({43.7311, 7.4197});
  EXPECT_EQ(std::floor(m.x * 16384), 8529);
  EXPECT_EQ(std::floor(m.y * 16384), 5974);
  const geo::LatLon back = lat_lon_of(m);
  EXPECT_NEAR(back.lat_deg, 43.7311, 1e-9);
  EXPECT_NEAR(back.lon_deg, 7.4197, 1e-9);
}

TEST(MapShaper, leaves_out_no_point_that_is_further_than_the_tolerance) {
  base::Random random(11);
  std::vector<geo::Vec2d> line;
  geo::Vec2d at{0, 2000};
  for (int i = 0; i < 500; ++i) {
    at = at + geo::Vec2d{random.uniform(0, 8), random.uniform(-6, 6)};
    line.push_back(at);
  }
  std::vector<geo::Vec2d> simple = line;
  std::vector<std::uint32_t> stack;
  std::vector<bool> keep;
  MapShaper::simplify_line(simple, 4, stack, keep);
  EXPECT_LT(simple.size(), line.size() / 2);
  EXPECT_EQ(simple.front(), line.front());
  EXPECT_EQ(simple.back(), line.back());
  for (const geo::Vec2d& p : line) {
    double nearest = 1e9;
    for (std::size_t i = 1; i < simple.size(); ++i) {
      const geo::Vec2d along = simple[i] - simple[i - 1];
      const double t = std::clamp(geo::dot(p - simple[i - 1], along) / geo::dot(along, along), 0.0, 1.0);
      nearest = std::min(nearest, geo::distance(p, simple[i - 1] + along * t));
    }
    EXPECT_LE(nearest, 4 + 1e-9);
  }
}

std::set<std::string> layers_of(const std::string& tile) {
  std::set<std::string> names;
  protozero::pbf_reader reader(tile);
  while (reader.next(3)) {
    auto layer = reader.get_message();
    while (layer.next(1)) names.insert(layer.get_string());
  }
  return names;
}

TEST(VectorTiles, hold_every_kind_of_the_source_at_the_deepest_zoom) {
  const city::City city = testing_fixtures::ascii_city(R"(
##=====T
##=-P-.S
..=~~""%
::=~~""%
)");
  const VectorTiles tiles(city);
  std::set<std::string> names;
  for (const auto at : tiles.all()) {
    if (at.level == kMapZoomMax) names.merge(layers_of(tiles.make(at).value()));
  }
  for (const char* layer : {"building", "street", "tree", "place", "stop", "water", "green", "rail", "paved"}) {
    EXPECT_TRUE(names.contains(layer)) << layer;
  }
}

TEST(VectorTiles, show_less_from_further_away) {
  const city::City city = testing_fixtures::ascii_city("##==\n##=T\n");
  const VectorTiles tiles(city);
  for (const auto at : tiles.all()) {
    const auto names = layers_of(tiles.make(at).value());
    EXPECT_EQ(names.contains("tree"), at.level == kMapZoomMax) << at.level;
    EXPECT_TRUE(at.level >= 13 || !names.contains("building")) << at.level;
  }
}

TEST(VectorTiles, exist_only_where_the_city_is) {
  const city::City city = testing_fixtures::ascii_city("##\n");
  const VectorTiles tiles(city);
  EXPECT_TRUE(tiles.exists({0, 0, 0}));
  EXPECT_FALSE(tiles.exists({15, 0, 0}));
  EXPECT_FALSE(tiles.exists({14, 1, 1}));
  EXPECT_FALSE(tiles.make({14, 1, 1}).has_value());
}

}  // namespace
}  // namespace citiverse::tiles
