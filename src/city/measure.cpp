// Plain plane geometry: the city plane keeps lengths within 5e-6 over a city.
#include "city/measure.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace citiverse::city {
namespace {

void consider(geo::Vec2d candidate, geo::Vec2d from, double& best, geo::Vec2d& point) {
  const geo::Vec2d step = candidate - from;
  const double squared = geo::dot(step, step);
  if (squared >= best) return;
  best = squared;
  point = candidate;
}

geo::Vec2d nearest_on(geo::Vec2d a, geo::Vec2d b, geo::Vec2d from) {
  const geo::Vec2d along = b - a;
  const double squared = geo::dot(along, along);
  if (squared <= 0) return a;
  return a + along * std::clamp(geo::dot(from - a, along) / squared, 0.0, 1.0);
}

double ring_area(std::span<const geo::Vec2d> ring) {
  double twice = 0;
  for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
    twice += geo::cross(ring[j] - ring[0], ring[i] - ring[0]);
  }
  return std::abs(twice) / 2;
}

}  // namespace

NearestPoint nearest_point(const City& city, const Feature& feature, geo::Vec2d from) {
  if (contains(city, feature, from)) return {0, from};
  double best = std::numeric_limits<double>::infinity();
  geo::Vec2d point = from;
  for (const Part& part : city.parts(feature.geometry)) {
    const auto vertices = city.vertices(part);
    if (feature.geometry.type == GeometryType::point) {
      for (const geo::Vec2d& vertex : vertices) consider(vertex, from, best, point);
      continue;
    }
    for (std::size_t i = 1; i < vertices.size(); ++i)
      consider(nearest_on(vertices[i - 1], vertices[i], from), from, best, point);
    if (feature.geometry.type == GeometryType::polygons) {
      consider(nearest_on(vertices.back(), vertices.front(), from), from, best, point);
    }
  }
  return {std::sqrt(best), point};
}

bool contains(const City& city, const Feature& feature, geo::Vec2d point) {
  if (feature.geometry.type != GeometryType::polygons || !feature.box.contains(point)) return false;
  bool inside = false;
  for (const Part& part : city.parts(feature.geometry)) {
    const auto ring = city.vertices(part);
    for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
      const geo::Vec2d a = ring[i];
      const geo::Vec2d b = ring[j];
      if ((a.y > point.y) == (b.y > point.y)) continue;
      if (point.x < a.x + (point.y - a.y) / (b.y - a.y) * (b.x - a.x)) inside = !inside;
    }
  }
  return inside;
}

double length_m(const City& city, const Feature& feature) {
  double total = 0;
  for (const Part& part : city.parts(feature.geometry)) {
    const auto vertices = city.vertices(part);
    for (std::size_t i = 1; i < vertices.size(); ++i) total += geo::distance(vertices[i - 1], vertices[i]);
    if (feature.geometry.type == GeometryType::polygons) total += geo::distance(vertices.back(), vertices.front());
  }
  return total;
}

double area_m2(const City& city, const Feature& feature) {
  if (feature.geometry.type != GeometryType::polygons) return 0;
  double total = 0;
  for (const Part& part : city.parts(feature.geometry)) {
    total += (part.is_hole ? -1 : 1) * ring_area(city.vertices(part));
  }
  return std::max(total, 0.0);
}

}  // namespace citiverse::city
