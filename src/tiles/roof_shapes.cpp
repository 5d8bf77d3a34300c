// Roofs by straight skeleton, and roofs around one point.
#include "tiles/roof_shapes.h"

#include <algorithm>
#include <cmath>

#include "geo/straight_skeleton.h"
#include "geo/triangulate.h"

namespace citiverse::tiles {
namespace {

using city::RoofShape;
using geo::Vec2d;
using geo::Vec3d;

constexpr ProfileKnot kStraight[] = {{0, 0}, {1, 1}};
constexpr ProfileKnot kGambrel[] = {{0, 0}, {0.4, 0.66}, {1, 1}};
constexpr ProfileKnot kMansard[] = {{0, 0}, {0.28, 0.72}, {1, 1}};
// A quarter circle in six steps of 15°.
constexpr ProfileKnot kRound[] = {
    {0, 0}, {0.0340742, 0.2588190}, {0.1339746, 0.5}, {0.2928932, 0.7071068}, {0.5, 0.8660254}, {0.7411810, 0.9659258}, {1, 1}};

// Radius and height of the rings of a dome (a quarter circle) and of an onion. An onion's belly is as wide as the outline.
constexpr ProfileKnot kDomeRings[] = {
    {1, 0}, {0.9659258, 0.2588190}, {0.8660254, 0.5}, {0.7071068, 0.7071068}, {0.5, 0.8660254}, {0.2588190, 0.9659258}, {0, 1}};
constexpr ProfileKnot kOnionRings[] = {{1, 0},       {0.80, 0.0},  {0.94, 0.10}, {1.00, 0.20}, {0.97, 0.30}, {0.84, 0.42},
                                       {0.60, 0.54}, {0.36, 0.64}, {0.18, 0.74}, {0.07, 0.86}, {0, 1}};
constexpr ProfileKnot kPyramidRings[] = {{1, 0}, {0, 1}};

// Half-hipped: gables stand up to this part of the way to the ridge.
constexpr double kHalfHipStart = 0.5;
// The two sides beside a gable run against each other within about 37°.
constexpr double kGableOpposedCosine = -0.8;
// Domes over corners flatter than this (cosine, 46°) are lit as round; an octagon is.
constexpr double kRoundCornerCosine = 0.7;

std::uint32_t side_end(const Outline& outline, std::uint32_t i) {
  for (std::size_t r = 0; r < outline.ring_count(); ++r) {
    if (i < outline.ring_end(r)) return i + 1 < outline.ring_end(r) ? i + 1 : outline.ring_begin(r);
  }
  return i;
}

std::uint32_t side_before(const Outline& outline, std::uint32_t i) {
  for (std::size_t r = 0; r < outline.ring_count(); ++r) {
    if (i < outline.ring_end(r)) return i > outline.ring_begin(r) ? i - 1 : outline.ring_end(r) - 1;
  }
  return i;
}

Vec2d direction_of(const Outline& outline, std::uint32_t side) {
  const Vec2d d = outline.points()[side_end(outline, side)] - outline.points()[side];
  return d * (1 / length(d));
}

// The ends of wings: where a hipped roof has a triangle between two sides that run against each other, a gabled one has a
// gable. Of two that touch, the shorter.
bool find_gables(const Outline& outline, const geo::Skeleton& hipped, std::vector<double>& speeds) {
  speeds.assign(outline.points().size(), 1.0);
  std::vector<std::pair<double, std::uint32_t>> ends;
  for (const auto& face : hipped.faces) {
    if (face.count != 3) continue;
    const auto before = direction_of(outline, side_before(outline, face.side));
    const auto after = direction_of(outline, side_end(outline, face.side));
    if (dot(before, after) > kGableOpposedCosine) continue;
    const Vec2d a = outline.points()[face.side];
    ends.push_back({distance(a, outline.points()[side_end(outline, face.side)]), face.side});
  }
  std::sort(ends.begin(), ends.end());
  for (const auto& [side_length, side] : ends) {
    if (speeds[side_before(outline, side)] != 0 && speeds[side_end(outline, side)] != 0) speeds[side] = 0;
  }
  return !ends.empty();
}

bool lift(const Outline& outline, const geo::Skeleton& skeleton, const RoofWish& wish, Roof& roof) {
  static thread_local RoofSurface surface;
  static thread_local std::vector<double> field;
  static thread_local std::vector<Vec2d> plan;
  static thread_local std::vector<std::uint32_t> indices;
  const auto profile = profile_of(wish.shape);
  surface.clear();
  field.clear();
  for (const auto& n : skeleton.nodes) {
    surface.add_point({n.p.x, n.p.y, n.t});
    field.push_back(n.t);
  }
  for (std::uint32_t f = 0; f < skeleton.faces.size(); ++f) {
    const auto& face = skeleton.faces[f];
    const auto ring = std::span(skeleton.face_nodes).subspan(face.first, face.count);
    if (face.is_gable) {
      const auto points = outline.points();
      if (!add_vertical_face(surface, ring, points[face.side], points[side_end(outline, face.side)], f)) return false;
      continue;
    }
    plan.clear();
    for (const auto node : ring) plan.push_back(skeleton.nodes[node].p);
    geo::triangulate(plan, indices);
    for (std::size_t i = 0; i < indices.size(); i += 3)
      surface.add_triangle(ring[indices[i]], ring[indices[i + 1]], ring[indices[i + 2]], f);
  }
  for (const ProfileKnot& knot : profile.subspan(1, profile.size() - 2)) surface.cut(field, knot.t * skeleton.t_max);
  const auto faces = static_cast<std::uint32_t>(skeleton.faces.size());
  const bool is_smooth = wish.shape == RoofShape::round || wish.shape == RoofShape::dome || wish.shape == RoofShape::onion;
  for (auto& triangle : surface.triangles()) {
    if (triangle.is_wall || is_smooth) continue;
    double middle = 0;
    for (const auto corner : triangle.corner) middle += field[corner] / 3;
    triangle.face += faces * band_of(profile, middle / skeleton.t_max);
  }
  for (std::size_t i = 0; i < field.size(); ++i)
    surface.points()[i].z = wish.height_m * height_at(profile, field[i] / skeleton.t_max);
  roof.clear();
  surface.write(roof, is_smooth);
  return true;
}

}  // namespace

std::span<const ProfileKnot> profile_of(RoofShape shape) {
  switch (shape) {
    case RoofShape::gambrel: return kGambrel;
    case RoofShape::mansard: return kMansard;
    case RoofShape::round:
    case RoofShape::dome:
    case RoofShape::onion: return kRound;
    default: return kStraight;
  }
}

double height_at(std::span<const ProfileKnot> profile, double t) {
  if (t <= 0) return 0;
  for (std::size_t i = 1; i < profile.size(); ++i) {
    const ProfileKnot a = profile[i - 1];
    const ProfileKnot b = profile[i];
    if (t <= b.t) return a.z + (b.z - a.z) * (t - a.t) / (b.t - a.t);
  }
  return 1;
}

std::uint32_t band_of(std::span<const ProfileKnot> profile, double t) {
  std::uint32_t band = 0;
  while (band + 2 < profile.size() && t > profile[band + 1].t) ++band;
  return band;
}

bool make_skeleton_roof(const Outline& outline, const RoofWish& wish, bool with_gables, Roof& roof) {
  static thread_local geo::Skeleton skeleton;
  static thread_local std::vector<double> speeds;
  const auto& rings = outline.rings();
  if (!geo::straight_skeleton(rings, {}, skeleton)) return false;
  if (!with_gables) {
    const bool is_straight = profile_of(wish.shape).size() == 2;
    if (!lift(outline, skeleton, wish, roof)) return false;
    roof.made = is_straight ? RoofShape::hipped : wish.shape;
    return true;
  }
  if (!find_gables(outline, skeleton, speeds)) return false;
  geo::SkeletonSides sides{speeds};
  if (wish.shape == RoofShape::half_hipped) sides.gable_top = kHalfHipStart * skeleton.t_max;
  if (!geo::straight_skeleton(rings, sides, skeleton) || !lift(outline, skeleton, wish, roof)) return false;
  roof.made = wish.shape;
  return true;
}

bool make_revolved_roof(const Outline& outline, const RoofWish& wish, Roof& roof) {
  if (outline.ring_count() != 1) return false;
  const auto base = outline.points();
  const auto n = static_cast<std::uint32_t>(base.size());
  Vec2d moment;
  double doubled_area = 0;
  for (std::uint32_t i = 0; i < n; ++i) {
    const Vec2d a = base[i] - base[0];
    const Vec2d b = base[(i + 1) % n] - base[0];
    moment = moment + (a + b) * cross(a, b);
    doubled_area += cross(a, b);
  }
  const Vec2d center = base[0] + moment * (1 / (3 * doubled_area));
  for (std::uint32_t i = 0; i < n; ++i) {
    const Vec2d side = base[(i + 1) % n] - base[i];
    if (cross(side, center - base[i]) < 0.02 * length(side)) return false;  // Seen too flat for a face of its own.
  }
  const std::span<const ProfileKnot> rings = wish.shape == RoofShape::dome    ? std::span<const ProfileKnot>(kDomeRings)
                                             : wish.shape == RoofShape::onion ? std::span<const ProfileKnot>(kOnionRings)
                                                                              : std::span<const ProfileKnot>(kPyramidRings);
  static thread_local RoofSurface surface;
  surface.clear();
  for (const Vec2d p : base) surface.add_point({p.x, p.y, 0});
  bool is_round = wish.shape != RoofShape::pyramidal;
  for (std::uint32_t i = 0; i < n; ++i)
    is_round = is_round && dot(direction_of(outline, i), direction_of(outline, (i + 1) % n)) >= kRoundCornerCosine;
  for (std::uint32_t k = 1; k < rings.size(); ++k) {
    const std::uint32_t lower = (k - 1) * n;
    const bool is_top = k + 1 == rings.size();
    const double z = wish.height_m * rings[k].z;
    if (is_top) surface.add_point({center.x, center.y, z});
    for (std::uint32_t i = 0; i < n && !is_top; ++i) {
      const Vec2d p = center + (base[i] - center) * rings[k].t;
      surface.add_point({p.x, p.y, z});
    }
    for (std::uint32_t i = 0; i < n; ++i) {
      const std::uint32_t j = (i + 1) % n;
      // The ledge under an onion's belly, the belly's underside and what is above it meet at edges, which must not be lit away.
      const std::uint32_t zone = rings[k].z == rings[k - 1].z ? 0 : rings[k].t > rings[k - 1].t ? 1 : 2;
      const std::uint32_t face = (is_round ? 0 : i) + zone * n;
      if (is_top) {
        surface.add_triangle(lower + i, lower + j, lower + n, face);
      } else {
        surface.add_triangle(lower + i, lower + j, lower + n + j, face);
        surface.add_triangle(lower + i, lower + n + j, lower + n + i, face);
      }
    }
  }
  roof.clear();
  surface.write(roof, wish.shape != RoofShape::pyramidal);
  roof.made = wish.shape;
  return true;
}

}  // namespace citiverse::tiles
