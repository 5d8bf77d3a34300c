// Streets as people name them: many pieces in the data, one street in the list.
#pragma once

#include <string_view>
#include <vector>

#include "city/city.h"

namespace citiverse::api {

/// Pieces of one name, each less than kStreetGapM from another.
struct NamedStreet {
  city::FeatureIndex longest = city::kNone;  ///< The piece that stands for the street.
  double length_m = 0;                       ///< Of all pieces.
  std::vector<city::FeatureIndex> pieces;
};
inline constexpr double kStreetGapM = 100;

/// All named streets, by name and then place.
std::vector<NamedStreet> named_streets(const city::City& city);

}  // namespace citiverse::api
