// Which manner of building a block gets, and in which order.
#include "ingest/practice/building.h"

namespace citiverse::ingest::practice {
namespace {

void build_zone(Site& site) {
  switch (site.block.zone) {
    case Zone::old_town: return build_old_town(site);
    case Zone::inner: return build_perimeter(site);
    case Zone::mixed: return build_terraces(site);
    case Zone::garden: return build_gardens(site);
    case Zone::estate: return build_estate(site);
    case Zone::industry: return build_industry(site);
    case Zone::rural: return;
  }
}

void build_block(Site& site, const TownPlan& plan) {
  switch (site.block.use) {
    case BlockUse::built: return build_zone(site);
    case BlockUse::minster: return build_church(site, true);
    case BlockUse::small_square:
      if (site.random.chance(0.6)) build_church(site, false);
      return;
    case BlockUse::cemetery: return build_church(site, false);
    case BlockUse::station_square: return build_station(site, plan);
    case BlockUse::school: return build_school(site);
    case BlockUse::kindergarten: return build_kindergarten(site);
    case BlockUse::hospital: return build_campus(site, city::BuildingUse::health, "hospital");
    case BlockUse::university: return build_campus(site, city::BuildingUse::school, "university");
    case BlockUse::fire_police: return build_fire_station(site);
    case BlockUse::sports: return build_sports(site);
    case BlockUse::allotments: return build_allotments(site);
    default: return;
  }
}

}  // namespace

bool faces_street(const Block& block, Vec2d p) {
  constexpr double kAcrossPavementM = 9;
  return std::any_of(block.streets.begin(), block.streets.end(),
                     [&](const Strip& s) { return distance_to_path(s.line, p) < s.half_width_m + kAcrossPavementM; });
}

BuiltTown build_town(const Setting& setting, const TownPlan& plan, const std::vector<Block>& blocks) {
  BuiltTown town{Houses(setting.half_size_m()), {}};
  for (std::uint32_t i = 0; i < blocks.size(); ++i) {
    if (blocks[i].land.empty()) continue;
    Site site{blocks[i], i, setting, town, base::Random(setting.seed(), 100'000 + i)};
    if (contains(blocks[i].face, setting.castle()))
      build_castle(site);
    else
      build_block(site, plan);
  }
  choose_landmarks(town.houses, blocks, setting, plan);
  return town;
}

}  // namespace citiverse::ingest::practice
