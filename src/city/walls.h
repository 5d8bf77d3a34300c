// Where one may walk: the outlines of buildings that nobody walks through.
#pragma once

#include <vector>

#include "city/city.h"

namespace citiverse::city {

/// Buildings stand in the way unless they hang in the air (underside above kHeadroomM) or a street for walkers leads through
/// them: passages, stations, halls. Metres in the city's plane. Threads: reading is safe. The city must outlive it. Cost:
/// building, one look at each street; a question, the few buildings whose boxes meet it; no allocation.
class Walls {
 public:
  static constexpr float kHeadroomM = 2.2f;

  explicit Walls(const City& city);

  /// Distance to the nearest outline; at most `far_m`.
  double clearance_m(geo::Vec2d point, double far_m) const;
  /// True when a straight step enters or crosses a building that it does not begin in: whoever is inside may leave.
  bool is_walled(geo::Vec2d from, geo::Vec2d to) const;
  bool is_inside(geo::Vec2d point) const;
  /// The point itself where one may stand there; else a point within kStandingReachM, on the nearest of growing circles.
  geo::Vec2d standing_place(geo::Vec2d point) const;
  std::size_t size() const { return buildings_.size(); }

  static constexpr double kStandingReachM = 128;

 private:
  template <class F>
  void for_each_edge(const Feature& building, F&& f) const;
  bool holds(const Feature& building, geo::Vec2d point) const;
  bool is_crossed(const Feature& building, geo::Vec2d from, geo::Vec2d to) const;

  const City& city_;
  std::vector<FeatureIndex> buildings_;
  SpatialIndex index_;  // Of buildings_.
};

}  // namespace citiverse::city
