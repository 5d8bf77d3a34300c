// One ray a wall.
#include "tiles/sky_light.h"

#include <algorithm>
#include <cmath>

namespace citiverse::tiles {
namespace {

using geo::Vec2d;

// Shortens `reach` to where the ray from p in direction d, a unit vector, meets the ring.
void meet(Vec2d p, Vec2d d, std::span<const Vec2d> ring, double& reach) {
  // In axes along and across the ray a side is met where it changes sides of the ray.
  Vec2d last = ring.back() - p;
  double last_off = cross(d, last);
  for (const Vec2d vertex : ring) {
    const Vec2d q = vertex - p;
    const double off = cross(d, q);
    if ((off > 0) != (last_off > 0)) {
      const double k = last_off / (last_off - off);
      const double along = dot(d, last) + k * (dot(d, q) - dot(d, last));
      if (along > 0.01 && along < reach) reach = along;
    }
    last = q;
    last_off = off;
  }
}

}  // namespace

void SkyLight::gather(const city::City& city, const city::Feature& feature, double reach_m) {
  reach_m_ = reach_m;
  neighbours_.clear();
  const city::FeatureIndex parent = city.building(feature).parent;
  const geo::Box2d near = feature.box.grown_by(reach_m);
  city.index().visit_box(near, [&](std::uint32_t i) {
    const city::Feature& other = city.feature(i);
    if (other.id.kind() != city::FeatureKind::building || other.id == feature.id || i == parent) return;
    for (const city::Part& part : city.parts(other.geometry)) {
      if (part.is_hole || neighbours_.size() >= kNeighboursMax) continue;
      neighbours_.push_back({city.vertices(part), other.box});
    }
  });
}

double SkyLight::closeness(Vec2d from, Vec2d to, const std::vector<std::span<const Vec2d>>& own) const {
  const Vec2d side = to - from;
  const double side_length = length(side);
  if (!(side_length > 0)) return 0;
  const Vec2d outwards = left_of(side) * (-1 / side_length);
  const Vec2d p = (from + to) * 0.5;
  geo::Box2d ray;
  ray.extend(p);
  ray.extend(p + outwards * reach_m_);
  double reach = reach_m_;
  for (const Neighbour& n : neighbours_) {
    if (n.box.grown_by(0.01).intersects(ray)) meet(p - outwards * 0.2, outwards, n.ring, reach);
  }
  for (const auto& ring : own) {
    if (ring.size() > 4 || own.size() > 1) meet(p, outwards, ring, reach);
  }
  return 1 - reach / reach_m_;
}

}  // namespace citiverse::tiles
