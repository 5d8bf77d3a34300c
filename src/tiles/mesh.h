// What the mesh makers of this room write into and the glTF writer reads from: one array a property, one mesh a material.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "geo/vec.h"

namespace citiverse::tiles {

/// Each material is one glTF primitive and one draw call a tile. The client finds materials by these names.
enum class Material : std::uint8_t {
  ground,  ///< Terrain, streets, pavements, green, rails, bridges: every surface one walks on; told apart by vertex colour.
  water,   ///< Flat and glass-like in the client.
  wall,    ///< The client lights windows on it at night.
  roof,
};
inline constexpr std::size_t kMaterials = 4;

/// sRGB, with ambient occlusion already multiplied in.
struct Rgb8 {
  std::uint8_t r = 255;
  std::uint8_t g = 255;
  std::uint8_t b = 255;
  friend bool operator==(const Rgb8&, const Rgb8&) = default;
};

/// An indexed triangle mesh, counter-clockwise seen from outside. Positions in metres from the tile's origin: x east, y north,
/// z up in the city plane. All arrays but `indices` have one value a vertex.
struct Mesh {
  std::vector<geo::Vec3f> positions;
  std::vector<geo::Vec3f> normals;  ///< Unit length.
  std::vector<Rgb8> colours;
  std::vector<std::uint32_t> features;  ///< city::FeatureIndex, or city::kNone for bare terrain.
  std::vector<std::uint32_t> indices;
};

/// One tree of a tile; trees are instances of a few shared crowns.
struct TreeInstance {
  geo::Vec3f foot;
  float height_m;
  float crown_diameter_m;
  std::uint8_t leaf;  ///< city::LeafType.
  std::uint32_t feature;
};

/// The content of one 3D tile before it becomes bytes. `origin` is the tile's centre in the city plane, z its reference height.
struct TileContent {
  geo::Vec3d origin;
  std::array<Mesh, kMaterials> meshes;
  std::vector<TreeInstance> trees;
  Mesh& of(Material m) { return meshes[static_cast<std::size_t>(m)]; }
};

}  // namespace citiverse::tiles
