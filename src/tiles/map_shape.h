// Lines and rings made small enough for one map tile: fewer points, cut at the tile's buffer, on its grid.
#pragma once

#include <span>
#include <vector>

#include "formats/mvt_writer.h"
#include "geo/box.h"

namespace citiverse::tiles {

/// Working memory of the functions below, kept between features. Points are in tile units, x east, y south.
class MapShaper {
 public:
  /// Lines and rings are cut at `kMvtBuffer` units outside of the tile.
  static constexpr double kMvtBuffer = 64;

  /// Fewer points: none that is left out lies further than `tolerance` from the line that remains (Douglas & Peucker 1973). The
  /// result is in place, in order. A ring (open) keeps at least its two points that are furthest apart from its first.
  static void simplify_line(std::vector<geo::Vec2d>& line, double tolerance, std::vector<std::uint32_t>& stack,
                            std::vector<bool>& keep);

  /// Adds what of a line lies in the buffered tile.
  void add_line(std::vector<geo::Vec2d>& line, double tolerance, formats::MvtLayer& layer);
  /// Adds what of a ring (open) lies in the buffered tile; a ring of less than `area_min` square units adds nothing.
  bool add_ring(std::vector<geo::Vec2d>& ring, bool is_hole, double tolerance, double area_min, formats::MvtLayer& layer);

 private:
  void clip_side(int side);

  std::vector<geo::Vec2d> from_, to_;
  std::vector<formats::MvtPoint> points_;
  std::vector<std::uint32_t> stack_;
  std::vector<bool> keep_;
};

/// The nearest point of the tile's grid.
formats::MvtPoint to_grid(geo::Vec2d p);

}  // namespace citiverse::tiles
