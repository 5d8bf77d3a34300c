// Objects around a point in order of true distance: the index orders boxes, this orders geometries.
#pragma once

#include <functional>

#include "city/city.h"
#include "city/measure.h"

namespace citiverse::api {

struct Neighbour {
  city::FeatureIndex feature = city::kNone;
  city::NearestPoint nearest;
};

/// Calls visit in order of growing distance (then index) for every feature within `radius_m` that `wanted` takes, until visit
/// returns false. `wanted` is asked once a feature whose box is near.
void visit_nearest(const city::City& city, geo::Vec2d point, double radius_m,
                   const std::function<bool(const city::Feature&)>& wanted, const std::function<bool(const Neighbour&)>& visit);

/// The first that visit_nearest would give; `feature` is kNone when there is none.
Neighbour nearest_of(const city::City& city, geo::Vec2d point, double radius_m,
                     const std::function<bool(const city::Feature&)>& wanted);

/// A street by whose name people say where they are: it has one, and it is not below them.
bool is_street_of_address(const city::City& city, const city::Feature& feature);

/// Clockwise from north, 0 to 360 degrees.
double bearing_deg(geo::Vec2d from, geo::Vec2d to);

}  // namespace citiverse::api
