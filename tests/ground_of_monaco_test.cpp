// The ground of a real city: every tile of Monaco, at every detail, is covered exactly once and stands on the terrain.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "city/city.h"
#include "ingest/ingest.h"
#include "tiles/ground.h"

namespace citiverse {
namespace {

std::filesystem::path shared_data() {
  if (const char* set = std::getenv("CITIVERSE_SHARED_DATA")) return set;
  return std::filesystem::current_path() / "../shared/data";
}

class GroundOfMonaco : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const auto osm = shared_data() / "monaco/monaco-2022-07-19.osm.pbf";
    const auto elevation = shared_data() / "monaco/N43E007.hgt.zip";
    if (!std::filesystem::exists(osm) || !std::filesystem::exists(elevation)) return;
    auto made = ingest::ingest({{osm, elevation}, "Monaco", "Europe/Monaco"}, [](std::string_view, double) {});
    ASSERT_TRUE(made) << made.error().message;
    city_ = new city::City(std::move(made->city));
  }
  static void TearDownTestSuite() { delete city_; }
  void SetUp() override {
    if (city_ == nullptr) GTEST_SKIP() << "no Monaco in " << shared_data();
  }

  /// Calls f(box, content) for each tile of `size_m` that meets the terrain.
  template <class F>
  static void for_each_tile(double size_m, tiles::GroundDetail detail, F&& f) {
    const geo::Box2d all = city_->terrain().box();
    for (double y = all.low.y; y < all.high.y; y += size_m) {
      for (double x = all.low.x; x < all.high.x; x += size_m) {
        const geo::Box2d box{{x, y}, {x + size_m, y + size_m}};
        tiles::TileContent content;
        content.origin = {box.center().x, box.center().y, 0};
        tiles::append_ground(*city_, box, detail, content.origin, content);
        f(box, content);
      }
    }
  }

  static bool is_bridge(std::uint32_t feature) {
    if (feature == city::kNone) return false;
    const auto& f = city_->feature(feature);
    if (f.id.kind() == city::FeatureKind::street) return city_->street(f).structure == city::Structure::bridge;
    return f.id.kind() == city::FeatureKind::rail && city_->rail(f).structure == city::Structure::bridge;
  }

  static inline const city::City* city_ = nullptr;
};

double plan_area(const tiles::Mesh& mesh, std::size_t i) {
  const auto a = mesh.positions[mesh.indices[i]], b = mesh.positions[mesh.indices[i + 1]],
             c = mesh.positions[mesh.indices[i + 2]];
  return (double{b.x} - a.x) * (double{c.y} - a.y) / 2 - (double{b.y} - a.y) * (double{c.x} - a.x) / 2;
}

TEST_F(GroundOfMonaco, is_covered_exactly_once_at_every_detail) {
  using enum tiles::GroundDetail;
  for (const auto& [size_m, detail] :
       {std::pair{256.0, full}, std::pair{512.0, middle}, std::pair{1024.0, far}, std::pair{4096.0, far}}) {
    for_each_tile(size_m, detail, [&](const geo::Box2d& box, tiles::TileContent& content) {
      double area = 0;
      for (const auto material : {tiles::Material::ground, tiles::Material::water}) {
        const auto& mesh = content.of(material);
        for (std::size_t i = 0; i < mesh.indices.size(); i += 3) {
          if (detail != far && is_bridge(mesh.features[mesh.indices[i]])) continue;
          const double face_m2 = plan_area(mesh, i);
          ASSERT_GE(face_m2, -1e-3);  // None looks down; upright ones have no area.
          area += face_m2;
        }
      }
      // Areas of faces that look up add to that of the box: with none looking down, what overlaps would be missing elsewhere.
      EXPECT_NEAR(area, box.width() * box.height(), 2e-4 * box.width() * box.height());
    });
  }
}

TEST_F(GroundOfMonaco, shows_every_surface_feature_in_the_finest_tiles) {
  std::vector<bool> shown(city_->features().size());
  for_each_tile(256, tiles::GroundDetail::full, [&](const geo::Box2d&, tiles::TileContent& content) {
    for (const auto material : {tiles::Material::ground, tiles::Material::water}) {
      for (const auto feature : content.of(material).features) {
        if (feature != city::kNone) shown[feature] = true;
      }
    }
  });
  std::size_t streets = 0, streets_shown = 0;
  const city::Run run = city_->of_kind(city::FeatureKind::street);
  for (city::FeatureIndex i = run.first; i < run.first + run.count; ++i) {
    const auto& f = city_->feature(i);
    if (city_->street(f).structure == city::Structure::tunnel || f.geometry.type != city::GeometryType::lines) continue;
    ++streets;
    streets_shown += shown[i] ? 1u : 0u;
  }
  EXPECT_GT(streets, 1500u);
  // A short way may lie wholly under others: a footway that is mapped on a pavement, a link within a crossing.
  EXPECT_GE(static_cast<double>(streets_shown), 0.99 * static_cast<double>(streets));
}

TEST_F(GroundOfMonaco, has_its_sea_below_its_shore) {
  double sea_m2 = 0;
  float level_m = -1e9f;
  for_each_tile(1024, tiles::GroundDetail::full, [&](const geo::Box2d&, tiles::TileContent& content) {
    const auto& mesh = content.of(tiles::Material::water);
    for (std::size_t i = 0; i < mesh.indices.size(); i += 3) {
      const auto feature = mesh.features[mesh.indices[i]];
      if (city_->water(city_->feature(feature)).water_class != city::WaterClass::sea || plan_area(mesh, i) < 1e-3) continue;
      const auto corner = mesh.positions[mesh.indices[i]];
      const geo::Vec2d at{corner.x + content.origin.x, corner.y + content.origin.y};
      if (city_->feature(feature).box.contains(at)) sea_m2 += plan_area(mesh, i);
      const float z = mesh.positions[mesh.indices[i]].z;
      if (level_m == -1e9f) level_m = z;
      ASSERT_EQ(z, level_m);
    }
  });
  // The port and the sea before Monaco within the data, by the coastline of the same file: between 4 and 7 km².
  EXPECT_GT(sea_m2, 4e6);
  EXPECT_LT(sea_m2, 7e6);
}

}  // namespace
}  // namespace citiverse
