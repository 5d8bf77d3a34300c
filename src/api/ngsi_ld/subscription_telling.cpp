// From a change to a delivery: what is told is written once for all subscriptions that see the same of it.
#include <algorithm>
#include <functional>

#include "api/fresh_id.h"
#include "api/ngsi_ld/kept_subscription.h"
#include "api/ngsi_ld/notification_json.h"
#include "api/ngsi_ld/subscription_book.h"
#include "base/log.h"
#include "base/random.h"

namespace citiverse::api::ngsi_ld {
namespace {

constexpr twin::TimeUs kSweepTimeUs = 5'000'000;  // Between looks for what has expired and what was counted.
constexpr std::size_t kLooksMax = 32;             // Of one entity that are remembered.

constexpr std::string_view media_type_of(MediaType type) {
  if (type == MediaType::ld_json) return "application/ld+json";
  return type == MediaType::geo_json ? "application/geo+json" : "application/json";
}

std::uint64_t number_of(std::string_view text) { return base::mix64(std::hash<std::string_view>{}(text)) | 1; }

}  // namespace

std::shared_ptr<const std::string> SubscriptionBook::data_of(const Kept& kept, std::span<const twin::Noticed> noticed) {
  const NotificationLook look{.form = kept.subscription.form,
                              .watched = kept.watched,
                              .triggers = kept.subscription.watch.triggers,
                              .context = *kept.context,
                              .names = store_.names(),
                              .find = [&](std::string_view id) { return store_.find(kept.tenant, id); }};
  const auto write = [&] { return std::make_shared<const std::string>(notification_data(look, noticed, options_.now_us())); };
  if (kept.look.empty() || noticed.size() != 1 || noticed[0].after == nullptr) return write();
  const std::lock_guard lock(written_mutex_);
  if (written_->entity != noticed[0].after) *written_ = {noticed[0].after, {}};
  const auto known = std::ranges::find(written_->looks, kept.look, [](const auto& each) { return each.first; });
  if (known != written_->looks.end()) return known->second;
  auto data = write();
  if (written_->looks.size() < kLooksMax) written_->looks.emplace_back(kept.look, data);
  return data;
}

void SubscriptionBook::tell(twin::InterestId watch, std::span<const twin::Noticed> noticed) {
  const KeptPtr kept = watched_by(watch);
  if (kept == nullptr) return;
  const NotificationHead head{.id = fresh_id("Notification"), .subscription_id = kept->id, .notified_us = options_.now_us()};
  std::string body = notification_body(head, kept->subscription.form, *kept->context, *data_of(*kept, noticed));
  // Who asked for the state now and then, and not for each change, is served better by the newest of what waits.
  std::uint64_t replaces = 0;
  const twin::Watch& asked = kept->subscription.watch;
  if (asked.interval_us > 0 && noticed.size() < twin::Subscriptions::kEntitiesAtOnceMax)
    replaces = number_of(kept->id);
  else if (asked.throttling_us > 0 && !kept->subscription.form.shows_changes && noticed.size() == 1 && noticed[0].after)
    replaces = number_of(kept->id + "\n" + noticed[0].after->id);
  send(kept, std::move(body), replaces);
}

void SubscriptionBook::send(const KeptPtr& kept, std::string body, std::uint64_t replaces) {
  const auto counted = kept->counted;
  {
    const std::lock_guard lock(counted->mutex);
    ++counted->counts.times_sent;
    counted->counts.last_notification_us = options_.now_us();
    counted->is_saved = false;
  }
  const auto done = [counted, now_us = options_.now_us](int status) {
    const std::lock_guard lock(counted->mutex);
    counted->is_saved = false;
    if (status >= 200 && status < 300) {
      counted->counts.last_success_us = now_us();
      return;
    }
    ++counted->counts.times_failed;
    counted->counts.last_failure_us = now_us();
  };
  const NotificationForm& form = kept->subscription.form;
  if (form.is_mqtt) body = mqtt_message(media_type_of(form.accept), kept->fields, body);
  const auto sent = notifier_.send({.url = form.uri,
                                    .content_type = std::string(media_type_of(form.accept)),
                                    .fields = kept->fields,
                                    .body = std::move(body),
                                    .mqtt_version = form.mqtt_version,
                                    .mqtt_quality = form.mqtt_quality,
                                    .order = number_of(kept->id),
                                    .replaces = replaces,
                                    .request_time = form.request_time,
                                    .cooldown = form.cooldown,
                                    .done = done});
  if (!sent) done(0);
}

void SubscriptionBook::tick() {
  watching_.tick();
  const twin::TimeUs steady_us = options_.steady_us();
  if (swept_us_ != 0 && steady_us < swept_us_ + kSweepTimeUs) return;
  swept_us_ = steady_us;
  sweep();
  if (auto saved = save_counts(); !saved)
    base::log(base::LogLevel::warning, "subscription_counts", {{"reason", std::string_view(saved.error().message)}});
}

void SubscriptionBook::sweep() {
  std::vector<Key> without_context;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, kept] : kept_) {
      if (kept->watch != 0 && status_of(*kept) == "expired") unwatch(*kept);
      if (!kept->has_context) without_context.push_back(key);
    }
  }
  // Whose context could not be had when the node started.
  for (const auto& [tenant, id] : without_context) (void)change(tenant, id, {}, {});
}

base::Result<void> SubscriptionBook::save_counts() {
  if (options_.records == nullptr) return {};
  std::vector<twin::SubscriptionRecord> records;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, kept] : kept_) {
      const std::lock_guard counting(kept->counted->mutex);
      if (std::exchange(kept->counted->is_saved, true)) continue;
      records.push_back({.tenant = kept->tenant_name, .id = kept->id, .document = {}, .counts = kept->counted->counts});
    }
  }
  return records.empty() ? base::Result<void>() : options_.records->put_counts(records);
}

}  // namespace citiverse::api::ngsi_ld
