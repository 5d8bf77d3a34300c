// Percentiles of times that are known.
#include "load/percentiles.h"

#include <gtest/gtest.h>

namespace citiverse::load {
namespace {

using std::chrono::microseconds;

TEST(Percentiles, of_a_thousand_even_times_are_where_they_lie) {
  Percentiles times;
  for (int i = 0; i < 1000; ++i) times.add(microseconds(1000 * i + 50));
  EXPECT_EQ(times.count(), 1000u);
  EXPECT_NEAR(times.at_ms(0.5), 499.1, 1e-9);
  EXPECT_NEAR(times.at_ms(0.99), 989.1, 1e-9);
  EXPECT_NEAR(times.at_ms(1.0), 999.1, 1e-9);
  EXPECT_EQ(times.within(100.0), 100u);
  EXPECT_DOUBLE_EQ(times.max_ms(), 999.05);
}

TEST(Percentiles, keep_what_is_out_of_the_table_at_its_ends) {
  Percentiles times;
  EXPECT_EQ(times.at_ms(0.99), 0);
  times.add(microseconds(-5));
  times.add(std::chrono::seconds(60));
  EXPECT_NEAR(times.at_ms(0.5), 0.1, 1e-9);
  EXPECT_NEAR(times.at_ms(1.0), 10'000, 1e-6);
  EXPECT_DOUBLE_EQ(times.max_ms(), 60'000);
}

}  // namespace
}  // namespace citiverse::load
