// Who owns which piece of the ground: outlines that overlap become one partition of the tile, each piece with one owner.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "tiles/ground_triangulation.h"

namespace citiverse::tiles {

/// Surfaces are numbered by rank: where outlines overlap the lowest number wins. Every grid point within the rectangle belongs
/// to exactly one triangle's inside or border, and triangles that meet share whole edges. Error: outlines move by less than
/// kPartitionErrorUnits + the tolerance of solve(). Threads: one at a time; reset() keeps memory.
class GroundPartition {
 public:
  static constexpr std::uint32_t kNoSurface = 0xFFFFFFFFu;

  void reset(GridPoint low, GridPoint high);

  /// One ring of a surface, closed by itself; outer rings counter-clockwise, holes clockwise. Rings of one surface may overlap
  /// each other and themselves: inside is where they wind around a non-zero number of times.
  void add_ring(std::span<const GridPoint> ring, std::uint32_t surface);
  /// An edge that triangles must keep because the ground bends along it.
  void add_crease(GridPoint a, GridPoint b);

  struct Surface {
    bool is_flat = false;   ///< The ground does not bend within it: creases are dropped there.
    bool is_minor = false;  ///< Small islands of it are given to what lies around them.
  };
  /// Finds owners, drops every edge that separates nothing and every vertex within `tolerance` (grid units) of the line that
  /// its neighbours make. Islands of minor surfaces, and of what nobody owns, that are smaller than `island` (square units) and
  /// do not touch the border go to the neighbour with the longest common edge.
  void solve(std::span<const Surface> surfaces, double tolerance, double island = 0);

  std::span<const GridPoint> points() const { return mesh_.points(); }
  /// Those with v[0] == kNoSurface are gone.
  std::span<const GroundTriangulation::Triangle> triangles() const { return mesh_.triangles(); }
  /// Owner of each triangle, or kNoSurface.
  std::span<const std::uint32_t> owners() const { return owners_; }

 private:
  static constexpr int kNeighboursMax = 64;  // Vertices with more are left as they are.

  void clip(std::span<const GridPoint> ring);
  void find_owners(std::uint32_t surfaces);
  void absorb_islands(std::span<const Surface> surfaces, double island);
  void absorb(std::span<const std::uint32_t> island);
  void cross(std::uint32_t mark, bool entering);
  void drop_idle_edges(std::span<const Surface> surfaces);
  bool is_crease(std::uint32_t mark) const;
  void drop_vertices(double tolerance);
  bool gather_star(std::uint32_t vertex);
  void drop_vertex(std::uint32_t vertex, double tolerance);
  bool can_collapse(std::uint32_t vertex, std::uint32_t onto) const;
  void collapse(std::uint32_t vertex, std::uint32_t onto);

  GroundTriangulation mesh_;
  GridPoint low_, high_;
  std::vector<GridPoint> ring_, clipped_;
  std::vector<std::uint32_t> owners_;
  std::vector<std::int32_t> winding_;
  std::vector<std::uint32_t> inside_;  // Surfaces around the place where the search is, ascending.
  std::vector<std::uint8_t> is_bend_;  // By vertex: end of a crease.
  std::vector<float> drift_;           // By vertex: how far outlines have moved near it.
  struct Step {
    std::uint32_t triangle;
    std::uint32_t entered_by;
    int edge;
  };
  std::vector<Step> steps_;
  std::vector<std::uint8_t> is_seen_;                 // By triangle.
  std::vector<std::uint32_t> island_;                 // Triangles.
  std::array<std::uint32_t, kNeighboursMax> star_{};  // Triangles around a vertex.
  int star_count_ = 0;
};

/// How far an outline may move by rounding and by bending to crossings.
inline constexpr double kPartitionErrorUnits = 2.0;

}  // namespace citiverse::tiles
