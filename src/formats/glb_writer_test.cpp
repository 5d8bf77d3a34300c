// What the file promises: error bounds of the grids, extensions' layouts, the same bytes every time. That other programs read
// the files is judged in tests/judges.
#include "formats/glb_writer.h"

#include <gtest/gtest.h>
#include <meshoptimizer.h>

#include <cmath>
#include <cstring>
#include <numbers>

#include "base/random.h"
#include "formats/glb_packing.h"

namespace citiverse::formats {
namespace {

struct Soup {
  std::vector<geo::Vec3f> positions, normals;
  std::vector<std::uint8_t> colours;
  std::vector<std::uint32_t> rows, indices;

  GlbMesh mesh() const { return {"wall", 1.0f, positions, normals, colours, rows, indices}; }
};

Soup random_soup(std::uint64_t seed, std::size_t triangles, float reach_m, std::uint32_t features) {
  base::Random random(seed);
  Soup soup;
  const auto at = [&] { return static_cast<float>(random.uniform(-reach_m, reach_m)); };
  for (std::size_t i = 0; i < 3 * triangles; ++i) {
    soup.positions.push_back({at(), at(), at()});
    const double angle = random.uniform(0, 2 * std::numbers::pi);
    const double z = random.uniform(-1, 1);
    const double r = std::sqrt(1 - z * z);
    soup.normals.push_back(
        {static_cast<float>(r * std::cos(angle)), static_cast<float>(r * std::sin(angle)), static_cast<float>(z)});
    for (int c = 0; c < 3; ++c) soup.colours.push_back(static_cast<std::uint8_t>(random.below(256)));
    soup.rows.push_back(random.below(features));
    soup.indices.push_back(static_cast<std::uint32_t>(i));
  }
  return soup;
}

std::vector<GlbFeature> some_features(std::size_t count) {
  std::vector<GlbFeature> features;
  for (std::size_t i = 0; i < count; ++i) {
    features.push_back({"building-w" + std::to_string(i), 1, i % 2 == 0 ? "Hôtel de Paris" : "", 3.5f});
  }
  return features;
}

std::string written(const Soup& soup, std::size_t features) {
  const GlbMesh meshes[] = {soup.mesh()};
  const auto table = some_features(features);
  const GlbKind kinds[] = {{"building", 1}};
  GlbScene scene;
  scene.meshes = meshes;
  scene.features = table;
  scene.kinds = kinds;
  return write_glb(scene).value();
}

TEST(Glb, keeps_every_position_within_half_a_grid_step) {
  const Soup soup = random_soup(1, 1000, 250, 10);
  const double step = 1.0 / 128;
  const PackedMesh packed = pack_mesh(soup.mesh(), step, 65535);
  ASSERT_EQ(packed.indices.size(), soup.indices.size());
  // Triangles may be reordered and turned, so each corner is looked up among the rounded originals.
  std::vector<std::array<int, 3>> rounded;
  for (const auto& v : packed.vertices) rounded.push_back({v.position[0], v.position[1], v.position[2]});
  for (const geo::Vec3f& p : soup.positions) {
    const bool found = std::any_of(rounded.begin(), rounded.end(), [&](const auto& q) {
      return std::abs(q[0] * step - p.x) <= step / 2 && std::abs(q[1] * step - p.y) <= step / 2 &&
             std::abs(q[2] * step - p.z) <= step / 2;
    });
    ASSERT_TRUE(found) << p.x << ' ' << p.y << ' ' << p.z;
  }
}

TEST(Glb, widens_the_grid_until_the_tile_fits) {
  const Soup soup = random_soup(2, 10, 1000, 1);
  const GlbMesh meshes[] = {soup.mesh()};
  GlbScene scene;
  scene.meshes = meshes;
  const double step = grid_step_that_fits(scene, 1.0 / 128);
  EXPECT_EQ(step, 1.0 / 32);
}

TEST(Glb, keeps_the_direction_and_length_of_normals) {
  const Soup soup = random_soup(3, 20000, 1, 1);
  for (const geo::Vec3f& n : soup.normals) {
    std::int8_t packed[3];
    pack_normal(n, packed);
    const double x = packed[0] / 127.0, y = packed[1] / 127.0, z = packed[2] / 127.0;
    const double packed_length = std::sqrt(x * x + y * y + z * z);
    ASSERT_NEAR(packed_length, 1, 0.00674) << n.x << ' ' << n.y << ' ' << n.z;
    const double cosine = (x * n.x + y * n.y + z * n.z) / packed_length;
    ASSERT_LE(std::acos(std::min(1.0, cosine)) * 180 / std::numbers::pi, kGlbNormalErrorDeg);
  }
}

// Published values of the transfer function (IEC 61966-2-1): mid grey 188 is half the light of white.
TEST(Glb, writes_colours_as_linear_light) {
  EXPECT_EQ(linear16_from_srgb(0), 0);
  EXPECT_EQ(linear16_from_srgb(255), 65535);
  EXPECT_NEAR(linear16_from_srgb(188) / 65535.0, 0.5029, 0.0001);
  EXPECT_NEAR(linear16_from_srgb(10) / 65535.0, 0.003035, 0.00001);
}

TEST(Glb, gives_the_same_bytes_for_the_same_scene) {
  const Soup soup = random_soup(4, 500, 120, 40);
  EXPECT_EQ(written(soup, 40), written(soup, 40));
}

TEST(Glb, drops_triangles_that_vanish_on_the_grid) {
  Soup soup = random_soup(5, 2, 100, 1);
  soup.positions[4] = {soup.positions[3].x + 0.0001f, soup.positions[3].y, soup.positions[3].z};
  soup.positions[3] = {std::round(soup.positions[3].x), 0, 0};
  soup.positions[4] = {soup.positions[3].x + 0.001f, 0.001f, 0};
  EXPECT_EQ(pack_mesh(soup.mesh(), 1.0 / 128, 65535).indices.size(), 3u);
}

TEST(Glb, joins_equal_vertices) {
  Soup soup = random_soup(6, 1, 100, 1);
  for (std::uint32_t i = 0; i < 3; ++i) soup.indices.push_back(i);
  soup.positions.insert(soup.positions.end(), soup.positions.begin(), soup.positions.begin() + 3);
  soup.normals.insert(soup.normals.end(), soup.normals.begin(), soup.normals.begin() + 3);
  soup.rows.insert(soup.rows.end(), soup.rows.begin(), soup.rows.begin() + 3);
  const auto colours = soup.colours;
  soup.colours.insert(soup.colours.end(), colours.begin(), colours.end());
  soup.indices = {0, 1, 2, 3, 4, 5};
  EXPECT_EQ(pack_mesh(soup.mesh(), 1.0 / 128, 65535).vertices.size(), 3u);
}

TEST(Glb, is_laid_out_as_the_container_demands) {
  const std::string file = written(random_soup(7, 50, 100, 5), 5);
  const auto u32 = [&](std::size_t at) {
    std::uint32_t v;
    std::memcpy(&v, file.data() + at, sizeof v);
    return v;
  };
  ASSERT_EQ(file.substr(0, 4), "glTF");
  EXPECT_EQ(u32(4), 2u);
  EXPECT_EQ(u32(8), file.size());
  const std::uint32_t json_bytes = u32(12);
  EXPECT_EQ(json_bytes % 4, 0u);
  EXPECT_EQ(file.substr(16, 4), "JSON");
  EXPECT_EQ((20 + json_bytes + 8) % 8, 0u) << "property tables are read as 8-byte values";
  EXPECT_EQ(file.substr(20 + json_bytes + 4, 4), std::string("BIN\0", 4));
  EXPECT_EQ(20 + json_bytes + 8 + u32(20 + json_bytes), file.size());
}

TEST(Glb, counts_features_in_floats_where_16_bits_are_too_few) {
  const Soup soup = random_soup(8, 100, 100, 70'000);
  const std::string file = written(soup, 70'000);
  EXPECT_NE(file.find(R"("nullFeatureId":16777216)"), std::string::npos);
  EXPECT_NE(written(random_soup(8, 100, 100, 60'000), 60'000).find(R"("nullFeatureId":65535)"), std::string::npos);
}

TEST(Glb, lists_only_features_that_are_drawn) {
  const std::string file = written(random_soup(9, 3, 100, 1), 4);
  EXPECT_NE(file.find(R"("class":"feature","count":1,)"), std::string::npos);
  EXPECT_NE(file.find("building-w0"), std::string::npos);
  EXPECT_EQ(file.find("building-w3"), std::string::npos);
}

TEST(Glb, tells_the_use_of_objects_where_one_has_a_use) {
  const Soup soup = random_soup(10, 6, 100, 2);
  const GlbMesh meshes[] = {soup.mesh()};
  auto table = some_features(2);
  const GlbKind kinds[] = {{"building", 1}};
  const GlbKind uses[] = {{"unknown", 0}, {"office", 5}};
  GlbScene scene;
  scene.meshes = meshes;
  scene.features = table;
  scene.kinds = kinds;
  scene.uses = uses;
  EXPECT_EQ(write_glb(scene).value().find(R"("use")"), std::string::npos);
  table[1].use = 5;
  const std::string file = write_glb(scene).value();
  EXPECT_NE(file.find(R"("use":{"type":"ENUM","enumType":"use","noData":"unknown"})"), std::string::npos);
  EXPECT_NE(file.find(R"("use":{"valueType":"UINT8","values":[{"name":"unknown","value":0},{"name":"office","value":5}]})"),
            std::string::npos);
}

TEST(Glb, writes_a_tile_with_nothing_in_it) {
  const std::string file = write_glb({}).value();
  EXPECT_EQ(file.substr(0, 4), "glTF");
  EXPECT_EQ(file.find("meshes"), std::string::npos);
}

}  // namespace
}  // namespace citiverse::formats
