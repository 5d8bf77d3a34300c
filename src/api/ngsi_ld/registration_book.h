// All context sources that registered with a node: kept on the disk, found by what they have, gone when they expire.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/ngsi_ld/registration_match.h"
#include "twin/subscription_records.h"

namespace citiverse::api::ngsi_ld {

/// Never changes: a change puts another in its place.
struct KeptRegistration {
  twin::TenantId tenant = twin::kDefaultTenant;
  std::string tenant_name;
  std::string id;
  RegistrationDocument document;
  Registration registration;
  twin::TimeUs created_us = 0;
  twin::TimeUs modified_us = 0;
};
using RegistrationPtr = std::shared_ptr<const KeptRegistration>;

/// A source and the places of what of its information fits.
struct FittingRegistration {
  RegistrationPtr registration;
  std::vector<std::size_t> information;
};

struct RegistrationChange {
  std::uint64_t sequence = 0;  ///< From 1, without gaps.
  RegistrationPtr before;      ///< Null: it is new.
  RegistrationPtr after;       ///< Null: it is gone.
};

/// Operations are not forwarded to sources yet; who forwards them asks fitting() and reads `registration.source`.
/// Threads: safe.
class RegistrationBook {
 public:
  static constexpr std::size_t kRegistrationsMax = 10'000;

  struct Options {
    std::function<twin::TimeUs()> now_us;
    twin::SubscriptionRecords* records = nullptr;  ///< Null: kept in memory only.
  };
  RegistrationBook(Options options, twin::Store& store);

  /// Takes what the records hold; what does not read is named in the log and left there. Fails: unavailable, corrupt.
  base::Result<void> load();

  /// The id; made where the document has none. It is on the disk when this returns. Fails: bad_input, conflict (the id), denied
  /// (what is registered or held here stands against it, 5.9.2.4), limit, unavailable.
  base::Result<std::string> add(twin::TenantId tenant, RegistrationDocument document);
  /// Puts members of a fragment in place of those that are there. Fails: also not_found.
  base::Result<void> change(twin::TenantId tenant, std::string_view id, const JsonMembers& fragment);
  base::Result<void> remove(twin::TenantId tenant, std::string_view id);

  RegistrationPtr find(twin::TenantId tenant, std::string_view id) const;
  /// In the order of ids. `sequence` is that of the last change that is in the answer.
  std::vector<FittingRegistration> fitting(twin::TenantId tenant, const RegistrationQuestion& question,
                                           std::uint64_t* sequence = nullptr) const;
  std::size_t size() const;
  std::uint64_t sequence() const;

  /// `listener` gets each change from now on, in order. Add before the first change; quick, and no call back.
  void listen(std::function<void(const RegistrationChange&)> listener) { listeners_.push_back(std::move(listener)); }
  /// Deletes what has expired (5.9.2.4). To be called every few seconds from one thread.
  void tick();

 private:
  using Key = std::pair<twin::TenantId, std::string>;
  base::Result<std::shared_ptr<KeptRegistration>> make(twin::TenantId tenant, std::string id, RegistrationDocument document);
  base::Result<void> check(const KeptRegistration& registration) const;
  bool holds_an_entity_of(const KeptRegistration& registration, const RegistrationInfo& info) const;
  base::Result<void> save(const KeptRegistration& registration);
  void publish(RegistrationPtr before, RegistrationPtr after);
  bool has_expired(const KeptRegistration& registration) const;

  Options options_;
  twin::Store& store_;
  std::vector<std::function<void(const RegistrationChange&)>> listeners_;
  std::mutex changing_mutex_;  // Held while a document changes on the disk and in memory. Before mutex_.
  mutable std::mutex mutex_;
  std::map<Key, RegistrationPtr> kept_;
  std::uint64_t sequence_ = 0;
};

}  // namespace citiverse::api::ngsi_ld
