// The disk is written first: what memory answers is never more than what survives.
#include "safety/relations.h"

#include <algorithm>

#include <fmt/format.h>

namespace citiverse::safety {
namespace {

using storage::Database;

Relation relation_in(const storage::Statement& row) { return {id_in(row, 0), std::string(row.text(1)), time_in(row, 2)}; }

}  // namespace

base::Result<std::unique_ptr<Relations>> Relations::load(storage::Store& store, const identity::Surroundings& surroundings) {
  std::unique_ptr<Relations> relations(new Relations(store, surroundings));
  const auto rows = store.read([&](Database& database) {
    return storage::each_row(database, "SELECT kind, account, other FROM safety_relations", [&](const storage::Statement& row) {
      relations->index(static_cast<RelationKind>(row.integer(0)), account_in(row, 1), account_in(row, 2), true);
    });
  });
  if (!rows) return std::unexpected(rows.error());
  return relations;
}

bool Relations::holds(const Index& index, AccountId key, AccountId value) {
  const auto found = index.find(key);
  return found != index.end() && std::binary_search(found->second.begin(), found->second.end(), value);
}

void Relations::set(Index& index, AccountId key, AccountId value, bool present) {
  Sorted& sorted = index[key];
  const auto at = std::lower_bound(sorted.begin(), sorted.end(), value);
  const bool is_there = at != sorted.end() && *at == value;
  if (present && !is_there) sorted.insert(at, value);
  if (!present && is_there) sorted.erase(at);
  if (sorted.empty()) index.erase(key);
}

void Relations::index(RelationKind kind, AccountId account, AccountId other, bool begins) {
  const std::unique_lock lock(mutex_);
  if (kind == RelationKind::mute) {
    set(muted_, account, other, begins);
    return;
  }
  set(blocked_, account, other, begins);
  set(blocked_by_, other, account, begins);
}

void Relations::changed(RelationKind kind, AccountId account, AccountId other, bool begins) {
  index(kind, account, other, begins);
  if (listener_) listener_(kind, account, other, begins);
}

base::Result<Relation> Relations::add_to_disk(RelationKind kind, AccountId account, AccountId other, std::string_view name) {
  return store_.write([&](Database& database) -> base::Result<Relation> {
    std::optional<Relation> known;
    const auto found = storage::each_row(
        database, "SELECT id, name, since FROM safety_relations WHERE kind = ? AND account = ? AND other = ?",
        [&](const storage::Statement& row) { known = relation_in(row); }, stored(kind), stored(account), stored(other));
    if (!found) return std::unexpected(found.error());
    if (known) return *known;
    const auto count = storage::one_integer(database, "SELECT count(*) FROM safety_relations WHERE kind = ? AND account = ?",
                                            stored(kind), stored(account));
    if (!count) return std::unexpected(count.error());
    if (count->value_or(0) >= static_cast<std::int64_t>(kRelationsMax))
      return base::fail(base::ErrorCode::limit,
                        fmt::format("this list holds {} people at most; take somebody off it first", kRelationsMax));
    Relation relation{identity::random_id_value(surroundings_), std::string(name), surroundings_.now()};
    const auto added = storage::execute(
        database, "INSERT INTO safety_relations (id, kind, account, other, name, since) VALUES (?, ?, ?, ?, ?, ?)", relation.id,
        stored(kind), stored(account), stored(other), name, stored(relation.since));
    if (!added) return std::unexpected(added.error());
    return relation;
  });
}

base::Result<Relation> Relations::add(RelationKind kind, AccountId account, AccountId other, std::string_view name) {
  if (account == other) return base::fail(base::ErrorCode::conflict, "whom: this is you yourself; name somebody else");
  auto relation = add_to_disk(kind, account, other, name);
  if (relation) changed(kind, account, other, true);
  return relation;
}

base::Result<void> Relations::remove(RelationKind kind, AccountId account, std::uint64_t id) {
  const auto other = store_.write([&](Database& database) -> base::Result<AccountId> {
    const auto found =
        storage::one_integer(database, "DELETE FROM safety_relations WHERE id = ? AND kind = ? AND account = ? RETURNING other",
                             id, stored(kind), stored(account));
    if (!found) return std::unexpected(found.error());
    if (!*found) return base::fail(base::ErrorCode::not_found, "this list has no such entry; it may be gone already");
    return AccountId{static_cast<std::uint64_t>(**found)};
  });
  if (!other) return std::unexpected(other.error());
  changed(kind, account, *other, false);
  return {};
}

base::Result<std::vector<Relation>> Relations::list(RelationKind kind, AccountId account) {
  std::vector<Relation> relations;
  const auto rows = store_.read([&](Database& database) {
    return storage::each_row(
        database, "SELECT id, name, since FROM safety_relations WHERE account = ? AND kind = ? ORDER BY since DESC, id",
        [&](const storage::Statement& row) { relations.push_back(relation_in(row)); }, stored(account), stored(kind));
  });
  if (!rows) return std::unexpected(rows.error());
  return relations;
}

base::Result<void> Relations::erase(AccountId account) {
  const auto erased = store_.write([&](Database& database) {
    return done(storage::execute(database, "DELETE FROM safety_relations WHERE account = ?1 OR other = ?1", stored(account)));
  });
  if (!erased) return erased;
  const std::unique_lock lock(mutex_);
  for (const auto& [index, reverse] : {std::pair{&blocked_, &blocked_by_}, std::pair{&blocked_by_, &blocked_}}) {
    if (const auto found = index->find(account); found != index->end()) {
      const Sorted others = found->second;
      for (const AccountId other : others) set(*reverse, other, account, false);
    }
    index->erase(account);
  }
  muted_.erase(account);
  for (auto entry = muted_.begin(); entry != muted_.end();) {
    std::erase(entry->second, account);
    entry = entry->second.empty() ? muted_.erase(entry) : std::next(entry);
  }
  return {};
}

bool Relations::are_apart(AccountId a, AccountId b) const {
  const std::shared_lock lock(mutex_);
  return holds(blocked_, a, b) || holds(blocked_, b, a);
}

bool Relations::hears(AccountId listener, AccountId speaker) const {
  const std::shared_lock lock(mutex_);
  return !holds(blocked_, listener, speaker) && !holds(blocked_, speaker, listener) && !holds(muted_, listener, speaker);
}

std::vector<AccountId> Relations::apart_from(AccountId account) const {
  const std::shared_lock lock(mutex_);
  std::vector<AccountId> apart;
  for (const Index* index : {&blocked_, &blocked_by_}) {
    if (const auto found = index->find(account); found != index->end())
      apart.insert(apart.end(), found->second.begin(), found->second.end());
  }
  std::sort(apart.begin(), apart.end());
  apart.erase(std::unique(apart.begin(), apart.end()), apart.end());
  return apart;
}

std::vector<AccountId> Relations::muted_by(AccountId account) const {
  const std::shared_lock lock(mutex_);
  const auto found = muted_.find(account);
  return found != muted_.end() ? found->second : Sorted{};
}

}  // namespace citiverse::safety
