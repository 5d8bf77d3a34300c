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
  bool is_named = false;  ///< Bears its block's name.
};
struct PlantedTree {
  Vec2d foot;
  city::Tree tree;
};
struct Greenery {
  std::vector<GreenArea> areas;
  std::vector<GreenArea> leisure;  ///< Pitches and playgrounds, inside other areas.
  std::vector<Polygon> fountains;
  std::vector<Polygon> car_parks;
  std::vector<Polygon> ponds;
  std::vector<PlantedTree> trees;
};

/// Plants around what `all` already holds.
Greenery plant(const Setting& setting, const TownPlan& plan, const StreetField& field, const std::vector<Block>& blocks,
               const std::vector<Way>& ways, const BuiltTown& town, Greenery all);

/// Pitches, playgrounds, fountains and car parks, where buildings and paths leave room.
void lay_out_leisure(const Setting& setting, const std::vector<Block>& blocks, const std::vector<Way>& ways,
                     const Houses& houses, Greenery& out);

}  // namespace citiverse::ingest::practice
