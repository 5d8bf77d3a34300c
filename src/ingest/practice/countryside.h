// What grows where nobody builds: woods, meadows, fields and vineyards around the town, parks and gardens in it, and every
// tree.
#pragma once

#include "ingest/practice/building.h"
#include "ingest/practice/ways.h"

namespace citiverse::ingest::practice {

struct GreenArea {
  Polygon area;
  city::GreenClass green = city::GreenClass::grass;
  std::uint32_t block = 0;
};
struct PlantedTree {
  Vec2d foot;
  city::Tree tree;
};
struct Greenery {
  std::vector<GreenArea> areas;
  std::vector<Polygon> ponds;
  std::vector<PlantedTree> trees;
};

Greenery plant(const Setting& setting, const TownPlan& plan, const StreetField& field, const std::vector<Block>& blocks,
               const std::vector<Way>& ways, const BuiltTown& town);

}  // namespace citiverse::ingest::practice
