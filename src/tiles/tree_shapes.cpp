// Surfaces of revolution with a few sides, a little irregular so that a row of them does not look stamped.
#include "tiles/tree_shapes.h"

#include <array>
#include <cmath>
#include <numbers>

#include "city/feature.h"

namespace citiverse::tiles {
namespace {

struct Ring {
  float radius;
  float height;
  Rgb8 colour;
};

constexpr Rgb8 kTrunk{138, 120, 104};
constexpr Rgb8 kTrunkFoot{112, 98, 86};

// Smooth sides: normals lean with the profile, and each ring is turned by half a side against the one below.
void add_revolution(Mesh& mesh, const Ring* rings, std::size_t count, int sides) {
  const auto first = static_cast<std::uint32_t>(mesh.positions.size());
  const auto n = static_cast<std::uint32_t>(sides);
  for (std::size_t r = 0; r < count; ++r) {
    const Ring& below = rings[r == 0 ? 0 : r - 1];
    const Ring& above = rings[r + 1 == count ? r : r + 1];
    const float rise = above.height - below.height;
    const float run = below.radius - above.radius;
    const float length = std::max(std::sqrt(rise * rise + run * run), 1e-6f);
    for (std::uint32_t s = 0; s < n; ++s) {
      const double angle = (s + (r % 2 == 0 ? 0.0 : 0.5)) * 2 * std::numbers::pi / sides;
      const auto x = static_cast<float>(std::cos(angle));
      const auto y = static_cast<float>(std::sin(angle));
      mesh.positions.push_back({rings[r].radius * x, rings[r].radius * y, rings[r].height});
      mesh.normals.push_back({x * rise / length, y * rise / length, run / length});
      mesh.colours.push_back(rings[r].colour);
    }
  }
  for (std::uint32_t r = 0; r + 1 < count; ++r) {
    for (std::uint32_t s = 0; s < n; ++s) {
      const std::uint32_t turn = r % 2 == 0 ? 0 : 1;
      const std::uint32_t a = first + r * n + s;
      const std::uint32_t b = first + r * n + (s + 1) % n;
      const std::uint32_t c = first + (r + 1) * n + (s + n - 1 + turn) % n;
      const std::uint32_t d = first + (r + 1) * n + (s + turn) % n;
      mesh.indices.insert(mesh.indices.end(), {a, b, d, a, d, c});
    }
  }
}

// Closes the last ring with one point.
void add_tip(Mesh& mesh, int sides, float height, Rgb8 colour) {
  const auto n = static_cast<std::uint32_t>(sides);
  const auto tip = static_cast<std::uint32_t>(mesh.positions.size());
  mesh.positions.push_back({0, 0, height});
  mesh.normals.push_back({0, 0, 1});
  mesh.colours.push_back(colour);
  for (std::uint32_t s = 0; s < n; ++s) mesh.indices.insert(mesh.indices.end(), {tip - n + s, tip - n + (s + 1) % n, tip});
}

Mesh broadleaved(bool simple) {
  Mesh mesh;
  if (!simple) {
    constexpr Ring trunk[] = {{0.06f, 0.0f, kTrunkFoot}, {0.045f, 0.34f, kTrunk}};
    add_revolution(mesh, trunk, 2, 5);
    constexpr Ring crown[] = {{0.26f, 0.24f, {104, 124, 92}},
                              {0.49f, 0.47f, {134, 154, 116}},
                              {0.42f, 0.76f, {158, 176, 138}},
                              {0.16f, 0.96f, {176, 192, 156}}};
    add_revolution(mesh, crown, 4, 6);
    add_tip(mesh, 6, 1.0f, {180, 196, 160});
  } else {
    constexpr Ring crown[] = {{0.24f, 0.16f, {106, 126, 94}}, {0.48f, 0.62f, {150, 168, 130}}};
    add_revolution(mesh, crown, 2, 4);
    add_tip(mesh, 4, 1.0f, {176, 192, 156});
  }
  return mesh;
}

Mesh needleleaved(bool simple) {
  Mesh mesh;
  if (!simple) {
    constexpr Ring trunk[] = {{0.07f, 0.0f, kTrunkFoot}, {0.06f, 0.2f, kTrunk}};
    add_revolution(mesh, trunk, 2, 5);
    constexpr Ring low[] = {{0.5f, 0.14f, {84, 108, 88}}, {0.2f, 0.56f, {118, 142, 116}}};
    add_revolution(mesh, low, 2, 7);
    add_tip(mesh, 7, 0.66f, {118, 142, 116});
    constexpr Ring top[] = {{0.34f, 0.46f, {92, 116, 94}}, {0.12f, 0.82f, {130, 154, 126}}};
    add_revolution(mesh, top, 2, 6);
    add_tip(mesh, 6, 1.0f, {146, 168, 140});
  } else {
    constexpr Ring cone[] = {{0.5f, 0.1f, {88, 112, 90}}};
    add_revolution(mesh, cone, 1, 5);
    mesh.normals.clear();
    for (int s = 0; s < 5; ++s) {
      const double angle = s * 2 * std::numbers::pi / 5;
      mesh.normals.push_back({static_cast<float>(0.87 * std::cos(angle)), static_cast<float>(0.87 * std::sin(angle)), 0.493f});
    }
    add_tip(mesh, 5, 1.0f, {146, 168, 140});
  }
  return mesh;
}

// A fan of drooping fronds, each two triangles folded along its spine; both faces show, so each is drawn twice.
void add_frond(Mesh& mesh, double angle, bool simple) {
  const auto c = static_cast<float>(std::cos(angle));
  const auto s = static_cast<float>(std::sin(angle));
  constexpr float kHalf = 0.09f;
  const geo::Vec3f points[] = {{0, 0, 0.9f},
                               {0.3f * c - kHalf * s, 0.3f * s + kHalf * c, 0.95f},
                               {0.3f * c + kHalf * s, 0.3f * s - kHalf * c, 0.95f},
                               {0.5f * c, 0.5f * s, 0.74f}};
  constexpr std::uint32_t kUpper[] = {0, 2, 1, 1, 2, 3};
  for (const bool upper : {true, false}) {
    if (simple && !upper) break;
    const auto first = static_cast<std::uint32_t>(mesh.positions.size());
    for (std::size_t i = 0; i < 4; ++i) {
      mesh.positions.push_back(points[i]);
      const float lean = i == 3 ? 0.6f : 0.25f;
      const float up = std::sqrt(1 - lean * lean);
      mesh.normals.push_back(upper ? geo::Vec3f{lean * c, lean * s, up} : geo::Vec3f{-lean * c, -lean * s, -up});
      mesh.colours.push_back(upper ? Rgb8{150, 172, 128} : Rgb8{112, 134, 98});
    }
    for (std::size_t i = 0; i < 6; i += 3) {
      mesh.indices.insert(mesh.indices.end(),
                          {first + kUpper[i], first + kUpper[i + (upper ? 1 : 2)], first + kUpper[i + (upper ? 2 : 1)]});
    }
  }
}

Mesh palm(bool simple) {
  Mesh mesh;
  constexpr Ring trunk[] = {{0.05f, 0.0f, kTrunkFoot}, {0.035f, 0.9f, kTrunk}};
  add_revolution(mesh, trunk, 2, simple ? 3 : 5);
  const int fronds = simple ? 5 : 11;
  for (int i = 0; i < fronds; ++i) add_frond(mesh, i * 2 * std::numbers::pi / fronds, simple);
  return mesh;
}

Mesh finished(Mesh mesh) {
  mesh.features.assign(mesh.positions.size(), city::kNone);
  return mesh;
}

}  // namespace

const Mesh& tree_shape(TreeShape shape, bool simple) {
  static const std::array<std::array<Mesh, 2>, kTreeShapes> shapes{
      {{finished(broadleaved(false)), finished(broadleaved(true))},
       {finished(needleleaved(false)), finished(needleleaved(true))},
       {finished(palm(false)), finished(palm(true))}}};
  return shapes[static_cast<std::size_t>(shape)][simple ? 1 : 0];
}

}  // namespace citiverse::tiles
