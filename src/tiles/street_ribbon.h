// From a line with widths to the outline of what is driven or walked on.
#pragma once

#include <span>
#include <vector>

#include "geo/vec.h"

namespace citiverse::tiles {

struct RibbonShape {
  double left_m = 0;  ///< From the line to the left edge, seen along the line.
  double right_m = 0;
  bool round_start = false;  ///< Half a disc before the first point, where another ribbon joins at an angle.
  bool round_end = false;
  /// Where the next ribbon goes on at a slight angle: the line along which both are cut, as the offset of a left edge 1 m from
  /// the line. Zero: cut square.
  geo::Vec2d start_left;
  geo::Vec2d end_left;
};

/// Replaces `ring` by the outline, counter-clockwise and closed by itself. It may overlap itself but winds around every point
/// of the ribbon a positive number of times and around no other. Corners that turn less than kMitreTurnDeg are mitred, sharper
/// ones rounded. A line that ends where it starts gets a full corner there. Fewer than 2 distinct points: empty.
void ribbon_outline(std::span<const geo::Vec2d> line, const RibbonShape& shape, std::vector<geo::Vec2d>& ring);

inline constexpr double kMitreTurnDeg = 40.0;

/// Drops points within `tolerance_m` of the line that is left (Ramer 1972, Douglas & Peucker 1973); keeps the first and last.
void simplify_line(std::span<const geo::Vec2d> line, double tolerance_m, std::vector<geo::Vec2d>& simple);

}  // namespace citiverse::tiles
