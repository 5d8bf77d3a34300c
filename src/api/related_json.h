// What belongs to an object: its parts, its building, its street, its lines, its next departures.
#pragma once

#include "api/summary_json.h"

namespace citiverse::api {

inline constexpr std::size_t kRelatedMax = 50;
inline constexpr std::size_t kDeparturesMax = 12;

/// Writes the contract's Related as one object.
void write_related(base::JsonWriter& json, const CityModel& model, city::FeatureIndex feature, const SummaryView& view,
                   const Moment& time);

}  // namespace citiverse::api
