// Density on a coarse grid, slope of the terrain, and marks for what has a name, an article and a height.
#include "api/viewpoints.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "api/nearest.h"
#include "city/measure.h"

namespace citiverse::api {
namespace {

using city::FeatureIndex;
using city::FeatureKind;
using geo::Vec2d;

constexpr double kCellM = 150;
constexpr double kEyeHeightM = 1.7;

Vec2d direction(double heading_deg) {
  const double angle = heading_deg * std::numbers::pi / 180;
  return {std::sin(angle), std::cos(angle)};
}

// The middle of the 3 × 3 cells that hold most places, stops and people.
Vec2d heart_of(const city::City& city) {
  const geo::Box2d& box = city.box();
  if (box.empty()) return {};
  const auto columns = static_cast<std::size_t>(std::clamp(box.width() / kCellM, 1.0, 1000.0));
  const auto rows = static_cast<std::size_t>(std::clamp(box.height() / kCellM, 1.0, 1000.0));
  std::vector<double> life(columns * rows);
  const auto add = [&](FeatureKind kind, auto&& weight) {
    const city::Run run = city.of_kind(kind);
    for (FeatureIndex i = run.first; i < run.first + run.count; ++i) {
      const Vec2d at = city.feature(i).box.center() - box.low;
      const auto x =
          std::min(columns - 1, static_cast<std::size_t>(std::max(0.0, at.x / box.width() * static_cast<double>(columns))));
      const auto y =
          std::min(rows - 1, static_cast<std::size_t>(std::max(0.0, at.y / box.height() * static_cast<double>(rows))));
      life[y * columns + x] += weight(city.feature(i));
    }
  };
  add(FeatureKind::place, [&](const city::Feature& f) { return city.text(f.name).empty() ? 0.2 : 1.0; });
  add(FeatureKind::building,
      [&](const city::Feature& f) { return 0.1 + 0.005 * (city.building(f).people + city.building(f).jobs); });
  double best = -1;
  std::size_t best_x = 0;
  std::size_t best_y = 0;
  for (std::size_t y = 0; y < rows; ++y) {
    for (std::size_t x = 0; x < columns; ++x) {
      double sum = 0;
      for (std::size_t v = y > 0 ? y - 1 : 0; v <= std::min(y + 1, rows - 1); ++v) {
        for (std::size_t u = x > 0 ? x - 1 : 0; u <= std::min(x + 1, columns - 1); ++u) sum += life[v * columns + u];
      }
      if (sum <= best) continue;
      best = sum;
      best_x = x;
      best_y = y;
    }
  }
  return box.low + Vec2d{(static_cast<double>(best_x) + 0.5) * box.width() / static_cast<double>(columns),
                         (static_cast<double>(best_y) + 0.5) * box.height() / static_cast<double>(rows)};
}

Viewpoint overview_of(const city::City& city) {
  constexpr double kDistanceM = 750;
  constexpr double kAboveHeartM = 330;
  const Vec2d heart = heart_of(city);
  double best_rise = -1e9;
  double heading = 0;
  for (int step = 0; step < 16; ++step) {
    const double candidate = step * 22.5;
    double rise = candidate == 0 ? 1.0 : 0.0;  // North, unless the land says otherwise.
    for (const double reach : {300.0, 600.0, 900.0}) {
      rise += city.terrain().height_at(heart + direction(candidate) * reach) -
              city.terrain().height_at(heart - direction(candidate) * reach);
    }
    if (rise <= best_rise + 1e-6) continue;
    best_rise = rise;
    heading = candidate;
  }
  Viewpoint view;
  view.eye = heart - direction(heading) * kDistanceM;
  view.heading_deg = heading;
  const double ground = city.terrain().height_at(view.eye);
  view.height_m = std::max(60.0, city.terrain().height_at(heart) + kAboveHeartM - ground);
  const double drop = ground + view.height_m - city.terrain().height_at(heart);
  view.pitch_deg = -std::atan2(drop, kDistanceM) * 180 / std::numbers::pi;
  return view;
}

// How well the data knows an object that people come to see; 0: not worth a view of its own.
double fame_of(const city::City& city, const city::Feature& feature) {
  if (feature.name.empty()) return 0;
  double fame = 0;
  if (!city.attribute(feature, "wikipedia").empty()) fame += 3;
  if (!city.attribute(feature, "wikidata").empty()) fame += 2;
  for (const city::Attribute& attribute : city.attributes(feature)) {
    if (city.text(attribute.key).starts_with("name:")) fame += 0.15;
  }
  switch (feature.id.kind()) {
    case FeatureKind::building: {
      const city::Building& building = city.building(feature);
      fame += std::min<double>(building.height_m, 60) / 30;
      if (building.use == city::BuildingUse::civic || building.use == city::BuildingUse::worship ||
          building.use == city::BuildingUse::culture)
        fame += 1.5;
      return fame;
    }
    case FeatureKind::paved:
      return city.paved(feature).paved_class == city::PavedClass::square
                 ? fame + 1 + std::sqrt(city::area_m2(city, feature)) / 60
                 : 0;
    case FeatureKind::place: {
      const city::PlaceClass what = city.place(feature).place_class;
      if (what == city::PlaceClass::sight || what == city::PlaceClass::culture) return fame + 1;
      if (what == city::PlaceClass::worship || what == city::PlaceClass::city_office) return fame + 0.5;
      return 0;
    }
    default: return 0;
  }
}

bool is_walked(const city::City& city, const city::Feature& feature) {
  if (feature.id.kind() != FeatureKind::street) return false;
  const city::Street& street = city.street(feature);
  return street.structure == city::Structure::ground && ((street.forward | street.backward) & city::kWalk) != 0;
}

// From a street as far from the object as it is large, so that it is seen whole.
Viewpoint view_of(const city::City& city, FeatureIndex object) {
  const city::Feature& feature = city.feature(object);
  const Vec2d anchor = city.anchor(feature);
  double height = 6;
  if (feature.id.kind() == FeatureKind::building) height = city.building(feature).height_m;
  const double wanted = std::clamp(std::max({height * 1.5, feature.box.width() * 0.7, feature.box.height() * 0.7}), 25.0, 90.0);
  Viewpoint view;
  view.object = object;
  view.eye = anchor - Vec2d{0, wanted};
  double best = 1e9;
  int looked_at = 0;
  visit_nearest(
      city, anchor, 3 * wanted, [&](const city::Feature& f) { return is_walked(city, f); },
      [&](const Neighbour& neighbour) {
        for (const city::Part& part : city.parts(city.feature(neighbour.feature).geometry)) {
          for (const Vec2d& vertex : city.vertices(part)) {
            const double off = std::abs(geo::distance(vertex, anchor) - wanted);
            if (off >= best) continue;
            best = off;
            view.eye = vertex;
          }
        }
        return ++looked_at < 60;
      });
  view.height_m = kEyeHeightM;
  view.heading_deg = bearing_deg(view.eye, anchor);
  const double rise = city.terrain().height_at(anchor) + height / 2 - city.terrain().height_at(view.eye) - kEyeHeightM;
  view.pitch_deg = std::clamp(std::atan2(rise, geo::distance(view.eye, anchor)) * 180 / std::numbers::pi, -20.0, 35.0);
  return view;
}

}  // namespace

std::vector<Viewpoint> find_viewpoints(const city::City& city) {
  std::vector<Viewpoint> views = {overview_of(city)};
  std::vector<std::pair<double, FeatureIndex>> famous;
  for (const FeatureKind kind : {FeatureKind::building, FeatureKind::paved, FeatureKind::place}) {
    const city::Run run = city.of_kind(kind);
    for (FeatureIndex i = run.first; i < run.first + run.count; ++i) {
      if (const double fame = fame_of(city, city.feature(i)); fame >= 2) famous.emplace_back(fame, i);
    }
  }
  std::stable_sort(famous.begin(), famous.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  for (const auto& [fame, object] : famous) {
    if (views.size() == kViewpointsMax) break;
    // Not the same thing twice: a museum and its building, a square and its fountain.
    const Vec2d anchor = city.anchor(city.feature(object));
    const bool near_another = std::any_of(views.begin() + 1, views.end(), [&](const Viewpoint& other) {
      return geo::distance(anchor, city.anchor(city.feature(other.object))) < 120;
    });
    if (!near_another) views.push_back(view_of(city, object));
  }
  return views;
}

}  // namespace citiverse::api
