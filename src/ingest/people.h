// Homes, people and jobs of an imported city, estimated from floor area and use, since OpenStreetMap holds none.
#pragma once

#include "city/feature.h"

namespace citiverse::ingest {

/// Sets homes, people and jobs of a building with this footprint, and marks them as estimated (kPeopleEstimated). Buildings
/// without a known use count as housing when they are as large as houses are; sheds, garages and ruins hold nobody. Floor areas
/// a person are those that planning handbooks use (people.cpp); single buildings may be far off, a quarter less so.
void estimate_people(city::Building& building, double footprint_m2);

}  // namespace citiverse::ingest
