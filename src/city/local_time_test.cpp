#include "city/local_time.h"

#include <gtest/gtest.h>

namespace citiverse::city {
namespace {

namespace chr = std::chrono;

TEST(LocalTime, follows_summer_and_winter_time) {
  const chr::sys_seconds winter = chr::sys_days(chr::year(2026) / 1 / 15) + chr::hours(12);
  const chr::sys_seconds summer = chr::sys_days(chr::year(2026) / 7 / 15) + chr::hours(12);
  const chr::local_days january = chr::local_days(chr::year(2026) / 1 / 15);
  const chr::local_days july = chr::local_days(chr::year(2026) / 7 / 15);
  EXPECT_EQ(local_time_in("Europe/Monaco", winter), january + chr::hours(13));
  EXPECT_EQ(local_time_in("Europe/Monaco", summer), july + chr::hours(14));
  EXPECT_EQ(local_time_in("Asia/Kathmandu", winter), january + chr::hours(17) + chr::minutes(45));
  EXPECT_EQ(local_time_in("UTC", winter), january + chr::hours(12));
  EXPECT_FALSE(local_time_in("Middle/Earth", winter));
}

}  // namespace
}  // namespace citiverse::city
