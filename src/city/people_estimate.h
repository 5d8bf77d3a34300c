// Homes, people and jobs of a building, estimated from floor area and use, where nobody says: OpenStreetMap holds none, and a
// planned building has none yet.
#pragma once

#include "city/feature.h"

namespace citiverse::city {

/// Sets homes, people and jobs of a building with this footprint, and marks them as estimated (kPeopleEstimated). Buildings
/// without a known use count as housing when they are as large as houses are; sheds, garages and ruins hold nobody. Floor areas
/// a person are those that planning handbooks use (people_estimate.cpp); single buildings may be far off, a quarter less so.
void estimate_people(Building& building, double footprint_m2);

}  // namespace citiverse::city
