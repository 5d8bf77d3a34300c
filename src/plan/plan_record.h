// What is kept of a plan beside its log: who made it, who may do what, what people say of it.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "geo/lat_lon.h"
#include "plan/edit.h"
#include "plan/object_id.h"

namespace citiverse::plan {

using PlanTime = std::chrono::sys_seconds;

inline constexpr std::size_t kPlansMax = 10'000;  ///< On this node.
inline constexpr std::size_t kPlansOfOneMax = 100;
inline constexpr std::size_t kPlanPeopleMax = 500;  ///< Whom one plan is shared with.
inline constexpr std::size_t kPlanNameCharactersMax = 120;
inline constexpr std::size_t kPlanAboutCharactersMax = 2000;
/// Logs kept in memory; others are read when they are asked for.
inline constexpr std::size_t kPlansOpenMax = 64;

/// What somebody may do with a plan; each includes those before it. Stored in files: only ever append.
enum class Right : std::uint8_t { none, read, suggest, edit, own };
std::string_view name_of(Right right);
std::optional<Right> right_named(std::string_view name);

struct PlanRecord {
  std::uint64_t id = 0;
  std::string name;
  std::string about;
  std::uint64_t owner = 0;
  std::string base_version;       ///< Of the city that it branches from.
  Right everybody = Right::none;  ///< none or read: for those who are not signed in too.
  Right accounts = Right::none;   ///< none, read or suggest: for everybody with an account.
  std::uint64_t forked_from = 0;  ///< Another plan; 0: the city itself.
  std::uint64_t forked_at = 0;    ///< After so many entries of it, which this one's log begins with.
  std::uint64_t entries = 0;      ///< Of its log.
  PlanTime made_at{};
  PlanTime changed_at{};
  std::map<std::uint64_t, Right> people;  ///< read, suggest or edit.
};
/// `account` 0 is somebody who is not signed in; guests count as such for `accounts`.
Right right_of(const PlanRecord& plan, std::uint64_t account, bool is_guest);

enum class SuggestionState : std::uint8_t { open, accepted, declined, withdrawn };
std::string_view name_of(SuggestionState state);

struct Suggestion {
  std::uint64_t id = 0;
  std::uint64_t author = 0;
  PlanTime made_at{};
  std::string note;
  std::vector<Edit> edits;
  SuggestionState state = SuggestionState::open;
  std::uint64_t sequence = 0;  ///< The entry that it became.
};

/// Hangs on an object, on a point, or on the plan itself, as somebody saw it after `sequence` entries.
struct Comment {
  std::uint64_t id = 0;
  std::uint64_t author = 0;  ///< 0: erased.
  PlanTime made_at{};
  std::uint64_t sequence = 0;
  std::optional<ObjectId> object;
  std::optional<geo::LatLon> place;
  std::uint64_t reply_to = 0;  ///< The first of its thread; 0: it is that.
  std::string text;
  bool is_resolved = false;  ///< Of threads.
};

}  // namespace citiverse::plan
