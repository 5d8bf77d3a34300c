// Shops, food, schools, health, culture, offices and street furniture: somewhere to go, with hours, in a fair number for the
// town.
#pragma once

#include "ingest/practice/draft.h"

namespace citiverse::ingest::practice {

struct PlannedPlace {
  Vec2d point;
  city::PlaceClass place_class = city::PlaceClass::other;
  std::string subtype;  ///< An OSM value, such as "bakery".
  Name name;
  std::string opening_hours;  ///< OSM syntax; empty where it is always open or nobody says.
  city::Wheelchair wheelchair = city::Wheelchair::unknown;
  std::uint32_t capacity = 0;
  std::uint32_t house = 0xFFFFFFFFu;  ///< Whose address it has.
};

/// Puts trades into houses by how central they are and how far from their like, then what stands for itself.
std::vector<PlannedPlace> open_places(const Draft& draft, Names& names);

}  // namespace citiverse::ingest::practice
