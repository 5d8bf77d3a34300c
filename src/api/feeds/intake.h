// From a message to reports: one mapping rule applied to what came, item by item, each that cannot be used named.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/feeds/mapping.h"
#include "base/result.h"
#include "twin/report.h"

namespace citiverse::api::feeds {

inline constexpr std::size_t kIntakeRowsMax = 50'000;        ///< Items of one message.
inline constexpr std::size_t kIntakeProblemsMax = 100;       ///< Told of one message; the rest is counted.
inline constexpr std::int64_t kAheadSecondsMax = 24 * 3600;  ///< A time further ahead than this is a mistake.

/// An item that was not used: its line of CSV, or its place among the items, from 1.
struct RowProblem {
  std::size_t row = 0;
  std::string reason;
};

struct Intake {
  std::vector<twin::Report> reports;
  std::size_t rows = 0;  ///< All items; reports + refused + those that only_if passed over.
  std::size_t refused = 0;
  std::vector<RowProblem> problems;  ///< The first kIntakeProblemsMax of them.
};

/// The id of the city object that a code stands for, or "": a stop by its code or id, a line by its reference or id.
using AnchorFinder = std::function<std::string(AnchorRule::By by, std::string_view code)>;

/// Applies rules. Threads: safe.
class Mapper {
 public:
  Mapper(twin::Names& names, AnchorFinder find_anchor);

  /// Fails, and nothing is used: bad_input (no such payload), limit (rows).
  base::Result<Intake> map(const Rule& rule, std::string_view payload, const formats::TopicPattern::Captures& captures,
                           twin::TimeUs now_us, std::size_t rows_max = kIntakeRowsMax) const;

 private:
  twin::Names& names_;
  twin::ReportTerms terms_;
  AnchorFinder find_anchor_;
};

}  // namespace citiverse::api::feeds
