// Points by walking and splitting, segments by flipping what they cross, crossings by bending both to a grid point.
#include "tiles/ground_triangulation.h"

#include <cmath>
#include <utility>

#include "base/check.h"
#include "tiles/corner.h"

namespace citiverse::tiles {
namespace {

/// True when q lies inside the circle through the counter-clockwise a, b, c beyond the rounding of doubles: near ties count as
/// outside, so that flipping ends.
bool in_circle(GridPoint a, GridPoint b, GridPoint c, GridPoint q) {
  const double ax = a.x - q.x, ay = a.y - q.y;
  const double bx = b.x - q.x, by = b.y - q.y;
  const double cx = c.x - q.x, cy = c.y - q.y;
  const double a2 = ax * ax + ay * ay, b2 = bx * bx + by * by, c2 = cx * cx + cy * cy;
  const double t1 = ax * by, t2 = ay * bx, t3 = bx * cy, t4 = by * cx, t5 = cx * ay, t6 = cy * ax;
  const double determinant = c2 * (t1 - t2) + a2 * (t3 - t4) + b2 * (t5 - t6);
  const double size =
      c2 * (std::fabs(t1) + std::fabs(t2)) + a2 * (std::fabs(t3) + std::fabs(t4)) + b2 * (std::fabs(t5) + std::fabs(t6));
  return determinant > 4e-15 * size;
}

std::int64_t along(GridPoint a, GridPoint b, GridPoint p) {
  return static_cast<std::int64_t>(b.x - a.x) * (p.x - a.x) + static_cast<std::int64_t>(b.y - a.y) * (p.y - a.y);
}

/// Where the lines a b and c d cross, rounded to the grid.
GridPoint crossing_of(GridPoint a, GridPoint b, GridPoint c, GridPoint d) {
  const auto from_c = static_cast<double>(GroundTriangulation::turn(a, b, c));
  const auto from_d = static_cast<double>(GroundTriangulation::turn(a, b, d));
  const double k = from_c / (from_c - from_d);
  return {c.x + static_cast<std::int32_t>(std::floor((d.x - c.x) * k + 0.5)),
          c.y + static_cast<std::int32_t>(std::floor((d.y - c.y) * k + 0.5))};
}

}  // namespace

void GroundTriangulation::reset(GridPoint low, GridPoint high) {
  CITIVERSE_CHECK(low.x < high.x && low.y < high.y, "a rectangle has an area");
  points_.assign({low, {high.x, low.y}, high, {low.x, high.y}});
  triangles_.assign({Triangle{{0, 1, 2}, {kNoTriangle, 1, kNoTriangle}, {0, 0, 0}},
                     Triangle{{0, 2, 3}, {kNoTriangle, kNoTriangle, 0}, {0, 0, 0}}});
  triangle_of_.assign({0, 0, 0, 1});
  uses_.assign(1, Use{0, 0, 0});
  last_triangle_ = 0;
  walk_turn_ = 0;
}

bool GroundTriangulation::wants_flip(std::uint32_t t, int edge) const {
  const Triangle& here = triangles_[t];
  if (here.n[edge] == kNoTriangle || here.mark[edge] != kFree) return false;
  const Triangle& there = triangles_[here.n[edge]];
  const std::uint32_t opposite = there.v[edge_to(there, t)];
  return in_circle(points_[here.v[0]], points_[here.v[1]], points_[here.v[2]], points_[opposite]);
}

std::uint32_t GroundTriangulation::walk_to(GridPoint p) {
  std::uint32_t t = last_triangle_;
  for (std::size_t step = 0; step < triangles_.size() * 4 + 16; ++step) {
    const Triangle& here = triangles_[t];
    // The first edge that is tried changes from step to step, or a walk could go in circles.
    int edge = static_cast<int>(walk_turn_++ % 3);
    int tried = 0;
    for (; tried < 3; ++tried, edge = next(edge)) {
      if (turn(points_[here.v[next(edge)]], points_[here.v[before(edge)]], p) < 0) break;
    }
    if (tried == 3) return t;
    CITIVERSE_CHECK(here.n[edge] != kNoTriangle, "points lie in the rectangle");
    t = here.n[edge];
  }
  for (t = 0; t < triangles_.size(); ++t) {  // Only after a walk without end, which exact turns make next to impossible.
    const Triangle& here = triangles_[t];
    int edge = 0;
    while (edge < 3 && turn(points_[here.v[next(edge)]], points_[here.v[before(edge)]], p) >= 0) ++edge;
    if (edge == 3) return t;
  }
  CITIVERSE_CHECK(false, "the triangles cover the rectangle");
}

std::uint32_t GroundTriangulation::add_point(GridPoint p) {
  const std::uint32_t t = walk_to(p);
  last_triangle_ = t;
  int on_edge = -1;
  for (int edge = 0; edge < 3; ++edge) {
    const std::uint32_t corner = triangles_[t].v[edge];
    if (points_[corner] == p) return corner;
    if (turn(points_[triangles_[t].v[next(edge)]], points_[triangles_[t].v[before(edge)]], p) == 0) on_edge = edge;
  }
  const auto vertex = static_cast<std::uint32_t>(points_.size());
  points_.push_back(p);
  triangle_of_.push_back(t);
  if (on_edge >= 0) {
    split_edge(t, on_edge, vertex);
  } else {
    split_inside(t, vertex);
  }
  legalise();
  return vertex;
}

void GroundTriangulation::replace_neighbour(std::uint32_t t, std::uint32_t from, std::uint32_t to) {
  if (t == kNoTriangle) return;
  Triangle& there = triangles_[t];
  there.n[edge_to(there, from)] = to;
}

void GroundTriangulation::split_inside(std::uint32_t t, std::uint32_t vertex) {
  const Triangle old = triangles_[t];
  const auto added = static_cast<std::uint32_t>(triangles_.size());
  triangles_.resize(triangles_.size() + 2);
  const std::uint32_t parts[3] = {t, added, added + 1};
  for (int i = 0; i < 3; ++i) {
    const int outer = before(i);  // The edge from v[i] to v[i + 1].
    triangles_[parts[i]] = {
        {vertex, old.v[i], old.v[next(i)]}, {old.n[outer], parts[next(i)], parts[before(i)]}, {old.mark[outer], kFree, kFree}};
    if (parts[i] != t) replace_neighbour(old.n[outer], t, parts[i]);
    triangle_of_[old.v[i]] = parts[i];
    doubtful_.push_back(parts[i]);
  }
  triangle_of_[vertex] = t;
}

void GroundTriangulation::split_edge(std::uint32_t t, int edge, std::uint32_t vertex) {
  const Triangle old = triangles_[t];
  const std::uint32_t u = old.n[edge];
  const std::uint32_t o = old.v[edge], a = old.v[next(edge)], b = old.v[before(edge)];
  const std::uint32_t mark = old.mark[edge];
  const auto t2 = static_cast<std::uint32_t>(triangles_.size());
  const std::uint32_t u2 = u == kNoTriangle ? kNoTriangle : t2 + 1;
  triangles_.resize(triangles_.size() + (u == kNoTriangle ? 1 : 2));
  triangles_[t] = {{vertex, o, a}, {old.n[before(edge)], u2, t2}, {old.mark[before(edge)], mark, kFree}};
  triangles_[t2] = {{vertex, b, o}, {old.n[next(edge)], t, u}, {old.mark[next(edge)], kFree, mark}};
  replace_neighbour(old.n[next(edge)], t, t2);
  triangle_of_[vertex] = t;
  triangle_of_[o] = triangle_of_[a] = t;
  triangle_of_[b] = t2;
  doubtful_.push_back(t);
  doubtful_.push_back(t2);
  if (u == kNoTriangle) return;
  const Triangle far = triangles_[u];
  const int back = edge_to(far, t);
  const std::uint32_t q = far.v[back];
  const std::uint32_t far_mark = far.mark[back];
  triangles_[u] = {{vertex, q, b}, {far.n[before(back)], t2, u2}, {far.mark[before(back)], far_mark, kFree}};
  triangles_[u2] = {{vertex, a, q}, {far.n[next(back)], u, t}, {far.mark[next(back)], kFree, far_mark}};
  replace_neighbour(far.n[next(back)], u, u2);
  triangle_of_[q] = u;
  doubtful_.push_back(u);
  doubtful_.push_back(u2);
}

void GroundTriangulation::flip(std::uint32_t t, int edge) {
  const Triangle here = triangles_[t];
  const std::uint32_t u = here.n[edge];
  const Triangle there = triangles_[u];
  const int back = edge_to(there, t);
  const std::uint32_t o = here.v[edge], a = here.v[next(edge)], b = here.v[before(edge)], q = there.v[back];
  triangles_[t] = {
      {o, a, q}, {there.n[next(back)], u, here.n[before(edge)]}, {there.mark[next(back)], kFree, here.mark[before(edge)]}};
  triangles_[u] = {
      {o, q, b}, {there.n[before(back)], here.n[next(edge)], t}, {there.mark[before(back)], here.mark[next(edge)], kFree}};
  replace_neighbour(there.n[next(back)], u, t);
  replace_neighbour(here.n[next(edge)], t, u);
  triangle_of_[o] = triangle_of_[a] = t;
  triangle_of_[b] = triangle_of_[q] = u;
}

void GroundTriangulation::legalise() {
  while (!doubtful_.empty()) {
    const std::uint32_t t = doubtful_.back();
    doubtful_.pop_back();
    if (!wants_flip(t, 0)) continue;
    const std::uint32_t u = triangles_[t].n[0];
    flip(t, 0);
    doubtful_.push_back(t);
    doubtful_.push_back(u);
  }
}

std::uint32_t GroundTriangulation::add_uses(std::uint32_t onto, bool turned, std::uint32_t uses) {
  for (; uses != 0; uses = uses_[uses].next) {
    const Use use = uses_[uses];
    if (use.surface == kCrease) {
      bool known = false;
      for (std::uint32_t i = onto; i != 0; i = uses_[i].next) known = known || uses_[i].surface == kCrease;
      if (known) continue;
    }
    uses_.push_back({use.surface, turned ? -use.delta : use.delta, onto});
    onto = static_cast<std::uint32_t>(uses_.size() - 1);
  }
  return onto;
}

void GroundTriangulation::mark_edge(std::uint32_t t, int edge, std::uint32_t uses, bool is_along) {
  Triangle& here = triangles_[t];
  const std::uint32_t old = here.mark[edge];
  std::uint32_t mark = uses << 1 | (is_along ? 0u : 1u);
  if (old != kFree) mark = add_uses(old >> 1, ((old & 1) == 0) != is_along, uses) << 1 | (old & 1);
  here.mark[edge] = mark;
  if (here.n[edge] == kNoTriangle) return;
  Triangle& there = triangles_[here.n[edge]];
  there.mark[edge_to(there, t)] = mark ^ 1;
}

bool GroundTriangulation::find_edge(std::uint32_t a, std::uint32_t b, std::uint32_t& t, int& edge) const {
  const std::uint32_t start = triangle_of_[a];
  for (const bool forwards : {true, false}) {
    t = start;
    do {
      const Triangle& here = triangles_[t];
      const int k = corner_of(here, a);
      if (here.v[next(k)] == b) return edge = before(k), true;
      if (here.v[before(k)] == b) return edge = next(k), true;
      t = here.n[forwards ? next(k) : before(k)];
    } while (t != start && t != kNoTriangle);
    if (t == start) return false;
  }
  return false;
}

void GroundTriangulation::add_segment(std::uint32_t a, std::uint32_t b, std::uint32_t surface, std::int32_t delta) {
  uses_.push_back({surface, delta, 0});
  waiting_.push_back({a, b, static_cast<std::uint32_t>(uses_.size() - 1)});
  while (!waiting_.empty()) {
    const Segment s = waiting_.back();
    waiting_.pop_back();
    if (s.a != s.b) lay(s);
  }
}

void GroundTriangulation::lay(Segment s) {
  const GridPoint a = points_[s.a], b = points_[s.b];
  const auto through = [&](std::uint32_t middle) {
    waiting_.push_back({middle, s.b, s.uses});
    waiting_.push_back({s.a, middle, s.uses});
  };
  // Which triangle around a does the segment leave through?
  std::uint32_t t = kNoTriangle;
  int edge = 0;
  const std::uint32_t start = triangle_of_[s.a];
  for (const bool forwards : {true, false}) {
    bool found = false;
    t = start;
    do {
      const Triangle& here = triangles_[t];
      edge = corner_of(here, s.a);
      const std::uint32_t p = here.v[next(edge)], q = here.v[before(edge)];
      if (p == s.b) return mark_edge(t, before(edge), s.uses, true);
      if (q == s.b) return mark_edge(t, next(edge), s.uses, false);
      const std::int64_t turn_p = turn(a, b, points_[p]), turn_q = turn(a, b, points_[q]);
      if (turn_p == 0 && along(a, b, points_[p]) > 0) return through(p);
      if (turn_q == 0 && along(a, b, points_[q]) > 0) return through(q);
      if (turn_p < 0 && turn_q > 0) {
        found = true;
        break;
      }
      t = here.n[forwards ? next(edge) : before(edge)];
    } while (t != start && t != kNoTriangle);
    if (found) break;
    CITIVERSE_CHECK(t == kNoTriangle && forwards, "a segment starts into a triangle");
  }
  crossings_.clear();
  for (;;) {
    const Triangle& here = triangles_[t];
    if (here.mark[edge] != kFree) return cut_crossing(s, t, edge);
    crossings_.push_back({here.v[next(edge)], here.v[before(edge)]});
    const std::uint32_t u = here.n[edge];
    const Triangle& there = triangles_[u];
    const int back = edge_to(there, t);
    const std::uint32_t w = there.v[back];
    if (w == s.b) break;
    const std::int64_t side = turn(a, b, points_[w]);
    if (side == 0) {
      waiting_.push_back({w, s.b, s.uses});
      s.b = w;
      break;
    }
    edge = side < 0 ? before(back) : next(back);
    t = u;
  }
  CITIVERSE_CHECK(flip_out_crossings(s), "flipping makes way for a segment");
  const bool made = find_edge(s.a, s.b, t, edge);
  CITIVERSE_CHECK(made, "the segment is an edge now");
  mark_edge(t, edge, s.uses, triangles_[t].v[next(edge)] == s.a);
}

void GroundTriangulation::cut_crossing(const Segment& s, std::uint32_t t, int edge) {
  const Triangle here = triangles_[t];
  const std::uint32_t c = here.v[next(edge)], d = here.v[before(edge)];
  const std::uint32_t mark = here.mark[edge];
  const std::uint32_t from = left_of_uses(mark) ? c : d;
  const std::uint32_t to = left_of_uses(mark) ? d : c;
  triangles_[t].mark[edge] = kFree;
  Triangle& there = triangles_[here.n[edge]];
  there.mark[edge_to(there, t)] = kFree;
  last_triangle_ = t;
  const std::uint32_t middle = add_point(crossing_of(points_[s.a], points_[s.b], points_[c], points_[d]));
  waiting_.push_back({middle, s.b, s.uses});
  waiting_.push_back({s.a, middle, s.uses});
  waiting_.push_back({from, middle, mark >> 1});
  waiting_.push_back({middle, to, mark >> 1});
}

bool GroundTriangulation::flip_out_crossings(Segment s) {
  const GridPoint a = points_[s.a], b = points_[s.b];
  const std::size_t tries_max = 1000 + 100 * crossings_.size() * crossings_.size();
  for (std::size_t i = 0; i < crossings_.size(); ++i) {
    if (i > tries_max) return false;
    const Edge crossing = crossings_[i];
    std::uint32_t t = 0;
    int edge = 0;
    if (!find_edge(crossing.a, crossing.b, t, edge)) return false;
    const Triangle& here = triangles_[t];
    const Triangle& there = triangles_[here.n[edge]];
    const std::uint32_t o = here.v[edge], q = there.v[edge_to(there, t)];
    const GridPoint from = points_[o], to = points_[q];
    const bool convex = turn(from, points_[here.v[next(edge)]], to) > 0 && turn(from, to, points_[here.v[before(edge)]]) > 0;
    if (!convex) {
      crossings_.push_back(crossing);
      continue;
    }
    flip(t, edge);
    if (o == s.a || o == s.b || q == s.a || q == s.b) continue;
    const std::int64_t side_o = turn(a, b, from), side_q = turn(a, b, to);
    if ((side_o > 0 && side_q < 0) || (side_o < 0 && side_q > 0)) crossings_.push_back({o, q});
  }
  return true;
}

}  // namespace citiverse::tiles
