// The city as the ground of its space: terrain underfoot, buildings in the way.
#pragma once

#include <atomic>
#include <memory>

#include "city/city.h"
#include "city/walls.h"
#include "presence/ground.h"
#include "presence/space.h"

namespace citiverse::api {

/// Until prepare() is done, nothing is in the way: a node opens its door at once. The city must outlive it.
class PresenceGround final : public presence::Ground {
 public:
  explicit PresenceGround(const city::City& city) : city_(city) {}
  /// Finds the walls. Once, from any thread.
  void prepare();

  double clearance_m(geo::Vec2d point, double far_m) const override;
  bool is_walled(geo::Vec2d from, geo::Vec2d to) const override;
  double height_m(geo::Vec2d point) const override { return city_.terrain().height_at(point); }
  geo::Vec2d standing_place(geo::Vec2d point) const override;

 private:
  const city::City& city_;
  std::unique_ptr<const city::Walls> walls_;
  std::atomic<const city::Walls*> ready_{nullptr};
};

/// The city's space: its frame is the city's plane; its bounds, the city's box and kAroundM more; newcomers arrive on a
/// street for walkers near the middle.
inline constexpr double kAroundM = 300;
presence::SpaceOptions city_space_options(const city::City& city, std::uint32_t people_max);

}  // namespace citiverse::api
