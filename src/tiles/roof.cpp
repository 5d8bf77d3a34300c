// Which roof is made for which wish and outline, and the roofs that need no skeleton.
#include "tiles/roof.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "geo/triangulate.h"
#include "tiles/roof_shapes.h"

namespace citiverse::tiles {
namespace {

using city::RoofShape;
using geo::Vec2d;

// Below this a roof of any shape is drawn flat.
constexpr double kRoofHeightMinM = 0.05;

struct Covering {
  std::vector<std::uint32_t> indices;
  double area_m2 = 0;
};

const Covering& cover(const Outline& outline) {
  static thread_local Covering covering;
  geo::triangulate(outline.rings(), covering.indices);
  covering.area_m2 = 0;
  const auto points = outline.points();
  for (std::size_t i = 0; i < covering.indices.size(); i += 3) {
    const Vec2d a = points[covering.indices[i]];
    covering.area_m2 += cross(points[covering.indices[i + 1]] - a, points[covering.indices[i + 2]] - a) / 2;
  }
  return covering;
}

// The outline's triangles, at z = 0.
void lay(const Outline& outline, RoofSurface& surface) {
  surface.clear();
  for (const Vec2d p : outline.points()) surface.add_point({p.x, p.y, 0});
  const Covering& covering = cover(outline);
  for (std::size_t i = 0; i < covering.indices.size(); i += 3)
    surface.add_triangle(covering.indices[i], covering.indices[i + 1], covering.indices[i + 2], 0);
}

void make_flat(const Outline& outline, double z_m, Roof& roof) {
  static thread_local RoofSurface surface;
  lay(outline, surface);
  for (auto& p : surface.points()) p.z = z_m;
  roof.clear();
  surface.write(roof, false);
  roof.made = RoofShape::flat;
}

Vec2d direction_of(double bearing_deg) {
  const double angle = bearing_deg * std::numbers::pi / 180;
  return {std::sin(angle), std::cos(angle)};
}

void make_skillion(const Outline& outline, const RoofWish& wish, Roof& roof) {
  static thread_local RoofSurface surface;
  lay(outline, surface);
  Vec2d downhill;
  if (wish.direction_deg >= 0) {
    downhill = direction_of(wish.direction_deg);
  } else {
    const OrientedBox box = oriented_box(outline.ring(0));
    downhill = wish.orientation == city::RoofOrientation::across ? box.along : left_of(box.along);
  }
  double low = 1e300;
  double high = -1e300;
  for (const Vec2d p : outline.points()) {
    low = std::min(low, dot(p - outline.points()[0], downhill));
    high = std::max(high, dot(p - outline.points()[0], downhill));
  }
  for (auto& p : surface.points()) {
    const double at = dot(Vec2d{p.x, p.y} - outline.points()[0], downhill);
    p.z = wish.height_m * (high - at) / std::max(high - low, 1e-6);
  }
  roof.clear();
  surface.write(roof, false);
  roof.made = RoofShape::skillion;
}

// A straight ridge over the whole outline: heights depend on the distance from it alone, so jogs and bays do not disturb it.
bool make_one_ridge(const Outline& outline, const OrientedBox& box, const RoofWish& wish, Roof& roof) {
  static thread_local RoofSurface surface;
  static thread_local std::vector<double> off_ridge;
  lay(outline, surface);
  // A direction, where the source gives one, is that in which a slope faces: the ridge runs across it.
  const bool is_across = wish.direction_deg >= 0
                             ? std::abs(dot(direction_of(wish.direction_deg), box.along)) > std::numbers::sqrt2 / 2
                             : wish.orientation == city::RoofOrientation::across;
  const Vec2d aside = is_across ? box.along : left_of(box.along);
  const double half = is_across ? box.half_length_m : box.half_width_m;
  if (half < 0.1) return false;
  off_ridge.clear();
  for (const auto& p : surface.points()) off_ridge.push_back(dot(Vec2d{p.x, p.y} - box.center, aside));
  const auto profile = profile_of(wish.shape);
  surface.cut(off_ridge, 0);
  for (const ProfileKnot& knot : profile.subspan(1, profile.size() - 2)) {
    surface.cut(off_ridge, half * (1 - knot.t));
    surface.cut(off_ridge, -half * (1 - knot.t));
  }
  for (auto& triangle : surface.triangles()) {
    double middle = 0;
    for (const auto corner : triangle.corner) middle += off_ridge[corner] / 3;
    const auto band = band_of(profile, 1 - std::abs(middle) / half);
    triangle.face = wish.shape == RoofShape::round ? 0 : 2 * band + (middle > 0 ? 1 : 0);
  }
  for (std::size_t i = 0; i < off_ridge.size(); ++i)
    surface.points()[i].z = wish.height_m * height_at(profile, 1 - std::abs(off_ridge[i]) / half);
  if (!surface.close_sides(outline)) return false;
  roof.clear();
  surface.write(roof, wish.shape == RoofShape::round);
  roof.made = wish.shape;
  return true;
}

bool has_one_ridge(const Outline& outline, const OrientedBox& box) {
  return outline.ring_count() == 1 && outline.area_m2() >= kOneRidgeFillMin * box.area_m2();
}

bool make_gabled(const Outline& outline, const RoofWish& wish, Roof& roof) {
  const OrientedBox box = oriented_box(outline.ring(0));
  if (has_one_ridge(outline, box) && make_one_ridge(outline, box, wish, roof)) return true;
  return make_skeleton_roof(outline, wish, true, roof) || make_skeleton_roof(outline, wish, false, roof);
}

bool make(const Outline& outline, const RoofWish& wish, Roof& roof) {
  switch (wish.shape) {
    case RoofShape::unknown:
    case RoofShape::flat: return false;
    case RoofShape::skillion: make_skillion(outline, wish, roof); return true;
    case RoofShape::gabled:
    case RoofShape::gambrel:
    case RoofShape::round: return make_gabled(outline, wish, roof);
    case RoofShape::half_hipped:
      return make_skeleton_roof(outline, wish, true, roof) || make_skeleton_roof(outline, wish, false, roof);
    case RoofShape::hipped:
    case RoofShape::mansard: return make_skeleton_roof(outline, wish, false, roof);
    case RoofShape::pyramidal:
    case RoofShape::dome:
    case RoofShape::onion: return make_revolved_roof(outline, wish, roof) || make_skeleton_roof(outline, wish, false, roof);
  }
  return false;
}

}  // namespace

void Roof::clear() {
  points.clear();
  indices.clear();
  facets.clear();
  made = RoofShape::flat;
  height_m = 0;
}

bool fits_roofs(const Outline& outline) {
  const std::size_t n = outline.points().size();
  if (outline.ring_count() == 0) return false;
  const Covering& covering = cover(outline);
  const double area = outline.area_m2();
  return area > 0 && covering.indices.size() == 3 * (n - 2 + 2 * (outline.ring_count() - 1)) &&
         std::abs(covering.area_m2 - area) <= 1e-6 * area;
}

void make_roof(const Outline& outline, const RoofWish& wish, Roof& roof) {
  const bool is_flat = wish.shape == RoofShape::flat || wish.shape == RoofShape::unknown;
  if (!is_flat && wish.height_m >= kRoofHeightMinM && make(outline, wish, roof)) return;
  make_flat(outline, is_flat ? wish.height_m : wish.height_m / 2, roof);
}

}  // namespace citiverse::tiles
