// Durations as ETSI GS CIM 009, 4.5.19.1 writes them, and calendar periods.
#include "twin/duration.h"

#include <gtest/gtest.h>

#include "twin/moment.h"

namespace citiverse::twin {
namespace {

constexpr TimeUs kHourUs = 3'600'000'000;

TEST(Duration, is_read_as_the_standard_writes_it) {
  EXPECT_EQ(parse_duration("P3Y6M4DT12H30M5S"), (Duration{42, 4 * kDayUs + 12 * kHourUs + 30 * 60'000'000 + 5'000'000}));
  EXPECT_EQ(parse_duration("P2W"), (Duration{0, 14 * kDayUs}));
  EXPECT_EQ(parse_duration("PT1M"), (Duration{0, 60'000'000}));
  EXPECT_EQ(parse_duration("P1M"), (Duration{1, 0}));
  EXPECT_EQ(parse_duration("PT0.25S"), (Duration{0, 250'000}));
  EXPECT_TRUE(parse_duration("PT0S")->is_zero());
  EXPECT_TRUE(parse_duration("P0D")->is_zero());
}

TEST(Duration, of_any_other_text_is_none) {
  for (const char* text : {"",
                           "P",
                           "PT",
                           "1D",
                           "P1",
                           "P-1D",
                           "P1DT",
                           "P1H",
                           "PT1D",
                           "P1D1Y",
                           "P1W2D",
                           "P1WT1H",
                           "P1.5D",
                           "PT1.S",
                           "PT0.1234567S",
                           "P0003-06-04T12:30:05",
                           "p1d",
                           "P1D ",
                           "P99999999999999999999D",
                           "P10001Y"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(Duration, months_are_those_of_the_calendar) {
  const TimeUs origin = *parse_moment("2024-01-31T12:00:00Z");
  const Duration month{1, 0};
  EXPECT_EQ(moment_text(period_start(origin, month, 1)), "2024-02-29T12:00:00Z");
  EXPECT_EQ(moment_text(period_start(origin, month, 2)), "2024-03-31T12:00:00Z");
  EXPECT_EQ(period_of(*parse_moment("2024-02-29T11:59:59Z"), origin, month), 0);
  EXPECT_EQ(period_of(*parse_moment("2024-02-29T12:00:00Z"), origin, month), 1);
  EXPECT_EQ(period_of(*parse_moment("0001-01-01T00:00:00Z"), origin, month), 0) << "what was before is in the first";
}

TEST(Duration, every_time_is_in_the_period_that_is_said) {
  const TimeUs origin = *parse_moment("2020-09-01T12:00:00Z");
  for (const Duration& period : {Duration{0, kHourUs}, Duration{0, 7}, Duration{1, kHourUs}, Duration{12, 0}})
    for (const char* text : {"2020-09-01T12:00:00Z", "2020-09-30T23:59:59Z", "2024-02-29T00:00:00Z", "9000-01-01T00:00:00Z"}) {
      const TimeUs time = *parse_moment(text);
      const auto index = period_of(time, origin, period);
      EXPECT_LE(period_start(origin, period, index), time) << text;
      EXPECT_GT(period_start(origin, period, index + 1), time) << text;
    }
}

}  // namespace
}  // namespace citiverse::twin
