// Plain arithmetic on squares; the only geodesy is where a tile is put into the tileset's frame.
#include "tiles/pyramid.h"

#include <algorithm>
#include <cmath>

namespace citiverse::tiles {
namespace {

using city::FeatureKind;

constexpr FeatureKind kDrawnKinds[] = {FeatureKind::building, FeatureKind::building_part, FeatureKind::street,
                                       FeatureKind::rail,     FeatureKind::water,         FeatureKind::green,
                                       FeatureKind::land_use, FeatureKind::paved,         FeatureKind::bridge,
                                       FeatureKind::barrier,  FeatureKind::tree};

// What stands or runs somewhere makes the extent. Surfaces do not: one forest or sea may reach far beyond the rest, and is cut.
constexpr FeatureKind kExtentKinds[] = {FeatureKind::building, FeatureKind::building_part, FeatureKind::street,
                                        FeatureKind::rail,     FeatureKind::paved,         FeatureKind::bridge,
                                        FeatureKind::barrier,  FeatureKind::tree};

}  // namespace

geo::Box2d drawn_extent(const city::City& city) {
  geo::Box2d box;
  for (const FeatureKind kind : kExtentKinds) {
    const city::Run run = city.of_kind(kind);
    for (std::uint32_t i = run.first; i < run.first + run.count; ++i) box.extend(city.feature(i).box);
  }
  if (box.empty()) box = city.box();
  return box.empty() ? box : box.grown_by(1);  // So that nothing lies on the outer edge itself.
}

Pyramid::Pyramid(const city::City& city) : extent_(drawn_extent(city)) {
  if (extent_.empty()) return;
  const double side = std::max(extent_.width(), extent_.height());
  while (levels_ < kTileLevelsMax && tile_size_m(0) < side + 1) ++levels_;
  const geo::Vec2d centre = extent_.center();
  low_ = {std::floor(centre.x - tile_size_m(0) / 2), std::floor(centre.y - tile_size_m(0) / 2)};
  const geo::Box2d square = tile_box({});
  extent_.low = {std::max(extent_.low.x, square.low.x), std::max(extent_.low.y, square.low.y)};
  extent_.high = {std::min(extent_.high.x, square.high.x), std::min(extent_.high.y, square.high.y)};
  count_vertices(city);
  const bool one_file = levels_ <= formats::kSubtreeLevelsMax && count_tiles({}) <= kSubtreeTilesMax;
  subtree_levels_ = one_file ? levels_ : (levels_ + 1) / 2;
}

std::size_t Pyramid::count_tiles(formats::TileAddress at) const {
  const geo::Box2d box = ground_box(at);
  if (box.low.x >= box.high.x || box.low.y >= box.high.y) return 0;
  std::size_t count = 1;
  if (is_light(at)) return count;
  for (std::uint32_t i = 0; i < 4; ++i) count += count_tiles({at.level + 1, 2 * at.x + i % 2, 2 * at.y + i / 2});
  return count;
}

double Pyramid::tile_size_m(unsigned level) const { return std::ldexp(kLeafTileM, static_cast<int>(levels_ - 1 - level)); }

double Pyramid::geometric_error_m(unsigned level) const { return tile_size_m(level) / 64; }

// Every vertex counts for the tile it lies in, at the deepest level and the few above it.
void Pyramid::count_vertices(const city::City& city) {
  terrain_step_m_ = city.terrain().step_m();
  unsigned level = levels_ - 1;
  vertices_.resize(levels_);
  vertices_[level].assign(std::size_t{1} << (2 * level), 0);
  for (const FeatureKind kind : kDrawnKinds) {
    const city::Run run = city.of_kind(kind);
    for (std::uint32_t i = run.first; i < run.first + run.count; ++i) {
      for (const city::Part& part : city.parts(city.feature(i).geometry)) {
        for (const geo::Vec2d& v : city.vertices(part)) {
          const formats::TileAddress at = tile_at(level, v);
          ++vertices_[level][(std::size_t{at.y} << level) + at.x];
        }
      }
    }
  }
  while (level > 0 && tile_size_m(level - 1) <= kLeafTileMaxM) {
    const auto& below = vertices_[level--];
    vertices_[level].assign(std::size_t{1} << (2 * level), 0);
    for (std::size_t i = 0; i < below.size(); ++i) {
      const std::size_t y = i >> (level + 1);
      const std::size_t x = i & ((std::size_t{1} << (level + 1)) - 1);
      vertices_[level][((y / 2) << level) + x / 2] += below[i];
    }
  }
}

bool Pyramid::is_light(formats::TileAddress at) const {
  if (vertices_[at.level].empty()) return false;
  if (at.level + 1 == levels_) return true;
  const double samples = terrain_step_m_ > 0 ? std::pow(tile_size_m(at.level) / terrain_step_m_, 2) : 0;
  return vertices_[at.level][(std::size_t{at.y} << at.level) + at.x] <= kLeafVerticesMax && samples <= kLeafTerrainSamplesMax;
}

bool Pyramid::is_leaf(formats::TileAddress at) const { return exists(at) && is_light(at); }

TileDetail Pyramid::detail(formats::TileAddress at) const {
  if (is_light(at)) return TileDetail::full;
  return at.level + 2 == levels_ ? TileDetail::middle : TileDetail::far;
}

geo::Box2d Pyramid::tile_box(formats::TileAddress at) const {
  const double size = tile_size_m(at.level);
  const geo::Vec2d low{low_.x + size * at.x, low_.y + size * at.y};
  return {low, {low.x + size, low.y + size}};
}

geo::Box2d Pyramid::ground_box(formats::TileAddress at) const {
  const geo::Box2d box = tile_box(at);
  return {{std::max(box.low.x, extent_.low.x), std::max(box.low.y, extent_.low.y)},
          {std::min(box.high.x, extent_.high.x), std::min(box.high.y, extent_.high.y)}};
}

bool Pyramid::exists(formats::TileAddress at) const {
  if (extent_.empty() || at.level >= levels_ || at.x >> at.level != 0 || at.y >> at.level != 0) return false;
  const geo::Box2d box = ground_box(at);
  if (box.low.x >= box.high.x || box.low.y >= box.high.y) return false;
  for (unsigned up = 1; up <= at.level; ++up) {
    if (is_light({at.level - up, at.x >> up, at.y >> up})) return false;
  }
  return true;
}

formats::TileAddress Pyramid::tile_at(unsigned level, geo::Vec2d point) const {
  const double size = tile_size_m(level);
  const auto cell = [&](double offset) {
    return static_cast<std::uint32_t>(std::clamp(std::floor(offset / size), 0.0, std::ldexp(1.0, static_cast<int>(level)) - 1));
  };
  return {level, cell(point.x - low_.x), cell(point.y - low_.y)};
}

geo::Vec3d tile_origin(const city::City& city, const Pyramid& pyramid, formats::TileAddress at) {
  const geo::Vec2d middle = pyramid.tile_box(at).center();
  return {middle.x, middle.y, std::round(city.terrain().height_at(middle))};
}

formats::GlbPlacement place_in_tileset(const geo::CityPlane& plane, geo::Vec3d origin) {
  constexpr double kReachM = 100;  // The plane's directions and scale are read off over this distance.
  const auto ecef = [&](double east, double north) {
    return geo::to_ecef(plane.to_lat_lon({origin.x + east, origin.y + north}), origin.z);
  };
  const geo::EnuAxes frame = geo::enu_axes(plane.origin());
  const geo::Vec3d frame_at = geo::to_ecef(plane.origin(), 0);
  const auto in_frame = [&](geo::Vec3d v) {
    return geo::Vec3d{geo::dot(v, frame.east), geo::dot(v, frame.north), geo::dot(v, frame.up)};
  };
  const geo::Vec3d along_x = in_frame(ecef(kReachM, 0) - ecef(-kReachM, 0));
  const geo::Vec3d along_y = in_frame(ecef(0, kReachM) - ecef(0, -kReachM));
  const geo::Vec3d up = in_frame(geo::enu_axes(plane.to_lat_lon({origin.x, origin.y})).up);
  formats::GlbPlacement placement;
  placement.scale = (geo::length(along_x) + geo::length(along_y)) / (4 * kReachM);
  const geo::Vec3d level_x = along_x - up * geo::dot(along_x, up);
  placement.axes[0] = level_x * (1 / geo::length(level_x));
  placement.axes[1] = geo::cross(up, placement.axes[0]);
  placement.axes[2] = up;
  placement.origin = in_frame(ecef(0, 0) - frame_at);
  return placement;
}

geo::Vec3d to_tileset(const formats::GlbPlacement& p, geo::Vec3d local) {
  return p.origin + (p.axes[0] * local.x + p.axes[1] * local.y + p.axes[2] * local.z) * p.scale;
}

}  // namespace citiverse::tiles
