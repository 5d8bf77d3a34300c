// How people live in each quarter: narrow old houses, closed blocks, terraces, villas and gardens, slabs and towers.
#include <algorithm>

#include "ingest/practice/building.h"

namespace citiverse::ingest::practice {
namespace {

using city::BuildingUse;
using city::RoofOrientation;
using city::RoofShape;

House start(const Site& site, Path outline, Vec2d door) {
  House house;
  house.outline = std::move(outline);
  house.door = door;
  house.block = site.index;
  return house;
}

/// Pulls a front's back wall towards the street, so that backs are uneven.
Path shallower(const Front& front, double by_m) {
  Path outline = front.outline;
  if (front.corner || by_m <= 0) return outline;
  for (const std::size_t i : {2u, 3u}) {
    const Vec2d to_street = outline[i == 2 ? 1 : 0] - outline[i];
    outline[i] = outline[i] + unit(to_street) * std::min(by_m, 0.4 * length(to_street));
  }
  return outline;
}

/// Adds the house; where it does not fit, again with a lesser depth, without its wing.
bool add_on(Site& site, House house, const Front& front, const Polygon& land) {
  const double floors = house.home_area_m2 + house.work_area_m2;
  const double area = signed_area(house.outline);
  if (site.town.houses.add(house, land)) return true;
  if (front.corner || area <= 0) return false;
  for (const double share : {0.75, 0.55}) {
    Path outline = {front.outline[0], front.outline[1], front.outline[1] + (front.outline[2] - front.outline[1]) * share,
                    front.outline[0] + (front.outline[3] - front.outline[0]) * share};
    const double less = std::max(0.0, signed_area(outline) / area);
    House smaller = house;
    smaller.outline = std::move(outline);
    smaller.roof_m = std::min(smaller.roof_m, 3.4);
    smaller.home_area_m2 *= floors > 0 ? less : 1;
    smaller.work_area_m2 *= floors > 0 ? less : 1;
    if (site.town.houses.add(std::move(smaller), land)) return true;
  }
  return false;
}

/// A wing along one side wall into the court: the outline becomes an L.
Path with_wing(const Front& front, double wide_m, double long_m, bool left) {
  const Path& o = front.outline;
  if (front.corner || o.size() != 4) return o;
  const Vec2d along = unit(o[2] - o[3]), in = front.inwards;
  if (left) return {o[0], o[1], o[2], o[3] + along * wide_m, o[3] + along * wide_m + in * long_m, o[3] + in * long_m};
  return {o[0], o[1], o[2], o[2] + in * long_m, o[2] - along * wide_m + in * long_m, o[2] - along * wide_m};
}

/// Ridge parallel to the street, whichever side of the outline is longer.
RoofOrientation along_street(const Front& front) {
  return front.width_m >= front.depth_m ? RoofOrientation::along : RoofOrientation::across;
}

/// Near the market every street trades; further out few do.
bool is_near_market(const Site& site, Vec2d door) { return length(door) < site.setting.old_radius_m() * 0.6; }

void add_court(Site& site, const Polygon& land, double depth_m) {
  for (const Polygon& court : inset(land, depth_m + 7)) {
    const Circle room = largest_circle(court);
    if (room.radius_m < 5.5) continue;
    const Vec2d axis = unit(land.outer[1] - land.outer[0]);
    House house = start(site, rectangle(room.centre, axis, room.radius_m * 1.5, room.radius_m * 0.95), room.centre);
    const bool workshop = site.random.chance(0.5);
    house.use = workshop ? BuildingUse::commercial : BuildingUse::apartments;
    house.roof = workshop ? RoofShape::skillion : RoofShape::gabled;
    house.roof_direction_deg = workshop ? site.random.below(4) * 90.0 : -1;
    house.year = 1880 + site.random.below(50);
    finish_house(house, workshop ? 1 + site.random.below(2) : 3, workshop ? 1.2 : 2.6, workshop ? 1 : 0);
    site.town.houses.add(std::move(house), land);
  }
}

}  // namespace

void finish_house(House& house, std::uint32_t levels, double roof_m, double work_share) {
  house.levels = levels;
  const double floor_m = house.use == BuildingUse::industrial ? 4.5 : kLevelM;
  house.eaves_m = 0.4 + floor_m * levels;
  house.roof_m = house.roof == RoofShape::flat ? 0 : roof_m;
  const double floors = 0.78 * signed_area(house.outline) * levels;
  const bool attic = house.roof == RoofShape::mansard || house.roof == RoofShape::gambrel;
  house.home_area_m2 = floors * (1 - work_share) * (attic ? 1.15 : 1.0);
  house.work_area_m2 = floors * work_share;
}

void build_old_town(Site& site) {
  for (const Polygon& land : site.block.land) {
    const double deep = std::min(site.random.uniform(10.5, 13), std::max(site.block.depth_m * 0.93, 5.0));
    const Path ring = simplified(land.outer, 0.8);
    for (const Front& front : fronts_of(ring, {deep, 6, 10.5, true}, site.random)) {
      if (!faces_street(site.block, front.middle)) continue;
      const bool wing = site.block.depth_m > 24 && site.random.chance(0.3);
      House house = start(site,
                          wing ? with_wing(front, 4.2, site.random.uniform(4, 8), site.random.chance(0.5))
                               : shallower(front, site.random.uniform(-1, 2.5)),
                          front.middle);
      const bool shop = is_near_market(site, front.middle) || site.random.chance(0.25);
      house.use = shop ? (site.random.chance(0.75) ? BuildingUse::apartments : BuildingUse::retail) : BuildingUse::residential;
      const double kind = site.random.uniform();
      house.roof = front.corner || wing ? (kind < 0.6 ? RoofShape::hipped : RoofShape::gabled)
                   : kind < 0.82        ? RoofShape::gabled
                   : kind < 0.9         ? RoofShape::half_hipped
                                        : RoofShape::mansard;
      // Every third house turns its gable to the street.
      house.orientation = site.random.chance(0.35)
                              ? (front.width_m >= front.depth_m ? RoofOrientation::across : RoofOrientation::along)
                              : along_street(front);
      house.year = 1480 + site.random.below(360);
      const std::uint32_t levels =
          2 + site.random.below(2) +
          (length(front.middle) < site.setting.old_radius_m() * 0.5 && site.random.chance(0.6) ? 1 : 0);
      finish_house(house, levels, site.random.uniform(3.6, 5.4),
                   house.use == BuildingUse::retail ? 0.8
                   : shop                           ? 1.0 / levels
                                                    : 0.04);
      add_on(site, std::move(house), front, land);
    }
    if (site.block.depth_m > 26) add_court(site, land, deep);
  }
}

void build_perimeter(Site& site) {
  const std::uint32_t usual = 3 + site.random.below(2);
  const bool formal = site.random.chance(0.45);
  for (const Polygon& land : site.block.land) {
    const double deep = std::min(site.random.uniform(12, 14), std::max(site.block.depth_m * 0.93, 6.0));
    const Path ring = simplified(land.outer, 1.0);
    for (const Front& front : fronts_of(ring, {deep, 13, 21, true}, site.random)) {
      if (!faces_street(site.block, front.middle)) continue;
      if (!front.corner && site.random.chance(0.035)) continue;  // A gap that the war or a garage left.
      const bool wing = site.block.depth_m > 27 && front.width_m > 14 && site.random.chance(0.4);
      House house = start(site, wing ? with_wing(front, 6, site.random.uniform(6, 10), site.random.chance(0.5)) : front.outline,
                          front.middle);
      const bool modern = site.random.chance(0.1);
      const bool shop = front.corner ? site.random.chance(0.6) : site.random.chance(0.16);
      const bool office = site.random.chance(0.1 + 0.18 * smooth_step(0.45, 0.25, site.block.remoteness));
      house.use = office ? BuildingUse::office : BuildingUse::apartments;
      house.roof = modern                           ? RoofShape::flat
                   : formal || front.corner || wing ? (site.random.chance(0.6) ? RoofShape::mansard : RoofShape::hipped)
                                                    : RoofShape::gabled;
      house.orientation = along_street(front);
      house.year = modern ? 1955 + site.random.below(60) : 1865 + site.random.below(55);
      const std::uint32_t levels = usual + (site.random.chance(0.25) ? 1 : 0);
      finish_house(house, levels, house.roof == RoofShape::mansard ? 3.6 : site.random.uniform(3.2, 4.4),
                   office ? 0.9
                   : shop ? 0.9 / levels
                          : 0.03);
      add_on(site, std::move(house), front, land);
    }
    if (site.block.depth_m > 29 && site.random.chance(0.6)) add_court(site, land, deep + 6);
  }
}

void build_terraces(Site& site) {
  const bool villas = site.random.chance(0.45);
  for (const Polygon& whole : site.block.land)
    for (const Polygon& land : inset(whole, villas ? 5.0 : 3.2)) {
      const Path ring = simplified(land.outer, 1.0);
      const double deep = std::min(villas ? 14.0 : 10.5, std::max(site.block.depth_m * 0.75, 6.5));
      const FrontageRule rule = villas ? FrontageRule{deep, 19, 25, false} : FrontageRule{deep, 6.6, 8, false};
      int in_row = 0;
      for (const Front& front : fronts_of(ring, rule, site.random)) {
        if (!faces_street(site.block, front.middle)) continue;
        if (!villas && ++in_row > 5 && site.random.chance(0.4)) {
          in_row = 0;
          continue;
        }
        Path outline = villas ? rectangle(front.middle + front.inwards * (deep / 2), left_of(front.inwards) * -1,
                                          front.width_m - 7, deep - 1)
                              : front.outline;
        House house = start(site, std::move(outline), front.middle);
        house.use = villas ? BuildingUse::apartments : BuildingUse::house;
        const double kind = site.random.uniform();
        house.roof = villas ? (kind < 0.4   ? RoofShape::hipped
                               : kind < 0.6 ? RoofShape::pyramidal
                               : kind < 0.8 ? RoofShape::mansard
                                            : RoofShape::flat)
                            : RoofShape::gabled;
        house.orientation = along_street(front);
        house.year = 1895 + site.random.below(70);
        const std::uint32_t levels = villas ? 3 + site.random.below(2) : 2;
        finish_house(house, levels, villas ? 3.4 : 3.0, villas && site.random.chance(0.15) ? 0.3 : 0.02);
        site.town.houses.add(std::move(house), whole);
      }
    }
}

void build_gardens(Site& site) {
  for (const Polygon& land : site.block.land) {
    const Path ring = simplified(land.outer, 1.2);
    const double deep = std::min(30.0, std::max(site.block.depth_m * 0.97, 12.0));
    for (const Front& front : fronts_of(ring, {deep, 17, 25, false}, site.random)) {
      if (!faces_street(site.block, front.middle)) continue;
      if (site.random.chance(0.04)) continue;
      const double setback = std::min(site.random.uniform(4, 7.5), deep * 0.3);
      const double along = std::min(site.random.uniform(9, 13.5), front.width_m - 5),
                   across = std::min(site.random.uniform(8, 11), deep - setback - 3);
      if (along < 6 || across < 6) continue;
      const Vec2d axis = left_of(front.inwards) * -1;
      const Vec2d centre = front.middle + front.inwards * (setback + across / 2) + axis * site.random.uniform(-1, 1);
      Path outline = rectangle(centre, axis, along, across);
      if (site.random.chance(0.22)) {
        const Vec2d back = front.inwards * 4.0;  // An L towards the garden.
        outline = {outline[0],
                   outline[1],
                   outline[2] + back,
                   outline[2] + back - axis * (along * 0.45),
                   outline[2] - axis * (along * 0.45),
                   outline[3]};
      }
      House house = start(site, std::move(outline), front.middle);
      house.use = BuildingUse::house;
      const double kind = site.random.uniform();
      house.roof = kind < 0.5    ? RoofShape::gabled
                   : kind < 0.72 ? RoofShape::hipped
                   : kind < 0.84 ? RoofShape::half_hipped
                   : kind < 0.9  ? RoofShape::pyramidal
                   : kind < 0.95 ? RoofShape::gambrel
                                 : RoofShape::flat;
      house.year = 1920 + site.random.below(100);
      finish_house(house, 1 + site.random.below(2), site.random.uniform(2.8, 4.2), 0.02);
      const bool built = site.town.houses.add(std::move(house), land);
      if (built && front.width_m > along + 5.5 && site.random.chance(0.55)) {
        House garage = start(
            site, rectangle(front.middle + front.inwards * (setback + 4) + axis * (front.width_m / 2 - 2.2), axis, 3.2, 6),
            front.middle);
        garage.use = BuildingUse::garage;
        garage.roof = site.random.chance(0.6) ? RoofShape::flat : RoofShape::skillion;
        garage.year = 1965 + site.random.below(50);
        finish_house(garage, 1, 0.8, 0);
        garage.home_area_m2 = 0;
        garage.eaves_m = 2.6;
        site.town.houses.add(std::move(garage), land);
      }
      const Path& o = front.outline;
      if (built && site.random.chance(0.8))
        site.town.hedges.push_back({{o[1] + front.inwards * 1.0, o[2]},
                                    site.random.chance(0.7) ? city::BarrierClass::hedge : city::BarrierClass::fence});
    }
  }
}

void build_estate(Site& site) {
  const bool towers = site.random.chance(0.3);
  for (const Polygon& whole : site.block.land)
    for (const Polygon& land : inset(whole, 7)) {
      // Rows across the longest side, as the sun wants it.
      std::size_t longest = 0;
      for (std::size_t i = 0; i < land.outer.size(); ++i) {
        const auto side = [&](std::size_t k) { return distance(land.outer[k], land.outer[(k + 1) % land.outer.size()]); };
        if (side(i) > side(longest)) longest = i;
      }
      const Vec2d along = unit(land.outer[(longest + 1) % land.outer.size()] - land.outer[longest]), in = left_of(along);
      const Vec2d corner = land.outer[longest];
      const double reach = 260;
      for (double x = 8; x < reach; x += towers ? 46 : 33)
        for (double y = towers ? 18 : 30; y < reach; y += towers ? 50 : 64) {
          const double wide = towers ? 19 : 11.5;
          double deep = towers ? 21 : site.random.uniform(44, 58);
          const Vec2d centre = corner + along * x + in * y;
          const std::uint32_t levels = towers ? 8 + site.random.below(6) : 4 + site.random.below(3);
          for (int attempt = 0; attempt < 3; ++attempt, deep *= 0.7) {
            House house = start(site, rectangle(centre, along, wide, deep), centre - in * (deep / 2));
            house.use = BuildingUse::apartments;
            house.roof = RoofShape::flat;
            house.year = 1958 + site.random.below(25);
            finish_house(house, levels, 0, 0.01);
            if (site.town.houses.add(std::move(house), land)) break;
          }
        }
    }
}

}  // namespace citiverse::ingest::practice
