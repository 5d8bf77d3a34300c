// One 3D tile as a binary glTF 2.0 file: small on the wire, quick to decode, and every triangle knows its city object.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "geo/vec.h"

namespace citiverse::formats {

/// No row of the feature table: bare ground.
inline constexpr std::uint32_t kGlbNoRow = 0xFFFFFFFFu;
/// Vertices of one mesh, features and instances of one tile. Far above what a tile needs, so that indices stay small.
inline constexpr std::size_t kGlbVerticesMax = 8'000'000;
inline constexpr std::size_t kGlbFeaturesMax = 1'000'000;

/// One glTF primitive of its own material. Arrays have one value a vertex, `colours_srgb` three. Metres from the tile's
/// origin: x east, y north, z up; normals of unit length. The spans are read only during write_glb.
struct GlbMesh {
  std::string_view material;
  float roughness = 1;
  std::span<const geo::Vec3f> positions;
  std::span<const geo::Vec3f> normals;
  std::span<const std::uint8_t> colours_srgb;
  std::span<const std::uint32_t> rows;  ///< Of the feature table, or kGlbNoRow.
  std::span<const std::uint32_t> indices;
};

/// Many copies of one small shape, which fits in −1…1 in each axis; each copy is scaled, turned about z, and moved.
struct GlbInstances {
  GlbMesh shape;  ///< Its `rows` are empty.
  struct Instance {
    geo::Vec3f foot;
    geo::Vec3f scale;
    float turn_rad = 0;
    std::uint32_t row = 0;
  };
  std::vector<Instance> instances;
};

/// A row of the property table of class "feature".
struct GlbFeature {
  std::string id;
  std::uint8_t kind = 0;  ///< Value of GlbScene::kinds.
  std::string_view name;  ///< Empty: none.
  float height_m = 0;     ///< 0: none.
  std::uint8_t use = 0;   ///< Value of GlbScene::uses. 0: none or not known.
};

/// A value of an enumeration in the file's metadata.
struct GlbKind {
  std::string_view name;
  std::uint8_t value;
};

/// Where the tile stands in the tileset's frame: the directions of its axes (orthonormal), one scale, and its origin.
struct GlbPlacement {
  std::array<geo::Vec3d, 3> axes{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  double scale = 1;
  geo::Vec3d origin;
};

struct GlbScene {
  GlbPlacement placement;
  double grid_step_m = 1.0 / 128;  ///< Positions are rounded to this; doubled until the tile fits in ±32767 steps.
  std::span<const GlbMesh> meshes;
  std::span<const GlbInstances> instances;
  std::span<const GlbFeature> features;
  std::span<const GlbKind> kinds;
  std::span<const GlbKind> uses;  ///< With a name for 0 where it is not empty. Left out of files in which no feature has a use.
};

/// Of the direction of a normal.
inline constexpr double kGlbNormalErrorDeg = 0.6;

/// The file. Uses KHR_mesh_quantization (positions int16 × grid step, normals int8, colours uint16 linear, feature ids uint16
/// or float), EXT_meshopt_compression with an empty fallback buffer, EXT_mesh_features, EXT_structural_metadata,
/// EXT_mesh_gpu_instancing and EXT_instance_features. Empty meshes are left out; triangles that vanish on the grid too,
/// and features of which nothing is drawn.
/// Error: positions half a grid step an axis, normals kGlbNormalErrorDeg. The same scene gives the same bytes.
/// Fails: limit beyond the limits above.
/// Threads: safe. Source: Khronos glTF 2.0 (ISO/IEC 12113:2022) and the named extensions.
base::Result<std::string> write_glb(const GlbScene& scene);

/// Linear light of an sRGB byte, of 65535. Source: IEC 61966-2-1.
std::uint16_t linear16_from_srgb(std::uint8_t value);

}  // namespace citiverse::formats
