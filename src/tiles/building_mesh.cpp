// Outline, ground, roof, walls: one closed body after another.
#include "tiles/building_mesh.h"

#include <algorithm>
#include <cmath>

#include "geo/triangulate.h"
#include "tiles/building_colour.h"
#include "tiles/ground_line.h"
#include "tiles/outline.h"
#include "tiles/roof.h"
#include "tiles/sky_light.h"
#include "tiles/solid_writer.h"

namespace citiverse::tiles {
namespace {

using geo::Vec2d;
using geo::Vec3d;

constexpr double kBlockToleranceM = 1.0;
constexpr double kBlockCourtyardMinM2 = 100;
constexpr double kToleranceOfSize = 0.02;
// A wall lower than this is none: the roof stands on the underside.
constexpr double kWallMinM = 0.05;
constexpr double kBodyMinM = 0.5;
// A roof whose height is not known takes at most this part of its building.
constexpr double kUsualRoofPartMax = 0.5;

// How light falls: shares of full light.
constexpr double kWallLightAtFoot = 0.74;
constexpr double kLightAbove = 0.95;
constexpr double kLightUnderEaves = 0.90;
constexpr double kLightUnderneath = 0.55;
constexpr double kLightAtRidge = 1.0;
constexpr double kLightAtEaves = 0.94;
// The dark of the foot ends this high above the ground.
constexpr double kFootGlowM = 3.0;
// A touching neighbour takes this part of the light at the foot, and at the top.
constexpr double kGapShadeFoot = 0.30;
constexpr double kGapShadeTop = 0.12;
// Corners flatter than this (cosine) between walls are lit as a curve: towers are round.
constexpr double kSmoothCornerCosine = 0.88;

struct Body {
  const city::City* city;
  const city::Feature* feature;
  const city::Building* building;
  std::uint32_t index;
  BuildingDetail detail;
  double bottom_m;
  double eaves_m;
  bool on_ground;
};

// Everything that is reused from one building to the next.
struct Workshop {
  Outline outline;
  Roof roof;
  SkyLight sky;
  std::vector<std::uint32_t> indices;
  std::vector<Vec2d> wall_normals;
  std::vector<double> light;
  SolidWriter wall;
  SolidWriter roof_writer;
};

bool take_outline(const city::City& city, std::span<const city::Part> parts, std::size_t outer, BuildingDetail detail,
                  Outline& outline) {
  outline.clear();
  const auto ring = city.vertices(parts[outer]);
  // A column keeps its corners, however thin it is.
  const double tolerance = std::min(detail == BuildingDetail::full ? kOutlineToleranceM / 2 : kBlockToleranceM,
                                    kToleranceOfSize * std::sqrt(std::abs(signed_area_m2(ring))));
  if (!outline.add_ring(ring, tolerance)) return false;
  for (std::size_t h = outer + 1; h < parts.size() && parts[h].is_hole; ++h) {
    const auto hole = city.vertices(parts[h]);
    if (detail == BuildingDetail::far || (detail == BuildingDetail::block && -signed_area_m2(hole) < kBlockCourtyardMinM2))
      continue;
    outline.add_ring(hole, tolerance);
  }
  if (!fits_roofs(outline)) outline.keep_outer_ring_only();
  if (!fits_roofs(outline)) outline.become_hull();
  if (!fits_roofs(outline) || outline.area_m2() < kBuildingAreaMinM2) return false;
  if (detail != BuildingDetail::far) return true;
  OrientedBox box = oriented_box(outline.ring(0));
  const double shrink = std::sqrt(outline.area_m2() / box.area_m2());
  const Vec2d u = box.along * (box.half_length_m * shrink);
  const Vec2d v = left_of(box.along) * (box.half_width_m * shrink);
  outline.clear();
  const Vec2d corners[] = {box.center - u - v, box.center + u - v, box.center + u + v, box.center - u + v};
  return outline.add_ring(corners, 0);
}

// Outward normals of all sides, in the order of their first points.
void find_wall_normals(const Outline& outline, std::vector<Vec2d>& normals) {
  normals.resize(outline.points().size());
  for (std::size_t r = 0; r < outline.ring_count(); ++r) {
    const auto ring = outline.ring(r);
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const Vec2d side = ring[(i + 1) % ring.size()] - ring[i];
      normals[outline.ring_begin(r) + i] = left_of(side) * (-1 / length(side));
    }
  }
}

Vec2d corner_normal(Vec2d wall, Vec2d beside) {
  if (dot(wall, beside) < kSmoothCornerCosine) return wall;
  const Vec2d sum = wall + beside;
  return sum * (1 / length(sum));
}

// The light at the very bottom that makes it kWallLightAtFoot where the ground meets the wall, on a slope somewhere higher up.
double light_at_bottom(double bottom_m, double ground_m, double glow_end_m) {
  const double part = std::clamp((ground_m - bottom_m) / (glow_end_m - bottom_m), 0.0, 0.9);
  return std::max(0.35, (kWallLightAtFoot - kLightAbove * part) / (1 - part));
}

void write_wall(const Body& body, const Tone& tone, Workshop& shop, std::uint32_t i, std::uint32_t j, std::uint32_t before) {
  const auto points = shop.outline.points();
  const Vec2d normal = shop.wall_normals[i];
  const double closeness =
      body.detail == BuildingDetail::full ? shop.sky.closeness(points[i], points[j], shop.outline.rings()) : 0;
  const double shade_foot = 1 - kGapShadeFoot * closeness;
  const double shade_top = 1 - kGapShadeTop * closeness;
  // Up one edge of the wall and up the other: bottom, where the foot's dark ends, top.
  struct Edge {
    std::uint32_t vertex[3];
    double z[3];
    bool has_middle;
  };
  const auto rise = [&](std::uint32_t at, Vec2d lit_normal) {
    const Vec2d p = points[at];
    Edge edge{{}, {body.bottom_m, 0, body.eaves_m + shop.roof.points[at].z}, false};
    const double ground = body.on_ground ? std::max(body.city->terrain().height_at(p), body.bottom_m) : body.bottom_m;
    edge.z[1] = ground + kFootGlowM;
    edge.has_middle = body.on_ground && body.detail == BuildingDetail::full && edge.z[2] - edge.z[1] > 0.5;
    const double bottom_light = body.on_ground ? light_at_bottom(body.bottom_m, ground, edge.z[1]) : kLightAtEaves;
    const double lights[3] = {bottom_light * shade_foot, kLightAbove * (shade_foot + shade_top) / 2,
                              kLightUnderEaves * shade_top};
    for (std::size_t k = 0; k < 3; ++k) {
      if (k == 1 && !edge.has_middle) continue;
      edge.vertex[k] = shop.wall.add({p.x, p.y, edge.z[k]}, {lit_normal.x, lit_normal.y, 0}, lit(tone, lights[k]));
    }
    return edge;
  };
  const Edge a = rise(i, corner_normal(normal, shop.wall_normals[before]));
  const Edge b = rise(j, corner_normal(normal, shop.wall_normals[j]));
  SolidWriter& w = shop.wall;
  if (a.has_middle && b.has_middle) {
    w.quad(a.vertex[0], b.vertex[0], b.vertex[1], a.vertex[1]);
    w.quad(a.vertex[1], b.vertex[1], b.vertex[2], a.vertex[2]);
  } else if (a.has_middle) {
    w.triangle(b.vertex[0], b.vertex[2], a.vertex[2]);
    w.triangle(b.vertex[0], a.vertex[2], a.vertex[1]);
    w.triangle(b.vertex[0], a.vertex[1], a.vertex[0]);
  } else {
    w.triangle(a.vertex[0], b.vertex[0], b.has_middle ? b.vertex[1] : b.vertex[2]);
    if (b.has_middle) w.triangle(a.vertex[0], b.vertex[1], b.vertex[2]);
    w.triangle(a.vertex[0], b.vertex[2], a.vertex[2]);
  }
}

void write_walls(const Body& body, const Tone& tone, Workshop& shop) {
  find_wall_normals(shop.outline, shop.wall_normals);
  for (std::size_t r = 0; r < shop.outline.ring_count(); ++r) {
    const std::uint32_t begin = shop.outline.ring_begin(r);
    const std::uint32_t end = shop.outline.ring_end(r);
    for (std::uint32_t i = begin; i < end; ++i)
      write_wall(body, tone, shop, i, i + 1 < end ? i + 1 : begin, i > begin ? i - 1 : end - 1);
  }
}

void write_underside(const Body& body, const Tone& tone, Workshop& shop) {
  geo::triangulate(shop.outline.rings(), shop.indices);
  const Rgb8 colour = lit(tone, kLightUnderneath);
  const std::uint32_t first = shop.wall.size();
  for (const Vec2d p : shop.outline.points()) shop.wall.add({p.x, p.y, body.bottom_m}, {0, 0, -1}, colour);
  for (std::size_t i = 0; i < shop.indices.size(); i += 3)
    shop.wall.triangle(first + shop.indices[i], first + shop.indices[i + 2], first + shop.indices[i + 1]);
}

void write_roof(const Body& body, const Tone& wall_tone, const Tone& roof_tone, Workshop& shop) {
  const Roof& roof = shop.roof;
  for (const Roof::Facet& facet : roof.facets) {
    const auto indices = std::span(roof.indices).subspan(facet.first_index, facet.index_count);
    SolidWriter& writer = facet.is_wall ? shop.wall : shop.roof_writer;
    writer.facet(roof.points, indices, facet.is_smooth, body.eaves_m, [&](double z) {
      if (facet.is_wall) return lit(wall_tone, kLightUnderEaves);
      const double up = roof.height_m > 0 ? z / roof.height_m : 1;
      const bool is_flat = roof.made == city::RoofShape::flat;
      return lit(roof_tone, is_flat ? kLightAtRidge : kLightAtEaves + (kLightAtRidge - kLightAtEaves) * up);
    });
  }
}

// How high a roof is where the source only names its shape, metres over an outline of a given half width: about 30° for slopes.
double usual_roof_height_m(city::RoofShape shape, double half_width_m) {
  switch (shape) {
    case city::RoofShape::dome: return half_width_m;
    case city::RoofShape::onion: return 2 * half_width_m;
    case city::RoofShape::mansard:
    case city::RoofShape::gambrel: return 0.8 * half_width_m;
    default: return 0.6 * half_width_m;
  }
}

void append_body(Body body, double top_m, RoofWish wish, Workshop& shop) {
  if (wish.height_m <= 0 && wish.shape != city::RoofShape::flat && wish.shape != city::RoofShape::unknown) {
    wish.height_m = std::min(usual_roof_height_m(wish.shape, oriented_box(shop.outline.ring(0)).half_width_m),
                             kUsualRoofPartMax * (top_m - body.bottom_m));
  }
  wish.height_m = std::clamp(wish.height_m, 0.0, top_m - body.bottom_m);
  if (wish.shape == city::RoofShape::flat || wish.shape == city::RoofShape::unknown) wish.height_m = 0;
  const bool is_flat = wish.height_m <= 0;  // From afar a pitched roof is drawn flat and keeps its colour.
  if (body.detail != BuildingDetail::full) {
    top_m -= wish.height_m / 2;
    wish = {};
  }
  body.eaves_m = top_m - wish.height_m;
  if (body.eaves_m - body.bottom_m < kWallMinM) body.eaves_m = body.bottom_m;
  make_roof(shop.outline, wish, shop.roof);
  const Tone walls = wall_tone(*body.building, body.feature->id);
  const Tone roofs = roof_tone(*body.building, body.feature->id,
                               is_flat || (body.detail == BuildingDetail::full && shop.roof.made == city::RoofShape::flat));
  write_walls(body, walls, shop);
  write_underside(body, walls, shop);
  write_roof(body, walls, roofs, shop);
}

double sane(double value, double low, double high) { return value >= low ? std::min(value, high) : low; }

// How far one may go from `from` in steps of `step` before the border.
double reach(double from, double step, double low, double high) {
  if (step == 0) return HUGE_VAL;
  return ((step > 0 ? high : low) - from) / step;
}

// A body on its ground, and a workshop that writes it to `content`.
Body begin_body(const city::City& city, city::FeatureIndex feature, BuildingDetail detail, Vec3d origin, Workshop& shop,
                TileContent& content) {
  const city::Feature& f = city.feature(feature);
  const city::Building& building = city.building(f);
  const double min_height = sane(building.min_height_m, 0, kBuildingHeightMaxM - kBodyMinM);
  Body body{&city, &f, &building, feature, detail, 0, 0, min_height == 0};
  const double line = ground_line_m(city, f);
  body.bottom_m = body.on_ground ? std::min(ground_along(city, f).low_m, line) - kFootingM : line + min_height;
  shop.wall.begin(content.of(Material::wall), origin, feature);
  shop.roof_writer.begin(content.of(Material::roof), origin, feature);
  return body;
}

Workshop& own_workshop() {
  static thread_local Workshop shop;
  return shop;
}

}  // namespace

void append_building(const city::City& city, city::FeatureIndex feature, BuildingDetail detail, Vec3d origin,
                     TileContent& content) {
  const city::Feature& f = city.feature(feature);
  if (f.geometry.type != city::GeometryType::polygons) return;
  Workshop& shop = own_workshop();
  const Body body = begin_body(city, feature, detail, origin, shop, content);
  const city::Building& building = *body.building;
  const double min_height = sane(building.min_height_m, 0, kBuildingHeightMaxM - kBodyMinM);
  const double height = sane(building.height_m, min_height + kBodyMinM, kBuildingHeightMaxM);
  const RoofWish wish{building.roof, sane(building.roof_height_m, 0, height), building.roof_direction_deg,
                      building.roof_orientation};
  if (detail == BuildingDetail::full) shop.sky.gather(city, f, kOpenSkyM);
  const auto parts = city.parts(f.geometry);
  for (std::size_t outer = 0; outer < parts.size(); ++outer) {
    if (parts[outer].is_hole || !take_outline(city, parts, outer, detail, shop.outline)) continue;
    append_body(body, ground_line_m(city, f) + height, wish, shop);
  }
}

void append_building_group(const city::City& city, const BuildingGroup& group, Vec3d origin, TileContent& content) {
  const city::Feature& f = city.feature(group.largest);
  if (f.geometry.type != city::GeometryType::polygons) return;
  Workshop& shop = own_workshop();
  const auto parts = city.parts(f.geometry);
  if (parts.empty() || !take_outline(city, parts, 0, BuildingDetail::far, shop.outline)) return;
  Vec2d corners[4];
  const Vec2d middle = (shop.outline.ring(0)[0] + shop.outline.ring(0)[2]) * 0.5;
  double scale = std::sqrt(group.area_m2 / shop.outline.area_m2());
  for (std::size_t i = 0; i < 4; ++i) {
    corners[i] = shop.outline.ring(0)[i] - middle;
    scale = std::min(scale, reach(group.center.x, corners[i].x, group.box.low.x, group.box.high.x));
    scale = std::min(scale, reach(group.center.y, corners[i].y, group.box.low.y, group.box.high.y));
  }
  for (Vec2d& corner : corners) corner = group.center + corner * scale;
  shop.outline.clear();
  if (!shop.outline.add_ring(corners, 0)) return;
  Body body = begin_body(city, group.largest, BuildingDetail::far, origin, shop, content);
  const RoofWish wish{body.building->roof, body.building->roof_height_m, body.building->roof_direction_deg,
                      body.building->roof_orientation};
  append_body(body, ground_line_m(city, f) + sane(group.height_m, kBodyMinM, kBuildingHeightMaxM), wish, shop);
}

double outline_area_m2(const city::City& city, const city::Feature& building) {
  if (building.geometry.type != city::GeometryType::polygons) return 0;
  double area = 0;
  for (const city::Part& part : city.parts(building.geometry)) {
    const double ring = std::abs(signed_area_m2(city.vertices(part)));
    area += part.is_hole ? -ring : ring;
  }
  return std::max(area, 0.0);
}

}  // namespace citiverse::tiles
