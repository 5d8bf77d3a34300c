// Dates of the standard's examples and of the calendar's corners.
#include "twin/moment.h"

#include <gtest/gtest.h>

namespace citiverse::twin {
namespace {

TEST(Moment, reads_what_date_minus_u_says) {
  EXPECT_EQ(parse_moment("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(parse_moment("2017-12-24T12:00:00Z"), 1'514'116'800'000'000);
  EXPECT_EQ(parse_moment("2000-02-29T23:59:59.25Z"), 951'868'799'250'000);
  EXPECT_EQ(parse_moment("2017-12-24T14:00:00+02:00"), parse_moment("2017-12-24T12:00:00Z"));
  EXPECT_EQ(parse_moment("2017-12-24T12:00:00,123456789Z"), 1'514'116'800'123'456);
  EXPECT_EQ(parse_day("1969-12-31"), -kDayUs);
  EXPECT_EQ(parse_time_of_day("12:00:00Z"), kDayUs / 2);
}

TEST(Moment, refuses_what_no_calendar_holds) {
  for (const char* text : {"", "2017-02-29T00:00:00Z", "2017-12-24", "2017-12-24 12:00:00Z", "2017-12-24T25:00:00Z",
                           "2017-12-24T12:00:00", "0000-01-01T00:00:00Z", "2017-12-24T12:00:00.Z", "2017-12-24T12:00:00Zx"})
    EXPECT_FALSE(parse_moment(text)) << text;
}

TEST(Moment, is_written_as_it_is_read) {
  for (const char* text : {"2017-12-24T12:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z",
                           "1969-12-31T23:59:59.999999Z", "2024-02-29T01:02:03.004Z"})
    EXPECT_EQ(moment_text(*parse_moment(text)), text);
}

}  // namespace
}  // namespace citiverse::twin
