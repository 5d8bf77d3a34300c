// A batch of messages becomes one write.
#include "api/feeds/mqtt_door.h"

#include <algorithm>
#include <iterator>

namespace citiverse::api::feeds {

net::MqttOptions options_of(const Broker& broker) {
  return {.name = broker.name,
          .host = broker.host,
          .port = broker.port,
          .client_id = broker.client_id,
          .user = broker.user,
          .password_file = broker.password_file,
          .is_tls = broker.is_tls,
          .authorities = broker.authorities,
          .filters = {}};
}

MqttDoor::MqttDoor(Feeds& feeds, const Broker& broker) : feeds_(feeds), broker_(broker) {
  for (const Rule& rule : feeds.mapping().rules)
    if (const auto* from = std::get_if<FromTopic>(&rule.from); from != nullptr && from->broker == broker.name)
      rules_.push_back(&rule);
}

void MqttDoor::start() {
  if (rules_.empty()) return;
  net::MqttOptions options = options_of(broker_);
  for (const Rule* rule : rules_) options.filters.push_back(std::get<FromTopic>(rule->from).topic.filter());
  std::ranges::sort(options.filters);
  options.filters.erase(std::ranges::unique(options.filters).begin(), options.filters.end());
  subscriber_.emplace(std::move(options), [this](std::span<const net::MqttMessage> messages,
                                                 const net::MqttSubscriber::Done& done) { return take(messages, done); });
}

bool MqttDoor::take(std::span<const net::MqttMessage> messages, const net::MqttSubscriber::Done& done) {
  if (waiting_ == nullptr) {
    std::vector<twin::Report> reports;
    formats::TopicPattern::Captures captures;
    for (const net::MqttMessage& message : messages) {
      for (const Rule* rule : rules_) {
        if (!std::get<FromTopic>(rule->from).topic.match(message.topic, captures)) continue;
        Intake intake = feeds_.take(*rule, message.payload, captures);
        std::ranges::move(intake.reports, std::back_inserter(reports));
      }
    }
    waiting_ = std::make_unique<twin::ReportWrites>(std::move(reports), feeds_.twin().store.now_us());
  }
  if (waiting_->size() == 0) {
    waiting_.reset();
    done(true);
    return true;
  }
  const auto written = feeds_.twin().store.write_soon(twin::kDefaultTenant, waiting_->writes(),
                                                      [done](base::Result<void> durable) { done(durable.has_value()); });
  if (!written && written.error().code == base::ErrorCode::limit) return false;
  if (!written) {
    feeds_.tell(broker_.name, written.error().message);
    done(false);
  } else {
    const auto failed = static_cast<std::size_t>(std::ranges::count_if(*written, [](const auto& each) { return !each; }));
    feeds_.figures().taken.fetch_add(waiting_->size() - std::min(failed, waiting_->size()), std::memory_order_relaxed);
    feeds_.figures().refused.fetch_add(failed, std::memory_order_relaxed);
  }
  waiting_.reset();
  return true;
}

}  // namespace citiverse::api::feeds
