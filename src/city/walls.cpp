// Finding the buildings that are walls, and asking them.
#include "city/walls.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace citiverse::city {
namespace {

geo::Box2d box_of(geo::Vec2d a, geo::Vec2d b) {
  geo::Box2d box;
  box.extend(a);
  box.extend(b);
  return box;
}

// Proper and touching crossings; collinear ones are no step into anything.
bool segments_cross(geo::Vec2d a, geo::Vec2d b, geo::Vec2d c, geo::Vec2d d) {
  const double side_c = geo::cross(b - a, c - a);
  const double side_d = geo::cross(b - a, d - a);
  const double side_a = geo::cross(d - c, a - c);
  const double side_b = geo::cross(d - c, b - c);
  return ((side_c > 0) != (side_d > 0)) && ((side_a > 0) != (side_b > 0));
}

double distance_to_segment(geo::Vec2d p, geo::Vec2d a, geo::Vec2d b) {
  const geo::Vec2d along = b - a;
  const double length2 = geo::dot(along, along);
  const double t = length2 > 0 ? std::clamp(geo::dot(p - a, along) / length2, 0.0, 1.0) : 0.0;
  return geo::distance(p, a + along * t);
}

}  // namespace

template <class F>
void Walls::for_each_edge(const Feature& building, F&& f) const {
  for (const Part& part : city_.parts(building.geometry)) {
    const auto ring = city_.vertices(part);
    for (std::size_t i = 0, before = ring.size() - 1; i < ring.size(); before = i++) f(ring[before], ring[i]);
  }
}

bool Walls::holds(const Feature& building, geo::Vec2d point) const {
  if (!building.box.contains(point)) return false;
  bool is_in = false;  // Even-odd: holes count as outside.
  for_each_edge(building, [&](geo::Vec2d a, geo::Vec2d b) {
    if ((a.y > point.y) == (b.y > point.y)) return;
    if (point.x < a.x + (b.x - a.x) * (point.y - a.y) / (b.y - a.y)) is_in = !is_in;
  });
  return is_in;
}

bool Walls::is_crossed(const Feature& building, geo::Vec2d from, geo::Vec2d to) const {
  bool crosses = false;
  for_each_edge(building, [&](geo::Vec2d a, geo::Vec2d b) { crosses = crosses || segments_cross(from, to, a, b); });
  return crosses;
}

Walls::Walls(const City& city) : city_(city) {
  const Run run = city.of_kind(FeatureKind::building);
  const auto features = city.features();
  std::vector<FeatureIndex> standing;
  std::vector<geo::Box2d> boxes;
  for (FeatureIndex i = run.first; i < run.first + run.count; ++i) {
    if (features[i].geometry.type != GeometryType::polygons || city.building(features[i]).min_height_m > kHeadroomM) continue;
    standing.push_back(i);
    boxes.push_back(features[i].box);
  }
  const SpatialIndex all(boxes);
  std::vector<bool> is_open(standing.size(), false);
  const Run streets = city.of_kind(FeatureKind::street);
  for (FeatureIndex i = streets.first; i < streets.first + streets.count; ++i) {
    const Street& street = city.street(features[i]);
    if (((street.forward | street.backward) & kWalk) == 0) continue;
    for (const Part& part : city.parts(features[i].geometry)) {
      const auto line = city.vertices(part);
      for (std::size_t v = 0; v + 1 < line.size(); ++v) {
        all.visit_box(box_of(line[v], line[v + 1]), [&](std::uint32_t item) {
          if (!is_open[item] && is_crossed(features[standing[item]], line[v], line[v + 1])) is_open[item] = true;
        });
      }
    }
  }
  boxes.clear();
  for (std::size_t i = 0; i < standing.size(); ++i) {
    if (is_open[i]) continue;
    buildings_.push_back(standing[i]);
    boxes.push_back(features[standing[i]].box);
  }
  index_ = SpatialIndex(boxes);
}

double Walls::clearance_m(geo::Vec2d point, double far_m) const {
  double nearest = far_m;
  const geo::Box2d around = geo::Box2d{point, point}.grown_by(far_m);
  index_.visit_box(around, [&](std::uint32_t item) {
    const Feature& building = city_.feature(buildings_[item]);
    if (building.box.squared_distance(point) >= nearest * nearest) return;
    for_each_edge(building, [&](geo::Vec2d a, geo::Vec2d b) { nearest = std::min(nearest, distance_to_segment(point, a, b)); });
  });
  return nearest;
}

bool Walls::is_walled(geo::Vec2d from, geo::Vec2d to) const {
  bool is_stopped = false;
  index_.visit_box(box_of(from, to), [&](std::uint32_t item) {
    if (is_stopped) return;
    const Feature& building = city_.feature(buildings_[item]);
    is_stopped = (is_crossed(building, from, to) || holds(building, to)) && !holds(building, from);
  });
  return is_stopped;
}

bool Walls::is_inside(geo::Vec2d point) const {
  bool is_in = false;
  index_.visit_box({point, point}, [&](std::uint32_t item) { is_in = is_in || holds(city_.feature(buildings_[item]), point); });
  return is_in;
}

geo::Vec2d Walls::standing_place(geo::Vec2d point) const {
  if (!is_inside(point)) return point;
  constexpr int kDirections = 24;
  for (double reach = 0.5; reach <= kStandingReachM; reach *= 1.25) {
    for (int i = 0; i < kDirections; ++i) {
      const double turn = 2 * std::numbers::pi * i / kDirections;
      const geo::Vec2d place = point + geo::Vec2d{std::sin(turn), std::cos(turn)} * reach;
      // Not so near to the wall that rounding to centimetres puts one back into it.
      if (!is_inside(place) && clearance_m(place, 1) > 0.1) return place;
    }
  }
  return point;
}

}  // namespace citiverse::city
