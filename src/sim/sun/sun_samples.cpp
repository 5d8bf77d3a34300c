// Regular patterns, so that two versions of a city are asked at the same points.
#include "sim/sun/sun_samples.h"

#include <algorithm>
#include <cmath>

#include "city/measure.h"
#include "tiles/building_mesh.h"
#include "tiles/ground_line.h"

namespace citiverse::sim {
namespace {

using city::FeatureIndex;
using city::FeatureKind;
using geo::Vec2d;

// Drawn walls stand up to kOutlineToleranceM from the outline, and somewhat more at its corners.
constexpr double kBeforeWallM = 0.05;
constexpr double kOverGroundM = 0.05;
// Sides shorter than this have no window.
constexpr double kSideMinM = 0.5;

void add_point(geo::Vec3d place, geo::Vec3f normal, double area_m2, FeatureIndex feature, SunSamples& samples) {
  samples.points.push_back({place, normal});
  samples.areas_m2.push_back(static_cast<float>(area_m2));
  samples.features.push_back(feature);
}

struct Storeys {
  double low_m;
  double level_m;
  int count;
};

void add_side(Vec2d from, Vec2d to, const Storeys& storeys, const city::Terrain& terrain, double along_m, FeatureIndex feature,
              SunSamples& samples) {
  const double length_m = distance(from, to);
  if (length_m < kSideMinM) return;
  const Vec2d out = left_of(to - from) * (-1 / length_m);
  const int columns = std::max(1, static_cast<int>(std::ceil(length_m / along_m)));
  for (int level = 0; level < storeys.count; ++level) {
    const double z = storeys.low_m + storeys.level_m * level + std::min(kWindowHeightM, storeys.level_m / 2 + 0.1);
    for (int c = 0; c < columns; ++c) {
      const Vec2d p = from + (to - from) * ((c + 0.5) / columns) + out * kBeforeWallM;
      if (z <= terrain.height_at(p) + kOverGroundM) continue;  // A cellar on the uphill side.
      add_point({p.x, p.y, z}, {static_cast<float>(out.x), static_cast<float>(out.y), 0}, length_m / columns * storeys.level_m,
                feature, samples);
    }
  }
}

void add_own_facades(const city::City& city, FeatureIndex i, FeatureIndex owner, const SampleSpacing& spacing,
                     SunSamples& samples) {
  const city::Feature& f = city.feature(i);
  const city::Building& b = city.building(f);
  const double ground_m = tiles::ground_line_m(city, f);
  const double height_m = std::min<double>(b.height_m, tiles::kBuildingHeightMaxM);
  const double eaves_m = ground_m + height_m - std::min<double>(b.roof_height_m, height_m);
  const double low_m = ground_m + b.min_height_m;
  const double wall_m = eaves_m - low_m;
  if (wall_m <= 0.5) return;
  const int count = std::max(1, static_cast<int>(std::floor(wall_m / spacing.level_m + 0.2)));
  const Storeys storeys{low_m, std::min(spacing.level_m, wall_m / count), count};
  for (const city::Part& part : city.parts(f.geometry)) {
    const auto ring = city.vertices(part);
    for (std::size_t v = 0; v < ring.size(); ++v) {
      add_side(ring[v], ring[(v + 1) % ring.size()], storeys, city.terrain(), spacing.along_m, owner, samples);
    }
  }
}

// A building's bodies: its parts where it has them.
template <class F>
void for_each_body(const city::City& city, FeatureIndex building, F&& f) {
  if (!city.building(city.feature(building)).has_parts) return f(building);
  const city::Run parts = city.of_kind(FeatureKind::building_part);
  for (FeatureIndex i = parts.first; i < parts.first + parts.count; ++i) {
    if (city.building(city.feature(i)).parent == building) f(i);
  }
}

double radical_inverse(std::uint32_t n, std::uint32_t base) {
  double value = 0;
  double part = 1.0 / base;
  for (; n > 0; n /= base, part /= base) value += (n % base) * part;
  return value;
}

void add_triangle(geo::Vec3d a, geo::Vec3d b, geo::Vec3d c, double spacing_m, FeatureIndex owner, SunSamples& samples) {
  const geo::Vec3d across = cross(b - a, c - a);
  const double twice_m2 = length(across);
  if (twice_m2 < 0.02) return;
  const geo::Vec3d n = across * (1 / twice_m2);
  const double wanted = std::clamp(std::round(twice_m2 / 2 / (spacing_m * spacing_m)), 1.0, 10'000.0);
  const auto count = static_cast<std::uint32_t>(wanted);
  for (std::uint32_t i = 0; i < count; ++i) {
    // Halton's points, folded into the triangle; one alone lies in its middle.
    double u = count == 1 ? 1.0 / 3 : radical_inverse(i + 1, 2);
    double v = count == 1 ? 1.0 / 3 : radical_inverse(i + 1, 3);
    if (u + v > 1) {
      u = 1 - u;
      v = 1 - v;
    }
    add_point(a + (b - a) * u + (c - a) * v, {static_cast<float>(n.x), static_cast<float>(n.y), static_cast<float>(n.z)},
              twice_m2 / 2 / count, owner, samples);
  }
}

bool is_built_over(const city::City& city, Vec2d p) {
  bool is_built = false;
  city.index().visit_box({p, p}, [&](FeatureIndex i) {
    const city::Feature& f = city.feature(i);
    if (is_built || f.id.kind() != FeatureKind::building || city.building(f).min_height_m > 2) return;
    is_built = city::contains(city, f, p);
  });
  return is_built;
}

void add_area_ground(const city::City& city, FeatureIndex i, const SampleSpacing& spacing, SunSamples& samples) {
  const city::Feature& f = city.feature(i);
  const double cells_m2 = f.box.width() * f.box.height() / static_cast<double>(kSamplesOfFeatureMax);
  const double step_m = std::max(spacing.along_m, std::sqrt(cells_m2));
  for (double y = (std::floor(f.box.low.y / step_m) + 0.5) * step_m; y <= f.box.high.y; y += step_m) {
    for (double x = (std::floor(f.box.low.x / step_m) + 0.5) * step_m; x <= f.box.high.x; x += step_m) {
      const Vec2d p{x, y};
      if (!city::contains(city, f, p) || is_built_over(city, p)) continue;
      if (spacing.clear_m > 0) {
        bool is_clear = true;
        for (const Vec2d off : {Vec2d{1, 0}, Vec2d{-1, 0}, Vec2d{0, 1}, Vec2d{0, -1}}) {
          is_clear = is_clear && city::contains(city, f, p + off * spacing.clear_m);
        }
        if (!is_clear) continue;
      }
      add_point({x, y, city.terrain().height_at(p) + kOverGroundM}, {0, 0, 1}, step_m * step_m, i, samples);
    }
  }
}

void add_line_ground(const city::City& city, FeatureIndex i, double width_m, const SampleSpacing& spacing,
                     SunSamples& samples) {
  const city::Feature& f = city.feature(i);
  const double across_m = std::max(width_m, 1.0);
  const int rows = std::clamp(static_cast<int>(std::lround(across_m / spacing.along_m)), 1, 50);
  for (const city::Part& part : city.parts(f.geometry)) {
    const auto line = city.vertices(part);
    for (std::size_t v = 1; v < line.size() && samples.size() < kSamplesOfFeatureMax; ++v) {
      const Vec2d side = line[v] - line[v - 1];
      const double length_m = length(side);
      if (length_m <= 0) continue;
      const int columns = std::max(1, static_cast<int>(std::lround(length_m / spacing.along_m)));
      const Vec2d left = left_of(side) * (1 / length_m);
      for (int c = 0; c < columns; ++c) {
        for (int r = 0; r < rows; ++r) {
          const Vec2d p = line[v - 1] + side * ((c + 0.5) / columns) + left * (((r + 0.5) / rows - 0.5) * across_m);
          add_point({p.x, p.y, city.terrain().height_at(p) + kOverGroundM}, {0, 0, 1}, length_m / columns * across_m / rows, i,
                    samples);
        }
      }
    }
  }
}

}  // namespace

void add_facades(const city::City& city, FeatureIndex building, const SampleSpacing& spacing, SunSamples& samples) {
  for_each_body(city, building, [&](FeatureIndex body) { add_own_facades(city, body, building, spacing, samples); });
}

void add_roof(const city::City& city, FeatureIndex building, const SampleSpacing& spacing, SunSamples& samples) {
  for_each_body(city, building, [&](FeatureIndex body) {
    tiles::TileContent content;
    const Vec2d middle = city.feature(body).box.center();
    content.origin = {middle.x, middle.y, city.terrain().height_at(middle)};
    tiles::append_building(city, body, tiles::BuildingDetail::full, content.origin, content);
    const tiles::Mesh& roof = content.of(tiles::Material::roof);
    const auto corner = [&](std::size_t i) {
      const geo::Vec3f& p = roof.positions[roof.indices[i]];
      return content.origin + geo::Vec3d{p.x, p.y, p.z};
    };
    for (std::size_t t = 0; t + 2 < roof.indices.size(); t += 3) {
      add_triangle(corner(t), corner(t + 1), corner(t + 2), spacing.along_m, building, samples);
    }
  });
}

void add_ground(const city::City& city, FeatureIndex feature, const SampleSpacing& spacing, SunSamples& samples) {
  const city::Feature& f = city.feature(feature);
  switch (f.geometry.type) {
    case city::GeometryType::polygons: return add_area_ground(city, feature, spacing, samples);
    case city::GeometryType::lines: {
      const double width_m = f.id.kind() == FeatureKind::street ? city.street(f).width_m : 1;
      return add_line_ground(city, feature, width_m, spacing, samples);
    }
    case city::GeometryType::point: {
      const Vec2d p = city.anchor(f);
      return add_point({p.x, p.y, city.terrain().height_at(p) + kOverGroundM}, {0, 0, 1}, 1, feature, samples);
    }
  }
}

void add_street(const city::City& city, FeatureIndex street, double reach_m, const SampleSpacing& spacing,
                SunSamples& samples) {
  const city::Feature& f = city.feature(street);
  add_ground(city, street, spacing, samples);
  std::vector<FeatureIndex> buildings;
  city.index().visit_box(f.box.grown_by(reach_m), [&](FeatureIndex i) {
    const city::Feature& b = city.feature(i);
    if (b.id.kind() != FeatureKind::building) return;
    bool is_near = false;
    for (const city::Part& part : city.parts(b.geometry)) {
      for (const Vec2d v : city.vertices(part)) is_near = is_near || city::nearest_point(city, f, v).distance_m <= reach_m;
    }
    if (is_near) buildings.push_back(i);
  });
  std::sort(buildings.begin(), buildings.end());
  for (const FeatureIndex b : buildings) add_facades(city, b, spacing, samples);
}

geo::Box2d box_of(const SunSamples& samples) {
  geo::Box2d box;
  for (const SunPoint& p : samples.points) box.extend(geo::Vec2d{p.place.x, p.place.y});
  return box;
}

}  // namespace citiverse::sim
