// Who does not want whom: blocks and mutes, kept on disk and answered from memory.
#pragma once

#include <functional>
#include <memory>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "safety/tables.h"

namespace citiverse::safety {

/// block: both vanish to each other. mute: one no longer hears or reads the other, who is not told.
enum class RelationKind : std::uint8_t { block, mute };

struct Relation {
  std::uint64_t id = 0;
  std::string name;  ///< Of the other, when it began.
  Time since{};
};

/// Threads: safe. Questions cost a lookup and never touch the disk.
class Relations {
 public:
  static constexpr std::size_t kRelationsMax = 1000;  ///< Of a kind an account.

  /// Told after each change that is on the disk, from the thread that made it: `other` is now blocked or muted by `account`, or
  /// no longer.
  using Listener = std::function<void(RelationKind, AccountId account, AccountId other, bool begins)>;

  /// Both must outlive this; make_tables() has been called. Fails: unavailable, corrupt.
  static base::Result<std::unique_ptr<Relations>> load(storage::Store& store, const identity::Surroundings& surroundings);
  /// Before the first change.
  void set_listener(Listener listener) { listener_ = std::move(listener); }

  /// What there is already is answered as it stands. Fails: conflict for oneself, limit, unavailable.
  base::Result<Relation> add(RelationKind kind, AccountId account, AccountId other, std::string_view name);
  /// Fails: not_found.
  base::Result<void> remove(RelationKind kind, AccountId account, std::uint64_t id);
  /// Newest first.
  base::Result<std::vector<Relation>> list(RelationKind kind, AccountId account);
  /// Every trace of an account, on both sides.
  base::Result<void> erase(AccountId account);

  /// Either blocked the other.
  bool are_apart(AccountId a, AccountId b) const;
  /// Whether `listener` wants what `speaker` says: neither apart nor muted.
  bool hears(AccountId listener, AccountId speaker) const;
  /// Accounts that are apart from this one, ascending.
  std::vector<AccountId> apart_from(AccountId account) const;
  std::vector<AccountId> muted_by(AccountId account) const;

 private:
  using Sorted = std::vector<AccountId>;
  using Index = std::unordered_map<AccountId, Sorted>;

  Relations(storage::Store& store, const identity::Surroundings& surroundings) : store_(store), surroundings_(surroundings) {}
  void index(RelationKind kind, AccountId account, AccountId other, bool begins);
  static bool holds(const Index& index, AccountId key, AccountId value);
  static void set(Index& index, AccountId key, AccountId value, bool present);
  base::Result<Relation> add_to_disk(RelationKind kind, AccountId account, AccountId other, std::string_view name);
  void changed(RelationKind kind, AccountId account, AccountId other, bool begins);

  storage::Store& store_;
  const identity::Surroundings& surroundings_;
  Listener listener_;
  mutable std::shared_mutex mutex_;
  Index blocked_;     ///< account → whom it blocked
  Index blocked_by_;  ///< account → by whom it is blocked
  Index muted_;
};

}  // namespace citiverse::safety
