// The heavy work is meshoptimizer's; here values are rounded, and what vanished by rounding is dropped.
#include "formats/glb_packing.h"

#include <meshoptimizer.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace citiverse::formats {
namespace {

constexpr double kGridMax = 32767;

std::array<std::uint16_t, 256> make_linear_table() {
  std::array<std::uint16_t, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    const double s = static_cast<double>(i) / 255;
    const double linear = s <= 0.04045 ? s / 12.92 : std::pow((s + 0.055) / 1.055, 2.4);
    table[i] = static_cast<std::uint16_t>(std::lround(linear * 65535));
  }
  return table;
}

std::int16_t on_grid(float value_m, double steps_a_metre) {
  const double steps = std::clamp(value_m * steps_a_metre, -kGridMax, kGridMax);
  return static_cast<std::int16_t>(steps + (steps < 0 ? -0.5 : 0.5));  // Rounds; std::round is a call into libm.
}

// EXT_meshopt_compression is defined over these versions of the codecs; meshoptimizer keeps the choice for the whole process.
void use_extension_versions() {
  static const bool done = (meshopt_encodeIndexVersion(1), meshopt_encodeVertexVersion(0), true);
  static_cast<void>(done);
}

bool same_place(const PackedVertex& a, const PackedVertex& b) {
  return std::memcmp(a.position, b.position, sizeof a.position) == 0;
}

}  // namespace

std::uint16_t linear16_from_srgb(std::uint8_t value) {
  static const auto table = make_linear_table();
  return table[value];
}

double grid_step_that_fits(const GlbScene& scene, double step_m) {
  float reach = 0;
  for (const GlbMesh& mesh : scene.meshes) {
    for (const geo::Vec3f& p : mesh.positions) reach = std::max({reach, std::abs(p.x), std::abs(p.y), std::abs(p.z)});
  }
  while (reach > step_m * kGridMax) step_m *= 2;
  return step_m;
}

void pack_normal(geo::Vec3f normal, std::int8_t out[3]) {
  const float length = std::sqrt(normal.x * normal.x + normal.y * normal.y + normal.z * normal.z);
  const float by = length > 0 ? 127.0f / length : 0.0f;
  const float exact[3] = {normal.x * by, normal.y * by, length > 0 ? normal.z * by : 127.0f};
  int best[3];
  int squares = 0;
  for (int i = 0; i < 3; ++i) {
    best[i] = static_cast<int>(exact[i] + (exact[i] < 0 ? -0.5f : 0.5f));
    squares += best[i] * best[i];
  }
  // Validators accept a length of 1 ± 0.00674: move the component that was rounded most back to the other side.
  constexpr int kLow = 15913;   // (127 × 0.9933)²
  constexpr int kHigh = 16345;  // (127 × 1.0067)²
  if (squares < kLow || squares > kHigh) {
    const int want = squares < kLow ? 1 : -1;
    int at = 0;
    float most = -1;
    for (int i = 0; i < 3; ++i) {
      const float rest = (std::abs(exact[i]) - static_cast<float>(std::abs(best[i]))) * static_cast<float>(want);
      if (rest > most && best[i] != 0) {
        most = rest;
        at = i;
      }
    }
    best[at] += best[at] > 0 ? want : -want;
  }
  for (int i = 0; i < 3; ++i) out[i] = static_cast<std::int8_t>(std::clamp(best[i], -127, 127));
}

PackedMesh pack_mesh(const GlbMesh& mesh, double step_m, std::uint32_t no_row) {
  std::vector<PackedVertex> vertices(mesh.positions.size());
  const double steps_a_metre = 1.0 / step_m;  // Steps are powers of two: exact.
  for (std::size_t i = 0; i < vertices.size(); ++i) {
    PackedVertex& v = vertices[i];
    std::memset(&v, 0, sizeof v);
    v.position[0] = on_grid(mesh.positions[i].x, steps_a_metre);
    v.position[1] = on_grid(mesh.positions[i].y, steps_a_metre);
    v.position[2] = on_grid(mesh.positions[i].z, steps_a_metre);
    // Neighbours often share one: a flat face, level ground.
    if (i > 0 && mesh.normals[i] == mesh.normals[i - 1])
      std::memcpy(v.normal, vertices[i - 1].normal, sizeof v.normal);
    else
      pack_normal(mesh.normals[i], v.normal);
    for (std::size_t c = 0; c < 3; ++c) v.colour[c] = linear16_from_srgb(mesh.colours_srgb[3 * i + c]);
    if (!mesh.rows.empty()) v.row = mesh.rows[i] == kGlbNoRow ? no_row : mesh.rows[i];
  }
  PackedMesh packed;
  packed.indices.reserve(mesh.indices.size());
  for (std::size_t i = 0; i + 2 < mesh.indices.size(); i += 3) {
    const std::uint32_t a = mesh.indices[i];
    const std::uint32_t b = mesh.indices[i + 1];
    const std::uint32_t c = mesh.indices[i + 2];
    if (same_place(vertices[a], vertices[b]) || same_place(vertices[b], vertices[c]) || same_place(vertices[c], vertices[a]))
      continue;
    packed.indices.insert(packed.indices.end(), {a, b, c});
  }
  if (packed.indices.empty()) return {};
  std::vector<unsigned> remap(vertices.size());
  const std::size_t joined = meshopt_generateVertexRemap(remap.data(), packed.indices.data(), packed.indices.size(),
                                                         vertices.data(), vertices.size(), sizeof(PackedVertex));
  meshopt_remapIndexBuffer(packed.indices.data(), packed.indices.data(), packed.indices.size(), remap.data());
  packed.vertices.resize(joined);
  meshopt_remapVertexBuffer(packed.vertices.data(), vertices.data(), vertices.size(), sizeof(PackedVertex), remap.data());
  // The quicker of meshoptimizer's two: a tenth of a whole run less, for files half a percent larger (Porto Alegre).
  meshopt_optimizeVertexCacheFifo(packed.indices.data(), packed.indices.data(), packed.indices.size(), joined, 16);
  const std::size_t used = meshopt_optimizeVertexFetch(packed.vertices.data(), packed.indices.data(), packed.indices.size(),
                                                       packed.vertices.data(), joined, sizeof(PackedVertex));
  packed.vertices.resize(used);
  return packed;
}

std::string encode_attributes(const void* values, std::size_t count, std::size_t stride) {
  use_extension_versions();
  std::string bytes(meshopt_encodeVertexBufferBound(count, stride), '\0');
  bytes.resize(meshopt_encodeVertexBuffer(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), values, count, stride));
  return bytes;
}

std::string encode_triangles(const std::vector<std::uint32_t>& indices, std::size_t vertex_count) {
  use_extension_versions();
  std::string bytes(meshopt_encodeIndexBufferBound(indices.size(), vertex_count), '\0');
  bytes.resize(
      meshopt_encodeIndexBuffer(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), indices.data(), indices.size()));
  return bytes;
}

}  // namespace citiverse::formats
