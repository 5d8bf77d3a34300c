// A row stands while it has not expired, was not taken down and is not hidden.
#include "presence/noticeboard.h"

#include <array>
#include <cmath>
#include <numbers>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "storage/rows.h"

namespace citiverse::presence {
namespace {

using base::ErrorCode;
using base::fail;
using storage::Database;

constexpr std::string_view kFirst = R"sql(
CREATE TABLE notices (
  id INTEGER PRIMARY KEY,
  author INTEGER NOT NULL,
  author_name TEXT NOT NULL,
  text TEXT NOT NULL,
  lang TEXT NOT NULL,
  object TEXT NOT NULL,
  object_name TEXT NOT NULL,
  lat REAL NOT NULL,
  lon REAL NOT NULL,
  posted_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  removed_at INTEGER NOT NULL DEFAULT 0,
  hidden INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX notices_newest ON notices (posted_at, id);
CREATE INDEX notices_object ON notices (object, posted_at);
CREATE INDEX notices_place ON notices (lat, lon);
CREATE INDEX notices_author ON notices (author, posted_at);
)sql";
constexpr std::array<std::string_view, 1> kSteps{kFirst};

constexpr std::string_view kColumns =
    "SELECT id, author, author_name, text, lang, object, object_name, lat, lon, posted_at, expires_at FROM notices";
constexpr std::string_view kStands = " AND removed_at = 0 AND hidden = 0 AND expires_at > ?1";

Notice notice_in(const storage::Statement& row) {
  return {.id = static_cast<std::uint64_t>(row.integer(0)),
          .author = static_cast<std::uint64_t>(row.integer(1)),
          .author_name = std::string(row.text(2)),
          .text = std::string(row.text(3)),
          .lang = std::string(row.text(4)),
          .object = std::string(row.text(5)),
          .object_name = std::string(row.text(6)),
          .place = {row.real(7), row.real(8)},
          .posted_at = NoticeTime(std::chrono::seconds(row.integer(9))),
          .expires_at = NoticeTime(std::chrono::seconds(row.integer(10)))};
}

std::int64_t seconds(NoticeTime time) { return time.time_since_epoch().count(); }

// Metres on a sphere of the Earth's mean radius (IUGG 1980: 6371.0088 km): a noticeboard's radius needs no ellipsoid.
constexpr double kEarthRadiusM = 6'371'008.8;
constexpr double kRadians = std::numbers::pi / 180;

double distance_m(geo::LatLon a, geo::LatLon b) {
  const double lat = std::sin((b.lat_deg - a.lat_deg) * kRadians / 2);
  const double lon = std::sin((b.lon_deg - a.lon_deg) * kRadians / 2);
  const double h = lat * lat + std::cos(a.lat_deg * kRadians) * std::cos(b.lat_deg * kRadians) * lon * lon;
  return 2 * kEarthRadiusM * std::asin(std::min(1.0, std::sqrt(h)));
}

template <class... Values>
base::Result<std::vector<Notice>> select(storage::Store& store, const std::string& condition, const Values&... values) {
  std::vector<Notice> notices;
  const auto rows = store.read([&](Database& database) {
    return storage::each_row(
        database, std::string(kColumns) + condition, [&](const storage::Statement& row) { notices.push_back(notice_in(row)); },
        values...);
  });
  if (!rows) return std::unexpected(rows.error());
  return notices;
}

base::Result<Notice> only(base::Result<std::vector<Notice>> notices) {
  if (!notices) return std::unexpected(notices.error());
  if (notices->empty()) return fail(ErrorCode::not_found, "there is no such notice; it may have expired or been taken down");
  return std::move(notices->front());
}

base::Result<void> without_rows(const base::Result<std::int64_t>& rows) {
  if (!rows) return std::unexpected(rows.error());
  return {};
}

}  // namespace

base::Result<void> Noticeboard::make_tables() { return store_.migrate("noticeboard", kSteps); }

base::Result<Notice> Noticeboard::post(Notice notice, int days, int per_day) {
  notice.id = surroundings_.random_id();
  notice.posted_at = surroundings_.now();
  notice.expires_at = notice.posted_at + std::chrono::days{days};
  return store_.write([&](Database& database) -> base::Result<Notice> {
    const auto today = storage::one_integer(database, "SELECT count(*) FROM notices WHERE author = ? AND posted_at > ?",
                                            notice.author, seconds(notice.posted_at - std::chrono::hours{24}));
    if (!today) return std::unexpected(today.error());
    if (today->value_or(0) >= per_day)
      return fail(ErrorCode::limit,
                  fmt::format("you may post {} notices in 24 hours; wait, or take part in a conversation", per_day));
    const auto all = storage::one_integer(database, "SELECT count(*) FROM notices");
    if (!all) return std::unexpected(all.error());
    if (all->value_or(0) >= kNoticesMax)
      return fail(ErrorCode::limit, "the city's noticeboard is full; the operator must make room");
    const auto added = storage::execute(
        database,
        "INSERT INTO notices (id, author, author_name, text, lang, object, object_name, lat, lon, posted_at, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        notice.id, notice.author, std::string_view(notice.author_name), std::string_view(notice.text),
        std::string_view(notice.lang), std::string_view(notice.object), std::string_view(notice.object_name),
        notice.place.lat_deg, notice.place.lon_deg, seconds(notice.posted_at), seconds(notice.expires_at));
    if (!added) return std::unexpected(added.error());
    return notice;
  });
}

base::Result<Notice> Noticeboard::get(std::uint64_t id) {
  return only(select(store_, " WHERE id = ?2" + std::string(kStands), seconds(surroundings_.now()), id));
}

base::Result<Notice> Noticeboard::get_kept(std::uint64_t id) { return only(select(store_, " WHERE id = ?", id)); }

base::Result<std::vector<Notice>> Noticeboard::list(const NoticeQuery& query) {
  const std::size_t count = std::min(query.count, kNoticesPageMax);
  const std::int64_t now = seconds(surroundings_.now());
  const std::string not_by =
      fmt::format("[{}]", fmt::join(std::vector<std::int64_t>(query.not_by.begin(), query.not_by.end()), ","));
  const std::string after = std::string(kStands) + " AND author NOT IN (SELECT value FROM json_each(?4))" +
                            " AND (?2 = 0 OR (posted_at, id) < (SELECT posted_at, id FROM notices WHERE id = ?2))"
                            " ORDER BY posted_at DESC, id DESC LIMIT ?3";
  if (!query.object.empty())
    return select(store_, " WHERE object = ?5" + after, now, query.after, count, std::string_view(not_by),
                  std::string_view(query.object));
  if (!query.place) return select(store_, " WHERE 1" + after, now, query.after, count, std::string_view(not_by));
  const geo::LatLon at = *query.place;
  const double lat_deg = query.radius_m / kEarthRadiusM / kRadians;
  const double lon_deg = std::min(180.0, lat_deg / std::max(0.01, std::cos(at.lat_deg * kRadians)));
  // The box is read in pages until enough of its notices lie in the circle.
  std::vector<Notice> found;
  std::uint64_t from = query.after;
  for (bool more = true; more && found.size() < count;) {
    auto page = select(store_, " WHERE lat BETWEEN ?5 AND ?6 AND lon BETWEEN ?7 AND ?8" + after, now, from, kNoticesPageMax,
                       std::string_view(not_by), at.lat_deg - lat_deg, at.lat_deg + lat_deg, at.lon_deg - lon_deg,
                       at.lon_deg + lon_deg);
    if (!page) return page;
    more = page->size() == kNoticesPageMax;
    if (more) from = page->back().id;
    for (Notice& notice : *page) {
      if (found.size() < count && distance_m(at, notice.place) <= query.radius_m) found.push_back(std::move(notice));
    }
  }
  return found;
}

base::Result<std::vector<Notice>> Noticeboard::of_author(std::uint64_t author) {
  return select(store_, " WHERE author = ?2" + std::string(kStands) + " ORDER BY posted_at DESC, id DESC LIMIT ?3",
                seconds(surroundings_.now()), author, kNoticesPageMax);
}

base::Result<std::vector<Notice>> Noticeboard::kept_of_author(std::uint64_t author) {
  return select(store_, " WHERE author = ? ORDER BY posted_at DESC, id DESC", author);
}

base::Result<void> Noticeboard::remove(std::uint64_t author, std::uint64_t id) {
  const NoticeTime now = surroundings_.now();
  return store_.write([&](Database& database) -> base::Result<void> {
    const auto rows =
        storage::execute(database, "UPDATE notices SET removed_at = ?3 WHERE id = ?1 AND author = ?2 AND removed_at = 0", id,
                         author, seconds(now));
    if (!rows) return std::unexpected(rows.error());
    if (*rows == 0) return fail(ErrorCode::not_found, "you have no such notice that stands");
    return {};
  });
}

base::Result<Notice> Noticeboard::restore(std::uint64_t author, std::uint64_t id) {
  const NoticeTime now = surroundings_.now();
  const auto restored = store_.write([&](Database& database) -> base::Result<void> {
    const auto rows = storage::execute(
        database, "UPDATE notices SET removed_at = 0 WHERE id = ?1 AND author = ?2 AND removed_at >= ?3 AND hidden = 0", id,
        author, seconds(now - kNoticeUndoTime));
    if (!rows) return std::unexpected(rows.error());
    if (*rows == 0) return fail(ErrorCode::not_found, "you took down no such notice within the last ten minutes");
    return {};
  });
  if (!restored) return std::unexpected(restored.error());
  return get(id);
}

base::Result<void> Noticeboard::hide(std::uint64_t id, bool hidden) {
  return store_.write([&](Database& database) {
    return without_rows(storage::execute(database, "UPDATE notices SET hidden = ? WHERE id = ?", hidden ? 1 : 0, id));
  });
}

base::Result<void> Noticeboard::sweep() {
  const std::int64_t before = seconds(surroundings_.now() - kNoticeKeepTime);
  return store_.write([&](Database& database) {
    return without_rows(storage::execute(
        database, "DELETE FROM notices WHERE expires_at < ?1 OR (removed_at > 0 AND removed_at < ?1)", before));
  });
}

base::Result<void> Noticeboard::erase(std::uint64_t author) {
  return store_.write([&](Database& database) {
    return without_rows(storage::execute(database, "DELETE FROM notices WHERE author = ?", author));
  });
}

}  // namespace citiverse::presence
