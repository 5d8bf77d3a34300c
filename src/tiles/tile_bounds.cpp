// Bounds are made for the deepest tiles of a subtree and joined upwards.
#include "tiles/tile_bounds.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "tiles/bridge_profile.h"
#include "tiles/tile_content.h"

namespace citiverse::tiles {
namespace {

using city::FeatureKind;

// Lowest and highest sample of the terrain under a box, with one sample more on each side.
std::array<double, 2> terrain_range(const city::Terrain& terrain, const geo::Box2d& box) {
  if (terrain.empty()) return {0, 0};
  const auto cell = [&](double offset, std::uint32_t count) {
    return static_cast<std::uint32_t>(std::clamp(std::floor(offset / terrain.step_m()), 0.0, count - 1.0));
  };
  const std::uint32_t column_low = cell(box.low.x - terrain.origin().x, terrain.columns());
  const std::uint32_t row_low = cell(box.low.y - terrain.origin().y, terrain.rows());
  const std::uint32_t column_high =
      std::min(cell(box.high.x - terrain.origin().x, terrain.columns()) + 1, terrain.columns() - 1);
  const std::uint32_t row_high = std::min(cell(box.high.y - terrain.origin().y, terrain.rows()) + 1, terrain.rows() - 1);
  float low = terrain.sample(column_low, row_low);
  float high = low;
  for (std::uint32_t row = row_low; row <= row_high; ++row) {
    for (std::uint32_t column = column_low; column <= column_high; ++column) {
      low = std::min(low, terrain.sample(column, row));
      high = std::max(high, terrain.sample(column, row));
    }
  }
  return {low, high};
}

// What a feature that belongs to a tile whole adds to its bounds; 0 for all others, which are cut at the tile's edge.
double height_of(const city::City& city, const city::Feature& f) {
  switch (f.id.kind()) {
    case FeatureKind::building:
    case FeatureKind::building_part: return city.building(f).height_m;
    case FeatureKind::barrier: return city.barrier(f).height_m;
    case FeatureKind::tree: return city.tree(f).height_m;
    default: return 0;
  }
}

// Standing water is as low as its shore, which may lie in another tile.
double shore_low(const city::City& city, const city::Feature& f) {
  double low = city.terrain().height_at(f.box.center());
  for (const city::Part& part : city.parts(f.geometry)) {
    for (const geo::Vec2d& v : city.vertices(part)) low = std::min(low, city.terrain().height_at(v));
  }
  return low;
}

geo::Box2d reach_of(const city::City& city, const city::Feature& f) {
  // Walls of barriers have a thickness, and roofs may stand out over their outline.
  constexpr double kMarginM = 1;
  return f.box.grown_by(f.id.kind() == FeatureKind::tree ? city.tree(f).crown_diameter_m / 2 : kMarginM);
}

void join(TileBounds& into, const TileBounds& from) {
  if (into.box.empty()) {
    into = from;
    return;
  }
  into.box.extend(from.box);
  into.blocks.extend(from.blocks);
  into.has_bridge = into.has_bridge || from.has_bridge;
  into.low_m = std::min(into.low_m, from.low_m);
  into.high_m = std::max(into.high_m, from.high_m);
}

double overhang_of(const geo::Box2d& box, const geo::Box2d& tile) {
  return std::max({0.0, tile.low.x - box.low.x, tile.low.y - box.low.y, box.high.x - tile.high.x, box.high.y - tile.high.y});
}

}  // namespace

TileBounds bounds_of_tile(const city::City& city, const Pyramid& pyramid, formats::TileAddress at) {
  TileBounds bounds;
  bounds.box = pyramid.ground_box(at);
  double height_m = kGroundAboveM;
  double water_low = std::numeric_limits<double>::infinity();
  city.index().visit_box(pyramid.tile_box(at), [&](city::FeatureIndex i) {
    const city::Feature& f = city.feature(i);
    bounds.has_bridge = bounds.has_bridge || is_bridge(city, f);
    if (f.id.kind() == FeatureKind::water && f.geometry.type == city::GeometryType::polygons) {
      water_low = std::min(water_low, shore_low(city, f));
    }
    const double height = height_of(city, f);
    if (height <= 0 || !belongs_to_tile(city, pyramid, at, f)) return;
    bounds.box.extend(reach_of(city, f));
    bounds.blocks.extend(f.box.grown_by(kBlockOverhangShare * std::min(f.box.width(), f.box.height())));
    height_m = std::max(height_m, height);
  });
  if (pyramid.detail(at) != TileDetail::full) bounds.box.extend(bounds.blocks);
  if (bounds.has_bridge) bounds.box.extend(pyramid.ground_box(at).grown_by(kBridgeOverhangM));
  const auto [low, high] = terrain_range(city.terrain(), bounds.box);
  bounds.low_m =
      std::min(low, water_low) - kGroundBelowM - ground_skirt_m(ground_detail(pyramid.detail(at)), pyramid.tile_box(at));
  bounds.high_m = high + height_m;
  return bounds;
}

formats::BoxVolume volume_of(const city::City& city, const Pyramid& pyramid, formats::TileAddress at, const TileBounds& b) {
  const geo::Vec3d origin = tile_origin(city, pyramid, at);
  const formats::GlbPlacement placement = place_in_tileset(city.plane(), origin);
  constexpr double kFar = 1e18;
  geo::Vec3d low{kFar, kFar, kFar};
  geo::Vec3d high{-kFar, -kFar, -kFar};
  for (int corner = 0; corner < 8; ++corner) {
    const geo::Vec3d local{(corner & 1 ? b.box.high.x : b.box.low.x) - origin.x,
                           (corner & 2 ? b.box.high.y : b.box.low.y) - origin.y, (corner & 4 ? b.high_m : b.low_m) - origin.z};
    const geo::Vec3d p = to_tileset(placement, local);
    low = {std::min(low.x, p.x), std::min(low.y, p.y), std::min(low.z, p.z)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y), std::max(high.z, p.z)};
  }
  const geo::Vec3d middle = (low + high) * 0.5;
  const geo::Vec3d half = (high - low) * 0.5;
  return {middle.x, middle.y, middle.z, half.x, 0, 0, 0, half.y, 0, 0, 0, half.z};
}

formats::Subtree make_subtree(const city::City& city, const Pyramid& pyramid, formats::TileAddress root) {
  const unsigned levels = pyramid.subtree_levels();
  CITIVERSE_CHECK(root.level % levels == 0, "subtrees begin at multiples of their depth");
  const auto tile = [&](formats::TileAddress within) {
    return formats::TileAddress{root.level + within.level, (root.x << within.level) + within.x,
                                (root.y << within.level) + within.y};
  };
  const std::size_t bits = ((std::size_t{1} << (2 * levels)) - 1) / 3;
  formats::Subtree subtree;
  subtree.levels = levels;
  subtree.tiles.assign(bits, false);
  subtree.child_subtrees.assign(std::size_t{1} << (2 * levels), false);
  std::vector<TileBounds> bounds(bits);
  std::vector<formats::TileAddress> tiles(bits);
  for (unsigned level = levels + 1; level-- > 0;) {
    for (std::uint32_t y = 0; y < 1u << level; ++y) {
      for (std::uint32_t x = 0; x < 1u << level; ++x) {
        const formats::TileAddress within{level, x, y};
        if (!pyramid.exists(tile(within))) continue;
        if (level == levels) {
          subtree.child_subtrees[formats::morton_index(x, y)] = true;
          continue;
        }
        const std::size_t bit = formats::subtree_bit(within);
        tiles[bit] = tile(within);
        subtree.tiles[bit] = true;
        const bool deepest = level + 1 == levels || pyramid.is_leaf(tiles[bit]);
        if (deepest) bounds[bit] = bounds_of_tile(city, pyramid, tiles[bit]);
        if (!deepest) {
          // This tile's own content is coarser than what lies below: its skirt is deeper, bridges are cut elsewhere, and
          // buildings are blocks.
          bounds[bit].box.extend(bounds[bit].blocks);
          if (bounds[bit].has_bridge) bounds[bit].box.extend(pyramid.ground_box(tiles[bit]).grown_by(kBridgeOverhangM));
          const TileDetail detail = pyramid.detail(tiles[bit]);
          bounds[bit].low_m -= ground_skirt_m(ground_detail(detail), pyramid.tile_box(tiles[bit]));
        }
        if (level > 0) join(bounds[formats::subtree_bit({level - 1, x / 2, y / 2})], bounds[bit]);
      }
    }
  }
  subtree.contents = subtree.tiles;
  for (std::size_t bit = 0; bit < bits; ++bit) {
    if (subtree.tiles[bit]) subtree.tile_boxes.push_back(volume_of(city, pyramid, tiles[bit], bounds[bit]));
  }
  return subtree;
}

formats::Tileset make_tileset(const city::City& city, const Pyramid& pyramid) {
  formats::Tileset tileset;
  tileset.origin = city.plane().origin();
  tileset.levels = pyramid.levels();
  tileset.subtree_levels = pyramid.subtree_levels();
  tileset.root_error_m = pyramid.geometric_error_m(0);
  TileBounds bounds;
  if (pyramid.exists({})) bounds = bounds_of_tile(city, pyramid, {});
  bounds.box = pyramid.tile_box({});
  tileset.root_box = volume_of(city, pyramid, {}, bounds);
  const unsigned leaf = pyramid.levels() - 1;
  tileset.content_overhang_m = kBridgeOverhangM;
  for (const FeatureKind kind : {FeatureKind::building, FeatureKind::building_part, FeatureKind::barrier, FeatureKind::tree}) {
    const city::Run run = city.of_kind(kind);
    for (std::uint32_t i = run.first; i < run.first + run.count; ++i) {
      const city::Feature& f = city.feature(i);
      const geo::Box2d reach = reach_of(city, f);
      const formats::TileAddress low = pyramid.tile_at(leaf, reach.low);
      if (low == pyramid.tile_at(leaf, reach.high)) continue;
      const geo::Box2d home = pyramid.tile_box(pyramid.tile_at(leaf, city.anchor(f)));
      tileset.content_overhang_m = std::max(tileset.content_overhang_m, overhang_of(reach, home));
    }
  }
  tileset.content_overhang_m = std::ceil(tileset.content_overhang_m);
  return tileset;
}

}  // namespace citiverse::tiles
