// What lies between the streets: each face of the network less its streets, with the quarter it belongs to and what it is for.
#pragma once

#include "ingest/practice/street_field.h"
#include "ingest/practice/street_graph.h"
#include "ingest/practice/town_plan.h"

namespace citiverse::ingest::practice {

enum class BlockUse : std::uint8_t {
  built,  ///< As its zone builds.
  market,
  minster,  ///< The square around the old church.
  small_square,
  station_square,
  railway,
  water,
  island,
  bank,  ///< The green strip between quay and water.
  park,
  cemetery,
  allotments,
  sports,
  school,
  kindergarten,
  hospital,
  university,
  fire_police,
  countryside,  ///< Fields, woods and vineyards; divided later.
};

struct Block {
  Path face;                  ///< Between the middles of the streets.
  std::vector<Polygon> land;  ///< What the streets leave, largest first; empty for water and railway.
  std::vector<std::uint32_t> edges;
  Vec2d centre;                ///< A point inside, as far from the edges as can be.
  std::vector<Strip> streets;  ///< Those of its edges that are streets, with half their room.
  double depth_m = 0;          ///< Radius of the largest circle inside the land.
  double slope = 0;
  double remoteness = 0;
  Zone zone = Zone::rural;
  BlockUse use = BlockUse::built;
};

/// Half of the room that a street of this kind takes, pavements included.
double half_room_m(LineKind kind, Zone zone);

/// Blocks in the order of the graph's faces, each with its land and its use.
std::vector<Block> lay_out_blocks(const Setting& setting, const TownPlan& plan, const StreetField& field,
                                  const StreetGraph& graph);

}  // namespace citiverse::ingest::practice
