// Which lines call at a stop, and when the next vehicles leave.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "city/city.h"
#include "city/local_time.h"

namespace citiverse::api {

struct Departure {
  city::FeatureIndex line = city::kNone;
  city::FeatureIndex last_stop = city::kNone;
  std::int64_t in_s = 0;  ///< From the time that was asked for.
};

/// The patterns of all lines, turned round: by stop. Threads: reading is safe.
class Timetable {
 public:
  explicit Timetable(const city::City& city);

  /// In order of their reference; each once.
  std::vector<city::FeatureIndex> lines_at(city::FeatureIndex stop) const;
  /// The next departures within a day, soonest first, at most `limit`. The last stop of a pattern has none.
  std::vector<Departure> departures(city::FeatureIndex stop, city::LocalTime time, std::size_t limit) const;

 private:
  struct Call {
    city::FeatureIndex stop;
    city::FeatureIndex line;
    std::uint32_t pattern;
    std::uint32_t position;
  };
  std::span<const Call> calls_at(city::FeatureIndex stop) const;

  const city::City& city_;
  std::vector<Call> calls_;  // Sorted by stop.
};

}  // namespace citiverse::api
