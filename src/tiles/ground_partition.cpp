// Outlines into the triangulation, a walk that counts windings, then away with all that separates nothing.
#include "tiles/ground_partition.h"

#include <algorithm>
#include <cmath>
#include "tiles/corner.h"

namespace citiverse::tiles {
namespace {

using Triangle = GroundTriangulation::Triangle;
constexpr std::uint32_t kNoTriangle = GroundTriangulation::kNoTriangle;
constexpr std::uint32_t kFree = GroundTriangulation::kFree;

std::int32_t between(std::int32_t from, std::int32_t to, std::int64_t part, std::int64_t whole) {
  const double k = static_cast<double>(part) / static_cast<double>(whole);
  return from + static_cast<std::int32_t>(std::floor((static_cast<double>(to) - from) * k + 0.5));
}

/// Where a b meets x = at, the same whichever end comes first, so that both tiles of a border find the same point.
GridPoint at_x(GridPoint a, GridPoint b, std::int32_t at) {
  if (b.x < a.x) std::swap(a, b);
  return {at, between(a.y, b.y, std::int64_t{at} - a.x, std::int64_t{b.x} - a.x)};
}
GridPoint at_y(GridPoint a, GridPoint b, std::int32_t at) {
  if (b.y < a.y) std::swap(a, b);
  return {between(a.x, b.x, std::int64_t{at} - a.y, std::int64_t{b.y} - a.y), at};
}

/// One side of Sutherland and Hodgman's clipping; keeps windings inside the half plane.
template <class Inside, class Cut>
void clip_side(std::span<const GridPoint> ring, std::vector<GridPoint>& out, Inside&& inside, Cut&& cut) {
  out.clear();
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const GridPoint a = ring[i];
    const GridPoint b = ring[i + 1 == ring.size() ? 0 : i + 1];
    const bool a_in = inside(a);
    const bool b_in = inside(b);
    if (a_in) out.push_back(a);
    if (a_in != b_in) out.push_back(cut(a, b));
  }
}

}  // namespace

void GroundPartition::reset(GridPoint low, GridPoint high) {
  low_ = low;
  high_ = high;
  mesh_.reset(low, high);
  is_bend_.clear();
}

void GroundPartition::clip(std::span<const GridPoint> ring) {
  bool inside = true;
  for (const GridPoint p : ring) inside = inside && p.x >= low_.x && p.x <= high_.x && p.y >= low_.y && p.y <= high_.y;
  if (inside) {
    ring_.assign(ring.begin(), ring.end());
    return;
  }
  const auto cut_x = [](std::int32_t at) { return [at](GridPoint a, GridPoint b) { return at_x(a, b, at); }; };
  const auto cut_y = [](std::int32_t at) { return [at](GridPoint a, GridPoint b) { return at_y(a, b, at); }; };
  clip_side(ring, clipped_, [&](GridPoint p) { return p.x >= low_.x; }, cut_x(low_.x));
  clip_side(clipped_, ring_, [&](GridPoint p) { return p.x <= high_.x; }, cut_x(high_.x));
  clip_side(ring_, clipped_, [&](GridPoint p) { return p.y >= low_.y; }, cut_y(low_.y));
  clip_side(clipped_, ring_, [&](GridPoint p) { return p.y <= high_.y; }, cut_y(high_.y));
}

void GroundPartition::add_ring(std::span<const GridPoint> ring, std::uint32_t surface) {
  clip(ring);
  if (ring_.size() < 3) return;
  const std::uint32_t first = mesh_.add_point(ring_[0]);
  std::uint32_t last = first;
  for (std::size_t i = 1; i < ring_.size(); ++i) {
    const std::uint32_t vertex = mesh_.add_point(ring_[i]);
    if (vertex != last) mesh_.add_segment(last, vertex, surface, 1);
    last = vertex;
  }
  if (last != first) mesh_.add_segment(last, first, surface, 1);
}

void GroundPartition::add_crease(GridPoint a, GridPoint b) {
  if (b.x < a.x || (b.x == a.x && b.y < a.y)) std::swap(a, b);
  if (b.x < low_.x || a.x > high_.x || std::max(a.y, b.y) < low_.y || std::min(a.y, b.y) > high_.y) return;
  const GridPoint whole_a = a, whole_b = b;
  if (a.x < low_.x) a = at_x(whole_a, whole_b, low_.x);
  if (b.x > high_.x) b = at_x(whole_a, whole_b, high_.x);
  const auto into_rows = [&](GridPoint p) {
    if (p.y < low_.y) return at_y(whole_a, whole_b, low_.y);
    if (p.y > high_.y) return at_y(whole_a, whole_b, high_.y);
    return p;
  };
  if (std::max(a.y, b.y) < low_.y || std::min(a.y, b.y) > high_.y) return;
  a = into_rows(a);
  b = into_rows(b);
  const auto inside = [&](GridPoint p) { return p.x >= low_.x && p.x <= high_.x && p.y >= low_.y && p.y <= high_.y; };
  if (a == b || !inside(a) || !inside(b)) return;
  const std::uint32_t from = mesh_.add_point(a);
  const std::uint32_t to = mesh_.add_point(b);
  if (is_bend_.size() < mesh_.points().size()) is_bend_.resize(mesh_.points().size());
  is_bend_[from] = is_bend_[to] = 1;
  mesh_.add_segment(from, to, GroundTriangulation::kCrease, 0);
}

void GroundPartition::solve(std::span<const Surface> surfaces, double tolerance, double island) {
  find_owners(static_cast<std::uint32_t>(surfaces.size()));
  if (island > 0) absorb_islands(surfaces, island);
  drop_idle_edges(surfaces);
  drop_vertices(tolerance);
  mesh_.flip_to_delaunay([](std::uint32_t, std::uint32_t) { return true; });
}

void GroundPartition::absorb_islands(std::span<const Surface> surfaces, double island) {
  const auto triangles = mesh_.triangles();
  const auto points = mesh_.points();
  is_seen_.assign(triangles.size(), 0);
  for (std::uint32_t start = 0; start < triangles.size(); ++start) {
    const std::uint32_t owner = owners_[start];
    if (is_seen_[start] != 0 || (owner != kNoSurface && !surfaces[owner].is_minor)) continue;
    island_.assign(1, start);
    is_seen_[start] = 1;
    double area = 0;
    bool on_border = false;
    for (std::size_t i = 0; i < island_.size(); ++i) {
      const Triangle& here = triangles[island_[i]];
      area += static_cast<double>(GroundTriangulation::turn(points[here.v[0]], points[here.v[1]], points[here.v[2]])) / 2;
      for (const std::uint32_t there : here.n) {
        if (there == kNoTriangle) {
          on_border = true;
        } else if (is_seen_[there] == 0 && owners_[there] == owner) {
          is_seen_[there] = 1;
          island_.push_back(there);
        }
      }
    }
    if (area < island && !on_border) absorb(island_);
  }
}

void GroundPartition::absorb(std::span<const std::uint32_t> island) {
  const auto triangles = mesh_.triangles();
  const auto points = mesh_.points();
  const std::uint32_t owner = owners_[island[0]];
  thread_local std::vector<std::pair<std::uint32_t, double>> around;  // Neighbours and the length of their common edges.
  around.clear();
  for (const std::uint32_t t : island) {
    for (int edge = 0; edge < 3; ++edge) {
      const std::uint32_t other = owners_[triangles[t].n[edge]];
      if (other == owner) continue;
      const GridPoint a = points[triangles[t].v[next(edge)]], b = points[triangles[t].v[before(edge)]];
      auto at = std::ranges::find(around, other, &std::pair<std::uint32_t, double>::first);
      if (at == around.end()) at = around.insert(around.end(), {other, 0.0});
      at->second += std::hypot(static_cast<double>(b.x - a.x), static_cast<double>(b.y - a.y));
    }
  }
  const auto longest = std::ranges::max_element(around, {}, &std::pair<std::uint32_t, double>::second);
  if (longest == around.end()) return;
  for (const std::uint32_t t : island) owners_[t] = longest->first;
}

void GroundPartition::cross(std::uint32_t mark, bool entering) {
  if (mark == kFree) return;
  // Seen from the triangle that is entered (or left): it lies left of the uses, or right of them.
  const int sign = GroundTriangulation::left_of_uses(mark) == entering ? 1 : -1;
  for (const auto* use = &mesh_.first_use(mark);; use = &mesh_.use(use->next)) {
    if (use->surface != GroundTriangulation::kCrease) {
      std::int32_t& winding = winding_[use->surface];
      const bool was_inside = winding != 0;
      winding += sign * use->delta;
      const bool is_inside = winding != 0;
      if (is_inside && !was_inside) inside_.insert(std::ranges::lower_bound(inside_, use->surface), use->surface);
      if (was_inside && !is_inside) inside_.erase(std::ranges::lower_bound(inside_, use->surface));
    }
    if (use->next == 0) return;
  }
}

void GroundPartition::find_owners(std::uint32_t surfaces) {
  constexpr std::uint32_t kUnseen = kNoSurface - 1;
  const auto triangles = mesh_.triangles();
  winding_.assign(surfaces, 0);
  inside_.clear();
  owners_.assign(triangles.size(), kUnseen);
  steps_.clear();
  const auto enter = [&](std::uint32_t t, std::uint32_t mark) {
    cross(mark, true);
    owners_[t] = inside_.empty() ? kNoSurface : inside_.front();
    steps_.push_back({t, mark, 0});
  };
  const std::uint32_t start = mesh_.triangle_at(0);
  int outer = 0;
  std::uint32_t hull = start;
  for (bool found = false; !found;) {  // Around corner 0 of the rectangle, to the side of the rectangle.
    const int k = GroundTriangulation::corner_of(triangles[hull], 0);
    outer = before(k);
    found = triangles[hull].n[outer] == kNoTriangle;
    if (!found) hull = triangles[hull].n[outer];
  }
  enter(hull, triangles[hull].mark[outer]);
  while (!steps_.empty()) {
    Step& step = steps_.back();
    if (step.edge == 3) {
      cross(step.entered_by, false);
      steps_.pop_back();
      continue;
    }
    const int edge = step.edge++;
    const Triangle& here = triangles[step.triangle];
    const std::uint32_t there = here.n[edge];
    if (there == kNoTriangle || owners_[there] != kUnseen) continue;
    enter(there, here.mark[edge] == kFree ? kFree : here.mark[edge] ^ 1);
  }
}

bool GroundPartition::is_crease(std::uint32_t mark) const {
  if (mark == kFree) return false;
  for (const auto* use = &mesh_.first_use(mark);; use = &mesh_.use(use->next)) {
    if (use->surface == GroundTriangulation::kCrease) return true;
    if (use->next == 0) return false;
  }
}

void GroundPartition::drop_idle_edges(std::span<const Surface> surfaces) {
  const auto count = static_cast<std::uint32_t>(mesh_.triangles().size());
  for (std::uint32_t t = 0; t < count; ++t) {
    Triangle& here = mesh_.triangle(t);
    const std::uint32_t owner = owners_[t];
    const bool bends = owner == kNoSurface || !surfaces[owner].is_flat;
    for (int edge = 0; edge < 3; ++edge) {
      const std::uint32_t there = here.n[edge];
      if (here.mark[edge] == kFree || there == kNoTriangle || owners_[there] != owner) continue;
      if (!bends || !is_crease(here.mark[edge])) here.mark[edge] = kFree;
    }
  }
}

bool GroundPartition::gather_star(std::uint32_t vertex) {
  const auto triangles = mesh_.triangles();
  star_count_ = 0;
  const std::uint32_t start = mesh_.triangle_at(vertex);
  std::uint32_t t = start;
  do {  // To the first triangle clockwise, where the vertex is on the border; otherwise once around.
    const std::uint32_t last = t;
    t = triangles[t].n[before(GroundTriangulation::corner_of(triangles[t], vertex))];
    if (t == kNoTriangle) {
      t = last;
      break;
    }
  } while (t != start);
  const std::uint32_t first = t;
  do {
    if (star_count_ == kNeighboursMax) return false;
    star_[static_cast<std::size_t>(star_count_++)] = t;
    t = triangles[t].n[next(GroundTriangulation::corner_of(triangles[t], vertex))];
  } while (t != kNoTriangle && t != first);
  return true;
}

void GroundPartition::drop_vertices(double tolerance) {
  const auto count = static_cast<std::uint32_t>(mesh_.points().size());
  is_bend_.resize(count);
  drift_.assign(count, 0.0f);
  constexpr int kPasses = 1;
  for (int pass = 0; pass < kPasses; ++pass) {
    for (std::uint32_t vertex = 4; vertex < count; ++vertex) {
      if (mesh_.triangle_at(vertex) != kNoTriangle && gather_star(vertex)) drop_vertex(vertex, tolerance);
    }
  }
}

/// Needs the star of the vertex. A vertex inside a piece goes; one on the line between two pieces goes when the line is
/// straight.
void GroundPartition::drop_vertex(std::uint32_t vertex, double tolerance) {
  const auto triangles = mesh_.triangles();
  std::uint32_t ends[2] = {};
  std::uint32_t marks[2] = {};
  int kept = 0;
  bool on_border = false;
  const auto keep = [&](std::uint32_t end, std::uint32_t mark) {
    if (kept < 2) {
      ends[kept] = end;
      marks[kept] = mark;
    }
    ++kept;
  };
  for (int i = 0; i < star_count_; ++i) {
    const Triangle& t = triangles[star_[static_cast<std::size_t>(i)]];
    const int k = GroundTriangulation::corner_of(t, vertex);
    if (t.n[next(k)] == kNoTriangle) {
      on_border = true;
      keep(t.v[before(k)], kFree);
    }
    if (t.n[before(k)] == kNoTriangle) {
      keep(t.v[next(k)], kFree);
    } else if (t.mark[before(k)] != kFree) {
      keep(t.v[next(k)], t.mark[before(k)]);
    }
  }
  if (kept == 0) {
    for (int i = 0; i < star_count_; ++i) {
      const Triangle& t = triangles[star_[static_cast<std::size_t>(i)]];
      const std::uint32_t onto = t.v[next(GroundTriangulation::corner_of(t, vertex))];
      if (can_collapse(vertex, onto)) return collapse(vertex, onto);
    }
    return;
  }
  if (kept != 2) return;
  const bool crease = is_crease(marks[0]);
  if (crease != is_crease(marks[1]) || ((crease || on_border) && is_bend_[vertex] != 0)) return;
  const auto points = mesh_.points();
  const GridPoint a = points[ends[0]], b = points[ends[1]], v = points[vertex];
  const double base = std::hypot(static_cast<double>(b.x - a.x), static_cast<double>(b.y - a.y));
  const double off = base > 0 ? std::fabs(static_cast<double>(GroundTriangulation::turn(a, b, v))) / base : 1e9;
  if (crease) tolerance = std::min(tolerance, 1.0);
  if (off + drift_[vertex] > (on_border ? 0.0 : tolerance)) return;
  for (const std::uint32_t onto : ends) {
    if (!can_collapse(vertex, onto)) continue;
    collapse(vertex, onto);
    const float moved = static_cast<float>(off) + drift_[vertex];
    for (const std::uint32_t end : ends) drift_[end] = std::max(drift_[end], moved);
    return;
  }
}

bool GroundPartition::can_collapse(std::uint32_t vertex, std::uint32_t onto) const {
  const auto points = mesh_.points();
  for (int i = 0; i < star_count_; ++i) {
    const Triangle& t = mesh_.triangles()[star_[static_cast<std::size_t>(i)]];
    if (GroundTriangulation::corner_of(t, onto) >= 0) continue;
    const int k = GroundTriangulation::corner_of(t, vertex);
    if (GroundTriangulation::turn(points[onto], points[t.v[next(k)]], points[t.v[before(k)]]) <= 0) return false;
  }
  return true;
}

void GroundPartition::collapse(std::uint32_t vertex, std::uint32_t onto) {
  for (int i = 0; i < star_count_; ++i) {
    const std::uint32_t t = star_[static_cast<std::size_t>(i)];
    Triangle& here = mesh_.triangle(t);
    const int k = GroundTriangulation::corner_of(here, vertex);
    const int o = GroundTriangulation::corner_of(here, onto);
    if (o < 0) {
      here.v[k] = onto;
      mesh_.set_triangle_at(onto, t);
      continue;
    }
    // This triangle vanishes: what lies behind its other two edges meets.
    const int third = 3 - k - o;
    const std::uint32_t far = here.n[k];   // Behind the edge that stays.
    const std::uint32_t near = here.n[o];  // Behind the edge that moves onto it.
    const std::uint32_t far_mark = here.mark[k];
    const std::uint32_t near_mark = here.mark[o];
    if (near != kNoTriangle) {
      Triangle& other = mesh_.triangle(near);
      const int edge = GroundTriangulation::edge_to(other, t);
      other.n[edge] = far;
      if (far_mark != kFree) other.mark[edge] = far_mark;
      mesh_.set_triangle_at(here.v[third], near);
    }
    if (far != kNoTriangle) {
      Triangle& other = mesh_.triangle(far);
      const int edge = GroundTriangulation::edge_to(other, t);
      other.n[edge] = near;
      if (far_mark == kFree) other.mark[edge] = near_mark;
      mesh_.set_triangle_at(here.v[third], far);
      mesh_.set_triangle_at(onto, far);
    }
    here = {{kNoSurface, kNoSurface, kNoSurface}, {kNoTriangle, kNoTriangle, kNoTriangle}, {kFree, kFree, kFree}};
  }
  mesh_.set_triangle_at(vertex, kNoTriangle);
}

}  // namespace citiverse::tiles
