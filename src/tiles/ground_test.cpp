#include "tiles/ground.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <tuple>

#include "base/random.h"
#include "city/city_builder.h"
#include "testing/ascii_city.h"
#include "tiles/palette.h"

namespace citiverse::tiles {
namespace {

using geo::Box2d;
using geo::Vec2d;
using geo::Vec3d;

struct Face {
  Vec3d a, b, c;
  std::uint32_t feature;
  Material material;
  Rgb8 colour;
  double plan_area() const { return geo::cross(Vec2d{b.x - a.x, b.y - a.y}, Vec2d{c.x - a.x, c.y - a.y}) / 2; }
  bool holds(Vec2d p) const {
    const auto side = [&](Vec3d from, Vec3d to) {
      return geo::cross(Vec2d{to.x - from.x, to.y - from.y}, Vec2d{p.x - from.x, p.y - from.y}) >= 0;
    };
    return side(a, b) && side(b, c) && side(c, a);
  }
  /// Height above p.
  double at(Vec2d p) const {
    const Vec3d n = geo::cross(b - a, c - a);
    return a.z - (n.x * (p.x - a.x) + n.y * (p.y - a.y)) / n.z;
  }
};

/// Faces of the ground and water; those that stand upright are left out on demand.
std::vector<Face> faces_of(TileContent& content, bool upright) {
  std::vector<Face> faces;
  for (const Material m : {Material::ground, Material::water}) {
    const Mesh& mesh = content.of(m);
    const auto point = [&](std::uint32_t i) {
      return Vec3d{mesh.positions[i].x + content.origin.x, mesh.positions[i].y + content.origin.y,
                   mesh.positions[i].z + content.origin.z};
    };
    for (std::size_t i = 0; i < mesh.indices.size(); i += 3) {
      const std::uint32_t a = mesh.indices[i], b = mesh.indices[i + 1], c = mesh.indices[i + 2];
      const Face face{point(a), point(b), point(c), mesh.features[a], m, mesh.colours[a]};
      const Vec3d n = geo::cross(face.b - face.a, face.c - face.a);
      // A skirt or kerb face is exactly upright up to the rounding of floats.
      const bool is_upright = std::fabs(n.z) < 1e-4 * geo::length(n);
      if (is_upright == upright) faces.push_back(face);
    }
  }
  return faces;
}

TileContent ground_of(const city::City& city, const Box2d& box, GroundDetail detail = GroundDetail::full) {
  TileContent content;
  content.origin = {box.center().x, box.center().y, 10};
  append_ground(city, box, detail, content.origin, content);
  return content;
}

double hills(Vec2d p) { return 20 + 6 * std::sin(p.x / 23) + 5 * std::cos(p.y / 31) + 0.05 * p.x; }

/// Everything that lies on the ground, over one another.
city::City crowded_city() {
  return testing_fixtures::ascii_city(R"(
""""=.....%.....
"T""=..::.%~~~..
""""=..::.%~~~~.
============~~..
.---=---..%.....
.-..=..-..%..##.
.-""="".==%=====
.-""="".=.%..-..
--------=-------
....=...=.%.....
)",
                                      {.pavement_m = 1.5, .height = hills, .terrain_step_m = 7});
}

void expect_partition(TileContent& content, const Box2d& box) {
  const auto faces = faces_of(content, false);
  double area = 0;
  for (const Face& f : faces) {
    EXPECT_GT(f.plan_area(), 0);
    area += f.plan_area();
  }
  EXPECT_NEAR(area, box.width() * box.height(), 1e-4 * box.width() * box.height());
  base::Random random(7);
  for (int i = 0; i < 2000; ++i) {
    const Vec2d p{box.low.x + random.uniform() * box.width(), box.low.y + random.uniform() * box.height()};
    const auto covers = std::ranges::count_if(faces, [&](const Face& f) { return f.holds(p); });
    EXPECT_EQ(covers, 1) << "at " << p.x << ", " << p.y;
  }
}

TEST(Ground, covers_a_tile_exactly_once) {
  const auto city = crowded_city();
  for (const auto detail : {GroundDetail::full, GroundDetail::middle, GroundDetail::far}) {
    for (const Box2d& box : {Box2d{{0, 0}, {160, 100}}, Box2d{{13.25, 20.5}, {77.125, 84.375}}, Box2d{{-40, -30}, {24, 34}}}) {
      TileContent content = ground_of(city, box, detail);
      expect_partition(content, box);
    }
  }
}

TEST(Ground, lies_on_the_terrain_within_a_centimetre) {
  const auto city = crowded_city();
  TileContent content = ground_of(city, {{0, 0}, {160, 100}});
  std::size_t raised = 0;
  for (const Face& f : faces_of(content, false)) {
    if (f.material == Material::water) continue;
    for (const Vec3d p : {f.a, f.b, f.c}) {
      const double above = p.z - city.terrain().height_at({p.x, p.y});
      if (f.colour == kPalette.pavement) {
        EXPECT_NEAR(above, above > kKerbHeightM / 2 ? kKerbHeightM : 0, 0.01);
        raised += above > kKerbHeightM / 2 ? 1u : 0u;
      } else if (f.colour == kPalette.rail) {
        EXPECT_NEAR(above, kRailHeightM, 0.01);
      } else {
        EXPECT_NEAR(above, 0, 0.01);
      }
    }
  }
  EXPECT_GT(raised, 50u);
}

TEST(Ground, has_kerbs_along_its_carriageways) {
  const auto city = testing_fixtures::ascii_city("....\n====\n....\n", {.pavement_m = 2});
  TileContent content = ground_of(city, {{10, 0}, {30, 30}});
  double kerb_m2 = 0;
  for (const Face& f : faces_of(content, true)) {
    if (f.colour != shaded(kPalette.pavement, 0.86)) continue;
    EXPECT_NEAR(std::fabs(f.a.y - 15), 3, 0.02);
    kerb_m2 += geo::length(geo::cross(f.b - f.a, f.c - f.a)) / 2;
  }
  EXPECT_NEAR(kerb_m2, 2 * 20 * kKerbHeightM, 0.01);
}

TEST(Ground, follows_the_terrain_between_its_vertices) {
  const auto city = testing_fixtures::ascii_city("========\n........\n", {.height = hills, .terrain_step_m = 2});
  for (const auto detail : {GroundDetail::full, GroundDetail::middle, GroundDetail::far}) {
    const Box2d box{{0, 0}, {80, 20}};
    TileContent content = ground_of(city, box, detail);
    for (const Face& f : faces_of(content, false)) {
      const Vec3d middle = (f.a + f.b + f.c) * (1.0 / 3);
      EXPECT_NEAR(middle.z, city.terrain().height_at({middle.x, middle.y}), ground_error_m(detail, box));
    }
  }
}

TEST(Ground, has_flat_water_at_its_shore_and_no_terrain_over_it) {
  const auto city = crowded_city();
  TileContent content = ground_of(city, {{0, 0}, {160, 100}});
  std::set<double> levels;
  double area = 0;
  for (const Face& f : faces_of(content, false)) {
    if (f.material != Material::water) continue;
    area += f.plan_area();
    for (const Vec3d p : {f.a, f.b, f.c}) levels.insert(std::round(p.z * 1000));
  }
  EXPECT_EQ(levels.size(), 1u);
  EXPECT_GT(area, 700);
}

TEST(Ground, takes_level_land_beyond_the_data_for_the_sea_it_is) {
  city::CityBuilder builder("Trial", {43.7, 7.4});
  city::Geometry area = builder.begin(city::GeometryType::polygons);
  builder.add_part(area, std::vector<Vec2d>{{0, 0}, {100, 0}, {100, 100}, {0, 100}});
  city::Water sea;
  sea.water_class = city::WaterClass::sea;
  const auto id = city::FeatureId::of(city::FeatureKind::water, city::IdSource::generated, 1);
  builder.add(id, area, {}, sea);
  std::vector<float> heights(20 * 20);  // Sea to x = 100, and a coast that rises from there.
  for (std::size_t i = 0; i < heights.size(); ++i) heights[i] = i % 20 > 12 ? static_cast<float>(i % 20 - 12) : 0.0f;
  builder.set_terrain(city::Terrain({-20, -20}, 10, 20, 20, city::Column(std::move(heights))));
  const auto city = std::move(builder).build();
  TileContent content = ground_of(city, {{0, 60}, {160, 160}});
  double water_m2 = 0;
  for (const Face& f : faces_of(content, false)) {
    if (f.material == Material::water) water_m2 += f.plan_area();
  }
  EXPECT_NEAR(water_m2, 100 * 40 + 100 * 60, 1);
}

/// Every edge of the faces, of whatever material, must be shared with another face in space, but for the foot of the skirt.
TEST(Ground, has_no_open_edges_but_the_foot_of_its_skirt) {
  const auto city = crowded_city();
  const Box2d box{{0, 0}, {160, 100}};
  TileContent content = ground_of(city, box);
  auto faces = faces_of(content, false);
  const auto upright = faces_of(content, true);
  faces.insert(faces.end(), upright.begin(), upright.end());
  using Key = std::tuple<long, long, long>;
  const auto key = [](Vec3d p) { return Key{std::lround(p.x * 500), std::lround(p.y * 500), std::lround(p.z * 200)}; };
  std::map<std::pair<Key, Key>, int> sides;
  const auto add = [&](Vec3d a, Vec3d b) {
    if (key(a) == key(b)) return;
    const bool turned = key(b) < key(a);
    sides[turned ? std::pair{key(b), key(a)} : std::pair{key(a), key(b)}] += turned ? -1 : 1;
  };
  for (const Face& f : faces) {
    add(f.a, f.b);
    add(f.b, f.c);
    add(f.c, f.a);
  }
  std::size_t open = 0;
  for (const auto& [side, count] : sides) {
    if (count == 0) continue;
    const auto on_border = [&](const Key& k) {
      const double x = static_cast<double>(std::get<0>(k)) / 500, y = static_cast<double>(std::get<1>(k)) / 500;
      return std::min({x - box.low.x, box.high.x - x, y - box.low.y, box.high.y - y}) < 0.01;
    };
    if (!on_border(side.first) || !on_border(side.second)) ++open;
  }
  EXPECT_LE(open, sides.size() / 500);  // Edges of a step that starts within kStepMinM.
}

TEST(Ground, meets_the_next_tile_at_the_same_points) {
  const auto city = crowded_city();
  for (const auto detail : {GroundDetail::full, GroundDetail::middle}) {
    TileContent west = ground_of(city, {{0, 0}, {80, 100}}, detail);
    TileContent east = ground_of(city, {{80, 0}, {160, 100}}, detail);
    const auto border = [](TileContent& content) {
      std::set<std::tuple<long, long, int>> points;
      for (const Face& f : faces_of(content, false)) {
        for (const Vec3d p : {f.a, f.b, f.c}) {
          if (std::fabs(p.x - 80) < 1e-6)
            points.insert({std::lround(p.y * 1000), std::lround(p.z * 200), static_cast<int>(f.material)});
        }
      }
      return points;
    };
    EXPECT_EQ(border(west), border(east));
    EXPECT_GT(border(west).size(), 10u);
  }
}

TEST(Ground, gives_each_face_to_the_feature_of_highest_rank) {
  const auto city = testing_fixtures::ascii_city(R"(
""""
====
""""
)");
  TileContent content = ground_of(city, {{0, 0}, {40, 30}});
  std::map<city::FeatureKind, double> areas;
  for (const Face& f : faces_of(content, false)) {
    areas[f.feature == city::kNone ? city::FeatureKind::address : city.feature(f.feature).id.kind()] += f.plan_area();
  }
  EXPECT_NEAR(areas[city::FeatureKind::street], 30 * 6, 0.1);
  EXPECT_NEAR(areas[city::FeatureKind::green], 2 * 40 * 10, 0.1);
  EXPECT_NEAR(areas[city::FeatureKind::address], 40 * 10 - 30 * 6, 0.1);
}

TEST(Ground, keeps_level_land_to_a_few_triangles) {
  const auto city = testing_fixtures::ascii_city("........\n........\n",
                                                 {.height = [](Vec2d p) { return 3 + 0.1 * p.x; }, .terrain_step_m = 1});
  TileContent content = ground_of(city, {{16, 4}, {48, 16}});
  EXPECT_LE(faces_of(content, false).size(), 30u);
}

TEST(Ground, makes_the_same_bytes_again) {
  const auto city = crowded_city();
  TileContent first = ground_of(city, {{0, 0}, {80, 100}});
  ground_of(city, {{80, 0}, {160, 100}});
  TileContent second = ground_of(city, {{0, 0}, {80, 100}});
  EXPECT_EQ(first.of(Material::ground).positions, second.of(Material::ground).positions);
  EXPECT_EQ(first.of(Material::ground).indices, second.of(Material::ground).indices);
}

// ---- bridges -------------------------------------------------------------------------------------------------------

std::vector<Face> deck_of(TileContent& content, const city::City& city) {
  std::vector<Face> deck;
  for (const Face& f : faces_of(content, false)) {
    if (f.feature == city::kNone || f.plan_area() <= 0 || f.colour != kPalette.carriageway) continue;
    const auto& feature = city.feature(f.feature);
    if (feature.id.kind() == city::FeatureKind::street && city.street(feature).structure == city::Structure::bridge)
      deck.push_back(f);
  }
  return deck;
}

TEST(Bridge, meets_the_street_at_both_ends_without_a_step) {
  const auto valley = [](Vec2d p) { return 30 - 12 * std::exp(-(p.x - 80) * (p.x - 80) / 900); };
  const auto city = testing_fixtures::ascii_city("................\n====BBBBBBBB====\n................\n", {.height = valley});
  TileContent content = ground_of(city, {{0, 0}, {160, 30}});
  const auto deck = deck_of(content, city);
  ASSERT_FALSE(deck.empty());
  double low = 1e9, high = -1e9;
  for (const Face& f : deck) {
    for (const Vec3d p : {f.a, f.b, f.c}) {
      low = std::min(low, p.x);
      high = std::max(high, p.x);
      const double straight = valley({35, 15}) + (valley({125, 15}) - valley({35, 15})) * (p.x - 35) / 90;
      EXPECT_NEAR(p.z, straight, 0.5);
      if (p.x < 35.1 || p.x > 124.9) {
        EXPECT_NEAR(p.z, valley({p.x, 15}), 0.1);
      }
    }
  }
  EXPECT_NEAR(low, 35, 0.01);
  EXPECT_NEAR(high, 125, 0.01);
}

TEST(Bridge, clears_the_street_that_it_crosses) {
  city::CityBuilder builder("Trial", {43.7, 7.4});
  const auto add = [&](std::uint64_t id, std::vector<Vec2d> line, bool bridge) {
    city::Geometry way = builder.begin(city::GeometryType::lines);
    builder.add_part(way, line);
    city::Street street;
    street.width_m = 6;
    if (bridge) {
      street.structure = city::Structure::bridge;
      street.layer = 1;
    }
    builder.add(city::FeatureId::of(city::FeatureKind::street, city::IdSource::generated, id), way, {}, street);
  };
  add(1, {{-200, 0}, {-100, 0}}, false);
  add(2, {{-100, 0}, {-30, 0}}, true);  // Two ways make one bridge.
  add(3, {{-30, 0}, {100, 0}}, true);
  add(4, {{100, 0}, {200, 0}}, false);
  add(5, {{0, -100}, {0, 100}}, false);
  const auto city = std::move(builder).build();
  TileContent content = ground_of(city, {{-128, -32}, {128, 32}});
  double over = 0, at_join_low = 1e9, at_join_high = -1e9;
  for (const Face& f : deck_of(content, city)) {
    if (f.holds({0.3, 0.2})) over = f.at({0.3, 0.2});
    for (const Vec3d p : {f.a, f.b, f.c}) {
      if (std::fabs(p.x + 30) < 0.01) {
        at_join_low = std::min(at_join_low, p.z);
        at_join_high = std::max(at_join_high, p.z);
      }
    }
  }
  EXPECT_GE(over - kBridgeClearanceM, 0.0);
  EXPECT_NEAR(at_join_low, at_join_high, 1e-4);
}

TEST(Bridge, is_cut_between_tiles_without_doubling) {
  const auto city = testing_fixtures::ascii_city("................\n====BBBBBBBB====\n................\n");
  TileContent whole = ground_of(city, {{0, 0}, {160, 30}});
  TileContent west = ground_of(city, {{0, 0}, {80, 30}});
  TileContent east = ground_of(city, {{80, 0}, {160, 30}});
  const auto area = [&](TileContent& content) {
    double sum = 0;
    for (const Face& f : deck_of(content, city)) sum += f.plan_area();
    return sum;
  };
  EXPECT_NEAR(area(whole), area(west) + area(east), 1e-3);
  EXPECT_NEAR(area(whole), 90 * 6, 0.01);
}

}  // namespace
}  // namespace citiverse::tiles
