// Building the town block by block, each in the manner of its quarter.
#pragma once

#include "ingest/practice/frontage.h"
#include "ingest/practice/houses.h"

namespace citiverse::ingest::practice {

/// A line of hedge or fence between gardens.
struct Hedge {
  Path line;
  city::BarrierClass barrier = city::BarrierClass::hedge;
};

struct BuiltTown {
  Houses houses;
  std::vector<Hedge> hedges;
};

/// One block under construction.
struct Site {
  const Block& block;
  std::uint32_t index;
  const Setting& setting;
  BuiltTown& town;
  base::Random random;
};

/// Some street runs by within a few metres of the block's border at this point.
bool faces_street(const Block& block, Vec2d p);

/// Builds every block: first landmarks and what serves the town, then dwellings and work.
BuiltTown build_town(const Setting& setting, const TownPlan& plan, const std::vector<Block>& blocks);

/// Sets height, floor area and year from use and levels; work takes the ground floor's share `work_share` or all.
void finish_house(House& house, std::uint32_t levels, double roof_m, double work_share);

// One manner of building each.
void build_old_town(Site& site);
void build_perimeter(Site& site);
void build_terraces(Site& site);
void build_gardens(Site& site);
void build_estate(Site& site);
void build_industry(Site& site);
void build_school(Site& site);
void build_kindergarten(Site& site);
void build_campus(Site& site, city::BuildingUse use, std::string name);
void build_fire_station(Site& site);
void build_sports(Site& site);
void build_allotments(Site& site);
void build_church(Site& site, bool is_minster);
void build_castle(Site& site);
void build_station(Site& site, const TownPlan& plan);

/// Houses that stand for something at the best places of the town, named for what they are; the naming comes later.
void choose_landmarks(Houses& houses, const std::vector<Block>& blocks, const Setting& setting, const TownPlan& plan);

}  // namespace citiverse::ingest::practice
