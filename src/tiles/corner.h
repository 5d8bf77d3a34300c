// Walking around the three corners of a triangle.
#pragma once

namespace citiverse::tiles {

constexpr int next(int corner) { return corner == 2 ? 0 : corner + 1; }
constexpr int before(int corner) { return corner == 0 ? 2 : corner - 1; }

}  // namespace citiverse::tiles
