// What all doors for other systems' messages share: the mapping, what applies it, and what was counted.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string_view>

#include "api/feeds/intake.h"
#include "api/feeds/mapping.h"
#include "api/twin_api.h"

namespace citiverse::api::feeds {

/// Since the start. rows = taken + refused + passed over by only_if; a message that cannot be read has no rows.
struct FeedFigures {
  std::atomic<std::uint64_t> messages = 0;
  std::atomic<std::uint64_t> messages_refused = 0;
  std::atomic<std::uint64_t> taken = 0;
  std::atomic<std::uint64_t> refused = 0;
  std::atomic<std::uint64_t> fetches_failed = 0;
};

/// Must outlive doors and routes. Threads: safe.
class Feeds {
 public:
  /// What is wrong with messages is logged at most so often: somebody's broken sensor must not fill the disk.
  static constexpr std::chrono::seconds kLogPause{10};

  Feeds(const TwinApi& twin, Mapping mapping, AnchorFinder find_anchor);

  const TwinApi& twin() const { return twin_; }
  const Mapping& mapping() const { return mapping_; }
  const Mapper& mapper() const { return mapper_; }
  FeedFigures& figures() { return figures_; }
  const FeedFigures& figures() const { return figures_; }

  /// Maps and counts; what cannot be used is told to the log, and its reports are left out.
  Intake take(const Rule& rule, std::string_view payload, const formats::TopicPattern::Captures& captures);
  /// A problem of a rule, to the log and at most once in kLogPause.
  void tell(std::string_view rule, std::string_view reason);

 private:
  const TwinApi& twin_;
  Mapping mapping_;
  Mapper mapper_;
  FeedFigures figures_;
  std::mutex told_mutex_;
  std::chrono::steady_clock::time_point told_at_{};
};

}  // namespace citiverse::api::feeds
