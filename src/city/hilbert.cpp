// One quadrant a bit, rotating the frame on the way down.
#include "city/hilbert.h"

#include <algorithm>
#include <utility>

namespace citiverse::city {

std::uint32_t hilbert_order(geo::Vec2d point, const geo::Box2d& box) {
  const auto scaled = [](double v, double low, double size) {
    return static_cast<std::uint32_t>(size > 0 ? std::clamp((v - low) / size, 0.0, 1.0) * 65535.0 : 0.0);
  };
  std::uint32_t x = scaled(point.x, box.low.x, box.width());
  std::uint32_t y = scaled(point.y, box.low.y, box.height());
  std::uint32_t order = 0;
  for (std::uint32_t side = 1u << 15; side > 0; side >>= 1) {
    const bool right = (x & side) != 0;
    const bool upper = (y & side) != 0;
    order += side * side * ((3u * right) ^ static_cast<std::uint32_t>(upper));
    if (!upper) {
      if (right) {
        x = 65535u - x;
        y = 65535u - y;
      }
      std::swap(x, y);
    }
  }
  return order;
}

}  // namespace citiverse::city
