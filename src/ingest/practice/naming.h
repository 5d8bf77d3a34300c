// Who is called what: streets, squares, parks, bridges and districts get names, and buildings their addresses.
#pragma once

#include "ingest/practice/draft.h"

namespace citiverse::ingest::practice {

/// Names every line of the network once, so that all ways of a line share a name.
void name_ways(Draft& draft, Names& names);
/// Squares, parks, schools and cemeteries; empty names for the rest. Index as Draft::blocks.
void name_blocks(Draft& draft, Names& names);
/// Quarters of about equal extent, made of whole blocks: the old town, then others on either bank.
void lay_out_districts(Draft& draft, Names& names);
/// Numbers buildings along the street they face: odd on the left, even on the right, from the town's middle outwards.
void give_addresses(Draft& draft);

}  // namespace citiverse::ingest::practice
