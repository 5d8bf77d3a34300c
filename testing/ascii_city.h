// Draw the test: a small city from letters, so that a test shows its city instead of building it.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "city/city.h"

namespace citiverse::testing_fixtures {

/// How a drawing becomes metres.
struct AsciiCityOptions {
  double cell_m = 10;                 ///< Side of the square that one letter stands for.
  double street_width_m = 6;          ///< Carriageway of '=' and 'B'.
  double pavement_m = 0;              ///< Of both sides of '=' and 'B'.
  double building_height_m = 9;       ///< Of '#'.
  std::uint32_t building_people = 0;  ///< Who live in each building.
  /// Height of the ground at a point of the city plane. None: the city has no terrain.
  std::function<double(geo::Vec2d)> height;
  double terrain_step_m = 5;  ///< Samples reach two steps beyond the drawing on every side.
};

/// The city that the drawing shows. Lines of the drawing are rows from north to south; the first and last line may be empty;
/// short lines are filled with '.'. The south-west corner of the drawing is the origin of the city plane.
///
///   .  nothing            #  building; cells that touch by a side are one building, with courtyards
///   =  street             1…9  building of so many levels of 3 m
///   B  bridge of a street from the cells before to the cells behind it, water beneath where it touches '~'
///   -  footway            %  rail               T  tree, on green where it touches '"'
///   ~  water              "  green (a park)     :  paved square
///   P  shop               S  bus stop
///
/// Lines run from cell middle to cell middle through cells that touch by a side, as one way from one crossing, end or change
/// of letter to the next. '=', 'B' and '-' meet each other; '%' only meets '%'.
/// Ids count from 1 in reading order within each kind, source 'g': the first street is "street-g1".
/// A letter that is none of these is a broken invariant.
city::City ascii_city(std::string_view drawing, const AsciiCityOptions& options = {});

}  // namespace citiverse::testing_fixtures
