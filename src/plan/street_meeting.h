// Where new streets meet old ones: networks join where streets share a vertex, so a drawn line gets one with what it meets.
#pragma once

#include <vector>

#include "city/city_patch.h"
#include "plan/state.h"

namespace citiverse::plan {

/// True when a line was drawn for the street.
bool has_new_line(const ObjectEdits& street);

/// Joins the streets that were drawn with all others on the same level: corners within kMeetDistanceM of a corner or a side
/// move onto it, sides that cross share a vertex. Gives the streets that were not drawn but got a vertex.
std::vector<city::FeatureId> join_streets(const city::City& base, const PlanState& state,
                                          const std::vector<city::FeatureId>& drawn, city::CityPatch& patch);

}  // namespace citiverse::plan
