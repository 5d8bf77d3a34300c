// The city's walls, and where its visitors arrive.
#include "api/presence_ground.h"

#include <algorithm>
#include <cmath>

namespace citiverse::api {
namespace {

// Before the walls are known, no circle is said to be free of them for long.
constexpr double kUnknownClearanceM = 2;

std::int32_t cm(double metres) { return static_cast<std::int32_t>(std::lround(metres * 100)); }

// On the walkable street that is nearest to the middle, pedestrian ones from twice as far; the middle itself where there is
// none.
geo::Vec2d arrival(const city::City& city) {
  const geo::Vec2d middle = city.box().empty() ? geo::Vec2d{} : city.box().center();
  geo::Vec2d best = middle;
  double best_rank = std::numeric_limits<double>::infinity();
  const auto offer = [&](geo::Vec2d point, double factor) {
    const double rank = geo::distance(point, middle) * factor;
    if (rank >= best_rank) return;
    best = point;
    best_rank = rank;
  };
  const auto features = city.features();
  const city::Run streets = city.of_kind(city::FeatureKind::street);
  for (city::FeatureIndex i = streets.first; i < streets.first + streets.count; ++i) {
    const city::Street& street = city.street(features[i]);
    if (((street.forward | street.backward) & city::kWalk) == 0 || street.structure != city::Structure::ground) continue;
    const bool is_for_walkers = street.street_class == city::StreetClass::pedestrian;
    for (const city::Part& part : city.parts(features[i].geometry)) {
      const auto line = city.vertices(part);
      if (!line.empty()) offer(line[line.size() / 2], is_for_walkers ? 0.5 : 1);
    }
  }
  return best;
}

}  // namespace

void PresenceGround::prepare() {
  walls_ = std::make_unique<const city::Walls>(city_);
  ready_.store(walls_.get(), std::memory_order_release);
}

double PresenceGround::clearance_m(geo::Vec2d point, double far_m) const {
  const city::Walls* walls = ready_.load(std::memory_order_acquire);
  return walls == nullptr ? std::min(far_m, kUnknownClearanceM) : walls->clearance_m(point, far_m);
}

bool PresenceGround::is_walled(geo::Vec2d from, geo::Vec2d to) const {
  const city::Walls* walls = ready_.load(std::memory_order_acquire);
  return walls != nullptr && walls->is_walled(from, to);
}

geo::Vec2d PresenceGround::standing_place(geo::Vec2d point) const {
  const city::Walls* walls = ready_.load(std::memory_order_acquire);
  return walls == nullptr ? point : walls->standing_place(point);
}

presence::SpaceOptions city_space_options(const city::City& city, std::uint32_t people_max) {
  const geo::Box2d box = city.box().empty() ? geo::Box2d{{0, 0}, {0, 0}}.grown_by(kAroundM) : city.box().grown_by(kAroundM);
  const geo::Vec2d spawn = arrival(city);
  const double height = city.terrain().height_at(spawn);
  // Mountains above and tunnels below; the terrain itself is not asked for its extremes.
  constexpr double kDepthM = 1'000;
  constexpr double kHeightM = 10'000;
  return {.name = std::string(city.name()),
          .origin = city.plane().origin(),
          .bounds = {{cm(box.low.x), cm(box.low.y), cm(-kDepthM)}, {cm(box.high.x), cm(box.high.y), cm(kHeightM)}},
          .spawn = {cm(spawn.x), cm(spawn.y), presence::stepped_height(cm(height))},
          .people_max = people_max};
}

}  // namespace citiverse::api
