// Ear clipping on a doubly linked list of nodes, with a grid to find the few vertices that can spoil an ear.
#include "geo/triangulate.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "geo/box.h"
#include "geo/orientation.h"

namespace citiverse::geo {
namespace {

using Index = std::uint32_t;
constexpr Index kNoNode = 0xFFFFFFFFu;

// Below this number of nodes walking the list is faster than asking the grid.
constexpr std::size_t kGridNodesMin = 64;
// After this many ears had to be forced the input is no polygon: the rest is clipped without looking.
constexpr int kForcedEarsMax = 64;

struct Node {
  Vec2d p;
  Index vertex;
  Index prev;
  Index next;
  bool alive;
  bool convex;
};

class EarClipper {
 public:
  void run(std::span<const std::span<const Vec2d>> rings, std::vector<std::uint32_t>& indices);

 private:
  Index link(std::span<const Vec2d> ring, Index first_vertex, bool counter_clockwise);
  Index copy_of(Index node);
  void update_convex(Index i) { nodes_[i].convex = turn(i) > 0; }
  int turn(Index i) const { return orientation(at(nodes_[i].prev), at(i), at(nodes_[i].next)); }
  Vec2d at(Index i) const { return nodes_[i].p; }
  bool sees(Index from, Vec2d to) const;
  Index copy_that_sees(Index node, Index hole) const;
  Index bridge_end(Index hole, Index outer) const;
  Index bridge_end_inside(Index hole, Index outer, Index hit) const;
  void bridge(Index outer, Index hole);
  void build_grid();
  bool spoils(Index q, Index a, Index b, Index c, bool strictly) const;
  bool is_ear(Index b, bool strictly) const;
  void unlink(Index i);
  void clip(Index start, std::vector<std::uint32_t>& indices);

  std::vector<Node> nodes_;
  std::vector<Index> holes_;
  bool has_grid_ = false;
  Vec2d grid_low_;
  Vec2d cells_per_m_;
  int columns_ = 0;
  int rows_ = 0;
  std::vector<Index> cell_ends_;
  std::vector<Index> cell_nodes_;
};

double doubled_area(std::span<const Vec2d> ring) {
  double sum = 0;
  for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) sum += cross(ring[j] - ring[0], ring[i] - ring[0]);
  return sum;
}

Index EarClipper::link(std::span<const Vec2d> ring, Index first_vertex, bool counter_clockwise) {
  const auto first = static_cast<Index>(nodes_.size());
  const auto n = static_cast<Index>(ring.size());
  const bool forward = (doubled_area(ring) > 0) == counter_clockwise;
  for (Index i = 0; i < n; ++i) {
    const Index from = forward ? i : n - 1 - i;
    nodes_.push_back({ring[from], first_vertex + from, first + (i + n - 1) % n, first + (i + 1) % n, true, false});
  }
  return first;
}

Index EarClipper::copy_of(Index node) {
  nodes_.push_back(nodes_[node]);
  return static_cast<Index>(nodes_.size() - 1);
}

// Whether the direction to a point lies in the polygon's interior angle at a node, its sides included.
bool EarClipper::sees(Index from, Vec2d to) const {
  const Vec2d p = at(from);
  const bool left_of_next = orientation(p, at(nodes_[from].next), to) >= 0;
  const bool left_of_prev = orientation(at(nodes_[from].prev), p, to) >= 0;
  return turn(from) > 0 ? left_of_next && left_of_prev : left_of_next || left_of_prev;
}

// Bridges leave several nodes at one place; only that whose angle holds the hole may be joined to it.
Index EarClipper::copy_that_sees(Index node, Index hole) const {
  const bool together = at(node) == at(hole);
  Index i = node;
  do {
    if (at(i) == at(node)) {
      if (together ? sees(i, at(nodes_[hole].next)) && sees(i, at(nodes_[hole].prev)) : sees(i, at(hole))) return i;
    }
    i = nodes_[i].next;
  } while (i != node);
  return node;
}

// The node of the outer list to which the leftmost node of a hole can be joined, or kNoNode when the hole lies outside.
Index EarClipper::bridge_end(Index hole, Index outer) const {
  const Vec2d m = at(hole);
  double hit_x = -std::numeric_limits<double>::infinity();
  Index hit = kNoNode;
  Index i = outer;
  do {  // The nearest side to the left that goes down: it has the interior on its right-hand, our, side.
    const Vec2d p = at(i);
    const Vec2d q = at(nodes_[i].next);
    if (p.y >= m.y && q.y <= m.y && p.y > q.y && orientation(p, q, m) >= 0) {
      const double x = q.y == m.y ? q.x : p.y == m.y ? p.x : p.x + (m.y - p.y) / (q.y - p.y) * (q.x - p.x);
      if (x > hit_x) {
        hit_x = x;
        hit = i;
      }
    }
    i = nodes_[i].next;
  } while (i != outer);
  if (hit == kNoNode) return kNoNode;
  const Index low = nodes_[hit].next;
  if (at(hit).y == m.y) return copy_that_sees(hit, hole);
  if (at(low).y == m.y) return copy_that_sees(low, hole);
  return bridge_end_inside(hole, outer, hit);
}

// The ray met the inside of a side: its left end is visible unless vertices lie in the triangle between ray, side and the line
// to that end; then the one at the smallest angle to the ray is.
Index EarClipper::bridge_end_inside(Index hole, Index outer, Index hit) const {
  const Vec2d m = at(hole);
  const Vec2d top = at(hit);
  const Vec2d bottom = at(nodes_[hit].next);
  Index best = top.x < bottom.x ? hit : nodes_[hit].next;
  const bool above = at(best).y > m.y;
  const Vec2d corner = at(best);
  Index i = outer;
  do {
    const Vec2d q = at(i);
    const bool between = above ? q.y >= m.y && q.y <= corner.y : q.y <= m.y && q.y >= corner.y;
    if (between && q.x <= m.x && q != m && q != corner && orientation(top, bottom, q) >= 0 && sees(i, m)) {
      const int side = above ? orientation(m, at(best), q) : -orientation(m, at(best), q);
      // Above the ray, nearer to it is to the left of the line from m to the best so far.
      if (side > 0 || (side == 0 && q.x > at(best).x)) best = i;
    }
    i = nodes_[i].next;
  } while (i != outer);
  return best;
}

void EarClipper::bridge(Index outer, Index hole) {
  const Index outer_copy = copy_of(outer);
  const Index hole_copy = copy_of(hole);
  nodes_[outer].next = hole;
  nodes_[hole].prev = outer;
  nodes_[nodes_[hole_copy].prev].next = hole_copy;
  nodes_[hole_copy].next = outer_copy;
  nodes_[outer_copy].prev = hole_copy;
  nodes_[nodes_[outer_copy].next].prev = outer_copy;
}

void EarClipper::build_grid() {
  has_grid_ = nodes_.size() >= kGridNodesMin;
  if (!has_grid_) return;
  Box2d box;
  for (const Node& n : nodes_) box.extend(n.p);
  const double width = std::max(box.width(), 1e-9);
  const double height = std::max(box.height(), 1e-9);
  const double cells = static_cast<double>(nodes_.size()) / 2;
  columns_ = static_cast<int>(std::clamp(std::sqrt(cells * width / height), 1.0, cells));
  rows_ = static_cast<int>(std::clamp(cells / columns_, 1.0, cells));
  grid_low_ = box.low;
  cells_per_m_ = {columns_ / width, rows_ / height};
  const auto cell_of = [&](Vec2d p) {
    const int x = std::clamp(static_cast<int>((p.x - grid_low_.x) * cells_per_m_.x), 0, columns_ - 1);
    const int y = std::clamp(static_cast<int>((p.y - grid_low_.y) * cells_per_m_.y), 0, rows_ - 1);
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(columns_) + static_cast<std::size_t>(x);
  };
  cell_ends_.assign(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_) + 1, 0);
  for (const Node& n : nodes_) ++cell_ends_[cell_of(n.p) + 1];
  for (std::size_t i = 1; i < cell_ends_.size(); ++i) cell_ends_[i] += cell_ends_[i - 1];
  cell_nodes_.resize(nodes_.size());
  for (Index i = static_cast<Index>(nodes_.size()); i-- > 0;) cell_nodes_[--cell_ends_[cell_of(nodes_[i].p) + 1]] = i;
  // Filling has moved each end to its cell's start: entry c + 1 now starts cell c.
}

// A vertex inside a convex corner's triangle, or on its sides, makes it no ear; one at its corners belongs to another loop
// there.
bool EarClipper::spoils(Index q, Index a, Index b, Index c, bool strictly) const {
  const Node& n = nodes_[q];
  if (n.convex || q == a || q == b || q == c) return false;
  const Vec2d pa = at(a);
  const Vec2d pb = at(b);
  const Vec2d pc = at(c);
  const int limit = strictly ? 1 : 0;
  if (n.p == pa || n.p == pb || n.p == pc) return false;
  return orientation(pa, pb, n.p) >= limit && orientation(pb, pc, n.p) >= limit && orientation(pc, pa, n.p) >= limit;
}

bool EarClipper::is_ear(Index b, bool strictly) const {
  const Index a = nodes_[b].prev;
  const Index c = nodes_[b].next;
  Box2d box;
  box.extend(at(a));
  box.extend(at(b));
  box.extend(at(c));
  if (!has_grid_) {
    for (Index q = nodes_[c].next; q != a; q = nodes_[q].next) {
      if (!nodes_[q].convex && box.contains(at(q)) && spoils(q, a, b, c, strictly)) return false;
    }
    return true;
  }
  const int x0 = std::clamp(static_cast<int>((box.low.x - grid_low_.x) * cells_per_m_.x), 0, columns_ - 1);
  const int x1 = std::clamp(static_cast<int>((box.high.x - grid_low_.x) * cells_per_m_.x), 0, columns_ - 1);
  const int y0 = std::clamp(static_cast<int>((box.low.y - grid_low_.y) * cells_per_m_.y), 0, rows_ - 1);
  const int y1 = std::clamp(static_cast<int>((box.high.y - grid_low_.y) * cells_per_m_.y), 0, rows_ - 1);
  const std::size_t cells = cell_ends_.size() - 1;
  for (int y = y0; y <= y1; ++y) {
    const std::size_t row = static_cast<std::size_t>(y) * static_cast<std::size_t>(columns_);
    const std::size_t last = row + static_cast<std::size_t>(x1);
    const Index begin = cell_ends_[row + static_cast<std::size_t>(x0) + 1];
    const Index end = last + 2 <= cells ? cell_ends_[last + 2] : static_cast<Index>(cell_nodes_.size());
    for (Index k = begin; k < end; ++k) {
      const Index q = cell_nodes_[k];
      if (nodes_[q].alive && !nodes_[q].convex && box.contains(at(q)) && spoils(q, a, b, c, strictly)) return false;
    }
  }
  return true;
}

void EarClipper::unlink(Index i) {
  const Index a = nodes_[i].prev;
  const Index c = nodes_[i].next;
  nodes_[i].alive = false;
  nodes_[a].next = c;
  nodes_[c].prev = a;
  update_convex(a);
  update_convex(c);
}

void EarClipper::clip(Index start, std::vector<std::uint32_t>& indices) {
  // First only ears that keep every vertex in the mesh; when a whole round finds none, ears with vertices on their sides; then,
  // as the input is no polygon, any convex corner. Each step removes a node or moves on, so this ends.
  enum Strictness : int { kClean, kTouching, kForced, kDone };
  int strictness = kClean;
  int forced = 0;
  Index ear = start;
  Index stop = start;
  while (nodes_[ear].prev != nodes_[ear].next) {
    const Index a = nodes_[ear].prev;
    const Index c = nodes_[ear].next;
    const bool convex = nodes_[ear].convex;
    const bool spike = !convex && dot(at(ear) - at(a), at(c) - at(ear)) <= 0 && turn(ear) == 0;
    if (spike || (convex && (strictness == kForced || is_ear(ear, strictness == kTouching)))) {
      if (convex) indices.insert(indices.end(), {nodes_[a].vertex, nodes_[ear].vertex, nodes_[c].vertex});
      unlink(ear);
      // Leaving out one node keeps the triangles from becoming a fan of slivers; a spike's neighbour may be a spike now.
      ear = spike ? a : nodes_[c].next;
      stop = ear;
      if (strictness == kForced) ++forced;
      strictness = forced > kForcedEarsMax ? kForced : kClean;
      continue;
    }
    ear = c;
    if (ear == stop && ++strictness == kDone) return;
  }
}

void EarClipper::run(std::span<const std::span<const Vec2d>> rings, std::vector<std::uint32_t>& indices) {
  indices.clear();
  std::size_t total = 0;
  for (const auto& ring : rings) {
    total += ring.size();
    for (const Vec2d p : ring) {
      if (!(std::abs(p.x) <= kTriangulateCoordinateMax && std::abs(p.y) <= kTriangulateCoordinateMax)) return;
    }
  }
  if (rings.empty() || rings[0].size() < 3 || total > kTriangulateVerticesMax) return;
  nodes_.clear();
  holes_.clear();
  const Index outer = link(rings[0], 0, true);
  auto first = static_cast<Index>(rings[0].size());
  for (const auto& ring : rings.subspan(1)) {
    if (ring.size() >= 3) {
      const Index begin = link(ring, first, false);
      const auto leftmost = std::min_element(nodes_.begin() + begin, nodes_.end(), [](const Node& a, const Node& b) {
        return a.p.x != b.p.x ? a.p.x < b.p.x : a.p.y < b.p.y;
      });
      holes_.push_back(static_cast<Index>(leftmost - nodes_.begin()));
    }
    first += static_cast<Index>(ring.size());
  }
  std::stable_sort(holes_.begin(), holes_.end(),
                   [&](Index a, Index b) { return at(a).x != at(b).x ? at(a).x < at(b).x : at(a).y < at(b).y; });
  for (const Index hole : holes_) {
    const Index end = bridge_end(hole, outer);
    if (end != kNoNode) {
      bridge(end, hole);
      continue;
    }
    for (Index i = hole; nodes_[i].alive; i = nodes_[i].next) nodes_[i].alive = false;
  }
  Index i = outer;
  do {
    update_convex(i);
    i = nodes_[i].next;
  } while (i != outer);
  build_grid();
  indices.reserve(3 * (total + 2 * holes_.size()));
  clip(outer, indices);
}

}  // namespace

void triangulate(std::span<const std::span<const Vec2d>> rings, std::vector<std::uint32_t>& indices) {
  static thread_local EarClipper clipper;
  clipper.run(rings, indices);
}

void triangulate(std::span<const Vec2d> ring, std::vector<std::uint32_t>& indices) {
  triangulate(std::span(&ring, 1), indices);
}

}  // namespace citiverse::geo
