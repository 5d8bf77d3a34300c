// What a space stands on: walls, heights and places where one may stand, from whoever knows them.
#pragma once

#include "geo/vec.h"

namespace citiverse::presence {

/// Asked in the space's own thread; must be quick. Metres in the space's frame.
class Ground {
 public:
  virtual ~Ground() = default;
  /// How far the nearest wall is at least; at most `far_m`. Asked seldom: as long as one stays within, no wall is asked for.
  virtual double clearance_m(geo::Vec2d point, double far_m) const = 0;
  /// True when a straight step leads through a wall from outside. Whoever stands inside may leave.
  virtual bool is_walled(geo::Vec2d from, geo::Vec2d to) const = 0;
  virtual double height_m(geo::Vec2d point) const = 0;
  /// The point itself, or the nearest outside of what it stands in.
  virtual geo::Vec2d standing_place(geo::Vec2d point) const = 0;
};

/// A flat ground without walls: a hall, or a test.
class OpenGround : public Ground {
 public:
  double clearance_m(geo::Vec2d, double far_m) const override { return far_m; }
  bool is_walled(geo::Vec2d, geo::Vec2d) const override { return false; }
  double height_m(geo::Vec2d) const override { return 0; }
  geo::Vec2d standing_place(geo::Vec2d point) const override { return point; }
};

}  // namespace citiverse::presence
