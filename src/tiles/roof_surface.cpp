// Cutting, closing, grouping.
#include "tiles/roof_surface.h"

#include <algorithm>
#include <cmath>

#include "geo/triangulate.h"

namespace citiverse::tiles {
namespace {

using geo::Vec2d;
using geo::Vec3d;

// Points nearer to a cut than this part of the field's range lie on it.
constexpr double kOnCut = 1e-7;

}  // namespace

void RoofSurface::clear() {
  points_.clear();
  triangles_.clear();
}

void RoofSurface::cut(std::vector<double>& field, double level) {
  cuts_.clear();
  const auto sign = [&](std::uint32_t i) {
    const double d = field[i] - level;
    return d > kOnCut ? 1 : d < -kOnCut ? -1 : 0;
  };
  const auto crossing = [&](std::uint32_t a, std::uint32_t b) {
    if (a > b) std::swap(a, b);
    const auto [at, is_new] = cuts_.try_emplace((std::uint64_t{a} << 32) | b, static_cast<std::uint32_t>(points_.size()));
    if (is_new) {
      const double k = (level - field[a]) / (field[b] - field[a]);
      points_.push_back(points_[a] + (points_[b] - points_[a]) * k);
      field.push_back(level);
    }
    return at->second;
  };
  const std::size_t count = triangles_.size();
  for (std::size_t i = 0; i < count; ++i) {
    const Triangle t = triangles_[i];
    const int signs[3] = {sign(t.corner[0]), sign(t.corner[1]), sign(t.corner[2])};
    if (std::max({signs[0], signs[1], signs[2]}) <= 0 || std::min({signs[0], signs[1], signs[2]}) >= 0) continue;
    const int sum = signs[0] + signs[1] + signs[2];
    // Turned so that the lone corner, or the one on the cut, is a.
    std::size_t lone = 0;
    while (sum == 0 ? signs[lone] != 0 : signs[lone] * sum > 0) ++lone;
    const std::uint32_t a = t.corner[lone];
    const std::uint32_t b = t.corner[(lone + 1) % 3];
    const std::uint32_t c = t.corner[(lone + 2) % 3];
    if (sum == 0) {
      const std::uint32_t m = crossing(b, c);
      triangles_[i] = {{a, b, m}, t.face, t.is_wall};
      triangles_.push_back({{a, m, c}, t.face, t.is_wall});
      continue;
    }
    const std::uint32_t ab = crossing(a, b);
    const std::uint32_t ac = crossing(a, c);
    triangles_[i] = {{a, ab, ac}, t.face, t.is_wall};
    triangles_.push_back({{ab, b, c}, t.face, t.is_wall});
    triangles_.push_back({{ab, c, ac}, t.face, t.is_wall});
  }
}

bool RoofSurface::close_sides(const Outline& outline) {
  const auto n = static_cast<std::uint32_t>(outline.points().size());
  if (points_.size() == n) return true;
  // What follows each point on the border: the edges that have no twin.
  cuts_.clear();
  for (const Triangle& t : triangles_) {
    for (std::size_t k = 0; k < 3; ++k) cuts_[(std::uint64_t{t.corner[k]} << 32) | t.corner[(k + 1) % 3]] = 1;
  }
  std::vector<std::uint32_t> next(points_.size(), 0xFFFFFFFFu);
  for (const Triangle& t : triangles_) {
    for (std::size_t k = 0; k < 3; ++k) {
      const std::uint32_t a = t.corner[k];
      const std::uint32_t b = t.corner[(k + 1) % 3];
      if (!cuts_.contains((std::uint64_t{b} << 32) | a)) next[a] = b;
    }
  }
  std::vector<std::uint32_t> ring;
  for (std::size_t r = 0; r < outline.ring_count(); ++r) {
    const std::uint32_t begin = outline.ring_begin(r);
    const std::uint32_t end = outline.ring_end(r);
    for (std::uint32_t i = begin; i < end; ++i) {
      const std::uint32_t j = i + 1 < end ? i + 1 : begin;
      ring.assign({i, j});
      for (std::uint32_t at = next[i]; at != j; at = next[at]) {
        if (at == 0xFFFFFFFFu || at < n || ring.size() > points_.size()) return false;
        ring.insert(ring.begin() + 2, at);
      }
      if (ring.size() == 2) continue;
      const std::uint32_t face = 0x80000000u + i;
      if (!add_vertical_face(*this, ring, outline.points()[i], outline.points()[j], face)) return false;
    }
  }
  return true;
}

void RoofSurface::write(Roof& roof, bool is_smooth) const {
  roof.points = points_;
  static thread_local std::vector<std::uint32_t> order;
  order.resize(triangles_.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return triangles_[a].face != triangles_[b].face ? triangles_[a].face < triangles_[b].face : a < b;
  });
  for (const Vec3d& p : points_) roof.height_m = std::max(roof.height_m, p.z);
  for (std::size_t i = 0; i < order.size();) {
    const Triangle& first = triangles_[order[i]];
    Roof::Facet facet{static_cast<std::uint32_t>(roof.indices.size()), 0, first.is_wall, is_smooth && !first.is_wall};
    for (; i < order.size() && triangles_[order[i]].face == first.face; ++i) {
      const Triangle& t = triangles_[order[i]];
      roof.indices.insert(roof.indices.end(), {t.corner[0], t.corner[1], t.corner[2]});
    }
    facet.index_count = static_cast<std::uint32_t>(roof.indices.size()) - facet.first_index;
    roof.facets.push_back(facet);
  }
}

bool add_vertical_face(RoofSurface& surface, std::span<const std::uint32_t> ring, Vec2d from, Vec2d to, std::uint32_t face) {
  static thread_local std::vector<Vec2d> seen;
  static thread_local std::vector<std::uint32_t> indices;
  const Vec2d along = (to - from) * (1 / distance(from, to));
  seen.clear();
  for (const std::uint32_t i : ring) {
    const Vec3d p = surface.points()[i];
    seen.push_back({dot(Vec2d{p.x, p.y} - from, along), p.z});
  }
  geo::triangulate(seen, indices);
  if (indices.size() != 3 * (ring.size() - 2)) return false;
  for (std::size_t i = 0; i < indices.size(); i += 3)
    surface.add_triangle(ring[indices[i]], ring[indices[i + 1]], ring[indices[i + 2]], face, true);
  return true;
}

}  // namespace citiverse::tiles
