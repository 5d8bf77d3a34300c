// Keeping buildings apart: exact tests on outlines drawn in by a few centimetres, so that party walls may touch.
#include "ingest/practice/houses.h"

#include <algorithm>

namespace citiverse::ingest::practice {
namespace {

constexpr double kHouseCellM = 30;
constexpr double kDrawnInM = 0.06;
constexpr double kAreaMinM2 = 9;

bool properly_cross(Vec2d a, Vec2d b, Vec2d c, Vec2d d) {
  const double abc = cross(b - a, c - a), abd = cross(b - a, d - a);
  const double cda = cross(d - c, a - c), cdb = cross(d - c, b - c);
  return ((abc > 0) != (abd > 0)) && ((cda > 0) != (cdb > 0));
}

bool borders_cross(std::span<const Vec2d> a, std::span<const Vec2d> b) {
  for (std::size_t i = 0, j = a.size() - 1; i < a.size(); j = i++)
    for (std::size_t k = 0, l = b.size() - 1; k < b.size(); l = k++)
      if (properly_cross(a[j], a[i], b[l], b[k])) return true;
  return false;
}

/// Each side moved inwards.
Path drawn_in(std::span<const Vec2d> ring) {
  Path out;
  const std::size_t n = ring.size();
  for (std::size_t i = 0; i < n; ++i) {
    const Vec2d before = left_of(unit(ring[i] - ring[(i + n - 1) % n])), after = left_of(unit(ring[(i + 1) % n] - ring[i]));
    const Vec2d middle = before + after;
    const double square = dot(middle, middle);
    out.push_back(ring[i] + middle * (square > 0.2 ? 2 * kDrawnInM / square : kDrawnInM));
  }
  return out;
}

bool crosses_itself(std::span<const Vec2d> ring) {
  const std::size_t n = ring.size();
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t k = i + 2; k < n; ++k)
      if ((k + 1) % n != i && properly_cross(ring[i], ring[i + 1], ring[k], ring[(k + 1) % n])) return true;
  return false;
}

}  // namespace

Path rectangle(Vec2d centre, Vec2d axis, double along_m, double across_m) {
  const Vec2d x = axis * (along_m / 2), y = left_of(axis) * (across_m / 2);
  return {centre - x - y, centre + x - y, centre + x + y, centre - x + y};
}

bool fits(std::span<const Vec2d> outline, const Polygon& land) {
  const Path inner = drawn_in(outline);
  if (!contains(land, inner[0]) || borders_cross(inner, land.outer)) return false;
  return std::none_of(land.holes.begin(), land.holes.end(),
                      [&](const Path& hole) { return borders_cross(inner, hole) || contains(inner, hole[0]); });
}

Houses::Houses(double half_size_m)
    : half_size_m_(half_size_m), cells_(static_cast<std::size_t>(2 * half_size_m / kHouseCellM) + 1), grid_(cells_ * cells_) {}

std::size_t Houses::cell(double coordinate) const {
  return static_cast<std::size_t>(std::clamp((coordinate + half_size_m_) / kHouseCellM, 0.0, static_cast<double>(cells_) - 1));
}

bool Houses::is_free(std::span<const Vec2d> outline) const {
  const Path inner = drawn_in(outline);
  const geo::Box2d box = box_of(inner);
  for (std::size_t y = cell(box.low.y); y <= cell(box.high.y); ++y)
    for (std::size_t x = cell(box.low.x); x <= cell(box.high.x); ++x)
      for (const std::uint32_t h : grid_[y * cells_ + x]) {
        const Path& other = houses_[h].outline;
        if (!box_of(other).intersects(box)) continue;
        if (borders_cross(inner, other) || contains(other, inner[0]) || contains(inner, other[0])) return false;
      }
  return true;
}

bool Houses::is_near(Vec2d p, double distance_m) const {
  for (std::size_t y = cell(p.y - distance_m); y <= cell(p.y + distance_m); ++y)
    for (std::size_t x = cell(p.x - distance_m); x <= cell(p.x + distance_m); ++x)
      for (const std::uint32_t h : grid_[y * cells_ + x])
        if (contains(houses_[h].outline, p) || distance_to_ring(houses_[h].outline, p) < distance_m) return true;
  return false;
}

bool Houses::add(House house, const Polygon& land) {
  for (Vec2d& p : house.outline) p = geo::snapped_to_mm(p);
  if (house.outline.size() < 3 || signed_area(house.outline) < kAreaMinM2 || crosses_itself(house.outline)) return false;
  for (std::size_t i = 0; i < house.outline.size(); ++i)
    if (distance(house.outline[i], house.outline[(i + 1) % house.outline.size()]) < 0.25) return false;
  if (!fits(house.outline, land) || !is_free(house.outline)) return false;
  const geo::Box2d box = box_of(house.outline);
  for (std::size_t y = cell(box.low.y); y <= cell(box.high.y); ++y)
    for (std::size_t x = cell(box.low.x); x <= cell(box.high.x); ++x)
      grid_[y * cells_ + x].push_back(static_cast<std::uint32_t>(houses_.size()));
  houses_.push_back(std::move(house));
  return true;
}

}  // namespace citiverse::ingest::practice
