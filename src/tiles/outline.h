// A building's outline made ready for walls and roofs: few points, clean sides, and its longer direction.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "geo/vec.h"

namespace citiverse::tiles {

/// One outer ring, counter-clockwise, then its holes, clockwise; rings are open. Metres in the city plane.
class Outline {
 public:
  void clear();
  /// Drops vertices within `tolerance_m` of the line between their neighbours, repeats and spikes, then adds the ring.
  /// False, adding nothing, when fewer than three are left.
  bool add_ring(std::span<const geo::Vec2d> ring, double tolerance_m);
  void keep_outer_ring_only();
  /// Replaces everything by the convex hull of the outer ring: what is left to do with a ring that crosses itself.
  void become_hull();

  std::span<const geo::Vec2d> points() const { return points_; }
  std::size_t ring_count() const { return ends_.size(); }
  std::uint32_t ring_begin(std::size_t r) const { return r == 0 ? 0 : ends_[r - 1]; }
  std::uint32_t ring_end(std::size_t r) const { return ends_[r]; }
  std::span<const geo::Vec2d> ring(std::size_t r) const { return points().subspan(ring_begin(r), ring_end(r) - ring_begin(r)); }
  /// Views of all rings, valid until the next change.
  const std::vector<std::span<const geo::Vec2d>>& rings() const;
  double area_m2() const;

 private:
  std::vector<geo::Vec2d> points_;
  std::vector<std::uint32_t> ends_;
  mutable std::vector<std::span<const geo::Vec2d>> rings_;
};

double signed_area_m2(std::span<const geo::Vec2d> ring);

/// A rectangle in any direction; `along` is the unit vector of its longer side.
struct OrientedBox {
  geo::Vec2d center;
  geo::Vec2d along{1, 0};
  double half_length_m = 0;
  double half_width_m = 0;
  double area_m2() const { return 4 * half_length_m * half_width_m; }
};

/// The smallest box with a side along a side of the ring (for a convex ring that is the smallest of all).
/// Cost: the square of the number of sides, of which at most kBoxSidesMax are tried.
OrientedBox oriented_box(std::span<const geo::Vec2d> ring);
inline constexpr std::size_t kBoxSidesMax = 64;

}  // namespace citiverse::tiles
