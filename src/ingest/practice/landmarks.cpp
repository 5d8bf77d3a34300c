// What one sees from afar: churches with towers, the castle on its hill, the station; and which houses became halls and
// museums.
#include <algorithm>
#include <cmath>

#include "ingest/practice/building.h"

namespace citiverse::ingest::practice {
namespace {

using city::BuildingUse;
using city::RoofOrientation;
using city::RoofShape;

/// A church along the x axis: tower, nave, choir. `size` is half the nave's width in metres.
House church(double size, bool onion) {
  const double t = size * 0.52, n = size, l = size * 4.2, c = size * 0.72, e = size * 1.5;
  House house;
  house.outline = {
      {-2 * t, -t},      {0, -t}, {0, -n}, {l, -n}, {l, -c}, {l + e * 0.55, -c}, {l + e, -c * 0.42}, {l + e, c * 0.42},
      {l + e * 0.55, c}, {l, c},  {l, n},  {0, n},  {0, t},  {-2 * t, t}};
  const Path tower = {{-2 * t, -t}, {0, -t}, {0, t}, {-2 * t, t}};
  const Path nave = {{0, -n}, {l, -n}, {l, -c}, {l, c}, {l, n}, {0, n}, {0, t}, {0, -t}};
  const Path choir = {{l, -c}, {l + e * 0.55, -c}, {l + e, -c * 0.42}, {l + e, c * 0.42}, {l + e * 0.55, c}, {l, c}};
  const double walls = size * 1.35;
  house.parts.push_back({tower, 0, size * 3.6, size * (onion ? 1.6 : 2.3), onion ? RoofShape::onion : RoofShape::pyramidal,
                         RoofOrientation::along});
  house.parts.push_back({nave, 0, walls, size * 1.15, RoofShape::gabled, RoofOrientation::along});
  house.parts.push_back({choir, 0, walls * 0.9, size * 0.7, RoofShape::pyramidal, RoofOrientation::along});
  house.use = BuildingUse::worship;
  house.levels = 1;
  house.eaves_m = size * 3.6;
  house.roof_m = house.parts[0].roof_m;
  house.roof = house.parts[0].roof;
  return house;
}

void place(Path& path, Vec2d origin, Vec2d axis) {
  for (Vec2d& p : path) p = geo::snapped_to_mm(origin + axis * p.x + left_of(axis) * p.y);
}

void place(House& house, Vec2d origin, Vec2d axis) {
  place(house.outline, origin, axis);
  for (HousePart& part : house.parts) place(part.outline, origin, axis);
}

Path round_tower(double radius_m) {
  Path ring;
  for (int i = 0; i < 12; ++i)
    ring.push_back({radius_m * std::cos(i * 0.5235987755982988), radius_m * std::sin(i * 0.5235987755982988)});
  return ring;
}

/// The free house that scores best becomes the landmark.
template <class Score>
void become(Houses& houses, const char* name, BuildingUse use, const Score& score) {
  House* best = nullptr;
  double best_score = 0;
  for (House& h : houses.all()) {
    if (!h.name.empty() || h.use == BuildingUse::garage || h.use == BuildingUse::hut || !h.parts.empty()) continue;
    const double s = score(h);
    if (s > best_score) best_score = s, best = &h;
  }
  if (best == nullptr) return;
  best->name = name;
  best->use = use;
  best->work_area_m2 += best->home_area_m2;
  best->home_area_m2 = 0;
}

}  // namespace

void build_church(Site& site, bool is_minster) {
  if (site.block.land.empty()) return;
  const Polygon& land = site.block.land.front();
  const Circle room = largest_circle(land);
  const auto& built = site.town.houses.all();
  // Every other parish church has an onion on its tower.
  const bool onion = std::count_if(built.begin(), built.end(), [](const House& h) { return h.name == "church"; }) % 2 == 0;
  for (double size = is_minster ? 11.5 : 6.5; size > (is_minster ? 4.5 : 3.8); size *= 0.94)
    for (const double turn : {0.0, 0.3, -0.3, 0.6, -0.6, 1.2}) {
      // The choir looks east, as far as the square allows.
      const Vec2d axis = {std::cos(turn), std::sin(turn)};
      House house = church(size, onion && !is_minster);
      place(house, room.centre - axis * (size * 2.3), axis);
      house.block = site.index;
      house.door = house.outline[0] * 0.5 + house.outline.back() * 0.5;
      house.name = is_minster ? "minster" : "church";
      house.year = is_minster ? 1290 + site.random.below(120) : 1600 + site.random.below(300);
      house.work_area_m2 = 120;
      if (site.town.houses.add(std::move(house), land)) return;
    }
}

void build_castle(Site& site) {
  if (site.block.land.empty() || !contains(site.block.land.front(), site.setting.castle())) return;
  const Polygon& land = site.block.land.front();
  const Vec2d centre = site.setting.castle();
  const auto add = [&](Path outline, Vec2d at, RoofShape roof, std::uint32_t levels, double roof_m, const char* name) {
    House house;
    place(outline, at, {1, 0});
    house.outline = std::move(outline);
    house.door = at;
    house.block = site.index;
    house.use = BuildingUse::culture;
    house.roof = roof;
    house.year = 1180 + site.random.below(200);
    finish_house(house, levels, roof_m, 0.3);
    house.home_area_m2 = 0;
    house.name = name;
    site.town.houses.add(std::move(house), land);
  };
  add({{-6, -6}, {6, -6}, {6, 6}, {-6, 6}}, centre + Vec2d{-16, 4}, RoofShape::pyramidal, 8, 7, "castle");
  add({{0, 0}, {34, 0}, {34, 12}, {0, 12}}, centre + Vec2d{-6, 14}, RoofShape::hipped, 3, 4.5, "");
  add({{0, 0}, {12, 0}, {12, 22}, {0, 22}}, centre + Vec2d{18, -14}, RoofShape::gabled, 2, 4, "");
  add(round_tower(5), centre + Vec2d{36, 24}, RoofShape::pyramidal, 5, 6, "");
  add(round_tower(4.5), centre + Vec2d{-30, -20}, RoofShape::dome, 4, 4.5, "");
  Path wall;
  for (int i = 0; i <= 24; ++i) {
    const double angle = i * 0.2617993877991494;
    wall.push_back(centre + Vec2d{45 * std::cos(angle), 36 * std::sin(angle)});
  }
  site.town.hedges.push_back({wall, city::BarrierClass::city_wall});
}

void build_station(Site& site, const TownPlan& plan) {
  if (site.block.land.empty()) return;
  const Vec2d along = plan.station_direction();
  for (double wide = 78; wide > 18; wide *= 0.85)
    for (double away = 12; away < 80; away += 4)
      for (const double shift : {0.0, 25.0, -25.0, 55.0, -55.0}) {
        const Vec2d centre =
            plan.station() - left_of(along) * (plan.railway_half_width_m(plan.station()) + away) + along * shift;
        House house;
        house.outline = rectangle(centre, along, wide, 15);
        house.door = centre - left_of(along) * 8;
        house.block = site.index;
        house.use = BuildingUse::transport;
        house.roof = RoofShape::hipped;
        house.year = 1868;
        finish_house(house, 2, 4, 0.6);
        house.home_area_m2 = 0;
        house.name = "station";
        if (site.town.houses.add(std::move(house), site.block.land.front())) return;
      }
}

void choose_landmarks(Houses& houses, const std::vector<Block>& blocks, const Setting& setting, const TownPlan& plan) {
  const auto big = [](const House& h) { return std::min(std::abs(signed_area(h.outline)), 700.0) / 700; };
  const auto near = [](const House& h, Vec2d p, double reach) { return smooth_step(reach, 0, distance(h.door, p)); };
  const double r = setting.old_radius_m();
  const Vec2d market = plan.market()[0] * 0.5 + plan.market()[2] * 0.5;
  become(houses, "town_hall", BuildingUse::civic, [&](const House& h) {
    return big(h) * near(h, market, r * 0.6) * (distance_to_ring(plan.market(), h.door) < 16 ? 2 : 0.2);
  });
  House* hall = nullptr;
  for (House& h : houses.all())
    if (h.name == "town_hall") hall = &h;
  if (hall != nullptr) {
    hall->levels = std::max(hall->levels, 3u);
    hall->eaves_m = 0.4 + 3.8 * hall->levels;
    hall->roof = RoofShape::hipped;
    hall->roof_m = 5.5;
    hall->year = 1562;
  }
  const auto in = [&](const House& h, Zone z) { return blocks[h.block].zone == z ? 1.0 : 0.05; };
  become(houses, "museum", BuildingUse::culture,
         [&](const House& h) { return big(h) * near(h, market, r * 2) * in(h, Zone::old_town); });
  become(houses, "theatre", BuildingUse::culture,
         [&](const House& h) { return big(h) * near(h, market, r * 2.6) * in(h, Zone::inner); });
  become(houses, "library", BuildingUse::culture, [&](const House& h) { return big(h) * near(h, market, r * 2); });
  become(houses, "city_office", BuildingUse::civic,
         [&](const House& h) { return big(h) * near(h, market, r * 2.4) * in(h, Zone::inner); });
  become(houses, "post_office", BuildingUse::civic,
         [&](const House& h) { return big(h) * near(h, plan.station(), r * 3) * in(h, Zone::inner); });
  const int hotels = 2 + static_cast<int>(setting.people() / 7'000);
  for (int i = 0; i < hotels; ++i)
    become(houses, "hotel", BuildingUse::hotel,
           [&](const House& h) { return big(h) * (i % 2 == 0 ? near(h, market, r * 3) : near(h, plan.station(), r * 3)); });
  const int clinics = 1 + static_cast<int>(setting.people() / 9'000);
  for (int i = 0; i < clinics; ++i)
    become(houses, "clinic", BuildingUse::health, [&](const House& h) {
      const double luck = noise(setting.seed() ^ (0x91u + static_cast<unsigned>(i)), h.door * (1 / 300.0)) + 1;
      return big(h) * luck * (blocks[h.block].zone == Zone::mixed || blocks[h.block].zone == Zone::inner ? 1 : 0.05);
    });
  if (setting.people() >= 20'000)
    become(houses, "cinema", BuildingUse::culture,
           [&](const House& h) { return big(h) * near(h, plan.station(), r * 4) * in(h, Zone::inner); });
}

}  // namespace citiverse::ingest::practice
