// One sorted list, gone through again and again.
#include "load/timetable.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace citiverse::load {

using std::chrono::nanoseconds;

Timetable::Timetable(std::uint32_t visitors, nanoseconds period) : period_(period), moves_(visitors) { begin(nanoseconds(0)); }

void Timetable::begin(nanoseconds start) {
  round_ = start;
  at_ = 0;
  const auto count = static_cast<double>(moves_.size());
  for (std::uint32_t i = 0; i < moves_.size(); ++i)
    moves_[i] = {i, nanoseconds(static_cast<std::int64_t>(i * static_cast<double>(period_.count()) / count))};
}

void Timetable::keep_turns(std::span<const nanoseconds> turns, nanoseconds tick_period, nanoseconds now) {
  const nanoseconds period = std::max(period_, nanoseconds(1));
  const auto turns_a_move = std::max<std::int64_t>(1, period / std::max(tick_period, nanoseconds(1)));
  std::map<nanoseconds, std::int64_t> at_turn;  // How many share a turn within the ticks' period.
  for (const nanoseconds turn : turns) ++at_turn[turn % tick_period];
  std::map<nanoseconds, std::int64_t> seen;
  for (std::uint32_t i = 0; i < moves_.size(); ++i) {
    const nanoseconds turn = turns[i] % tick_period;
    const std::int64_t nth = seen[turn]++;
    const nanoseconds earlier = kTurnLead + kTurnSpread * nth / at_turn[turn];
    const nanoseconds due = (turn + tick_period * (nth % turns_a_move) - earlier) % period;
    moves_[i] = {i, due < nanoseconds(0) ? due + period : due};
  }
  std::ranges::sort(moves_, {}, [](const Move& move) { return std::tuple(move.due, move.visitor); });
  // The turns are on the clock's own grid, and so are the periods.
  round_ = (now / period + 1) * period;
  at_ = 0;
}

void Timetable::advance() {
  if (++at_ < moves_.size()) return;
  at_ = 0;
  round_ += period_;
}

}  // namespace citiverse::load
