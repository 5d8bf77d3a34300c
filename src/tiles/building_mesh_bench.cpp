// How long a town of 1,200 houses takes, beside the time that copying the finished meshes takes: the least that any maker
// needs.
#include <benchmark/benchmark.h>

#include "city/city_builder.h"
#include "testing/outlines.h"
#include "tiles/building_mesh.h"

namespace {

using namespace citiverse;

city::City town() {
  constexpr city::RoofShape kRoofs[] = {city::RoofShape::gabled, city::RoofShape::hipped, city::RoofShape::flat,
                                        city::RoofShape::mansard, city::RoofShape::half_hipped};
  city::CityBuilder builder("Town", {43.7, 7.4});
  base::Random random(1);
  for (std::uint64_t i = 0; i < 1200; ++i) {
    auto outline = testing_fixtures::random_outline(testing_fixtures::kOutlineKinds[i % 5], random);
    const geo::Vec2d move = geo::Vec2d{(i % 35) * 45.0, (i / 35) * 45.0} - outline[0][0];
    auto geometry = builder.begin(city::GeometryType::polygons);
    for (std::size_t r = 0; r < outline.size(); ++r) {
      for (geo::Vec2d& p : outline[r]) p = p + move;
      builder.add_part(geometry, outline[r], r > 0);
    }
    builder.add(city::FeatureId::of(city::FeatureKind::building, city::IdSource::generated, i + 1), geometry, {},
                city::Building{.height_m = 14, .roof_height_m = 4, .roof = kRoofs[random.below(5)]});
  }
  return std::move(builder).build();
}

void draw(const city::City& city, tiles::BuildingDetail detail, tiles::TileContent& content) {
  for (std::uint32_t i = 0; i < city.features().size(); ++i) append_building(city, i, detail, {}, content);
}

void town_of_1200(benchmark::State& state, tiles::BuildingDetail detail) {
  const city::City city = town();
  for (auto _ : state) {
    tiles::TileContent content;
    draw(city, detail, content);
    benchmark::DoNotOptimize(content);
  }
}

void copy_of_its_meshes(benchmark::State& state) {
  const city::City city = town();
  tiles::TileContent content;
  draw(city, tiles::BuildingDetail::full, content);
  for (auto _ : state) {
    tiles::TileContent copy = content;
    benchmark::DoNotOptimize(copy);
  }
}

BENCHMARK_CAPTURE(town_of_1200, full, tiles::BuildingDetail::full)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(town_of_1200, block, tiles::BuildingDetail::block)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(town_of_1200, far, tiles::BuildingDetail::far)->Unit(benchmark::kMillisecond);
BENCHMARK(copy_of_its_meshes)->Unit(benchmark::kMillisecond);

}  // namespace
