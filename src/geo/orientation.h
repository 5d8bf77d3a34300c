// On which side of a line a point lies, answered exactly, so that algorithms on polygons never contradict themselves.
#pragma once

#include "geo/vec.h"

namespace citiverse::geo {

namespace detail {
int exact_orientation(Vec2d a, Vec2d b, Vec2d c);
}  // namespace detail

/// +1 when c lies to the left of the line from a to b, −1 to the right, 0 on it: the sign of the exact determinant.
/// Domain: finite coordinates whose exponents lie within 2^±50 of each other, as those of one city do.
/// Cost: a few operations; near a tie 128-bit floats. Source: the filter bound is that of Shewchuk 1997,
/// doi:10.1007/PL00009321.
inline int orientation(Vec2d a, Vec2d b, Vec2d c) {
  const double left = (a.x - c.x) * (b.y - c.y);
  const double right = (a.y - c.y) * (b.x - c.x);
  const double det = left - right;
  constexpr double kFilter = 3.3306690738754716e-16;  // (3 + 16 u) u, u = 2^-53
  const double bound = kFilter * (std::abs(left) + std::abs(right));
  if (det > bound) return 1;
  if (-det > bound) return -1;
  return detail::exact_orientation(a, b, c);
}

}  // namespace citiverse::geo
