// Latencies of millions of messages in a table of fixed size.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace citiverse::load {

/// Counts times to a tenth of a millisecond up to ten seconds; longer ones count as ten. Negative ones count as 0.
class Percentiles {
 public:
  static constexpr double kStepMs = 0.1;
  static constexpr std::size_t kSteps = 100'000;

  Percentiles() : counts_(kSteps + 1) {}
  void add(std::chrono::nanoseconds time);
  std::uint64_t count() const { return count_; }
  /// The upper end of the step in which the share lies, in milliseconds: at(0.99) is p99. 0 when nothing was counted.
  double at_ms(double share) const;
  /// How many took at most `time_ms`.
  std::uint64_t within(double time_ms) const;
  double max_ms() const { return static_cast<double>(max_.count()) / 1e6; }

 private:
  std::vector<std::uint32_t> counts_;
  std::uint64_t count_ = 0;
  std::chrono::nanoseconds max_{0};
};

}  // namespace citiverse::load
