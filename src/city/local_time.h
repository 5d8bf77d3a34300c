// The clock on the city's wall.
#pragma once

#include <chrono>
#include <string_view>

#include "base/result.h"
#include "city/opening_hours.h"

namespace citiverse::city {

/// What the wall clock shows in an IANA time zone at a moment. Fails: bad_input for a zone that the IANA database does not
/// have. Cost: a look-up in ICU's zone cache. Threads: safe. Source: IANA tz database, as Debian ships it with ICU.
base::Result<LocalTime> local_time_in(std::string_view time_zone, std::chrono::sys_seconds moment);

}  // namespace citiverse::city
