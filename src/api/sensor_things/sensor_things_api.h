// The SensorThings door of the node (OGC 18-088, SensorThings API 1.1, part 1: Sensing): what its routes share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/sensor_things/terms.h"
#include "api/twin_api.h"
#include "net/router.h"
#include "twin/history/history.h"
#include "twin/store.h"

namespace citiverse::api::sensor_things {

inline constexpr std::string_view kBase = "/sensorthings/v1.1";

/// Must outlive the router.
struct SensorThingsApi {
  const TwinApi& twin;
  twin::history::History& history;
  std::string origin;  ///< The node's own address, for links; empty: the one that a request was sent to, by http.
  twin::Store& store = twin.store;
  Terms terms{twin.store.names()};
  std::vector<std::string> mqtt_endpoints;  ///< Where Observations may be published; set before the node serves.
};

/// The service root as links in the answer to a request name it.
std::string service_root(const SensorThingsApi& api, const net::Request& request);

void add_read_routes(net::Router& router, const SensorThingsApi& api);
void add_write_routes(net::Router& router, const SensorThingsApi& api);
/// Both.
void add_sensor_things_routes(net::Router& router, const SensorThingsApi& api);

}  // namespace citiverse::api::sensor_things
