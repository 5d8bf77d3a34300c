// Everything the generator has decided, before it becomes a city: what the makers of names, places and lines read and add to.
#pragma once

#include "ingest/practice/countryside.h"
#include "ingest/practice/people.h"

namespace citiverse::ingest::practice {

struct Draft {
  const Setting& setting;
  const TownPlan& plan;
  const StreetGraph& graph;
  const std::vector<Block>& blocks;
  std::vector<Way> ways;
  BuiltTown town;
  Greenery greenery;
};

}  // namespace citiverse::ingest::practice
