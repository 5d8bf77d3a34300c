// Subscriptions to registrations of context sources: who is told when a source that may have what is wanted comes, changes and
// goes (ETSI GS CIM 009 V1.9.1, 5.11).
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>

#include "api/ngsi_ld/registration_json.h"
#include "api/ngsi_ld/subscription_book.h"

namespace citiverse::api::ngsi_ld {

/// Kept, counted and delivered as subscriptions to entities are; only what is watched differs. The first notification tells of
/// all sources that fit, and is sent where there are any. Add on_change() to the registrations' listeners when these are
/// loaded.
class RegistrationSubscriptionBook final : public SubscriptionBook {
 public:
  static constexpr std::size_t kChangesMax =
      10'000;  ///< That wait for a tick; beyond, everybody is told anew of all that fits.

  /// All that is passed must outlive it; `options.is_of_registrations` is set here.
  RegistrationSubscriptionBook(Options options, twin::Store& store, ContextStore& contexts, net::Notifier& notifier,
                               const RegistrationBook& registrations);

  /// Who was told before the node stopped is not told again.
  base::Result<void> load() override;
  void on_change(const RegistrationChange& change);
  /// Tells what changed and what is due, in order.
  void tick() override;
  std::size_t active() const override;

 protected:
  void watch(Kept& kept) override;
  void unwatch(Kept& kept) override;

 private:
  struct Watching {
    twin::InterestId number = 0;
    twin::TenantId tenant = twin::kDefaultTenant;
    RegistrationQuestion question;  // Of the ticking thread.
    twin::TimeUs interval_us = 0;
    twin::TimeUs due_us = 0;  // Steady; of those that are told by interval.
    std::uint64_t seen = 0;   // The last change that it knows of.
    bool is_fresh = true;     // It was told of nothing yet.
    bool was_told = false;
  };
  using WatchingPtr = std::shared_ptr<Watching>;

  void tell_all(Watching& watching);
  void tell_change(Watching& watching, const RegistrationChange& change);
  void tell(const Watching& watching, TriggerReason reason, std::span<const FittingRegistration> registrations);

  twin::Store& store_;
  const RegistrationBook& registrations_;
  mutable std::mutex watching_mutex_;  // After the book's.
  std::map<twin::InterestId, WatchingPtr> watching_;
  std::deque<RegistrationChange> changes_;
  twin::InterestId next_ = 1;
};

}  // namespace citiverse::api::ngsi_ld
