// Offsetting a line to both sides, and draping it.
#include "tiles/barrier_mesh.h"

#include <algorithm>
#include <cmath>

#include "geo/triangulate.h"
#include "tiles/building_colour.h"
#include "tiles/outline.h"
#include "tiles/roof.h"
#include "tiles/solid_writer.h"

namespace citiverse::tiles {
namespace {

using city::BarrierClass;
using geo::Vec2d;
using geo::Vec3d;

// A mitre reaches at most this many half thicknesses: at sharper corners it is cut back.
constexpr double kWallMitreMax = 2.0;
constexpr double kBarrierHeightMaxM = 40;
constexpr double kSimplifyM = 0.02;

constexpr double kBarrierLightAtFoot = 0.78;
constexpr double kLightAtTop = 0.97;

double thickness_m(BarrierClass barrier) {
  switch (barrier) {
    case BarrierClass::wall: return 0.3;
    case BarrierClass::retaining_wall: return 0.4;
    case BarrierClass::city_wall: return 1.6;
    case BarrierClass::fence: return 0.06;
    case BarrierClass::hedge: return 0.8;
    case BarrierClass::guard_rail: return 0.1;
  }
  return 0.3;
}

Tone tone_of(BarrierClass barrier) {
  switch (barrier) {
    case BarrierClass::hedge: return {178, 190, 160};
    case BarrierClass::fence:
    case BarrierClass::guard_rail: return {206, 203, 197};
    default: return {228, 222, 212};
  }
}

struct Barrier {
  const city::Terrain* terrain;
  double height_m;
  double half_m;
  Tone tone;
};

// The line with a vertex at least every terrain step.
void follow_ground(std::span<const Vec2d> line, bool is_ring, const city::Terrain& terrain, std::vector<Vec2d>& out) {
  out.clear();
  const double step = terrain.empty() ? 1e9 : terrain.step_m();
  const std::size_t sides = is_ring ? line.size() : line.size() - 1;
  for (std::size_t i = 0; i < sides; ++i) {
    const Vec2d a = line[i];
    const Vec2d b = line[(i + 1) % line.size()];
    const int pieces = static_cast<int>(std::clamp(std::ceil(distance(a, b) / step), 1.0, double{kBarrierCutsMax}));
    for (int k = 0; k < pieces; ++k) out.push_back(a + (b - a) * (static_cast<double>(k) / pieces));
  }
  if (!is_ring) out.push_back(line.back());
}

// To the left by half the thickness, in the direction that halves the corner.
Vec2d mitre(Vec2d before, Vec2d after, double half_m) {
  const Vec2d sum = left_of(before) + left_of(after);
  const double size = length(sum);
  if (size < 1e-6) return left_of(after) * half_m;
  return sum * (std::min(kWallMitreMax, 2 / size) * half_m / size);
}

// One cross-section a vertex: left and right, foot and top, each twice, so that sides and top have normals of their own.
void write_line(const Barrier& barrier, std::span<const Vec2d> line, bool is_ring, SolidWriter& writer) {
  const std::size_t n = line.size();
  const auto direction = [&](std::size_t from, std::size_t to) {
    const Vec2d d = line[to] - line[from];
    return d * (1 / length(d));
  };
  const Rgb8 dark = lit(barrier.tone, kBarrierLightAtFoot);
  const Rgb8 light = lit(barrier.tone, kLightAtTop);
  struct Section {
    Vec3d left_foot, left_top, right_foot, right_top;
  };
  const auto section = [&](std::size_t i) {
    const bool is_first = i == 0 && !is_ring;
    const bool is_last = i + 1 == n && !is_ring;
    const Vec2d after = is_last ? direction(i - 1, i) : direction(i, (i + 1) % n);
    const Vec2d before = is_first ? after : direction((i + n - 1) % n, i);
    const Vec2d aside = mitre(before, after, barrier.half_m);
    const double ground = barrier.terrain->height_at(line[i]);
    const double foot = ground - kBarrierFootingM;
    const double top = ground + barrier.height_m;
    const Vec2d l = line[i] + aside;
    const Vec2d r = line[i] - aside;
    return Section{{l.x, l.y, foot}, {l.x, l.y, top}, {r.x, r.y, foot}, {r.x, r.y, top}};
  };
  const auto face = [&](Vec3d a, Vec3d b, Vec3d c, Vec3d d, Rgb8 low, Rgb8 high) {
    const Vec3d across = cross(c - a, d - b);
    const double size = length(across);
    const Vec3d normal = size > 0 ? across * (1 / size) : Vec3d{0, 0, 1};
    const std::uint32_t v = writer.add(a, normal, low);
    writer.add(b, normal, low);
    writer.add(c, normal, high);
    writer.add(d, normal, high);
    writer.quad(v, v + 1, v + 2, v + 3);
  };
  const Section first = section(0);
  Section a = first;
  const std::size_t pieces = is_ring ? n : n - 1;
  if (!is_ring) face(a.left_foot, a.right_foot, a.right_top, a.left_top, dark, light);
  for (std::size_t i = 0; i < pieces; ++i) {
    const Section b = i + 1 == n ? first : section(i + 1);
    face(a.right_foot, b.right_foot, b.right_top, a.right_top, dark, light);
    face(b.left_foot, a.left_foot, a.left_top, b.left_top, dark, light);
    face(a.right_top, b.right_top, b.left_top, a.left_top, light, light);
    face(a.left_foot, b.left_foot, b.right_foot, a.right_foot, dark, dark);
    a = b;
  }
  if (!is_ring) face(a.right_foot, a.left_foot, a.left_top, a.right_top, dark, light);
}

// A filled area: its top and underside follow the ground of its outline.
void write_area(const Barrier& barrier, const Outline& outline, SolidWriter& writer) {
  static thread_local std::vector<std::uint32_t> indices;
  static thread_local std::vector<Vec3d> points;
  geo::triangulate(outline.rings(), indices);
  const Rgb8 dark = lit(barrier.tone, kBarrierLightAtFoot);
  const Rgb8 light = lit(barrier.tone, kLightAtTop);
  points.clear();
  for (const Vec2d p : outline.points()) points.push_back({p.x, p.y, barrier.terrain->height_at(p)});
  const std::uint32_t top = writer.size();
  for (const Vec3d& p : points) writer.add({p.x, p.y, p.z + barrier.height_m}, {0, 0, 1}, light);
  const std::uint32_t foot = writer.size();
  for (const Vec3d& p : points) writer.add({p.x, p.y, p.z - kBarrierFootingM}, {0, 0, -1}, dark);
  for (std::size_t i = 0; i < indices.size(); i += 3) {
    writer.triangle(top + indices[i], top + indices[i + 1], top + indices[i + 2]);
    writer.triangle(foot + indices[i], foot + indices[i + 2], foot + indices[i + 1]);
  }
  for (std::size_t r = 0; r < outline.ring_count(); ++r) {
    for (std::uint32_t i = outline.ring_begin(r); i < outline.ring_end(r); ++i) {
      const Vec3d a = points[i];
      const Vec3d b = points[i + 1 < outline.ring_end(r) ? i + 1 : outline.ring_begin(r)];
      const Vec2d side{b.x - a.x, b.y - a.y};
      const Vec2d out = left_of(side) * (-1 / length(side));
      const Vec3d normal{out.x, out.y, 0};
      const std::uint32_t v = writer.add({a.x, a.y, a.z - kBarrierFootingM}, normal, dark);
      writer.add({b.x, b.y, b.z - kBarrierFootingM}, normal, dark);
      writer.add({b.x, b.y, b.z + barrier.height_m}, normal, light);
      writer.add({a.x, a.y, a.z + barrier.height_m}, normal, light);
      writer.quad(v, v + 1, v + 2, v + 3);
    }
  }
}

// The line without repeats and needless points; says whether its ends meet.
bool clean_line(std::span<const Vec2d> line, std::vector<Vec2d>& out, bool& is_ring) {
  out.clear();
  for (const Vec2d p : line) {
    if (!out.empty() && distance(out.back(), p) < kSimplifyM) continue;
    out.push_back(p);
  }
  is_ring = out.size() > 3 && distance(out.front(), line.back()) < kSimplifyM;
  if (is_ring && distance(out.front(), out.back()) < kSimplifyM) out.pop_back();
  return out.size() >= 2;
}

}  // namespace

void append_barrier(const city::City& city, city::FeatureIndex feature, Vec3d origin, TileContent& content) {
  static thread_local std::vector<Vec2d> line;
  static thread_local std::vector<Vec2d> draped;
  static thread_local Outline outline;
  static thread_local SolidWriter writer;
  const city::Feature& f = city.feature(feature);
  const city::Barrier& detail = city.barrier(f);
  if (!(detail.height_m >= kBarrierHeightMinM)) return;
  const Barrier barrier{&city.terrain(), std::min<double>(detail.height_m, kBarrierHeightMaxM),
                        thickness_m(detail.barrier_class) / 2, tone_of(detail.barrier_class)};
  writer.begin(content.of(Material::roof), origin, feature);
  const auto parts = city.parts(f.geometry);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (f.geometry.type == city::GeometryType::lines) {
      bool is_ring = false;
      if (!clean_line(city.vertices(parts[i]), line, is_ring)) continue;
      follow_ground(line, is_ring, city.terrain(), draped);
      write_line(barrier, draped, is_ring, writer);
    } else if (f.geometry.type == city::GeometryType::polygons && !parts[i].is_hole) {
      outline.clear();
      if (!outline.add_ring(city.vertices(parts[i]), kSimplifyM)) continue;
      for (std::size_t h = i + 1; h < parts.size() && parts[h].is_hole; ++h)
        outline.add_ring(city.vertices(parts[h]), kSimplifyM);
      if (!fits_roofs(outline)) outline.keep_outer_ring_only();
      if (fits_roofs(outline)) write_area(barrier, outline, writer);
    }
  }
}

}  // namespace citiverse::tiles
