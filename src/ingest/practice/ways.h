// The street network as people name it: edges of one line joined into ways, each with class, width and modes.
#pragma once

#include <string>

#include "city/feature.h"
#include "ingest/practice/houses.h"
#include "ingest/practice/names.h"

namespace citiverse::ingest::practice {

struct Way {
  Path path;               ///< Vertices shared with every way that it meets.
  std::uint32_t line = 0;  ///< Ways of one line bear one name.
  LineKind kind = LineKind::minor;
  city::Street street;
  Zone zone = Zone::rural;
  Name name;
};

/// In order of the graph's edges. Bridges are ways of their own.
std::vector<Way> ways_of(const StreetGraph& graph, const Setting& setting, const TownPlan& plan, const StreetField& field);

/// Lines through parks and across squares that no block depends on, from nodes of the network.
void add_park_paths(std::vector<Way>& ways, const StreetGraph& graph, const std::vector<Block>& blocks, const Houses& houses,
                    const Setting& setting);

/// The values of a street of this class, on the ground.
city::Street street_of(city::StreetClass street_class);

}  // namespace citiverse::ingest::practice
