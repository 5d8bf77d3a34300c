// The addresses at which systems that speak no standard put tables and JSON into the twin.
#pragma once

#include "api/feeds/feeds.h"
#include "net/router.h"

namespace citiverse::api::feeds {

/// POST /api/v1/live/reports, in the node's own plain form, and POST /api/v1/live/reports/{rule}, by a rule of the mapping file
/// that says "post": true. Into the default tenant. `feeds` must outlive the router.
void add_report_routes(net::Router& router, Feeds& feeds);

}  // namespace citiverse::api::feeds
