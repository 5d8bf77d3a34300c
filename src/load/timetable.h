// When each visitor moves: evenly over time at first, and shortly before the node takes the move once that is known.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

namespace citiverse::load {

/// A move leaves so long before its visitor's turn, and by up to kTurnSpread earlier: time for a network and for a timer that
/// is late. A real client finds its own lead (web/src/people/turns.ts).
inline constexpr std::chrono::nanoseconds kTurnLead = std::chrono::milliseconds(15);
inline constexpr std::chrono::nanoseconds kTurnSpread = std::chrono::milliseconds(10);

/// An endless timetable: each visitor once a period, always at the same time within it, so that the loop stays open: nothing
/// that the node does later moves it. Cost: O(1) a move. Threads: one owner.
class Timetable {
 public:
  struct Move {
    std::uint32_t visitor = 0;
    std::chrono::nanoseconds due{0};
  };

  /// At least one visitor; `period` above 0.
  Timetable(std::uint32_t visitors, std::chrono::nanoseconds period);

  /// From `start` on, visitor i at i × period / visitors.
  void begin(std::chrono::nanoseconds start);
  /// From the first whole period after `now` on, each visitor kTurnLead and a share of kTurnSpread before its turn. `turns[i]`
  /// is when one of visitor i's turns was (0: unknown; then any time is as good); they come every `tick_period`. Where moves
  /// are rarer than turns, they are spread over these. The order of visitors with the same turn is theirs.
  void keep_turns(std::span<const std::chrono::nanoseconds> turns, std::chrono::nanoseconds tick_period,
                  std::chrono::nanoseconds now);

  Move next() const { return {moves_[at_].visitor, round_ + moves_[at_].due}; }
  void advance();
  /// Who moves `count` moves after the next one.
  std::uint32_t visitor_after(std::uint32_t count) const { return moves_[(at_ + count) % moves_.size()].visitor; }

 private:
  std::chrono::nanoseconds period_;
  std::chrono::nanoseconds round_{0};  // When this period began.
  std::size_t at_ = 0;
  std::vector<Move> moves_;  // By time within the period.
};

}  // namespace citiverse::load
