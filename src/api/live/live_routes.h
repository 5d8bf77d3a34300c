// The addresses at which the client reads what lives.
#pragma once

#include "api/live/live_hub.h"
#include "net/router.h"

namespace citiverse::api {

/// GET /api/v1/live and GET /api/v1/live/stream. `hub` must outlive the router.
void add_live_routes(net::Router& router, LiveHub& hub);

}  // namespace citiverse::api
