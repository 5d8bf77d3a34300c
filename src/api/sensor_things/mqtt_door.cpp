// A message is a POST of an Observation to the address in its topic; a batch of messages is one write.
#include "api/sensor_things/mqtt_door.h"

#include <fmt/format.h>

#include "api/feeds/mqtt_door.h"
#include "api/sensor_things/creation.h"
#include "api/sensor_things/resource.h"
#include "base/log.h"

namespace citiverse::api::sensor_things {
namespace {

using base::ErrorCode;

// Adds to a plan what a message says, or says why it cannot be.
base::Result<void> plan_observation(const SensorThingsApi& api, Reader& reader, Plan& plan, const net::MqttMessage& message) {
  const auto refused = [](std::string why) { return base::fail(ErrorCode::bad_input, std::move(why)); };
  const std::string_view topic = message.topic;
  if (!topic.starts_with(kTopicRoot)) return refused("the topic is not one of SensorThings");
  const auto resource = follow(reader, topic.substr(kTopicRoot.size()));
  if (!resource) return refused("the topic leads to nothing that is there");
  const bool is_set = resource->is_collection && resource->path.end == ResourcePath::End::entities;
  if (!is_set || resource->kind() != Kind::observation) return refused("the topic is not that of Observations");
  const auto body = base::JsonDocument::parse(message.payload, kBodyDepthMax);
  if (!body) return refused("the message is " + body.error().message);
  Creation creation(api, reader, plan);
  auto made = creation.create(Kind::observation, body->root(), resource->item ? &*resource->item : nullptr);
  return made ? base::Result<void>() : std::unexpected(std::move(made.error()));
}

}  // namespace

std::string endpoint_of(const feeds::Broker& broker) {
  return fmt::format("{}://{}:{}", broker.is_tls ? "mqtts" : "mqtt", broker.host, broker.port);
}

void ObservationDoor::start() {
  net::MqttOptions options = feeds::options_of(broker_);
  options.name += " (SensorThings)";
  options.client_id += "-sensor-things";  // A session of its own beside that of the mapping's rules.
  options.filters = {"v1.1/Observations", "v1.1/+/Observations"};
  subscriber_.emplace(std::move(options), [this](std::span<const net::MqttMessage> messages,
                                                 const net::MqttSubscriber::Done& done) { return take(messages, done); });
}

bool ObservationDoor::take(std::span<const net::MqttMessage> messages, const net::MqttSubscriber::Done& done) {
  Reader reader(api_);
  Plan plan(api_);
  std::size_t taken = 0;
  std::string problem;
  for (const net::MqttMessage& message : messages) {
    Plan trial(api_);  // One that is wrong in its middle must leave nothing in the plan of all.
    auto planned = plan_observation(api_, reader, trial, message);
    if (planned) planned = plan_observation(api_, reader, plan, message);
    if (planned)
      ++taken;
    else
      problem = planned.error().message;
  }
  const auto written = plan.commit();
  if (!written && written.error().code == ErrorCode::unavailable) return false;  // The same messages come again.
  if (!written) problem = written.error().message;
  if (!problem.empty())
    base::log(base::LogLevel::warning, "sensor_things_refused",
              {{"broker", std::string_view(broker_.name)}, {"reason", problem}});
  figures_.taken.fetch_add(taken, std::memory_order_relaxed);
  figures_.refused.fetch_add(messages.size() - taken, std::memory_order_relaxed);
  done(true);
  return true;
}

}  // namespace citiverse::api::sensor_things
