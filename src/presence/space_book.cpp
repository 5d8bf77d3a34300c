// Few and rarely changed: every change is written as a whole row first, then taken over in memory.
#include "presence/space_book.h"

#include <algorithm>
#include <array>
#include <mutex>

#include <fmt/format.h>

#include "base/random.h"
#include "storage/rows.h"

namespace citiverse::presence {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using storage::Database;

constexpr std::array<std::string_view, 1> kSpaceSteps{R"sql(
CREATE TABLE spaces (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  about TEXT NOT NULL,
  maker INTEGER NOT NULL,
  organisation INTEGER NOT NULL,
  audience INTEGER NOT NULL,
  roles INTEGER NOT NULL,
  width_m INTEGER NOT NULL,
  depth_m INTEGER NOT NULL,
  height_m INTEGER NOT NULL,
  people_max INTEGER NOT NULL,
  object TEXT NOT NULL,
  object_name TEXT NOT NULL,
  lat REAL NOT NULL,
  lon REAL NOT NULL,
  made_at INTEGER NOT NULL,
  closed_at INTEGER,
  closed_by_city INTEGER NOT NULL
) STRICT;
CREATE TABLE space_guests (
  space INTEGER NOT NULL REFERENCES spaces ON DELETE CASCADE,
  account INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (space, account)
) STRICT, WITHOUT ROWID;
)sql"};

constexpr std::array<std::string_view, kAudiences> kAudienceNames{"everybody", "accounts", "organisation", "roles", "invited"};

std::int64_t seconds_since_epoch(SpaceTime time) { return time.time_since_epoch().count(); }
SpaceTime time_of(std::int64_t seconds) { return SpaceTime(std::chrono::seconds(seconds)); }

SpaceRecord record_in(const storage::Statement& row) {
  SpaceRecord space{.id = static_cast<std::uint64_t>(row.integer(0)),
                    .name = std::string(row.text(1)),
                    .about = std::string(row.text(2)),
                    .maker = static_cast<std::uint64_t>(row.integer(3)),
                    .organisation = static_cast<std::uint64_t>(row.integer(4)),
                    .audience = static_cast<Audience>(std::clamp<std::int64_t>(row.integer(5), 0, kAudiences - 1)),
                    .roles = static_cast<std::uint32_t>(row.integer(6)),
                    .width_m = static_cast<int>(row.integer(7)),
                    .depth_m = static_cast<int>(row.integer(8)),
                    .height_m = static_cast<int>(row.integer(9)),
                    .people_max = static_cast<std::uint32_t>(row.integer(10)),
                    .door = {std::string(row.text(11)), std::string(row.text(12)), {row.real(13), row.real(14)}},
                    .made_at = time_of(row.integer(15)),
                    .is_closed_by_city = row.integer(17) != 0};
  if (!row.is_null(16)) space.closed_at = time_of(row.integer(16));
  return space;
}

Result<void> written(const Result<std::int64_t>& rows) {
  if (!rows) return std::unexpected(rows.error());
  return {};
}

std::unexpected<base::Error> no_such_space() { return fail(ErrorCode::not_found, "there is no such space"); }

Result<void> in_range(std::string_view member, std::int64_t value, std::int64_t least, std::int64_t most) {
  if (value >= least && value <= most) return {};
  return fail(ErrorCode::bad_input, fmt::format("{}: from {} to {}", member, least, most));
}

Result<void> checked(const SpaceRecord& space) {
  if (space.name.empty()) return fail(ErrorCode::bad_input, "name: what people call the space is needed");
  if (space.audience == Audience::roles && space.roles == 0)
    return fail(ErrorCode::bad_input, "roles: at least one role is needed where the audience is 'roles'");
  if (space.audience == Audience::organisation && space.organisation == 0)
    return fail(ErrorCode::bad_input, "audience: 'organisation' is for spaces that belong to one");
  for (const auto& [member, metres] : {std::pair("width_m", space.width_m), std::pair("depth_m", space.depth_m)})
    if (auto good = in_range(member, metres, kSpaceSideMinM, kSpaceSideMaxM); !good) return good;
  if (auto good = in_range("height_m", space.height_m, kSpaceHeightMinM, kSpaceHeightMaxM); !good) return good;
  return in_range("people_max", space.people_max, 1, kSpacePeopleMax);
}

}  // namespace

std::string_view name_of(Audience audience) { return kAudienceNames[static_cast<std::size_t>(audience)]; }

std::optional<Audience> audience_named(std::string_view name) {
  const auto found = std::ranges::find(kAudienceNames, name);
  if (found == kAudienceNames.end()) return std::nullopt;
  return static_cast<Audience>(found - kAudienceNames.begin());
}

bool lets_in(const SpaceRecord& space, const Entrant& who) {
  if (who.account == 0 || space.closed_at) return false;
  if (who.account == space.maker || space.guests.contains(who.account)) return true;
  switch (space.audience) {
    case Audience::everybody: return true;
    case Audience::accounts: return !who.is_guest;
    case Audience::organisation:
      return space.organisation != 0 && std::ranges::find(who.organisations, space.organisation) != who.organisations.end();
    case Audience::roles: return (space.roles & who.roles) != 0;
    case Audience::invited: break;
  }
  return false;
}

SpaceOptions options_of(const SpaceRecord& space) {
  constexpr int kStepInCm = 100;  // Into the room from its door.
  const std::int32_t half_width = space.width_m * 50;
  const std::int32_t half_depth = space.depth_m * 50;
  return {.name = space.name,
          .origin = space.door.place,
          .bounds = {{-half_width, -half_depth, 0}, {half_width, half_depth, space.height_m * 100}},
          .spawn = {0, -half_depth + kStepInCm, 0},
          .people_max = space.people_max,
          .seed = base::mix64(space.id)};
}

Result<std::unique_ptr<SpaceBook>> SpaceBook::load(storage::Store& store, Surroundings surroundings) {
  if (auto made = store.migrate("space_book", kSpaceSteps); !made) return std::unexpected(made.error());
  std::unique_ptr<SpaceBook> book(new SpaceBook(store, std::move(surroundings)));
  if (auto read = book->read_all(); !read) return std::unexpected(read.error());
  return book;
}

Result<void> SpaceBook::read_all() {
  return store_.read([&](Database& database) -> Result<void> {
    auto rows = storage::each_row(database,
                                  "SELECT id, name, about, maker, organisation, audience, roles, width_m, depth_m, height_m,"
                                  " people_max, object, object_name, lat, lon, made_at, closed_at, closed_by_city FROM spaces",
                                  [&](const storage::Statement& row) {
                                    SpaceRecord space = record_in(row);
                                    spaces_[space.id] = std::move(space);
                                  });
    if (!rows) return std::unexpected(rows.error());
    return written(storage::each_row(database, "SELECT space, account, name FROM space_guests", [&](const auto& row) {
      spaces_.at(static_cast<std::uint64_t>(row.integer(0))).guests[static_cast<std::uint64_t>(row.integer(1))] = row.text(2);
    }));
  });
}

// Of one writer: on the disk first, then in memory. Readers never wait for the disk.
Result<SpaceRecord> SpaceBook::keep(SpaceRecord space) {
  const auto kept = store_.write([&](Database& database) -> Result<void> {
    return written(storage::execute(
        database,
        "INSERT INTO spaces (id, name, about, maker, organisation, audience, roles, width_m, depth_m, height_m, people_max,"
        " object, object_name, lat, lon, made_at, closed_at, closed_by_city)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)"
        " ON CONFLICT (id) DO UPDATE SET name = ?2, about = ?3, maker = ?4, organisation = ?5, audience = ?6, roles = ?7,"
        " people_max = ?11, object = ?12, object_name = ?13, lat = ?14, lon = ?15, closed_at = ?17, closed_by_city = ?18",
        space.id, std::string_view(space.name), std::string_view(space.about), space.maker, space.organisation,
        static_cast<int>(space.audience), space.roles, space.width_m, space.depth_m, space.height_m, space.people_max,
        std::string_view(space.door.object), std::string_view(space.door.object_name), space.door.place.lat_deg,
        space.door.place.lon_deg, seconds_since_epoch(space.made_at),
        space.closed_at ? std::optional(seconds_since_epoch(*space.closed_at)) : std::nullopt, space.is_closed_by_city));
  });
  if (!kept) return std::unexpected(kept.error());
  const std::unique_lock lock(mutex_);
  spaces_[space.id] = space;
  return space;
}

Result<SpaceRecord> SpaceBook::make(SpaceRecord space) {
  const std::lock_guard writing(writing_);
  if (auto good = checked(space); !good) return std::unexpected(good.error());
  const auto mine = std::ranges::count_if(spaces_, [&](const auto& each) { return each.second.maker == space.maker; });
  if (static_cast<std::size_t>(mine) >= kSpacesOfOneMax)
    return fail(ErrorCode::limit, fmt::format("you have made {} spaces; a closed one counts until it is deleted, {} days later",
                                              mine, kSpaceKeepTime.count()));
  if (spaces_.size() >= kSpacesMax)
    return fail(ErrorCode::limit, fmt::format("this node has its {} spaces; the operator must close some", kSpacesMax));
  space.id = surroundings_.random_id();
  space.made_at = surroundings_.now();
  return keep(std::move(space));
}

Result<SpaceRecord> SpaceBook::get(std::uint64_t id) const {
  const std::shared_lock lock(mutex_);
  const auto found = spaces_.find(id);
  if (found == spaces_.end()) return no_such_space();
  return found->second;
}

bool SpaceBook::lets_in(std::uint64_t id, const Entrant& who) const {
  const std::shared_lock lock(mutex_);
  const auto found = spaces_.find(id);
  return found != spaces_.end() && presence::lets_in(found->second, who);
}

std::vector<SpaceRecord> SpaceBook::all() const {
  std::vector<SpaceRecord> spaces;
  {
    const std::shared_lock lock(mutex_);
    for (const auto& [id, space] : spaces_) spaces.push_back(space);
  }
  std::ranges::stable_sort(spaces, {}, &SpaceRecord::name);
  return spaces;
}

Result<SpaceRecord> SpaceBook::change(std::uint64_t id, const std::function<Result<void>(SpaceRecord&)>& edit) {
  const std::lock_guard writing(writing_);
  const auto found = spaces_.find(id);
  if (found == spaces_.end()) return no_such_space();
  SpaceRecord changed = found->second;
  if (auto edited = edit(changed); !edited) return std::unexpected(edited.error());
  if (auto good = checked(changed); !good) return std::unexpected(good.error());
  return keep(std::move(changed));
}

Result<void> SpaceBook::close(std::uint64_t id, bool by_city) {
  const auto closed = change(id, [&](SpaceRecord& space) -> Result<void> {
    if (space.closed_at && (space.is_closed_by_city || !by_city))
      return fail(ErrorCode::conflict, "this space is closed already");
    space.closed_at = surroundings_.now();
    space.is_closed_by_city = by_city;
    return {};
  });
  if (!closed) return std::unexpected(closed.error());
  return {};
}

Result<void> SpaceBook::reopen(std::uint64_t id, bool by_city) {
  const auto opened = change(id, [&](SpaceRecord& space) -> Result<void> {
    if (!space.closed_at) return fail(ErrorCode::conflict, "this space is open");
    if (space.is_closed_by_city && !by_city)
      return fail(ErrorCode::denied, "moderators have closed this space; its reasons stand in your account");
    space.closed_at.reset();
    space.is_closed_by_city = false;
    return {};
  });
  if (!opened) return std::unexpected(opened.error());
  return {};
}

Result<void> SpaceBook::invite(std::uint64_t id, std::uint64_t account, std::string_view name) {
  const std::lock_guard writing(writing_);
  const auto found = spaces_.find(id);
  if (found == spaces_.end()) return no_such_space();
  if (found->second.guests.size() >= kSpaceGuestsMax && !found->second.guests.contains(account))
    return fail(ErrorCode::limit, fmt::format("the list has its {} people; let an organisation in instead", kSpaceGuestsMax));
  const auto kept = store_.write([&](Database& database) -> Result<void> {
    return written(storage::execute(database, "INSERT OR REPLACE INTO space_guests (space, account, name) VALUES (?, ?, ?)", id,
                                    account, name));
  });
  if (!kept) return kept;
  const std::unique_lock lock(mutex_);
  found->second.guests[account] = name;
  return {};
}

Result<void> SpaceBook::uninvite(std::uint64_t id, std::uint64_t account) {
  const std::lock_guard writing(writing_);
  const auto found = spaces_.find(id);
  if (found == spaces_.end()) return no_such_space();
  if (!found->second.guests.contains(account)) return fail(ErrorCode::not_found, "this account is not on the space's list");
  const auto kept = store_.write([&](Database& database) -> Result<void> {
    return written(storage::execute(database, "DELETE FROM space_guests WHERE space = ? AND account = ?", id, account));
  });
  if (!kept) return kept;
  const std::unique_lock lock(mutex_);
  found->second.guests.erase(account);
  return {};
}

Result<void> SpaceBook::delete_where(const std::function<bool(const SpaceRecord&)>& is_gone) {
  std::vector<std::uint64_t> gone;
  for (const auto& [id, space] : spaces_)
    if (is_gone(space)) gone.push_back(id);
  const auto kept = store_.write([&](Database& database) -> Result<void> {
    for (const std::uint64_t id : gone)
      if (auto done = written(storage::execute(database, "DELETE FROM spaces WHERE id = ?", id)); !done) return done;
    return {};
  });
  if (!kept) return kept;
  const std::unique_lock lock(mutex_);
  for (const std::uint64_t id : gone) spaces_.erase(id);
  return {};
}

Result<void> SpaceBook::sweep() {
  const std::lock_guard writing(writing_);
  const SpaceTime now = surroundings_.now();
  return delete_where([&](const SpaceRecord& space) { return space.closed_at && now - *space.closed_at >= kSpaceKeepTime; });
}

Result<void> SpaceBook::erase(std::uint64_t account) {
  const std::lock_guard writing(writing_);
  const auto kept = store_.write([&](Database& database) -> Result<void> {
    if (auto done = written(storage::execute(database, "DELETE FROM space_guests WHERE account = ?", account)); !done)
      return done;
    return written(storage::execute(database, "UPDATE spaces SET maker = 0 WHERE maker = ? AND organisation <> 0", account));
  });
  if (!kept) return kept;
  {
    const std::unique_lock lock(mutex_);
    for (auto& [id, space] : spaces_) {
      space.guests.erase(account);
      if (space.maker == account && space.organisation != 0) space.maker = 0;
    }
  }
  return delete_where([&](const SpaceRecord& space) { return space.maker == account; });
}

}  // namespace citiverse::presence
