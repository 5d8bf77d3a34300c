// Every building of the real cities at hand, with its own roof and with each other one: closed, plane, covering its footprint.
#include <cstdlib>
#include <set>

#include <gtest/gtest.h>

#include "city/city_builder.h"
#include "ingest/ingest.h"
#include "testing/solids.h"
#include "tiles/building_mesh.h"
#include "tiles/outline.h"
#include "tiles/roof.h"

namespace citiverse {
namespace {

using city::FeatureKind;
using city::RoofShape;

struct Place {
  const char* name;
  std::vector<const char*> files;  // Under the shared data folder.
};

void PrintTo(const Place& place, std::ostream* out) { *out << place.name; }

std::filesystem::path shared_data() {
  const char* folder = std::getenv("CITIVERSE_SHARED_DATA");
  return folder != nullptr ? folder : "../shared/data";
}

template <class Visit>
void for_each_building(const city::City& city, Visit&& visit) {
  for (const auto kind : {FeatureKind::building, FeatureKind::building_part}) {
    const city::Run run = city.of_kind(kind);
    for (std::uint32_t i = run.first; i < run.first + run.count; ++i) visit(i);
  }
}

// What the source says of the footprint, and whether it is a polygon at all.
struct Footprint {
  double area_m2 = 0;
  double perimeter_m = 0;
  bool is_simple = true;        ///< No side crosses another.
  bool touches_itself = false;  ///< A place is passed twice.
};

Footprint footprint_of(const city::City& city, const city::Feature& feature) {
  Footprint footprint;
  std::set<std::pair<double, double>> places;
  const auto parts = city.parts(feature.geometry);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto ring = city.vertices(parts[i]);
    footprint.area_m2 += tiles::signed_area_m2(ring);
    for (std::size_t k = 0; k < ring.size(); ++k) {
      footprint.perimeter_m += distance(ring[k], ring[(k + 1) % ring.size()]);
      footprint.touches_itself |= !places.insert({ring[k].x, ring[k].y}).second;
    }
    if (parts[i].is_hole) continue;
    tiles::Outline outline;
    if (!outline.add_ring(ring, tiles::kOutlineToleranceM / 2)) continue;
    for (std::size_t h = i + 1; h < parts.size() && parts[h].is_hole; ++h)
      outline.add_ring(city.vertices(parts[h]), tiles::kOutlineToleranceM / 2);
    footprint.is_simple &= tiles::fits_roofs(outline);
  }
  return footprint;
}

struct Tally {
  std::size_t buildings = 0;
  std::size_t triangles = 0;
  std::size_t not_simple = 0;
  std::size_t left_out = 0;
};

void expect_solid(const city::City& city, std::uint32_t index, Tally& tally) {
  const city::Feature& feature = city.feature(index);
  const Footprint footprint = footprint_of(city, feature);
  tiles::TileContent content;
  content.origin = {feature.box.center().x, feature.box.center().y, 0};
  append_building(city, index, tiles::BuildingDetail::full, content.origin, content);
  const auto solid = testing_fixtures::inspect(content, index);
  ++tally.buildings;
  tally.triangles += solid.triangles;
  tally.not_simple += !footprint.is_simple;
  if (solid.triangles == 0) {
    ++tally.left_out;
    EXPECT_LT(footprint.area_m2, tiles::kBuildingAreaMinM2 + 0.05 * footprint.perimeter_m) << to_string(feature.id);
    return;
  }
  const std::string id = to_string(feature.id);
  EXPECT_FALSE(solid.has_bad_number) << id;
  EXPECT_EQ(solid.open_edges, 0u) << id;
  EXPECT_EQ(solid.doubled_faces, 0u) << id;
  EXPECT_EQ(solid.against_normal, 0u) << id;
  EXPECT_GT(solid.volume_m3, 0) << id;
  EXPECT_LE(solid.off_plane_m, tiles::kRoofPlaneErrorM) << id;
  if (!footprint.touches_itself) {
    EXPECT_EQ(solid.shared_edges, 0u) << id;
  }
  if (footprint.is_simple) {
    EXPECT_NEAR(solid.roof_plan_m2, footprint.area_m2, tiles::kOutlineToleranceM * footprint.perimeter_m) << id;
  }
}

// The same footprints, standing on level ground under one kind of roof.
city::City with_roof(const city::City& city, RoofShape shape) {
  city::CityBuilder builder("Trial", city.plane().origin());
  for_each_building(city, [&](std::uint32_t i) {
    const city::Feature& feature = city.feature(i);
    auto geometry = builder.begin(city::GeometryType::polygons);
    for (const city::Part& part : city.parts(feature.geometry)) builder.add_part(geometry, city.vertices(part), part.is_hole);
    city::Building building = city.building(feature);
    building.parent = city::kNone;
    building.roof = shape;
    building.roof_height_m = 3;
    builder.add(feature.id, geometry, {}, building);
  });
  return std::move(builder).build();
}

class RealFootprints : public ::testing::TestWithParam<Place> {
 protected:
  void SetUp() override {
    ingest::IngestRequest request;
    for (const char* file : GetParam().files) {
      request.files.push_back(shared_data() / file);
      if (!std::filesystem::exists(request.files.back())) GTEST_SKIP() << "no " << request.files.back();
    }
    auto ingested = ingest::ingest(request, [](std::string_view, double) {});
    ASSERT_TRUE(ingested) << ingested.error().message;
    city_ = std::move(ingested->city);
  }
  city::City city_;
};

TEST_P(RealFootprints, are_closed_solids_under_their_own_roofs) {
  Tally tally;
  for_each_building(city_, [&](std::uint32_t i) { expect_solid(city_, i, tally); });
  std::printf("%s: %zu buildings and parts, %zu triangles, %zu outlines that cross themselves, %zu too small to draw\n",
              GetParam().name, tally.buildings, tally.triangles, tally.not_simple, tally.left_out);
  EXPECT_GT(tally.buildings, 50u);
  EXPECT_LE(tally.not_simple * 100, tally.buildings);
  EXPECT_LE(tally.left_out * 100, tally.buildings);
}

TEST_P(RealFootprints, are_closed_solids_under_every_roof) {
  for (int shape = 1; shape <= static_cast<int>(RoofShape::round); ++shape) {
    const city::City city = with_roof(city_, static_cast<RoofShape>(shape));
    Tally tally;
    for_each_building(city, [&](std::uint32_t i) { expect_solid(city, i, tally); });
    ASSERT_FALSE(HasFailure()) << "roof shape " << shape;
  }
}

INSTANTIATE_TEST_SUITE_P(Cities, RealFootprints,
                         ::testing::Values(Place{"monaco", {"monaco/monaco-2022-07-19.osm.pbf", "monaco/N43E007.hgt.zip"}},
                                           Place{"krems", {"osm-3d/krems.osm.gz"}},
                                           Place{"berlin", {"osm-3d/berlin-siegessaeule.osm.gz"}}),
                         [](const auto& place) { return std::string(place.param.name); });

}  // namespace
}  // namespace citiverse
