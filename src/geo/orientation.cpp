// The rare case in which doubles cannot tell.
#include "geo/orientation.h"

namespace citiverse::geo::detail {

#if defined(__SIZEOF_FLOAT128__)
__extension__ using Wide = __float128;
#else
using Wide = long double;  // binary128 on 64-bit ARM Linux.
static_assert(sizeof(long double) == 16);
#endif

// A difference of doubles of like exponents fits 56 bits, a product of two such 112 of the 113 there are.
int exact_orientation(Vec2d a, Vec2d b, Vec2d c) {
  const Wide left = (Wide{a.x} - Wide{c.x}) * (Wide{b.y} - Wide{c.y});
  const Wide right = (Wide{a.y} - Wide{c.y}) * (Wide{b.x} - Wide{c.x});
  return (left > right) - (left < right);
}

}  // namespace citiverse::geo::detail
