// Outlines of every kind that buildings and lakes have, for tests of what is made from them; all from a seed.
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>
#include <vector>

#include "base/random.h"
#include "geo/vec.h"

namespace citiverse::testing_fixtures {

/// Ring 0 is the outer ring, counter-clockwise; the others are holes, clockwise. Rings are open.
using Outline = std::vector<std::vector<geo::Vec2d>>;

inline std::vector<std::span<const geo::Vec2d>> spans_of(const Outline& outline) { return {outline.begin(), outline.end()}; }

inline double area_of(std::span<const geo::Vec2d> ring) {
  double sum = 0;
  for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) sum += cross(ring[j] - ring[0], ring[i] - ring[0]);
  return sum / 2;
}
inline double area_of(const Outline& outline) {
  double sum = 0;
  for (const auto& ring : outline) sum += area_of(ring);
  return sum;
}

enum class OutlineKind { rectangle, l_shape, t_shape, u_shape, courtyard, star, cells, nearly_straight };
inline constexpr OutlineKind kOutlineKinds[] = {OutlineKind::rectangle, OutlineKind::l_shape,        OutlineKind::t_shape,
                                                OutlineKind::u_shape,   OutlineKind::courtyard,      OutlineKind::star,
                                                OutlineKind::cells,     OutlineKind::nearly_straight};

namespace detail {

// The border of the cells that are in; cells that only meet at a corner are kept from occurring by the caller.
inline Outline border_of_cells(const std::vector<std::vector<bool>>& in, double size) {
  const int n = static_cast<int>(in.size());
  const auto is_in = [&](int x, int y) {
    return x >= 0 && y >= 0 && x < n && y < n && in[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)];
  };
  struct Side {
    int x, y, dx, dy;
    bool used = false;
  };
  std::vector<Side> sides;
  for (int y = 0; y < n; ++y) {
    for (int x = 0; x < n; ++x) {
      if (!is_in(x, y)) continue;
      if (!is_in(x, y - 1)) sides.push_back({x, y, 1, 0});
      if (!is_in(x + 1, y)) sides.push_back({x + 1, y, 0, 1});
      if (!is_in(x, y + 1)) sides.push_back({x + 1, y + 1, -1, 0});
      if (!is_in(x - 1, y)) sides.push_back({x, y + 1, 0, -1});
    }
  }
  Outline rings;
  for (Side& first : sides) {
    if (first.used) continue;
    std::vector<geo::Vec2d> ring;
    Side* side = &first;
    while (!side->used) {
      side->used = true;
      ring.push_back({side->x * size, side->y * size});
      const int x = side->x + side->dx;
      const int y = side->y + side->dy;
      for (Side& next : sides) {
        if (next.x == x && next.y == y) side = &next;
      }
    }
    if (area_of(ring) > 0) {
      rings.insert(rings.begin(), ring);
    } else {
      rings.push_back(ring);
    }
  }
  return rings;
}

// A random connected heap of cells, with holes, no two cells touching only at a corner.
inline Outline random_cells(base::Random& random) {
  constexpr int kSide = 8;
  std::vector<std::vector<bool>> in(kSide, std::vector<bool>(kSide, false));
  const auto is_in = [&](int x, int y) {
    return x >= 0 && y >= 0 && x < kSide && y < kSide && in[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)];
  };
  in[4][4] = true;
  for (int tries = 0; tries < 120; ++tries) {
    const int x = static_cast<int>(random.below(kSide));
    const int y = static_cast<int>(random.below(kSide));
    if (is_in(x, y) || !(is_in(x - 1, y) || is_in(x + 1, y) || is_in(x, y - 1) || is_in(x, y + 1))) continue;
    bool only_corner = false;
    for (const int dx : {-1, 1}) {
      for (const int dy : {-1, 1}) only_corner |= is_in(x + dx, y + dy) && !is_in(x + dx, y) && !is_in(x, y + dy);
    }
    // Filling the last cell of a hole's diagonal could also join two corners of empty cells; that is the same test on
    // emptiness.
    in[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)] = true;
    for (int cy = y; cy <= y + 1; ++cy) {
      for (int cx = x; cx <= x + 1; ++cx) {
        only_corner |= is_in(cx - 1, cy - 1) == is_in(cx, cy) && is_in(cx, cy - 1) == is_in(cx - 1, cy) &&
                       is_in(cx, cy) != is_in(cx - 1, cy);
      }
    }
    if (only_corner) in[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)] = false;
  }
  return border_of_cells(in, 4.0);
}

inline Outline random_star(base::Random& random) {
  const int n = 5 + static_cast<int>(random.below(30));
  std::vector<double> angles;
  for (int i = 0; i < n; ++i) angles.push_back(2 * std::numbers::pi * (i + random.uniform(0.05, 0.95)) / n);
  std::vector<geo::Vec2d> ring;
  for (const double a : angles) {
    const double r = random.uniform(6, 25);
    ring.push_back({r * std::cos(a), r * std::sin(a)});
  }
  if (random.chance(0.5)) return {ring};
  std::vector<geo::Vec2d> hole;
  for (auto a = angles.rbegin(); a != angles.rend(); ++a) {
    const double r =
        random.uniform(0.5, 1.5);  // Inside every chord of a ring of 5 or more corners at radius 6 that turns < 144°.
    hole.push_back({r * std::cos(*a), r * std::sin(*a)});
  }
  return {ring, hole};
}

inline Outline upright(OutlineKind kind, base::Random& random) {
  const double w = random.uniform(12, 40);
  const double h = random.uniform(10, 30);
  const double a = random.uniform(0.2, 0.45) * w;
  const double b = random.uniform(0.2, 0.45) * h;
  switch (kind) {
    case OutlineKind::rectangle: return {{{0, 0}, {w, 0}, {w, h}, {0, h}}};
    case OutlineKind::l_shape: return {{{0, 0}, {w, 0}, {w, b}, {a, b}, {a, h}, {0, h}}};
    case OutlineKind::t_shape: return {{{0, 0}, {w, 0}, {w, b}, {w - a, b}, {w - a, h}, {a, h}, {a, b}, {0, b}}};
    case OutlineKind::u_shape: return {{{0, 0}, {w, 0}, {w, h}, {w - a, h}, {w - a, b}, {a, b}, {a, h}, {0, h}}};
    case OutlineKind::courtyard: {
      const double d = random.uniform(0.6, 0.9);
      return {{{0, 0}, {w, 0}, {w, h}, {0, h}}, {{a, b}, {a, h * d}, {w * d, h * d}, {w * d, b}}};
    }
    case OutlineKind::star: return random_star(random);
    case OutlineKind::cells: return random_cells(random);
    case OutlineKind::nearly_straight: {
      // A rectangle as surveyed: sides in several pieces that are millimetres off the line.
      std::vector<geo::Vec2d> ring;
      const geo::Vec2d corners[] = {{0, 0}, {w, 0}, {w, h}, {0, h}};
      for (int i = 0; i < 4; ++i) {
        const geo::Vec2d from = corners[i];
        const geo::Vec2d to = corners[(i + 1) % 4];
        const int pieces = 1 + static_cast<int>(random.below(4));
        for (int k = 0; k < pieces; ++k) {
          const geo::Vec2d p = from + (to - from) * (static_cast<double>(k) / pieces);
          ring.push_back(k == 0 ? p : p + geo::Vec2d{random.uniform(-0.004, 0.004), random.uniform(-0.004, 0.004)});
        }
      }
      return {ring};
    }
  }
  return {};
}

}  // namespace detail

/// A building-sized outline (10 to 50 m) of a kind, turned by a random angle, on the city's millimetre grid.
inline Outline random_outline(OutlineKind kind, base::Random& random) {
  Outline outline = detail::upright(kind, random);
  const double turn = random.chance(0.3) ? 0 : random.uniform(0, 2 * std::numbers::pi);
  const geo::Vec2d shift{random.uniform(-3000, 3000), random.uniform(-3000, 3000)};
  for (auto& ring : outline) {
    for (geo::Vec2d& p : ring) {
      p = geo::snapped_to_mm(
          {shift.x + p.x * std::cos(turn) - p.y * std::sin(turn), shift.y + p.x * std::sin(turn) + p.y * std::cos(turn)});
    }
  }
  return outline;
}

}  // namespace citiverse::testing_fixtures
