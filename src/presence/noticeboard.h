// What people pin to places: the one kind of talk that stays, until it expires.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "geo/lat_lon.h"
#include "storage/store.h"

namespace citiverse::presence {

using NoticeTime = std::chrono::sys_seconds;

inline constexpr std::size_t kNoticeCharactersMax = 1000;
inline constexpr int kNoticeDaysMax = 90;
inline constexpr std::size_t kNoticesPageMax = 200;
inline constexpr std::int64_t kNoticesMax = 200'000;  ///< Standing at once on this node.
inline constexpr std::chrono::minutes kNoticeUndoTime{10};
/// A notice that was taken down or has expired is kept so long for moderators, then deleted.
inline constexpr std::chrono::days kNoticeKeepTime{30};

struct Notice {
  std::uint64_t id = 0;
  std::uint64_t author = 0;  ///< An account; never told to readers.
  std::string author_name;   ///< When it was posted.
  std::string text;
  std::string lang;
  std::string object;  ///< A city object's id; empty: a point.
  std::string object_name;
  geo::LatLon place{};
  NoticeTime posted_at{};
  NoticeTime expires_at{};
};

/// All of the city, or of an object, or around a point.
struct NoticeQuery {
  std::string object;
  std::optional<geo::LatLon> place;
  double radius_m = 0;
  std::size_t count = 50;
  std::uint64_t after = 0;            ///< The last notice of the page before, or 0.
  std::vector<std::uint64_t> not_by;  ///< Accounts whose notices the reader is not shown.
};

/// Threads: safe.
class Noticeboard {
 public:
  /// What it takes from outside; both are called from several threads.
  struct Surroundings {
    std::function<NoticeTime()> now;
    std::function<std::uint64_t()> random_id;
  };
  /// `store` must outlive this.
  Noticeboard(storage::Store& store, Surroundings surroundings) : store_(store), surroundings_(std::move(surroundings)) {}
  /// Makes or renews its tables. Fails: unavailable, corrupt.
  base::Result<void> make_tables();

  /// Gives id and times to the notice and keeps it for `days` (1 to kNoticeDaysMax). Fails: limit beyond `per_day` in 24 hours,
  /// taken down ones included, or kNoticesMax.
  base::Result<Notice> post(Notice notice, int days, int per_day);
  /// Fails: not_found for what does not stand.
  base::Result<Notice> get(std::uint64_t id);
  /// For moderators: whatever is kept. Fails: not_found.
  base::Result<Notice> get_kept(std::uint64_t id);
  /// Standing notices, newest first, at most kNoticesPageMax.
  base::Result<std::vector<Notice>> list(const NoticeQuery& query);
  base::Result<std::vector<Notice>> of_author(std::uint64_t author);
  /// All that is kept of an author, taken down and expired ones included.
  base::Result<std::vector<Notice>> kept_of_author(std::uint64_t author);
  /// By its author, who can put it back for kNoticeUndoTime. Fails: not_found.
  base::Result<void> remove(std::uint64_t author, std::uint64_t id);
  base::Result<Notice> restore(std::uint64_t author, std::uint64_t id);
  /// By a moderator; its author cannot put it back. Nothing happens to one that is gone.
  base::Result<void> hide(std::uint64_t id, bool hidden);

  /// Deletes what need not be kept any longer. Call now and then.
  base::Result<void> sweep();
  base::Result<void> erase(std::uint64_t author);

 private:
  storage::Store& store_;
  Surroundings surroundings_;
};

}  // namespace citiverse::presence
