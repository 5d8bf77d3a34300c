// What other systems call a stop or a line, as the city's own object.
#pragma once

#include "api/feeds/intake.h"
#include "city/city.h"

namespace citiverse::api::feeds {

/// Stops and lines by what the city's source says of them: gtfs:stop_id, gtfs:route_id, gtfs_id, gtfs:stop_code, ref:IFOPT and
/// ref, in this order; then stops by their code and lines by the reference on the vehicle. Where several have a code in the
/// same way, the first in the order of ids. Cost: built once, a binary search each time. Threads: safe.
AnchorFinder find_anchors_in(const city::City& city);

}  // namespace citiverse::api::feeds
