// What a rule says: which values of which things make a new one, and what it is called.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "twin/names.h"
#include "twin/rules/counted_area.h"
#include "twin/rules/published_index.h"

namespace citiverse::twin::rules {

inline constexpr std::size_t kRulesMax = 64;
inline constexpr std::size_t kAreasMax = 10'000;              ///< Of one rule.
inline constexpr TimeUs kWindowUsMax = 7 * 86'400'000'000LL;  ///< The longest rolling mean.
inline constexpr std::size_t kWindowValuesMax = 4'096;        ///< Of one window: the newest.
inline constexpr std::size_t kWindowEntitiesMax = 20'000;     ///< Of one rule.
inline constexpr std::size_t kWindowPointsMax = 4'000'000;    ///< Of all rules: 96 MB.
inline constexpr std::size_t kCountedMax = 1'000'000;         ///< Things that one rule counts.
/// Values of one thing that are further apart than this do not belong together.
inline constexpr TimeUs kInputsApartUsMax = 3'600'000'000LL;

/// True while a number is above (or below) a limit, until it comes back to `clears`.
struct Threshold {
  NameId of = kNoName;
  bool is_above = true;
  double limit = 0;
  double clears = 0;  ///< At or beyond it the other way.
};
/// Of the values that were observed within `over_us` before the newest.
struct RollingMean {
  NameId of = kNoName;
  TimeUs over_us = 0;
  bool is_level = false;  ///< Decibels: the mean of what they stand for (ISO 1996-1, equivalent continuous level).
};
/// How many things of the type are in each area.
struct Count {
  NameId where = kNoName;  ///< Only those whose text of this attribute is `is`; kNoName: all.
  std::string is;
  std::string per;  ///< The class of areas, such as "neighbourhood"; empty for an area of the rule's own.
  NameId area_type = kNoName;
  std::vector<CountedArea> areas;
};
/// kHeatIndexFromC: below it there is no value.
struct HeatIndex {
  NameId temperature = kNoName, humidity = kNoName;
};
/// The worst band of the pollutants that are there.
struct AirQuality {
  std::array<NameId, kPollutants> pollutants{};  ///< kNoName: not looked at.
  int at_least = 1;                              ///< So many must be there.
};

struct Rule {
  std::string name;   ///< Letters, digits, '-' and '_'.
  std::string title;  ///< As people read it; may be empty.
  NameId type = kNoName;
  std::variant<Threshold, RollingMean, Count, HeatIndex, AirQuality> how;
  NameId becomes = kNoName;

  /// The attributes that it looks at; a count looks at the location.
  std::vector<NameId> inputs(NameId location) const;
  /// "threshold", "rolling_mean", "count", "heat_index" or "air_quality_index".
  std::string_view kind() const;
};

/// Whether rules may stand together. Two of one name, two that write the same attribute, and one that feeds on itself, directly
/// or by others, are a problem. Attributes are told apart by name alone,
/// since one thing may have several types.
struct RuleProblem {
  std::size_t rule = 0;
  std::string why;
};
std::optional<RuleProblem> problem_among(const std::vector<Rule>& rules, NameId location);

}  // namespace citiverse::twin::rules
