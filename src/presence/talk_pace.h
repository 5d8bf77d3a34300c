// Against spam: how fast one account talks, what it repeats, and to how many strangers it writes. Deterministic, no account
// knowledge.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"

namespace citiverse::presence {

inline constexpr int kSameTextMax = 3;  ///< The same words so often in kSameTextTimeMs.
inline constexpr std::uint64_t kSameTextTimeMs = 60'000;
inline constexpr int kCaptionsPerSecond = 5;
inline constexpr std::uint64_t kHourMs = 3'600'000;
/// An account that said nothing for so long is forgotten: all of its allowances are whole again by then.
inline constexpr std::uint64_t kTalkerTimeMs = kHourMs;
inline constexpr std::size_t kTalkersMax = 200'000;
inline constexpr std::size_t kPartnersMax = 256;  ///< Remembered of whom one account wrote to, and who wrote to it.

/// Tokens that refill: `per_minute` in a minute, a quarter of it (at least 4) at once.
class TokenBucket {
 public:
  /// False: too fast. Cost: a few operations.
  bool take(int per_minute, std::uint64_t now_ms);

 private:
  double tokens_ = -1;  ///< -1: not used yet, full.
  std::uint64_t filled_at_ms_ = 0;
};

/// Keyed by account, so that coming back does not help. One thread.
class TalkPace {
 public:
  /// Whether one more message may be said now. Fails: limit, saying what to do.
  base::Result<void> say(std::uint64_t account, std::string_view text, int per_minute, std::uint64_t now_ms);
  /// False: drop it; a later one says more.
  bool caption(std::uint64_t account, std::uint64_t now_ms);
  /// Whether `from` may write to `to` now, and if so remembers that it did. Fails: limit.
  base::Result<void> write(std::uint64_t from, std::uint64_t to, int new_per_hour, std::uint64_t now_ms);
  /// Whether `from` wrote to `to` within the last hours.
  bool has_written(std::uint64_t from, std::uint64_t to) const;
  /// Forgets who was quiet for long; looks at a few accounts a call.
  void sweep(std::uint64_t now_ms);
  std::size_t size() const { return talkers_.size(); }

 private:
  struct Partner {
    std::uint64_t account = 0;
    std::uint64_t began_at_ms = 0;
    bool was_answer = false;
  };
  struct Talker {
    TokenBucket messages;
    TokenBucket captions;
    std::uint64_t heard_at_ms = 0;
    std::array<std::uint64_t, 8> texts{};  ///< Hashes of the last, with their times beside them.
    std::array<std::uint64_t, 8> text_times_ms{};
    std::uint32_t next_text = 0;
    std::vector<Partner> partners;
  };
  Talker& talker(std::uint64_t account, std::uint64_t now_ms);

  std::unordered_map<std::uint64_t, Talker> talkers_;
};

/// True when a text holds what a reader could take for a web address: a scheme, "www.", or a name under a usual top domain.
bool holds_link(std::string_view text);

}  // namespace citiverse::presence
