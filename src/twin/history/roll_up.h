// What is kept of many values once their single ones are gone, or not asked for: enough for every aggregate of the standards.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "twin/history/point.h"

namespace citiverse::twin::history {

/// Sums are of doubles in the order in which parts are added: kSumErrorRelative of the sum of magnitudes for up to 1e9 values.
inline constexpr double kSumErrorRelative = 1e-7;

struct Aggregate {
  std::uint64_t count = 0;
  double sum = 0, min = 0, max = 0, sum_of_squares = 0;
  double first = 0, last = 0;
  TimeUs first_us = 0, last_us = 0;

  void add(TimeUs time_us, double value);
  /// Of other values than these; their times may overlap.
  void add(const Aggregate& other);
  double average() const { return sum / static_cast<double>(count); }
  /// Of the values as a whole population; 0 for fewer than two.
  double standard_deviation() const;
  friend bool operator==(const Aggregate&, const Aggregate&) = default;
};

struct Bucket {
  TimeUs start_us = 0;
  Aggregate values;
  friend bool operator==(const Bucket&, const Bucket&) = default;
};

/// The start of the step that holds a time; steps are counted from `origin_us`. step_us ≥ 1.
constexpr TimeUs step_start(TimeUs time_us, TimeUs origin_us, TimeUs step_us) {
  const TimeUs past = (time_us - origin_us) % step_us;
  return time_us - (past < 0 ? past + step_us : past);
}

inline constexpr std::size_t kRollUpBucketsMax = 65'536;  ///< In one run of bytes.

/// By rising start. Checked, and the same buckets give the same bytes.
std::string encode_buckets(std::span<const Bucket> buckets);
/// Fails: corrupt.
base::Result<std::vector<Bucket>> decode_buckets(std::string_view bytes);

}  // namespace citiverse::twin::history
