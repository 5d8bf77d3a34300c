// A plain histogram: exact to its step, and adding costs one increment.
#include "load/percentiles.h"

#include <algorithm>
#include <cmath>

namespace citiverse::load {

namespace {
constexpr std::int64_t kStepNs = 100'000;
}

void Percentiles::add(std::chrono::nanoseconds time) {
  const std::int64_t step = std::clamp<std::int64_t>(time.count() / kStepNs, 0, static_cast<std::int64_t>(kSteps));
  ++counts_[static_cast<std::size_t>(step)];
  ++count_;
  max_ = std::max(max_, time);
}

double Percentiles::at_ms(double share) const {
  if (count_ == 0) return 0;
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    seen += counts_[i];
    if (seen >= std::max<std::uint64_t>(wanted, 1)) return static_cast<double>(std::min(i + 1, kSteps)) * kStepMs;
  }
  return static_cast<double>(kSteps) * kStepMs;
}

std::uint64_t Percentiles::within(double time_ms) const {
  const auto steps = std::min(static_cast<std::size_t>(time_ms / kStepMs + 0.5), counts_.size());
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < steps; ++i) seen += counts_[i];
  return seen;
}

}  // namespace citiverse::load
