// What people go to: which places of a city count as which kind of destination.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "city/city.h"

namespace citiverse::sim {

/// Kinds of destination. Append only: they are named on the wire.
enum class Destination : std::uint8_t {
  groceries,  ///< Supermarkets, convenience stores, greengrocers.
  shop,       ///< Every shop, groceries included.
  pharmacy,
  doctor,  ///< Doctors, clinics, hospitals; not dentists, vets, physiotherapists.
  school,
  childcare,
  green,  ///< Public green of kGreenLeastM2: parks, gardens named as such, forests, grass with a name.
  playground,
  sport,
  culture,
  food,
  transit,  ///< Stops of public transport.
  work,     ///< Jobs in buildings; each counts.
};
inline constexpr std::size_t kDestinations = 13;

/// Lower-case English name, such as "groceries".
std::string_view name_of(Destination d);

/// Public green counts from this size. Source: WHO Regional Office for Europe 2016, "Urban green spaces and health": half a
/// hectare within 300 m.
inline constexpr double kGreenLeastM2 = 5000;
/// Green is entered anywhere along its border: a point every so many metres.
inline constexpr double kGreenDoorsM = 60;

/// One door of a destination. The doors of one destination share its feature; `weight` is on the first alone.
struct Opportunity {
  Destination kind = Destination::shop;
  city::FeatureIndex feature = city::kNone;
  geo::Vec2d door;
  float weight = 1;    ///< What it counts for: 1, jobs of work.
  float capacity = 1;  ///< Seats, beds where the source tells; else 1. What two-step floating catchment shares out.
};

/// All of a city, in order of feature, then kind.
std::vector<Opportunity> opportunities_of(const city::City& city);

}  // namespace citiverse::sim
