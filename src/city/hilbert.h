// Neighbours in the plane are neighbours in memory: the Hilbert curve on a 65,536 × 65,536 grid.
#pragma once

#include <cstdint>

#include "geo/box.h"

namespace citiverse::city {

/// Position of a point along the Hilbert curve that fills `box`; points outside are clamped.
/// Source: Skilling 2004, doi:10.1063/1.1751381, in the classic two-dimensional form.
std::uint32_t hilbert_order(geo::Vec2d point, const geo::Box2d& box);

}  // namespace citiverse::city
