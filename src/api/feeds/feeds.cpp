// Counting and telling stand in one place, so that no door forgets them.
#include "api/feeds/feeds.h"

#include "base/log.h"

namespace citiverse::api::feeds {

Feeds::Feeds(const TwinApi& twin, Mapping mapping, AnchorFinder find_anchor)
    : twin_(twin), mapping_(std::move(mapping)), mapper_(twin.store.names(), std::move(find_anchor)) {}

Intake Feeds::take(const Rule& rule, std::string_view payload, const formats::TopicPattern::Captures& captures) {
  figures_.messages.fetch_add(1, std::memory_order_relaxed);
  auto intake = mapper_.map(rule, payload, captures, twin_.store.now_us());
  if (!intake) {
    figures_.messages_refused.fetch_add(1, std::memory_order_relaxed);
    tell(rule.name, intake.error().message);
    return {};
  }
  figures_.refused.fetch_add(intake->refused, std::memory_order_relaxed);
  if (!intake->problems.empty()) tell(rule.name, intake->problems.front().reason);
  return *std::move(intake);
}

void Feeds::tell(std::string_view rule, std::string_view reason) {
  {
    const std::lock_guard lock(told_mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (told_at_ != std::chrono::steady_clock::time_point{} && now < told_at_ + kLogPause) return;
    told_at_ = now;
  }
  base::log(base::LogLevel::warning, "feed_refused", {{"rule", rule}, {"reason", reason}});
}

}  // namespace citiverse::api::feeds
