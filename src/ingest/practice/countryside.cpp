// Dividing land into parcels by terrain, and planting.
#include "ingest/practice/countryside.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "city/spatial_index.h"

namespace citiverse::ingest::practice {
namespace {

using city::GreenClass;
using city::LeafType;

constexpr double kParcelM2 = 22'000;

/// Halves the area across its longer side again and again, as land is divided among heirs.
void divide(const Polygon& area, base::Random& random, std::vector<Polygon>& out) {
  const geo::Box2d box = box_of(area.outer);
  if (area_of(area) < kParcelM2 || std::max(box.width(), box.height()) < 120) {
    out.push_back(area);
    return;
  }
  const double big = box.width() + box.height();
  const Vec2d through = box.low + Vec2d{box.width() * random.uniform(0.4, 0.6), box.height() * random.uniform(0.4, 0.6)};
  const Vec2d cut = unit(Vec2d{random.uniform(-0.35, 0.35), 1});
  const Vec2d along = box.width() > box.height() ? cut : left_of(cut);
  for (const double side : {1.0, -1.0}) {
    const Vec2d across = left_of(along) * (side * big);
    Polygon half{{through - along * big, through + along * big, through + along * big + across, through - along * big + across},
                 {}};
    if (signed_area(half.outer) < 0) std::reverse(half.outer.begin(), half.outer.end());
    for (const Polygon& piece : intersection(area, half, 60)) divide(piece, random, out);
  }
}

GreenClass grows_at(Vec2d p, const Setting& setting, const StreetField& field) {
  const Vec2d up = field.gradient(p);
  const double slope = length(up);
  const double luck = noise(setting.seed() ^ 0x81, p * (1 / 520.0));
  const double above = setting.height_at(p) - setting.water_level_m(setting.to_valley(p).x);
  if (distance(p, setting.castle()) < 130) return GreenClass::meadow;
  if (slope > 0.075 && up.y > 0.045 && above < 95 && luck > -0.3) return GreenClass::vineyard;  // Slopes that face south.
  if (slope > 0.16 || above > 62 + 45 * luck) return GreenClass::forest;
  if (slope > 0.07 && luck > 0.1) return GreenClass::orchard;
  return luck > 0.05 || setting.river_near(p).from_edge_m < 110 ? GreenClass::meadow : GreenClass::farmland;
}

city::Tree tree_of(base::Random& random, double height_m, LeafType leaf) {
  const double h = height_m * random.uniform(0.8, 1.2);
  return {static_cast<float>(std::round(h * 10) / 10),
          static_cast<float>(std::round(h * random.uniform(5, 6.5)) / 10),
          leaf,
          true,
          {}};
}

/// Trees on a jittered grid inside an area, clear of buildings and paths.
void scatter(const Polygon& area, double apart_m, double share, double height_m, double needle_share, base::Random& random,
             const Houses& houses, const StreetLines& paths, std::vector<PlantedTree>& out) {
  const geo::Box2d box = box_of(area.outer);
  for (double y = box.low.y; y < box.high.y; y += apart_m)
    for (double x = box.low.x; x < box.high.x; x += apart_m) {
      const Vec2d p{x + random.uniform(0.1, 0.9) * apart_m, y + random.uniform(0.1, 0.9) * apart_m};
      const city::Tree tree =
          tree_of(random, height_m, random.chance(needle_share) ? LeafType::needleleaved : LeafType::broadleaved);
      if (!random.chance(share) || !contains(area, p)) continue;
      if (distance_to_ring(area.outer, p) < 1.5 || houses.is_near(p, 2.5) || paths.is_near(p, 2.6)) continue;
      out.push_back({geo::snapped_to_mm(p), tree});
    }
}

struct Planting {
  GreenClass green = GreenClass::grass;
  double apart_m = 12;
  double share = 0;  ///< Of grid points that get a tree.
  double height_m = 9;
  double needles = 0.05;
};

Planting planting_of(GreenClass green) {
  switch (green) {
    case GreenClass::forest: return {green, 13, 0.8, 19, 0.4};
    case GreenClass::orchard: return {green, 11, 0.7, 5, 0};
    case GreenClass::meadow: return {green, 42, 0.22, 11, 0.02};
    case GreenClass::park: return {green, 13, 0.5, 14, 0.12};
    case GreenClass::garden: return {green, 11, 0.35, 7, 0.12};
    case GreenClass::cemetery: return {green, 11, 0.45, 10, 0.5};
    case GreenClass::allotments: return {green, 12, 0.3, 4, 0};
    case GreenClass::scrub: return {green, 9, 0.5, 5, 0};
    case GreenClass::grass: return {green, 18, 0.3, 12, 0.05};
    default: return {green, 10, 0, 8, 0};
  }
}

GreenClass green_of(const Block& block) {
  switch (block.use) {
    case BlockUse::park: return GreenClass::park;
    case BlockUse::cemetery: return GreenClass::cemetery;
    case BlockUse::allotments: return GreenClass::allotments;
    case BlockUse::island: return GreenClass::park;
    case BlockUse::bank: return GreenClass::grass;
    case BlockUse::built:
      return block.zone == Zone::garden || block.zone == Zone::mixed ? GreenClass::garden : GreenClass::grass;
    default: return GreenClass::grass;
  }
}

/// A green area and its trees, for one block.
void plant_block(const Setting& setting, const StreetField& field, const Block& block, std::uint32_t index,
                 const BuiltTown& town, const StreetLines& paths, Greenery& out) {
  base::Random random(setting.seed(), 700'000'000ull + index);
  const auto add = [&](const Polygon& area, GreenClass green) {
    const bool is_named =
        (block.use == BlockUse::park || block.use == BlockUse::cemetery || block.use == BlockUse::island) && out.areas.empty();
    out.areas.push_back({area, green, index, is_named});
    const Planting p = planting_of(green);
    if (p.share > 0) scatter(area, p.apart_m, p.share, p.height_m, p.needles, random, town.houses, paths, out.trees);
  };
  if (block.use == BlockUse::countryside) {
    std::vector<Polygon> parcels;
    for (const Polygon& land : block.land) divide(land, random, parcels);
    for (const Polygon& parcel : parcels) add(parcel, grows_at(largest_circle(parcel).centre, setting, field));
    return;
  }
  const bool paved = block.use == BlockUse::market || block.use == BlockUse::minster || block.use == BlockUse::small_square ||
                     block.use == BlockUse::station_square || block.use == BlockUse::water || block.use == BlockUse::railway;
  if (paved || block.land.empty()) return;
  const bool court = block.use == BlockUse::built && (block.zone == Zone::old_town || block.zone == Zone::inner);
  if (block.use == BlockUse::built && block.zone == Zone::industry) return;
  for (const Polygon& land : block.land) {
    if (!court) {
      add(land, green_of(block));
    } else if (block.depth_m > 19) {
      for (const Polygon& yard : inset(land, 14.5)) add(yard, GreenClass::garden);
    }
  }
  if (block.use != BlockUse::park || block.depth_m < 26) return;
  Path pond;
  const Vec2d centre = block.centre + Vec2d{random.uniform(-0.3, 0.3), random.uniform(-0.3, 0.3)} * block.depth_m;
  for (int i = 0; i < 18; ++i) {
    const double angle = i * 0.3490658503988659,
                 radius = block.depth_m * 0.22 * (1 + 0.25 * noise(setting.seed() ^ index, {std::cos(angle), std::sin(angle)}));
    pond.push_back(geo::snapped_to_mm(centre + Vec2d{radius * 1.4 * std::cos(angle), radius * std::sin(angle)}));
  }
  const bool dry_paths = std::none_of(pond.begin(), pond.end(), [&](Vec2d p) { return paths.is_near(p, 4); }) &&
                         !paths.is_near(centre, block.depth_m * 0.3);
  if (dry_paths && town.houses.is_free(pond)) out.ponds.push_back({pond, {}});
}

void plant_street(const Way& way, const Setting& setting, const BuiltTown& town, const StreetLines& paths,
                  std::vector<PlantedTree>& trees) {
  base::Random random(setting.seed(), 800'000'000ull + way.line);
  const bool avenue = way.kind == LineKind::boulevard || way.kind == LineKind::quay || way.kind == LineKind::primary;
  const bool wanted = way.zone != Zone::rural && way.zone != Zone::industry &&
                      (avenue || (way.kind == LineKind::secondary || (way.kind == LineKind::tertiary && random.chance(0.6)) ||
                                  (way.kind == LineKind::minor && way.zone == Zone::inner && random.chance(0.3))));
  if (!wanted) return;
  const double side_m = way.street.width_m / 2 + std::max(0.9f, way.street.pavement_right_m * 0.3f);
  const double whole = path_length(way.path);
  for (double at = 12; at < whole - 12; at += avenue ? 9.5 : 12)
    for (const double side : {1.0, -1.0}) {
      if (random.chance(0.08)) continue;
      const PathPoint place = point_along(way.path, at);
      const Vec2d p = place.point + left_of(place.direction) * (side * side_m);
      const city::Tree tree = tree_of(random, avenue ? 12 : 8, LeafType::broadleaved);
      // Clear of crossing streets: only this street itself may be near.
      if (paths.crossing_near(p, place.direction, 7.5) || town.houses.is_near(p, 2.2)) continue;
      trees.push_back({geo::snapped_to_mm(p), tree});
    }
}

}  // namespace

Greenery plant(const Setting& setting, const TownPlan& plan, const StreetField& field, const std::vector<Block>& blocks,
               const std::vector<Way>& ways, const BuiltTown& town, Greenery all) {
  StreetLines paths(setting.half_size_m());
  for (const Way& way : ways) paths.add({way.path, way.kind});
  std::vector<Greenery> parts(blocks.size());
  tbb::parallel_for(std::uint32_t{0}, static_cast<std::uint32_t>(blocks.size()),
                    [&](std::uint32_t i) { plant_block(setting, field, blocks[i], i, town, paths, parts[i]); });
  for (Greenery& part : parts) {
    std::move(part.areas.begin(), part.areas.end(), std::back_inserter(all.areas));
    std::move(part.ponds.begin(), part.ponds.end(), std::back_inserter(all.ponds));
    std::move(part.trees.begin(), part.trees.end(), std::back_inserter(all.trees));
  }
  for (const Way& way : ways) plant_street(way, setting, town, paths, all.trees);
  // Two rows of limes on the market's long sides would hide the town hall; the squares get a few trees at their corners.
  base::Random random(setting.seed(), 45);
  for (const Path* square : {&plan.market(), &plan.minster()})
    for (std::size_t i = 0; i < square->size(); ++i) {
      const Vec2d centre = (*square)[0] * 0.5 + (*square)[2] * 0.5;
      const Vec2d p = (*square)[i] * 0.72 + centre * 0.28;
      if (!town.houses.is_near(p, 4)) all.trees.push_back({geo::snapped_to_mm(p), tree_of(random, 11, LeafType::broadleaved)});
    }
  // Nothing grows on pitches, car parks and in fountains.
  std::vector<Path> kept_clear;
  for (const GreenArea& a : all.leisure) kept_clear.push_back(a.area.outer);
  for (const auto* areas : {&all.fountains, &all.car_parks, &all.ponds})
    for (const Polygon& p : *areas) kept_clear.push_back(p.outer);
  std::vector<geo::Box2d> boxes;
  for (const Path& ring : kept_clear) boxes.push_back(box_of(ring));
  const city::SpatialIndex index(boxes);
  std::erase_if(all.trees, [&](const PlantedTree& t) {
    bool inside = false;
    index.visit_box({t.foot, t.foot}, [&](std::uint32_t i) { inside = inside || contains(kept_clear[i], t.foot); });
    return inside;
  });
  return all;
}

}  // namespace citiverse::ingest::practice
