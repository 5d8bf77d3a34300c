// All subscriptions of a node: kept on the disk, watched while they are active, told through the notifier, and counted.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "api/ngsi_ld/context_store.h"
#include "api/ngsi_ld/subscription.h"
#include "net/notifier.h"
#include "twin/subscription_records.h"
#include "twin/subscriptions.h"

namespace citiverse::api::ngsi_ld {

/// A subscription as a reader sees it.
struct SubscriptionView {
  std::string id;
  SubscriptionDocument document;
  std::string_view status;   ///< "active", "paused" or "expired" (5.2.12).
  bool has_triggers = true;  ///< Told of changes of entities.
  twin::TimeUs created_us = 0;
  twin::TimeUs modified_us = 0;
  twin::NotificationCounts counts;
};

/// Add on_changes() to the store's listeners, and call tick() ten times a second from one thread. Threads: safe.
class SubscriptionBook {
 public:
  struct Options {
    std::function<twin::TimeUs()> now_us;
    std::function<twin::TimeUs()> steady_us;
    std::string origin;                            ///< The node's own address, for Link fields; empty: paths alone.
    twin::SubscriptionRecords* records = nullptr;  ///< Null: subscriptions are kept in memory only.
    bool is_of_registrations = false;              ///< Of context sources, and not of entities (5.11).
  };
  /// All that is passed must outlive it; only `store` may go first, when nobody calls any more.
  SubscriptionBook(Options options, twin::Store& store, ContextStore& contexts, net::Notifier& notifier);
  /// Saves the counts.
  virtual ~SubscriptionBook();
  SubscriptionBook(const SubscriptionBook&) = delete;
  SubscriptionBook& operator=(const SubscriptionBook&) = delete;

  /// Takes what the records hold; what does not read is named in the log and left there. Fails: unavailable, corrupt.
  virtual base::Result<void> load();

  /// The id; made where the document has none. Fails: bad_input, conflict (the id), denied (the endpoint), limit, unavailable;
  /// what jsonldContext names: as ContextStore::by_url().
  base::Result<std::string> add(twin::TenantId tenant, SubscriptionDocument document);
  /// Puts members of a fragment in place of those that are there; `terms` are those of its q. Fails: also not_found.
  base::Result<void> change(twin::TenantId tenant, std::string_view id, const JsonMembers& fragment,
                            const std::map<std::string, std::string>& terms);
  base::Result<void> remove(twin::TenantId tenant, std::string_view id);
  std::optional<SubscriptionView> find(twin::TenantId tenant, std::string_view id) const;
  /// In the order of their ids; `count` is how many there are.
  std::vector<SubscriptionView> list(twin::TenantId tenant, std::size_t offset, std::size_t limit, std::size_t& count) const;

  void on_changes(std::span<const twin::Change> changes) { watching_.on_changes(changes); }
  virtual void tick();
  std::size_t size() const;
  virtual std::size_t active() const { return watching_.size(); }
  std::uint64_t lost() const { return watching_.lost(); }
  /// Writes counts that changed. Fails: unavailable.
  base::Result<void> save_counts();

 protected:
  struct Counted;  // Shared with deliveries under way, which may outlive the book's interest in them.
  struct Kept;
  using KeptPtr = std::shared_ptr<Kept>;
  using Key = std::pair<twin::TenantId, std::string>;

  /// Begins and ends watching; `kept.watch` is not 0 while it is watched. With mutex_ held.
  virtual void watch(Kept& kept);
  virtual void unwatch(Kept& kept);
  void forget_watch(Kept& kept);
  /// The subscription of a watch, or null.
  KeptPtr watched_by(twin::InterestId watch) const;
  void send(const KeptPtr& kept, std::string body, std::uint64_t replaces);
  std::string_view status_of(const Kept& kept) const;
  const Options& options() const { return options_; }

 private:
  base::Result<KeptPtr> make(twin::TenantId tenant, std::string id, SubscriptionDocument document, bool is_loading);
  base::Result<KeptPtr> read_record(const twin::SubscriptionRecord& record);
  base::Result<void> choose_context(Kept& kept, bool is_loading);
  base::Result<void> save(const Kept& kept);
  void sweep();
  void tell(twin::InterestId watch, std::span<const twin::Noticed> noticed);
  std::shared_ptr<const std::string> data_of(const Kept& kept, std::span<const twin::Noticed> noticed);
  SubscriptionView view_of(const Kept& kept) const;

  Options options_;
  twin::Store& store_;
  ContextStore& contexts_;
  net::Notifier& notifier_;
  twin::Subscriptions watching_;
  std::mutex changing_mutex_;  // Held while a document changes on the disk and in memory. Before mutex_.
  mutable std::mutex mutex_;
  std::map<Key, KeptPtr> kept_;
  std::unordered_map<twin::InterestId, KeptPtr> watches_;
  twin::TimeUs swept_us_ = 0;  // Steady; of the ticking thread.

  // What was written last: notifications of one change often differ in nothing but their heads. Of whoever tells.
  struct Written;
  std::mutex written_mutex_;
  std::unique_ptr<Written> written_;
};

}  // namespace citiverse::api::ngsi_ld
