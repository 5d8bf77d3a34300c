// Who lives and works where: homes, people and jobs in buildings, summing to what was asked for.
#pragma once

#include "ingest/practice/houses.h"

namespace citiverse::ingest::practice {

/// Jobs for each resident, as in a town that serves its surroundings.
inline constexpr double kJobsPerPerson = 0.5;

/// Shares people out by lived-in floor area and jobs by worked-in floor area, by largest remainder: the sums are exactly
/// `people` and kJobsPerPerson × people, where any building is lived or worked in at all.
void settle(Houses& houses, std::uint32_t people);

}  // namespace citiverse::ingest::practice
