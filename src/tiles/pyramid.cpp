// Plain arithmetic on squares; the only geodesy is where a tile is put into the tileset's frame.
#include "tiles/pyramid.h"

#include <algorithm>
#include <cmath>

namespace citiverse::tiles {
namespace {

using city::FeatureKind;

// What stands or runs somewhere makes the extent. Surfaces do not: one forest or sea may reach far beyond the rest, and is cut.
constexpr FeatureKind kExtentKinds[] = {FeatureKind::building, FeatureKind::building_part, FeatureKind::street,
                                        FeatureKind::rail,     FeatureKind::paved,         FeatureKind::bridge,
                                        FeatureKind::barrier,  FeatureKind::tree};

geo::Box2d drawn_extent(const city::City& city) {
  geo::Box2d box;
  for (const FeatureKind kind : kExtentKinds) {
    const city::Run run = city.of_kind(kind);
    for (std::uint32_t i = run.first; i < run.first + run.count; ++i) box.extend(city.feature(i).box);
  }
  if (box.empty()) box = city.box();
  return box.empty() ? box : box.grown_by(1);  // So that nothing lies on the outer edge itself.
}

}  // namespace

Pyramid::Pyramid(const city::City& city) : extent_(drawn_extent(city)) {
  if (extent_.empty()) return;
  const double side = std::max(extent_.width(), extent_.height());
  while (levels_ < kTileLevelsMax && tile_size_m(0) < side + 1) ++levels_;
  const geo::Vec2d centre = extent_.center();
  low_ = {std::floor(centre.x - tile_size_m(0) / 2), std::floor(centre.y - tile_size_m(0) / 2)};
  const geo::Box2d square = tile_box({});
  extent_.low = {std::max(extent_.low.x, square.low.x), std::max(extent_.low.y, square.low.y)};
  extent_.high = {std::min(extent_.high.x, square.high.x), std::min(extent_.high.y, square.high.y)};
}

double Pyramid::tile_size_m(unsigned level) const { return std::ldexp(kLeafTileM, static_cast<int>(levels_ - 1 - level)); }

double Pyramid::geometric_error_m(unsigned level) const { return tile_size_m(level) / 64; }

TileDetail Pyramid::detail(unsigned level) const {
  const unsigned above = levels_ - 1 - level;
  return above == 0 ? TileDetail::full : above == 1 ? TileDetail::middle : TileDetail::far;
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
  return box.low.x < box.high.x && box.low.y < box.high.y;
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
