// Changes are put in a row as they happen and told by the thread that ticks: nobody who registers waits for a subscriber.
#include "api/ngsi_ld/registration_subscriptions.h"

#include <algorithm>

#include "api/fresh_id.h"
#include "api/ngsi_ld/kept_subscription.h"

namespace citiverse::api::ngsi_ld {
namespace {

SubscriptionBook::Options of_registrations(SubscriptionBook::Options options) {
  options.is_of_registrations = true;
  return options;
}

}  // namespace

RegistrationSubscriptionBook::RegistrationSubscriptionBook(Options options, twin::Store& store, ContextStore& contexts,
                                                           net::Notifier& notifier, const RegistrationBook& registrations)
    : SubscriptionBook(of_registrations(std::move(options)), store, contexts, notifier),
      store_(store),
      registrations_(registrations) {}

base::Result<void> RegistrationSubscriptionBook::load() {
  auto loaded = SubscriptionBook::load();
  const std::lock_guard lock(watching_mutex_);
  for (auto& [number, watching] : watching_) {
    watching->is_fresh = false;
    watching->was_told = true;
    watching->seen = registrations_.sequence();
  }
  return loaded;
}

void RegistrationSubscriptionBook::watch(Kept& kept) {
  if (!kept.subscription.is_active || status_of(kept) != "active") return;
  auto watching = std::make_shared<Watching>();
  watching->tenant = kept.tenant;
  watching->interval_us = kept.subscription.watch.interval_us;
  watching->due_us = options().steady_us() + watching->interval_us;
  watching->question = question_of(kept.subscription);
  const std::lock_guard lock(watching_mutex_);
  kept.watch = watching->number = next_++;
  watching_.emplace(watching->number, std::move(watching));
}

void RegistrationSubscriptionBook::unwatch(Kept& kept) {
  if (kept.watch == 0) return;
  {
    const std::lock_guard lock(watching_mutex_);
    watching_.erase(kept.watch);
  }
  forget_watch(kept);
}

std::size_t RegistrationSubscriptionBook::active() const {
  const std::lock_guard lock(watching_mutex_);
  return watching_.size();
}

void RegistrationSubscriptionBook::on_change(const RegistrationChange& change) {
  const std::lock_guard lock(watching_mutex_);
  if (watching_.empty()) return;
  changes_.push_back(change);
  if (changes_.size() <= kChangesMax) return;
  changes_.clear();
  for (auto& [number, watching] : watching_) watching->is_fresh = true;
}

void RegistrationSubscriptionBook::tick() {
  SubscriptionBook::tick();
  std::deque<RegistrationChange> changes;
  std::vector<WatchingPtr> all;
  std::vector<WatchingPtr> fresh;
  {
    const std::lock_guard lock(watching_mutex_);
    changes.swap(changes_);
    for (auto& [number, watching] : watching_) {
      all.push_back(watching);
      if (std::exchange(watching->is_fresh, false)) fresh.push_back(watching);
    }
  }
  for (const WatchingPtr& each : fresh) tell_all(*each);
  for (const RegistrationChange& change : changes)
    for (const WatchingPtr& each : all) tell_change(*each, change);
  const twin::TimeUs now_us = options().steady_us();
  for (const WatchingPtr& each : all) {
    if (each->interval_us == 0 || now_us < each->due_us) continue;
    each->due_us = now_us + each->interval_us;
    tell_all(*each);
  }
}

void RegistrationSubscriptionBook::tell_all(Watching& watching) {
  const auto fitting = registrations_.fitting(watching.tenant, watching.question, &watching.seen);
  if (fitting.empty()) return;
  tell(watching, std::exchange(watching.was_told, true) ? TriggerReason::updated : TriggerReason::newly_matching, fitting);
}

// 5.3.3.
void RegistrationSubscriptionBook::tell_change(Watching& watching, const RegistrationChange& change) {
  const RegistrationPtr& either = change.after ? change.after : change.before;
  if (watching.interval_us > 0 || change.sequence <= watching.seen || either->tenant != watching.tenant) return;
  const auto fitting = [&](const RegistrationPtr& registration) {
    return registration == nullptr ? std::vector<std::size_t>()
                                   : fitting_information(registration->registration, watching.question, store_.names());
  };
  auto before = fitting(change.before);
  auto after = fitting(change.after);
  if (before.empty() && after.empty()) return;
  watching.was_told = true;
  FittingRegistration told{after.empty() ? change.before : change.after, std::move(after.empty() ? before : after)};
  const TriggerReason reason = change.after == nullptr || told.registration == change.before ? TriggerReason::no_longer_matching
                               : before.empty()                                              ? TriggerReason::newly_matching
                                                                                             : TriggerReason::updated;
  tell(watching, reason, {&told, 1});
}

void RegistrationSubscriptionBook::tell(const Watching& watching, TriggerReason reason,
                                        std::span<const FittingRegistration> registrations) {
  const KeptPtr kept = watched_by(watching.number);
  if (kept == nullptr) return;
  const NotificationHead head{.id = fresh_id("Notification"), .subscription_id = kept->id, .notified_us = options().now_us()};
  send(kept, registration_notification(head, reason, registrations, kept->subscription.form, *kept->context), 0);
}

}  // namespace citiverse::api::ngsi_ld
