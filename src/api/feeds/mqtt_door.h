// Messages of a broker into the twin: acknowledged when they are as durable as the node promises, and not before.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "api/feeds/feeds.h"
#include "net/mqtt_subscriber.h"

namespace citiverse::api::feeds {

/// What cannot be used is counted, told to the log and acknowledged, since it would be no better the next time. Where the store
/// has no room the messages wait, first here and then at the broker; where the disk refuses they stay at the broker.
class MqttDoor {
 public:
  MqttDoor(Feeds& feeds, const Broker& broker);

  /// Once.
  void start();
  bool is_connected() const { return subscriber_ && subscriber_->figures().is_connected; }
  std::uint64_t acknowledged() const { return subscriber_ ? subscriber_->figures().acknowledged.load() : 0; }

 private:
  bool take(std::span<const net::MqttMessage> messages, const net::MqttSubscriber::Done& done);

  Feeds& feeds_;
  const Broker& broker_;
  std::vector<const Rule*> rules_;
  std::unique_ptr<twin::ReportWrites> waiting_;  // Mapped already, and offered again when the store had no room.
  std::optional<net::MqttSubscriber> subscriber_;
};

/// How to reach a broker, without topics.
net::MqttOptions options_of(const Broker& broker);

}  // namespace citiverse::api::feeds
