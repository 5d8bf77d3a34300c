// Where people work, learn and are looked after: halls, schools, hospitals and the like.
#include <algorithm>
#include <cmath>

#include "ingest/practice/building.h"

namespace citiverse::ingest::practice {
namespace {

using city::BuildingUse;
using city::RoofShape;

/// The block's longest side, where its main building faces the street.
struct MainSide {
  Vec2d corner, along, in;
  double long_m;
};

MainSide main_side(const Polygon& land) {
  const Path ring = simplified(land.outer, 1.5);
  MainSide best{{}, {}, {}, 0};
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const Vec2d a = ring[i], b = ring[(i + 1) % ring.size()];
    if (distance(a, b) > best.long_m) best = {a, unit(b - a), left_of(unit(b - a)), distance(a, b)};
  }
  return best;
}

House work(const Site& site, Path outline, Vec2d door, BuildingUse use, RoofShape roof, std::uint32_t levels, double roof_m) {
  House house;
  house.outline = std::move(outline);
  house.door = door;
  house.block = site.index;
  house.use = use;
  house.roof = roof;
  finish_house(house, levels, roof_m, 1);
  return house;
}

/// An outline in the side's frame: x along the street, y away from it.
Path placed(const MainSide& side, Vec2d origin, std::span<const Vec2d> points) {
  Path out;
  for (const Vec2d p : points) out.push_back(origin + side.along * p.x + side.in * p.y);
  return out;
}

/// Tries the building smaller and smaller until it fits; says whether it did.
bool add_shrinking(Site& site, const MainSide& side, const Polygon& land, std::span<const Vec2d> shape, const House& house) {
  for (double scale = 1; scale > 0.45; scale *= 0.9)
    for (const double shift : {0.5, 0.35, 0.65}) {
      double wide = 0;
      for (const Vec2d p : shape) wide = std::max(wide, p.x);
      Path scaled;
      for (const Vec2d p : shape) scaled.push_back(p * scale);
      const Vec2d origin = side.corner + side.along * (shift * side.long_m - wide * scale / 2) + side.in * 6;
      House attempt = house;
      attempt.outline = placed(side, origin, scaled);
      attempt.door = origin + side.along * (wide * scale / 2);
      const auto levels = attempt.levels;
      const double roof_m = attempt.roof_m;
      finish_house(attempt, levels, roof_m, 1);
      if (site.town.houses.add(std::move(attempt), land)) return true;
    }
  return false;
}

}  // namespace

void build_industry(Site& site) {
  for (const Polygon& whole : site.block.land) {
    const MainSide side = main_side(whole);
    const bool offices = site.random.chance(0.3);
    const double deep = offices ? 17 : site.random.uniform(26, 44), wide = offices ? 34 : site.random.uniform(30, 62);
    for (double y = 9 + deep / 2; y < 260; y += deep + 16)
      for (double x = 8 + wide / 2; x < side.long_m + 120; x += wide + 14) {
        const Vec2d centre = side.corner + side.along * x + side.in * y;
        for (double scale = 1; scale > 0.5; scale *= 0.8) {
          const double kind = site.random.uniform();
          const RoofShape roof = offices || kind < 0.4 ? RoofShape::flat
                                 : kind < 0.65         ? RoofShape::gabled
                                 : kind < 0.85         ? RoofShape::round
                                                       : RoofShape::skillion;
          House house = work(site, rectangle(centre, side.along, wide * scale, deep * scale),
                             centre - side.in * (deep * scale / 2), offices ? BuildingUse::office : BuildingUse::industrial,
                             roof, offices ? 3 + site.random.below(3) : 1 + site.random.below(2), 3);
          house.year = 1950 + site.random.below(70);
          if (!offices) house.work_area_m2 *= 0.45;
          if (site.town.houses.add(std::move(house), whole)) break;
        }
      }
  }
}

void build_school(Site& site) {
  const Polygon& land = site.block.land.front();
  const MainSide side = main_side(land);
  const std::vector<Vec2d> u_shape = {{0, 0}, {58, 0}, {58, 30}, {46, 30}, {46, 13}, {12, 13}, {12, 30}, {0, 30}};
  House school = work(site, {{0, 0}, {1, 0}, {1, 1}}, {}, BuildingUse::school,
                      site.random.chance(0.5) ? RoofShape::hipped : RoofShape::flat, 3, 3.5);
  school.name = "school";
  school.year = 1890 + site.random.below(110);
  add_shrinking(site, side, land, u_shape, school);
  const Circle room = largest_circle(land);
  for (double away = 34; away > 8; away -= 6) {
    const Vec2d centre = room.centre + side.in * (away * 0.6);
    House gym = work(site, rectangle(centre, side.along, 30, 17), centre, BuildingUse::school, RoofShape::round, 1, 3);
    gym.eaves_m = 6.5;
    gym.work_area_m2 *= 0.1;
    gym.year = 1970 + site.random.below(40);
    if (site.town.houses.add(std::move(gym), land)) return;
  }
}

void build_kindergarten(Site& site) {
  const Polygon& land = site.block.land.front();
  House house = work(site, {{0, 0}, {1, 0}, {1, 1}}, {}, BuildingUse::school,
                     site.random.chance(0.5) ? RoofShape::gabled : RoofShape::flat, 1, 2.6);
  house.name = "kindergarten";
  house.year = 1960 + site.random.below(60);
  add_shrinking(site, main_side(land), land, std::vector<Vec2d>{{0, 0}, {28, 0}, {28, 12}, {13, 12}, {13, 21}, {0, 21}}, house);
}

void build_campus(Site& site, BuildingUse use, std::string name) {
  for (const Polygon& land : site.block.land) {
    const MainSide side = main_side(land);
    const std::vector<Vec2d> comb = {{0, 0},   {86, 0},  {86, 40}, {72, 40}, {72, 15}, {50, 15},
                                     {50, 40}, {36, 40}, {36, 15}, {14, 15}, {14, 40}, {0, 40}};
    House house = work(site, {{0, 0}, {1, 0}, {1, 1}}, {}, use, RoofShape::hipped, use == BuildingUse::health ? 5 : 4, 3.2);
    if (use == BuildingUse::health) house.roof = RoofShape::flat;
    house.name = name;
    house.year = 1900 + site.random.below(90);
    if (add_shrinking(site, side, land, comb, house)) name.clear();
    for (const Polygon& inner : inset(land, 8)) {
      for (double y = 70; y < 260; y += 32)
        for (double x = 20; x < 300; x += 44) {
          const Vec2d centre = side.corner + side.along * x + side.in * y;
          House wing =
              work(site, rectangle(centre, side.along, 34, 15), centre, use, RoofShape::flat, 2 + site.random.below(4), 0);
          wing.year = 1965 + site.random.below(55);
          site.town.houses.add(std::move(wing), inner);
        }
    }
  }
}

void build_fire_station(Site& site) {
  const Polygon& land = site.block.land.front();
  House house = work(site, {{0, 0}, {1, 0}, {1, 1}}, {}, BuildingUse::civic, RoofShape::flat, 2, 0);
  house.name = "fire_station";
  house.year = 1978;
  add_shrinking(site, main_side(land), land, std::vector<Vec2d>{{0, 0}, {44, 0}, {44, 16}, {14, 16}, {14, 28}, {0, 28}}, house);
  const Circle room = largest_circle(land);
  for (double back = 20; back > -30; back -= 10) {
    const MainSide side = main_side(land);
    House police = work(site, rectangle(room.centre + side.in * back, side.along, 30, 14), room.centre, BuildingUse::civic,
                        RoofShape::hipped, 3, 3);
    police.name = "police";
    police.year = 1936;
    if (site.town.houses.add(std::move(police), land)) return;
  }
}

void build_sports(Site& site) {
  const Polygon& land = site.block.land.front();
  House hall = work(site, {{0, 0}, {1, 0}, {1, 1}}, {}, BuildingUse::culture, RoofShape::round, 1, 4.5);
  hall.name = "sports_hall";
  hall.year = 1974 + site.random.below(40);
  add_shrinking(site, main_side(land), land, std::vector<Vec2d>{{0, 0}, {44, 0}, {44, 26}, {0, 26}}, hall);
}

void build_allotments(Site& site) {
  for (const Polygon& land : site.block.land)
    for (const Polygon& garden : inset(land, 3)) {
      const MainSide side = main_side(garden);
      for (double y = 6; y < 220; y += 18)
        for (double x = 6; x < 320; x += 15) {
          if (site.random.chance(0.18)) continue;
          const Vec2d centre =
              side.corner + side.along * (x + site.random.uniform(-1.5, 1.5)) + side.in * (y + site.random.uniform(-2, 2));
          House hut = work(site, rectangle(centre, side.along, 4.4, 3.4), centre, BuildingUse::hut,
                           site.random.chance(0.6) ? RoofShape::gabled : RoofShape::skillion, 1, 0.9);
          hut.eaves_m = 2.2;
          hut.work_area_m2 = 0;
          hut.year = 1950 + site.random.below(70);
          site.town.houses.add(std::move(hut), garden);
        }
    }
}

}  // namespace citiverse::ingest::practice
