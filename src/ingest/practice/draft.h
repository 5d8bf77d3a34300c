// Everything the generator has decided, before it becomes a city: what the makers of names, places and lines read and add to.
#pragma once

#include "ingest/practice/countryside.h"
#include "ingest/practice/people.h"

namespace citiverse::ingest::practice {

struct District {
  Name name;
  std::vector<Polygon> areas;
  std::uint32_t people = 0;
};

struct Draft {
  const Setting& setting;
  const TownPlan& plan;
  const StreetGraph& graph;
  const std::vector<Block>& blocks;
  std::vector<Way> ways;
  BuiltTown town;
  Greenery greenery;
  std::vector<Name> block_names{};  ///< Index as blocks; empty where none.
  std::vector<District> districts{};
  std::vector<std::uint32_t> district_of_block{};  ///< 0xFFFFFFFF outside the town.
};

}  // namespace citiverse::ingest::practice
