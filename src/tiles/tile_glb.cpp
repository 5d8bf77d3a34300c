// A tile's arrays → glTF: city objects become rows of the tile's feature table.
#include <algorithm>
#include <array>
#include <numbers>

#include "base/random.h"
#include "city/enum_names.h"
#include "tiles/ground_triangulation.h"
#include "tiles/tile_content.h"
#include "tiles/tree_shapes.h"

namespace citiverse::tiles {
namespace {

using city::FeatureIndex;
using city::FeatureKind;

static_assert(sizeof(Rgb8) == 3, "colours are handed on as bytes");

struct MaterialLook {
  std::string_view name;
  float roughness;
};
constexpr std::array<MaterialLook, kMaterials> kLooks{{{"ground", 0.95f}, {"water", 0.15f}, {"wall", 0.9f}, {"roof", 0.85f}}};
constexpr MaterialLook kTreeLook{"tree", 0.95f};

void collect(std::span<const std::uint32_t> features, std::vector<FeatureIndex>& out) {
  FeatureIndex last = city::kNone;
  for (const FeatureIndex f : features) {
    if (f != last && f != city::kNone) out.push_back(f);
    last = f;
  }
}

// The features of a tile in order of index; a row is a place in this list.
std::vector<FeatureIndex> features_of(const TileContent& content) {
  std::vector<FeatureIndex> all;
  for (const Mesh& mesh : content.meshes) collect(mesh.features, all);
  for (const TreeInstance& tree : content.trees) all.push_back(tree.feature);
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

std::uint32_t row_of(const std::vector<FeatureIndex>& features, FeatureIndex f) {
  return static_cast<std::uint32_t>(std::lower_bound(features.begin(), features.end(), f) - features.begin());
}

std::vector<std::uint32_t> rows_of(const std::vector<FeatureIndex>& features, const Mesh& mesh) {
  std::vector<std::uint32_t> rows(mesh.features.size());
  FeatureIndex last = city::kNone;
  std::uint32_t row = formats::kGlbNoRow;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (mesh.features[i] != last) {
      last = mesh.features[i];
      row = last == city::kNone ? formats::kGlbNoRow : row_of(features, last);
    }
    rows[i] = row;
  }
  return rows;
}

formats::GlbMesh glb_mesh(const Mesh& mesh, const MaterialLook& look, std::span<const std::uint32_t> rows) {
  return {look.name,
          look.roughness,
          mesh.positions,
          mesh.normals,
          {reinterpret_cast<const std::uint8_t*>(mesh.colours.data()), 3 * mesh.colours.size()},
          rows,
          mesh.indices};
}

std::vector<formats::GlbFeature> table_of(const city::City& city, const std::vector<FeatureIndex>& features) {
  std::vector<formats::GlbFeature> table;
  table.reserve(features.size());
  for (const FeatureIndex i : features) {
    const city::Feature& f = city.feature(i);
    const FeatureKind kind = f.id.kind();
    float height_m = 0;
    std::uint8_t use = 0;
    if (kind == FeatureKind::building || kind == FeatureKind::building_part) {
      height_m = city.building(f).height_m;
      use = static_cast<std::uint8_t>(city.building(f).use);
    }
    if (kind == FeatureKind::tree) height_m = city.tree(f).height_m;
    table.push_back({to_string(f.id), static_cast<std::uint8_t>(kind), city.text(f.name), height_m, use});
  }
  return table;
}

TreeShape shape_of(std::uint8_t leaf) {
  switch (static_cast<city::LeafType>(leaf)) {
    case city::LeafType::needleleaved: return TreeShape::needleleaved;
    case city::LeafType::palm: return TreeShape::palm;
    case city::LeafType::unknown:
    case city::LeafType::broadleaved: return TreeShape::broadleaved;
  }
  return TreeShape::broadleaved;
}

std::vector<formats::GlbInstances> tree_instances(const city::City& city, const TileContent& content,
                                                  const std::vector<FeatureIndex>& features, bool simple) {
  std::vector<formats::GlbInstances> groups(kTreeShapes);
  for (std::size_t s = 0; s < kTreeShapes; ++s) {
    groups[s].shape = glb_mesh(tree_shape(static_cast<TreeShape>(s), simple), kTreeLook, {});
  }
  for (const TreeInstance& tree : content.trees) {
    // Turned by its id, so that it stands the same way in every tile and run.
    const double turn = base::Random(city.feature(tree.feature).id.value).uniform(0, 2 * std::numbers::pi);
    groups[static_cast<std::size_t>(shape_of(tree.leaf))].instances.push_back(
        {tree.foot,
         {tree.crown_diameter_m, tree.crown_diameter_m, tree.height_m},
         static_cast<float>(turn),
         row_of(features, tree.feature)});
  }
  return groups;
}

}  // namespace

base::Result<std::string> write_tile_content(const city::City& city, const Pyramid& pyramid, formats::TileAddress at,
                                             const TileContent& content) {
  static const std::vector<formats::GlbKind> kinds = [] {
    std::vector<formats::GlbKind> all;
    for (std::uint8_t k = 1; k < city::kFeatureKinds; ++k) all.push_back({name_of(static_cast<FeatureKind>(k)), k});
    return all;
  }();
  static const std::vector<formats::GlbKind> uses = [] {
    std::vector<formats::GlbKind> all;
    for (std::uint8_t u = 0; u <= static_cast<std::uint8_t>(city::BuildingUse::construction); ++u)
      all.push_back({city::word_for(static_cast<city::BuildingUse>(u)), u});
    return all;
  }();
  const std::vector<FeatureIndex> features = features_of(content);
  std::array<std::vector<std::uint32_t>, kMaterials> rows;
  std::vector<formats::GlbMesh> meshes;
  for (std::size_t m = 0; m < kMaterials; ++m) {
    rows[m] = rows_of(features, content.meshes[m]);
    meshes.push_back(glb_mesh(content.meshes[m], kLooks[m], rows[m]));
  }
  const auto table = table_of(city, features);
  const auto trees = tree_instances(city, content, features, pyramid.detail(at) != TileDetail::full);
  formats::GlbScene scene;
  scene.placement = place_in_tileset(city.plane(), content.origin);
  // Neighbours of one level share a grid, with room for what overhangs the tile's edge on either side. Full detail is never
  // coarser than the ground's own grid, unless it does not fit.
  scene.grid_step_m = pyramid.tile_size_m(at.level) / 32768;
  if (pyramid.detail(at) == TileDetail::full) scene.grid_step_m = std::min(scene.grid_step_m, 1 / kGroundGridPerM);
  scene.meshes = meshes;
  scene.instances = trees;
  scene.features = table;
  scene.kinds = kinds;
  scene.uses = uses;
  return formats::write_glb(scene);
}

}  // namespace citiverse::tiles
