// What other systems call a stop or a line, as the city's own object.
#pragma once

#include "api/feeds/intake.h"
#include "city/city.h"

namespace citiverse::api::feeds {

/// Stops by their code, and stops and lines by what the city's source says of them in gtfs:stop_id, gtfs:stop_code,
/// gtfs:route_id and ref; lines by the reference on the vehicle as well. Where several have a code, the first in the order of
/// ids. Cost: built once, a binary search each time. Threads: safe.
AnchorFinder find_anchors_in(const city::City& city);

}  // namespace citiverse::api::feeds
