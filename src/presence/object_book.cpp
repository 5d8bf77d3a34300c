// A row stands while nobody has taken it away, no moderator has hidden it and its time is not over.
#include "presence/object_book.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "storage/rows.h"

namespace citiverse::presence {
namespace {

using base::ErrorCode;
using base::fail;
using storage::Database;

constexpr std::array<std::string_view, 1> kObjectSteps{R"sql(
CREATE TABLE things (
  id INTEGER PRIMARY KEY,
  space TEXT NOT NULL,
  owner INTEGER NOT NULL,
  owner_name TEXT NOT NULL,
  shape TEXT NOT NULL,
  text TEXT NOT NULL,
  origin_lat REAL NOT NULL,
  origin_lon REAL NOT NULL,
  x_cm INTEGER NOT NULL,
  y_cm INTEGER NOT NULL,
  z_cm INTEGER NOT NULL,
  orientation INTEGER NOT NULL,
  locked INTEGER NOT NULL,
  put_down_at INTEGER NOT NULL,
  stays_until INTEGER NOT NULL,
  removed_at INTEGER NOT NULL DEFAULT 0,
  hidden INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX things_owner ON things (owner, put_down_at);
CREATE INDEX things_until ON things (stays_until);
)sql"};

constexpr std::string_view kObjectColumns =
    "SELECT id, space, owner, owner_name, shape, text, origin_lat, origin_lon, x_cm, y_cm, z_cm, orientation, locked,"
    " put_down_at, stays_until FROM things";
constexpr std::string_view kObjectStands = " WHERE removed_at = 0 AND hidden = 0 AND stays_until > ?";

std::int64_t object_seconds(ObjectTime time) { return time.time_since_epoch().count(); }

// Four numbers of 16 bits in one of 64, the first lowest.
std::int64_t packed(const std::array<std::int16_t, 4>& orientation) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 4; ++i)
    bits |= static_cast<std::uint64_t>(static_cast<std::uint16_t>(orientation[i])) << (16 * i);
  return static_cast<std::int64_t>(bits);
}

std::array<std::int16_t, 4> unpacked(std::int64_t packed) {
  std::array<std::int16_t, 4> orientation{};
  for (std::size_t i = 0; i < 4; ++i)
    orientation[i] = static_cast<std::int16_t>(static_cast<std::uint16_t>(static_cast<std::uint64_t>(packed) >> (16 * i)));
  return orientation;
}

KeptObject kept_in(const storage::Statement& row) {
  const auto number = [&](int column) { return static_cast<std::int32_t>(row.integer(column)); };
  return {.id = static_cast<std::uint64_t>(row.integer(0)),
          .space = std::string(row.text(1)),
          .owner = static_cast<std::uint64_t>(row.integer(2)),
          .owner_name = std::string(row.text(3)),
          .shape = std::string(row.text(4)),
          .text = std::string(row.text(5)),
          .origin = {row.real(6), row.real(7)},
          .at = {number(8), number(9), number(10)},
          .orientation = unpacked(row.integer(11)),
          .is_locked = row.integer(12) != 0,
          .put_down_at = ObjectTime(std::chrono::seconds(row.integer(13))),
          .stays_until = ObjectTime(std::chrono::seconds(row.integer(14)))};
}

template <class... Values>
base::Result<std::vector<KeptObject>> kept_rows(storage::Store& store, const std::string& condition, const Values&... values) {
  std::vector<KeptObject> found;
  const auto rows = store.read([&](Database& database) {
    return storage::each_row(
        database, std::string(kObjectColumns) + condition,
        [&](const storage::Statement& row) { found.push_back(kept_in(row)); }, values...);
  });
  if (!rows) return std::unexpected(rows.error());
  return found;
}

// Runs one statement as a write of its own.
template <class... Values>
base::Result<std::int64_t> change_rows(storage::Store& store, std::string_view sql, const Values&... values) {
  return store.write([&](Database& database) { return storage::execute(database, sql, values...); });
}

base::Result<void> insert_kept(Database& database, const KeptObject& object) {
  const auto today = storage::one_integer(database, "SELECT count(*) FROM things WHERE owner = ? AND put_down_at > ?",
                                          object.owner, object_seconds(object.put_down_at - std::chrono::hours{24}));
  if (!today) return std::unexpected(today.error());
  if (today->value_or(0) >= kKeptADayMax)
    return fail(ErrorCode::limit, fmt::format("you have let {} things stay in 24 hours; wait until tomorrow", kKeptADayMax));
  const auto all = storage::one_integer(database, "SELECT count(*) FROM things");
  if (!all) return std::unexpected(all.error());
  if (all->value_or(0) >= kKeptRowsMax)
    return fail(ErrorCode::limit, "this node keeps no more things; the operator must make room");
  const auto added = storage::execute(
      database,
      "INSERT INTO things (id, space, owner, owner_name, shape, text, origin_lat, origin_lon, x_cm, y_cm, z_cm, orientation,"
      " locked, put_down_at, stays_until) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      object.id, std::string_view(object.space), object.owner, std::string_view(object.owner_name),
      std::string_view(object.shape), std::string_view(object.text), object.origin.lat_deg, object.origin.lon_deg, object.at.x,
      object.at.y, object.at.z, packed(object.orientation), object.is_locked ? 1 : 0, object_seconds(object.put_down_at),
      object_seconds(object.stays_until));
  if (!added) return std::unexpected(added.error());
  return {};
}

}  // namespace

base::Result<std::unique_ptr<ObjectBook>> ObjectBook::load(storage::Store& store, Surroundings surroundings) {
  if (auto made = store.migrate("things", kObjectSteps); !made) return std::unexpected(made.error());
  std::unique_ptr<ObjectBook> book(new ObjectBook(store, std::move(surroundings)));
  auto rows = kept_rows(store, std::string(kObjectStands), object_seconds(book->surroundings_.now()));
  if (!rows) return std::unexpected(rows.error());
  for (KeptObject& object : *rows) book->standing_.emplace(object.id, std::move(object));
  return book;
}

template <class IsIt>
std::vector<KeptObject> ObjectBook::standing(IsIt&& is_it) const {
  const ObjectTime now = surroundings_.now();
  std::vector<KeptObject> found;
  const std::shared_lock lock(mutex_);
  for (const auto& [id, object] : standing_)
    if (object.stays_until > now && is_it(object)) found.push_back(object);
  return found;
}

base::Result<void> ObjectBook::check_room(const KeptObject& object) const {
  const std::shared_lock lock(mutex_);
  const auto here = std::ranges::count_if(standing_, [&](const auto& one) { return one.second.space == object.space; });
  const auto own = std::ranges::count_if(standing_, [&](const auto& one) { return one.second.owner == object.owner; });
  if (own >= static_cast<std::ptrdiff_t>(kKeptOfOneMax))
    return fail(ErrorCode::limit, fmt::format("{} things of yours stay already; take one away first", kKeptOfOneMax));
  if (here >= static_cast<std::ptrdiff_t>(kKeptOfSpaceMax))
    return fail(ErrorCode::limit, fmt::format("{} things stay in this space already; one must go first", kKeptOfSpaceMax));
  if (standing_.size() >= kKeptMax)
    return fail(ErrorCode::limit, fmt::format("{} things stay on this node already; one must go first", kKeptMax));
  return {};
}

base::Result<KeptObject> ObjectBook::keep(KeptObject object) {
  const std::lock_guard writing(writing_);
  if (auto room = check_room(object); !room) return std::unexpected(room.error());
  object.id = surroundings_.random_id();
  object.put_down_at = surroundings_.now();
  object.stays_until = object.put_down_at + kKeptTime;
  const auto written = store_.write([&](Database& database) { return insert_kept(database, object); });
  if (!written) return std::unexpected(written.error());
  const std::unique_lock lock(mutex_);
  return standing_.insert_or_assign(object.id, std::move(object)).first->second;
}

base::Result<void> ObjectBook::settle(std::uint64_t id, Place at, const std::array<std::int16_t, 4>& orientation,
                                      bool is_locked) {
  const std::lock_guard writing(writing_);
  const auto changed =
      change_rows(store_, "UPDATE things SET x_cm = ?, y_cm = ?, z_cm = ?, orientation = ?, locked = ? WHERE id = ?", at.x,
                  at.y, at.z, packed(orientation), is_locked ? 1 : 0, id);
  if (!changed) return std::unexpected(changed.error());
  const std::unique_lock lock(mutex_);
  const auto found = standing_.find(id);
  if (found == standing_.end()) return {};
  found->second.at = at;
  found->second.orientation = orientation;
  found->second.is_locked = is_locked;
  return {};
}

void ObjectBook::end(const std::vector<KeptObject>& ended) {
  if (!listener_) return;
  for (const KeptObject& object : ended) listener_(object, false);
}

base::Result<void> ObjectBook::remove(std::uint64_t owner, std::uint64_t id) {
  std::vector<KeptObject> ended;
  {
    const std::lock_guard writing(writing_);
    auto known = get(id);
    if (!known || known->owner != owner) return fail(ErrorCode::not_found, "you have no such thing that stays");
    const auto changed =
        change_rows(store_, "UPDATE things SET removed_at = ? WHERE id = ?", object_seconds(surroundings_.now()), id);
    if (!changed) return std::unexpected(changed.error());
    ended.push_back(*std::move(known));
    const std::unique_lock lock(mutex_);
    standing_.erase(id);
  }
  end(ended);
  return {};
}

base::Result<void> ObjectBook::remove_all_of(std::uint64_t owner) {
  for (const KeptObject& object : of_owner(owner))
    if (auto removed = remove(owner, object.id); !removed && removed.error().code != ErrorCode::not_found) return removed;
  return {};
}

base::Result<void> ObjectBook::hide(std::uint64_t id, bool hidden) {
  std::optional<KeptObject> changed;
  {
    const std::lock_guard writing(writing_);
    if (auto written = change_rows(store_, "UPDATE things SET hidden = ? WHERE id = ?", hidden ? 1 : 0, id); !written)
      return std::unexpected(written.error());
    auto stands = kept_rows(store_, std::string(kObjectStands) + " AND id = ?", object_seconds(surroundings_.now()), id);
    if (!stands) return std::unexpected(stands.error());
    const std::unique_lock lock(mutex_);
    if (const auto known = standing_.find(id); hidden && known != standing_.end()) {
      changed = std::move(known->second);
      standing_.erase(known);
    } else if (!hidden && known == standing_.end() && !stands->empty()) {
      changed = standing_.emplace(id, std::move(stands->front())).first->second;
    }
  }
  if (changed && listener_) listener_(*changed, !hidden);
  return {};
}

std::vector<KeptObject> ObjectBook::in_space(std::string_view space) const {
  auto found = standing([&](const KeptObject& object) { return object.space == space; });
  std::ranges::sort(found, {}, [](const KeptObject& object) { return std::pair(object.put_down_at, object.id); });
  return found;
}

std::vector<KeptObject> ObjectBook::of_owner(std::uint64_t owner) const {
  auto found = standing([&](const KeptObject& object) { return object.owner == owner; });
  std::ranges::sort(found, std::greater(), [](const KeptObject& object) { return std::pair(object.put_down_at, object.id); });
  return found;
}

base::Result<KeptObject> ObjectBook::get(std::uint64_t id) const {
  const ObjectTime now = surroundings_.now();
  const std::shared_lock lock(mutex_);
  const auto found = standing_.find(id);
  if (found == standing_.end() || found->second.stays_until <= now)
    return fail(ErrorCode::not_found, "there is no such thing; it may have been taken away");
  return found->second;
}

base::Result<KeptObject> ObjectBook::get_kept(std::uint64_t id) {
  auto rows = kept_rows(store_, " WHERE id = ?", id);
  if (!rows) return std::unexpected(rows.error());
  if (rows->empty()) return fail(ErrorCode::not_found, "there is no such thing any more");
  return std::move(rows->front());
}

base::Result<std::vector<KeptObject>> ObjectBook::kept_of_owner(std::uint64_t owner) {
  return kept_rows(store_, " WHERE owner = ? ORDER BY put_down_at DESC, id DESC", owner);
}

base::Result<void> ObjectBook::sweep() {
  const ObjectTime now = surroundings_.now();
  std::vector<KeptObject> ended;
  {
    const std::lock_guard writing(writing_);
    const auto deleted =
        change_rows(store_, "DELETE FROM things WHERE stays_until < ?1 OR (removed_at > 0 AND removed_at < ?1)",
                    object_seconds(now - kKeptAfterTime));
    if (!deleted) return std::unexpected(deleted.error());
    const std::unique_lock lock(mutex_);
    for (const auto& [id, object] : standing_)
      if (object.stays_until <= now) ended.push_back(object);
    for (const KeptObject& object : ended) standing_.erase(object.id);
  }
  end(ended);
  return {};
}

base::Result<void> ObjectBook::erase(std::uint64_t owner) {
  std::vector<KeptObject> ended;
  {
    const std::lock_guard writing(writing_);
    const auto deleted = change_rows(store_, "DELETE FROM things WHERE owner = ?", owner);
    if (!deleted) return std::unexpected(deleted.error());
    const std::unique_lock lock(mutex_);
    for (const auto& [id, object] : standing_)
      if (object.owner == owner) ended.push_back(object);
    for (const KeptObject& object : ended) standing_.erase(object.id);
  }
  end(ended);
  return {};
}

}  // namespace citiverse::presence
