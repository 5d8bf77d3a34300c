// The spaces beside the city that people have made: how large each is, where its door stands, and whom it lets in.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "geo/lat_lon.h"
#include "presence/space.h"
#include "storage/store.h"

namespace citiverse::presence {

using SpaceTime = std::chrono::sys_seconds;

inline constexpr std::size_t kSpacesMax = 1000;  ///< On this node, the closed ones included.
inline constexpr std::size_t kSpacesOfOneMax = 10;
inline constexpr std::size_t kSpaceGuestsMax = 500;
inline constexpr std::size_t kSpaceNameCharactersMax = 80;
inline constexpr std::size_t kSpaceAboutCharactersMax = 1000;
inline constexpr std::uint32_t kSpacePeopleMax = 1000;
inline constexpr int kSpaceSideMinM = 4;
inline constexpr int kSpaceSideMaxM = 400;
inline constexpr int kSpaceHeightMinM = 3;
inline constexpr int kSpaceHeightMaxM = 50;
/// A closed space can be opened again so long; then it is deleted.
inline constexpr std::chrono::days kSpaceKeepTime{30};

/// Whom a space lets in, beside its maker and the people on its list.
enum class Audience : std::uint8_t {
  everybody,     ///< Guests too.
  accounts,      ///< Who can sign in again.
  organisation,  ///< Members of the organisation that it belongs to.
  roles,         ///< Who has one of certain roles of the city.
  invited,       ///< Nobody else.
};
inline constexpr std::size_t kAudiences = 5;
std::string_view name_of(Audience audience);
std::optional<Audience> audience_named(std::string_view name);

/// Something in the city on which a thing hangs: an object, or a point.
struct Anchor {
  std::string object;  ///< Such as "building-w42"; empty: the point alone.
  std::string object_name;
  geo::LatLon place{};
};

/// Accounts, organisations and roles are numbers that this room does not understand.
struct SpaceRecord {
  std::uint64_t id = 0;
  std::string name;
  std::string about;
  std::uint64_t maker = 0;         ///< 0: erased; the organisation goes on with it.
  std::uint64_t organisation = 0;  ///< 0: the maker's own.
  Audience audience = Audience::invited;
  std::uint32_t roles = 0;  ///< Bits, for Audience::roles.
  int width_m = 20;         ///< West to east.
  int depth_m = 20;         ///< South to north.
  int height_m = 5;
  std::uint32_t people_max = 50;
  Anchor door;
  SpaceTime made_at{};
  std::optional<SpaceTime> closed_at;
  bool is_closed_by_city = false;               ///< By moderators: only they open it again.
  std::map<std::uint64_t, std::string> guests;  ///< On its list, with their names at that time.
};

/// Who asks.
struct Entrant {
  std::uint64_t account = 0;
  std::uint32_t roles = 0;
  bool is_guest = true;
  std::span<const std::uint64_t> organisations;  ///< Of which the account is a member.
};
/// True when the space is open and its rules let them in. Nobody without an account, a guest's at least, is.
bool lets_in(const SpaceRecord& space, const Entrant& who);
/// A flat hall around the origin of its own frame; people arrive in the middle of its south side.
SpaceOptions options_of(const SpaceRecord& space);

/// All in memory, and kept in a store: what was acknowledged survives a killed process. Threads: safe; who only reads never
/// waits for the disk.
class SpaceBook {
 public:
  struct Surroundings {
    std::function<SpaceTime()> now;
    std::function<std::uint64_t()> random_id;
  };
  /// Fails: unavailable, corrupt. `store` must outlive it.
  static base::Result<std::unique_ptr<SpaceBook>> load(storage::Store& store, Surroundings surroundings);

  /// Gives id and time. Fails: bad_input naming the member; limit beyond kSpacesOfOneMax of the maker or kSpacesMax.
  base::Result<SpaceRecord> make(SpaceRecord space);
  /// Open or closed. Fails: not_found.
  base::Result<SpaceRecord> get(std::uint64_t id) const;
  /// As presence::lets_in(), without a copy of the space.
  bool lets_in(std::uint64_t id, const Entrant& who) const;
  /// In the order of their names.
  std::vector<SpaceRecord> all() const;
  /// Changes what `edit` changes of name, about, audience, roles, organisation, people_max and door; what it fails with, this
  /// fails with.
  base::Result<SpaceRecord> change(std::uint64_t id, const std::function<base::Result<void>(SpaceRecord&)>& edit);
  /// Fails: not_found, conflict when it is closed already.
  base::Result<void> close(std::uint64_t id, bool by_city);
  /// Fails: conflict when it is open; denied when moderators closed it and `by_city` is false.
  base::Result<void> reopen(std::uint64_t id, bool by_city);
  /// Fails: limit beyond kSpaceGuestsMax.
  base::Result<void> invite(std::uint64_t id, std::uint64_t account, std::string_view name);
  /// Fails: not_found when the account is not on the list.
  base::Result<void> uninvite(std::uint64_t id, std::uint64_t account);

  /// Deletes what has been closed for long enough.
  base::Result<void> sweep();
  /// Off every list; spaces of their own are deleted, those of an organisation lose their maker.
  base::Result<void> erase(std::uint64_t account);

 private:
  SpaceBook(storage::Store& store, Surroundings surroundings) : store_(store), surroundings_(std::move(surroundings)) {}
  base::Result<void> read_all();
  base::Result<void> delete_where(const std::function<bool(const SpaceRecord&)>& is_gone);
  base::Result<SpaceRecord> keep(SpaceRecord space);

  storage::Store& store_;
  Surroundings surroundings_;
  std::mutex writing_;               // One writer at a time; it alone changes spaces_.
  mutable std::shared_mutex mutex_;  // Of spaces_; never held while the disk is written.
  std::map<std::uint64_t, SpaceRecord> spaces_;
};

}  // namespace citiverse::presence
