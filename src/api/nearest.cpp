// A box is never farther than what is in it: whatever waits and is nearer than the next box is next.
#include "api/nearest.h"

#include <cmath>
#include <numbers>
#include <queue>
#include <vector>

namespace citiverse::api {
namespace {

struct Farther {
  bool operator()(const Neighbour& a, const Neighbour& b) const {
    if (a.nearest.distance_m != b.nearest.distance_m) return a.nearest.distance_m > b.nearest.distance_m;
    return a.feature > b.feature;
  }
};

}  // namespace

void visit_nearest(const city::City& city, geo::Vec2d point, double radius_m,
                   const std::function<bool(const city::Feature&)>& wanted,
                   const std::function<bool(const Neighbour&)>& visit) {
  std::priority_queue<Neighbour, std::vector<Neighbour>, Farther> waiting;
  bool more = true;
  const auto give_up_to = [&](double distance_m) {
    while (more && !waiting.empty() && waiting.top().nearest.distance_m < distance_m) {
      more = visit(waiting.top());
      waiting.pop();
    }
    return more;
  };
  city.index().visit_nearest(point, radius_m, [&](std::uint32_t item, double squared) {
    // The index rounds boxes outwards to float; a centimetre covers that over any city.
    if (!give_up_to(std::sqrt(squared) - 0.01)) return false;
    const city::Feature& feature = city.feature(item);
    if (!wanted(feature)) return true;
    const city::NearestPoint nearest = city::nearest_point(city, feature, point);
    if (nearest.distance_m <= radius_m) waiting.push({item, nearest});
    return true;
  });
  give_up_to(std::numeric_limits<double>::infinity());
}

Neighbour nearest_of(const city::City& city, geo::Vec2d point, double radius_m,
                     const std::function<bool(const city::Feature&)>& wanted) {
  Neighbour found;
  visit_nearest(city, point, radius_m, wanted, [&](const Neighbour& first) {
    found = first;
    return false;
  });
  return found;
}

bool is_street_of_address(const city::City& city, const city::Feature& feature) {
  return feature.id.kind() == city::FeatureKind::street && !feature.name.empty() &&
         city.street(feature).structure != city::Structure::tunnel;
}

double bearing_deg(geo::Vec2d from, geo::Vec2d to) {
  const geo::Vec2d step = to - from;
  const double degrees = std::atan2(step.x, step.y) * 180 / std::numbers::pi;
  return degrees < 0 ? degrees + 360 : degrees;
}

}  // namespace citiverse::api
