#include "city/opening_hours.h"

#include <gtest/gtest.h>

namespace citiverse::city {
namespace {

namespace chr = std::chrono;

LocalTime at(int year, unsigned month, unsigned day, int hour, int minute = 0) {
  return chr::local_days(chr::year(year) / static_cast<int>(month) / static_cast<int>(day)) + chr::hours(hour) +
         chr::minutes(minute);
}
// 2026-11-23 is a Monday.
bool open_on(const char* text, int weekday_from_monday, int hour, int minute = 0) {
  const auto hours = OpeningHours::parse(text);
  EXPECT_TRUE(hours) << text << (hours ? "" : hours.error().message);
  return hours && hours->is_open(at(2026, 11, 23, hour, minute) + chr::days(weekday_from_monday));
}

TEST(OpeningHours, reads_the_common_forms) {
  EXPECT_TRUE(open_on("24/7", 3, 4));
  const char* shop = "Mo-Fr 08:00-12:30,14:00-19:00; Sa 09:00-13:00; PH off";
  EXPECT_TRUE(open_on(shop, 0, 8));
  EXPECT_FALSE(open_on(shop, 0, 12, 30)) << "the end is exclusive";
  EXPECT_TRUE(open_on(shop, 4, 18, 59));
  EXPECT_TRUE(open_on(shop, 5, 12));
  EXPECT_FALSE(open_on(shop, 6, 12));
  EXPECT_TRUE(open_on("Mo,We,Fr 10:00-12:00", 2, 11));
  EXPECT_FALSE(open_on("Mo,We,Fr 10:00-12:00", 1, 11));
  EXPECT_TRUE(open_on("mo-su 9:00-18:00", 6, 9));
  EXPECT_TRUE(open_on("09:00-18:00", 6, 9));
  EXPECT_TRUE(open_on("Fr-Mo 10:00-12:00", 6, 11)) << "weekday ranges wrap";
}

TEST(OpeningHours, reach_past_midnight) {
  const char* bar = "Fr-Sa 20:00-02:00";
  EXPECT_TRUE(open_on(bar, 4, 23));
  EXPECT_TRUE(open_on(bar, 5, 1));
  EXPECT_TRUE(open_on(bar, 6, 1, 59));
  EXPECT_FALSE(open_on(bar, 6, 2));
  EXPECT_FALSE(open_on(bar, 4, 1));
  EXPECT_TRUE(open_on("Mo 17:00+", 0, 23));
}

TEST(OpeningHours, later_rules_override_commas_add_and_bars_fall_back) {
  EXPECT_FALSE(open_on("Mo-Fr 08:00-18:00; We 08:00-12:00", 2, 15));
  EXPECT_TRUE(open_on("Mo-Fr 08:00-12:00, We 14:00-18:00", 2, 9));
  EXPECT_TRUE(open_on("Mo-Fr 08:00-12:00, We 14:00-18:00", 2, 15));
  EXPECT_TRUE(open_on("Mo 08:00-12:00 || 10:00-11:00", 1, 10));
  EXPECT_FALSE(open_on("Mo 08:00-12:00 || 13:00-14:00", 0, 13));
  EXPECT_FALSE(open_on("Mo-Su 08:00-18:00; Tu off", 1, 10));
  EXPECT_FALSE(open_on("Mo-Su 08:00-18:00; 12:00-13:00 off", 1, 12, 30));
  EXPECT_TRUE(open_on("Mo-Su 08:00-18:00; 12:00-13:00 off", 1, 13));
}

TEST(OpeningHours, know_seasons_weeks_and_nth_weekdays) {
  const auto summer = OpeningHours::parse("Apr-Sep Mo-Su 09:00-20:00; Oct-Mar 10:00-16:00");
  ASSERT_TRUE(summer);
  EXPECT_TRUE(summer->is_open(at(2026, 7, 1, 19)));
  EXPECT_FALSE(summer->is_open(at(2026, 11, 1, 19)));
  const auto christmas = OpeningHours::parse("Dec 24-Jan 6 off; 24/7");
  ASSERT_TRUE(christmas);
  const auto closed_then = OpeningHours::parse("24/7; Dec 24-Jan 6 off");
  ASSERT_TRUE(closed_then);
  EXPECT_FALSE(closed_then->is_open(at(2026, 12, 31, 12)));
  EXPECT_FALSE(closed_then->is_open(at(2027, 1, 6, 12)));
  EXPECT_TRUE(closed_then->is_open(at(2027, 1, 7, 12)));
  const auto market = OpeningHours::parse("Sa[1],Su[-1] 08:00-13:00");
  ASSERT_TRUE(market);
  EXPECT_TRUE(market->is_open(at(2026, 11, 7, 9)));
  EXPECT_FALSE(market->is_open(at(2026, 11, 14, 9)));
  EXPECT_TRUE(market->is_open(at(2026, 11, 29, 9)));
  const auto odd = OpeningHours::parse("week 01-53/2 Mo 10:00-12:00");
  ASSERT_TRUE(odd);
  EXPECT_FALSE(odd->is_open(at(2026, 11, 23, 11))) << "ISO week 48";
  EXPECT_TRUE(odd->is_open(at(2026, 11, 30, 11))) << "ISO week 49";
}

TEST(OpeningHours, tell_the_next_change) {
  const auto shop = OpeningHours::parse("Mo-Fr 08:00-12:00,14:00-18:00");
  ASSERT_TRUE(shop);
  EXPECT_EQ(shop->next_change(at(2026, 11, 23, 9)), at(2026, 11, 23, 12));
  EXPECT_EQ(shop->next_change(at(2026, 11, 23, 12)), at(2026, 11, 23, 14));
  EXPECT_EQ(shop->next_change(at(2026, 11, 27, 18)), at(2026, 11, 30, 8)) << "over the weekend";
  EXPECT_EQ(OpeningHours::parse("24/7")->next_change(at(2026, 11, 23, 9)), std::nullopt);
  EXPECT_EQ(OpeningHours::parse("Mo 22:00-24:00, Tu 00:00-02:00")->next_change(at(2026, 11, 23, 23)), at(2026, 11, 24, 2))
      << "spans that touch are one";
}

TEST(OpeningHours, what_cannot_be_read_is_refused_not_guessed) {
  for (const char* text : {"", "sunrise-sunset", "always", "Mo-Fr 8-18", "Mo 25:00-26:00", "Mo 08:00", "easter off",
                           "Mo[6] 08:00-09:00", "\"by appointment", "2026 Mo 08:00-09:00", "Mo-Fr 08:00-12:00 and later"}) {
    EXPECT_FALSE(OpeningHours::parse(text)) << text;
  }
  EXPECT_TRUE(OpeningHours::parse("Mo-Fr 08:00-18:00 \"ring the bell\""));
  EXPECT_TRUE(OpeningHours::parse("PH off")->has_holiday_rules());
}

}  // namespace
}  // namespace citiverse::city
