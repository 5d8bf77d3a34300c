// A believable small European river city from nothing but a seed: where people can practise before, or without, a real one.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "city/city.h"

namespace citiverse::ingest::practice {

struct PracticeOptions {
  std::uint64_t seed = 1;
  std::uint32_t people = 12'000;  ///< kPeopleMin to kPeopleMax; sets the city's size.
};

/// The same options give the same city, byte for byte, on machines whose libm agrees (cos, sin and pow steer a few curves, and
/// every coordinate is snapped to millimetres). It lies in the open Atlantic, so that it is mistaken for no real place.
/// Residents sum to `people`, jobs to half of that. Fails: bad_input for numbers outside the limits.
/// Cost: about 2 s and 200 MB for 12,000 people on one core; grows with the area.
base::Result<city::City> make_practice_city(const PracticeOptions& options);

}  // namespace citiverse::ingest::practice
