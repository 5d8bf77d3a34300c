// A constrained Delaunay triangulation of a rectangle on an integer grid: what makes the ground one partition without overlaps,
// gaps or T-junctions, whatever outlines are laid into it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace citiverse::tiles {

/// A point of the ground's grid: kGroundGridPerM units a metre.
struct GridPoint {
  std::int32_t x = 0;
  std::int32_t y = 0;
  friend bool operator==(const GridPoint&, const GridPoint&) = default;
};
/// A power of two, so that grid points are exact as float and double: 1.6 cm apart.
inline constexpr double kGroundGridPerM = 64.0;

/// Every decision is taken with exact integers, so the structure is a valid triangulation at every moment; where segments
/// cross, the crossing is rounded to the grid and both are bent to it (by at most one unit), so that closed outlines stay
/// closed. Domain: coordinates within ±2^24. Cost: about a microsecond a point when successive points are close. Threads: one
/// at a time; reset() keeps the memory. Source: Sloan 1993, "A fast algorithm for generating constrained Delaunay
/// triangulations", doi:10.1016/0045-7949(93)90239-A.
class GroundTriangulation {
 public:
  static constexpr std::uint32_t kNoTriangle = 0xFFFFFFFFu;
  static constexpr std::uint32_t kFree = 0;  ///< Mark of an edge that no segment lies on.

  /// Counter-clockwise. Edge i is opposite v[i], from v[i + 1] to v[i + 2]; n[i] is the triangle behind it.
  /// mark[i] is kFree, or names a list of uses and whether this triangle lies to their left: see left_of_uses().
  struct Triangle {
    std::uint32_t v[3];
    std::uint32_t n[3];
    std::uint32_t mark[3];
  };
  /// What a segment was laid for: an outline of `surface` (delta +1 when the inside is left), or kCrease.
  struct Use {
    std::uint32_t surface;
    std::int32_t delta;
    std::uint32_t next;  ///< 0: last.
  };
  static constexpr std::uint32_t kCrease = 0xFFFFFFFFu;

  /// Starts anew with the rectangle as two triangles; its corners are vertices 0 to 3, counter-clockwise from the low one.
  void reset(GridPoint low, GridPoint high);

  /// The vertex at a point of the rectangle, made when there is none.
  std::uint32_t add_point(GridPoint p);
  /// Lays a segment for a use; `delta` counts for the left side of a to b.
  void add_segment(std::uint32_t a, std::uint32_t b, std::uint32_t surface, std::int32_t delta);

  /// Flips free edges until the triangulation is Delaunay between its segments, keeping edges for which `same` is false.
  template <class Same>
  void flip_to_delaunay(Same&& same);

  std::span<const GridPoint> points() const { return points_; }
  std::span<const Triangle> triangles() const { return triangles_; }
  Triangle& triangle(std::uint32_t t) { return triangles_[t]; }
  /// First use of a mark that is not kFree; follow Use::next.
  const Use& first_use(std::uint32_t mark) const { return uses_[mark >> 1]; }
  const Use& use(std::uint32_t i) const { return uses_[i]; }
  static bool left_of_uses(std::uint32_t mark) { return (mark & 1) == 0; }
  /// A triangle that has the vertex.
  std::uint32_t triangle_at(std::uint32_t vertex) const { return triangle_of_[vertex]; }
  void set_triangle_at(std::uint32_t vertex, std::uint32_t t) { triangle_of_[vertex] = t; }

  /// Twice the area of a, b, c; positive when counter-clockwise.
  static std::int64_t turn(GridPoint a, GridPoint b, GridPoint c) {
    return static_cast<std::int64_t>(b.x - a.x) * (c.y - a.y) - static_cast<std::int64_t>(b.y - a.y) * (c.x - a.x);
  }
  static int corner_of(const Triangle& t, std::uint32_t vertex) {
    return t.v[0] == vertex ? 0 : t.v[1] == vertex ? 1 : t.v[2] == vertex ? 2 : -1;
  }
  /// The edge of `t` behind which `other` lies.
  static int edge_to(const Triangle& t, std::uint32_t other) { return t.n[0] == other ? 0 : t.n[1] == other ? 1 : 2; }
  void flip(std::uint32_t t, int edge);

 private:
  struct Segment {
    std::uint32_t a, b, uses;  ///< `uses` run from a to b.
  };
  struct Edge {
    std::uint32_t a, b;
  };

  bool wants_flip(std::uint32_t t, int edge) const;
  std::uint32_t walk_to(GridPoint p);
  void split_inside(std::uint32_t t, std::uint32_t vertex);
  void split_edge(std::uint32_t t, int edge, std::uint32_t vertex);
  void replace_neighbour(std::uint32_t t, std::uint32_t from, std::uint32_t to);
  void legalise();
  void lay(Segment s);
  void cut_crossing(const Segment& s, std::uint32_t t, int edge);
  bool flip_out_crossings(Segment s);
  void mark_edge(std::uint32_t t, int edge, std::uint32_t uses, bool along);
  bool find_edge(std::uint32_t a, std::uint32_t b, std::uint32_t& t, int& edge) const;
  std::uint32_t add_uses(std::uint32_t onto, bool turned, std::uint32_t uses);

  std::vector<GridPoint> points_;
  std::vector<std::uint32_t> triangle_of_;
  std::vector<Triangle> triangles_;
  std::vector<Use> uses_;
  std::vector<std::uint32_t> doubtful_;  // Triangles whose edge 0 may have to be flipped; the new vertex is at corner 0.
  std::vector<Segment> waiting_;
  std::vector<Edge> crossings_;
  std::uint32_t last_triangle_ = 0;
  std::uint32_t walk_turn_ = 0;
};

template <class Same>
void GroundTriangulation::flip_to_delaunay(Same&& same) {
  // Each pass flips what it finds; on real ground two or three passes settle, and a few badly shaped triangles do no harm.
  constexpr int kPassesMax = 8;
  for (int pass = 0; pass < kPassesMax; ++pass) {
    bool flipped = false;
    for (std::uint32_t t = 0; t < triangles_.size(); ++t) {
      for (int edge = 0; edge < 3; ++edge) {
        const Triangle& here = triangles_[t];
        if (here.n[edge] == kNoTriangle || here.n[edge] < t || here.mark[edge] != kFree) continue;
        if (!same(t, here.n[edge]) || !wants_flip(t, edge)) continue;
        flip(t, edge);
        flipped = true;
      }
    }
    if (!flipped) return;
  }
}

}  // namespace citiverse::tiles
