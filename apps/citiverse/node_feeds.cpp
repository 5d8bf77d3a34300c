// Opening the doors of a mapping file: what is wrong with it stops the node before it serves.
#include "node_feeds.h"

#include <algorithm>

#include "api/feeds/anchor_finder.h"
#include "api/feeds/report_routes.h"

namespace citiverse {

base::Result<std::unique_ptr<NodeFeeds>> NodeFeeds::open(const std::filesystem::path& mapping,
                                                         api::sensor_things::SensorThingsApi& sensor_things,
                                                         const city::City& city, net::Metrics& metrics) {
  const api::TwinApi& twin = sensor_things.twin;
  std::unique_ptr<NodeFeeds> node(new NodeFeeds);
  api::feeds::Mapping read;
  if (!mapping.empty()) {
    auto from_file = api::feeds::read_mapping_file(mapping, twin.store.names());
    if (!from_file) return std::unexpected(from_file.error());
    read = *std::move(from_file);
  }
  node->feeds_ = std::make_unique<api::feeds::Feeds>(twin, std::move(read), api::feeds::find_anchors_in(city));
  for (const api::feeds::Broker& broker : node->feeds_->mapping().brokers)
    node->brokers_.push_back(std::make_unique<api::feeds::MqttDoor>(*node->feeds_, broker));
  for (const api::feeds::Broker& broker : node->feeds_->mapping().brokers) {
    if (!broker.takes_observations) continue;
    node->observation_doors_.push_back(std::make_unique<api::sensor_things::ObservationDoor>(sensor_things, broker));
    sensor_things.mqtt_endpoints.push_back(api::sensor_things::endpoint_of(broker));
  }
  api::feeds::Feeds& feeds = *node->feeds_;
  node->poller_ = std::make_unique<api::feeds::Poller>(
      feeds, api::feeds::polled_feeds_of(feeds, api::feeds::fetch_feed_by_http(feeds.mapping())));
  node->add_metrics(metrics);
  node->add_observation_metrics(metrics);
  return node;
}

void NodeFeeds::add_metrics(net::Metrics& metrics) {
  using api::feeds::FeedFigures;
  const auto count = [&](std::string name, std::string help, std::atomic<std::uint64_t> FeedFigures::* figure) {
    metrics.add_value(std::move(name), std::move(help), "counter",
                      [&feeds = *feeds_, figure] { return static_cast<double>((feeds.figures().*figure).load()); });
  };
  count("citiverse_feed_messages_total", "Messages that came by reports over HTTP or a mapping file.", &FeedFigures::messages);
  count("citiverse_feed_messages_refused_total", "Of them, those that could not be read.", &FeedFigures::messages_refused);
  count("citiverse_feed_reports_total", "Reports that were taken.", &FeedFigures::taken);
  count("citiverse_feed_reports_refused_total", "Items of messages that could not be used.", &FeedFigures::refused);
  count("citiverse_feed_fetches_failed_total", "Feeds that could not be fetched or read.", &FeedFigures::fetches_failed);
  if (brokers_.empty()) return;
  metrics.add_value("citiverse_mqtt_brokers_connected", "Brokers that this node listens to.", "gauge", [this] {
    return static_cast<double>(std::ranges::count_if(brokers_, [](const auto& each) { return each->is_connected(); }));
  });
  metrics.add_value("citiverse_mqtt_acknowledged_total", "Messages that brokers were told are kept.", "counter", [this] {
    std::uint64_t sum = 0;
    for (const auto& each : brokers_) sum += each->acknowledged();
    return static_cast<double>(sum);
  });
}

// Of the doors for Observations together.
void NodeFeeds::add_observation_metrics(net::Metrics& metrics) {
  if (observation_doors_.empty()) return;
  const auto sum = [this](auto member) {
    return [this, member] {
      std::uint64_t all = 0;
      for (const auto& each : observation_doors_) all += (each->figures().*member).load();
      return static_cast<double>(all);
    };
  };
  using api::sensor_things::MqttDoorFigures;
  metrics.add_value("citiverse_sensor_things_mqtt_taken_total", "Observations of SensorThings that came by MQTT.", "counter",
                    sum(&MqttDoorFigures::taken));
  metrics.add_value("citiverse_sensor_things_mqtt_refused_total", "Messages there that were no Observations.", "counter",
                    sum(&MqttDoorFigures::refused));
}

void NodeFeeds::add_routes(net::Router& router) { api::feeds::add_report_routes(router, *feeds_); }

void NodeFeeds::start() {
  for (const auto& each : brokers_) each->start();
  for (const auto& each : observation_doors_) each->start();
  poller_->start();
}

}  // namespace citiverse
