#include "load/timetable.h"

#include <gtest/gtest.h>

namespace citiverse::load {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

TEST(Timetable, begins_evenly_over_the_period) {
  Timetable table(4, milliseconds(100));
  table.begin(milliseconds(1000));
  for (const int at_ms : {1000, 1025, 1050, 1075, 1100}) {
    EXPECT_EQ(table.next().visitor, static_cast<std::uint32_t>(at_ms / 25 % 4));
    EXPECT_EQ(table.next().due, milliseconds(at_ms));
    table.advance();
  }
}

TEST(Timetable, lets_each_move_leave_shortly_before_its_turn_once_a_period) {
  Timetable table(100, milliseconds(100));
  std::vector<nanoseconds> turns;
  for (int i = 0; i < 100; ++i) turns.push_back(milliseconds(5000 + 10 * (i % 10)));
  table.keep_turns(turns, milliseconds(100), milliseconds(5432));
  std::vector<int> times(100);
  nanoseconds before{0};
  for (int i = 0; i < 300; ++i, table.advance()) {
    const auto [visitor, due] = table.next();
    EXPECT_GE(due, std::max(before, nanoseconds(milliseconds(5432))));
    before = due;
    ++times[visitor];
    const nanoseconds ahead = (turns[visitor] - due) % milliseconds(100) + milliseconds(100);  // A turn follows so soon.
    const nanoseconds lead = ahead % milliseconds(100);
    EXPECT_GE(lead, kTurnLead) << visitor;
    EXPECT_LE(lead, kTurnLead + kTurnSpread) << visitor;
  }
  EXPECT_EQ(times, std::vector<int>(100, 3));
}

TEST(Timetable, spreads_rare_moves_over_the_turns) {
  Timetable table(4, milliseconds(500));
  table.keep_turns(std::vector<nanoseconds>(4, milliseconds(250)), milliseconds(250), milliseconds(0));
  int before_the_first = 0;
  for (int i = 0; i < 4; ++i, table.advance())
    before_the_first += table.next().due % milliseconds(500) < milliseconds(250) ? 1 : 0;
  EXPECT_EQ(before_the_first, 2);
}

}  // namespace
}  // namespace citiverse::load
