// The addresses at which the client reads what lives.
#pragma once

#include "api/live/live_hub.h"
#include "net/router.h"
#include "twin/history/history.h"

namespace citiverse::api {

/// GET /api/v1/live and GET /api/v1/live/stream. What is passed must outlive the router; without a history nobody is told of a
/// moment that is gone.
void add_live_routes(net::Router& router, LiveHub& hub, const twin::history::History* history = nullptr);

}  // namespace citiverse::api
