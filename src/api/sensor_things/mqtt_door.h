// Observations that are published to a broker of MQTT (OGC 18-088, 14.2), into the twin before the broker is told so.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "api/feeds/mapping.h"
#include "api/sensor_things/sensor_things_api.h"
#include "net/mqtt_subscriber.h"

namespace citiverse::api::sensor_things {

/// What every topic of this door begins with (14.2.1).
inline constexpr std::string_view kTopicRoot = "v1.1/";

/// Since the start.
struct MqttDoorFigures {
  std::atomic<std::uint64_t> taken = 0;
  std::atomic<std::uint64_t> refused = 0;  ///< Acknowledged as well: they would be no better the next time.
};

/// Listens to "v1.1/Observations" and "v1.1/Datastreams('…')/Observations". Who may publish there the broker decides; what
/// nobody can keep now waits there.
class ObservationDoor {
 public:
  /// What is passed must outlive it.
  ObservationDoor(const SensorThingsApi& api, const feeds::Broker& broker) : api_(api), broker_(broker) {}

  /// Once.
  void start();
  bool is_connected() const { return subscriber_ && subscriber_->figures().is_connected; }
  std::uint64_t acknowledged() const { return subscriber_ ? subscriber_->figures().acknowledged.load() : 0; }
  const MqttDoorFigures& figures() const { return figures_; }

 private:
  bool take(std::span<const net::MqttMessage> messages, const net::MqttSubscriber::Done& done);

  const SensorThingsApi& api_;
  const feeds::Broker& broker_;
  MqttDoorFigures figures_;
  std::optional<net::MqttSubscriber> subscriber_;  // Last: it ends before what it calls.
};

/// "mqtt://host:port", as the service root names it.
std::string endpoint_of(const feeds::Broker& broker);

}  // namespace citiverse::api::sensor_things
