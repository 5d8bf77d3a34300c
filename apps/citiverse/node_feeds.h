// The doors by which other systems' messages come into a node: what the mapping file names, and reports over HTTP.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "api/feeds/feeds.h"
#include "api/feeds/mqtt_door.h"
#include "api/feeds/polled_feeds.h"
#include "api/sensor_things/mqtt_door.h"
#include "base/result.h"
#include "city/city.h"
#include "net/metrics.h"
#include "net/router.h"

namespace citiverse {

/// Stays where it is: routes and doors point into it. Must go before the twin.
class NodeFeeds {
 public:
  /// `mapping` may be empty: then only plain reports come in. Whatever is passed must outlive it.
  static base::Result<std::unique_ptr<NodeFeeds>> open(const std::filesystem::path& mapping,
                                                       api::sensor_things::SensorThingsApi& sensor_things,
                                                       const city::City& city, net::Metrics& metrics);

  void add_routes(net::Router& router);
  /// Begins to listen and to ask; when the node serves, so that what comes is seen.
  void start();

 private:
  NodeFeeds() = default;
  void add_metrics(net::Metrics& metrics);
  void add_observation_metrics(net::Metrics& metrics);

  std::unique_ptr<api::feeds::Feeds> feeds_;
  std::vector<std::unique_ptr<api::feeds::MqttDoor>> brokers_;
  std::vector<std::unique_ptr<api::sensor_things::ObservationDoor>> observation_doors_;
  std::unique_ptr<api::feeds::Poller> poller_;
};

}  // namespace citiverse
