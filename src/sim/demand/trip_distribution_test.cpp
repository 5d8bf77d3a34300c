#include "sim/demand/trip_distribution.h"

#include <cmath>
#include <limits>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"

namespace citiverse::sim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

double row_sum(const TripTable& table, std::size_t row) {
  const auto cells = table.row(row);
  return std::accumulate(cells.begin(), cells.end(), 0.0);
}
double column_sum(const TripTable& table, std::size_t column) {
  double sum = 0;
  for (std::size_t row = 0; row < table.zones; ++row) sum += table.at(row, column);
  return sum;
}

// The one table with these sums and the seed's cross-ratios (Deming & Stephan 1940): both together leave no other.
TEST(TripDistribution, has_the_sums_asked_for_and_the_cross_ratios_of_its_seed) {
  base::Random random(1, 0xF00);
  constexpr std::size_t kZones = 150;  // More than two bands of rows.
  TripTable seed{kZones, std::vector<double>(kZones * kZones)};
  for (double& cell : seed.trips) cell = random.uniform(0.1, 10);
  std::vector<double> from(kZones), to(kZones);
  for (double& trips : from) trips = random.uniform(1, 1000);
  for (double& trips : to) trips = random.uniform(1, 1000);
  const auto balanced = balance_trips(seed, from, to, {.error_max = 1e-9});
  ASSERT_TRUE(balanced) << balanced.error().message;
  const TripTable& table = balanced->table;
  EXPECT_LE(balanced->error, 1e-9);
  for (std::size_t zone = 0; zone < kZones; ++zone) {
    EXPECT_NEAR(row_sum(table, zone), from[zone], 2e-9 * from[zone]);
    EXPECT_NEAR(column_sum(table, zone), to[zone] * balanced->destination_scale, 2e-9 * 1000);
  }
  for (std::size_t i = 0; i + 1 < kZones; ++i) {
    const double ratio = table.at(i, i) * table.at(i + 1, i + 1) / (table.at(i, i + 1) * table.at(i + 1, i));
    const double seeds = seed.at(i, i) * seed.at(i + 1, i + 1) / (seed.at(i, i + 1) * seed.at(i + 1, i));
    EXPECT_NEAR(ratio / seeds, 1, 1e-9);
  }
  // Whoever asks again, with however many threads, is told the same to the last bit.
  EXPECT_EQ(balance_trips(seed, from, to, {.error_max = 1e-9})->table.trips, table.trips);
}

TEST(TripDistribution, leaves_a_table_alone_that_has_its_sums) {
  const auto balanced = balance_trips({2, {10, 20, 30, 40}}, std::vector<double>{30, 70}, std::vector<double>{40, 60});
  ASSERT_TRUE(balanced);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(balanced->table.trips[i], 10.0 * static_cast<double>(i + 1), 1e-5);
  EXPECT_EQ(balanced->destination_scale, 1);
}

TEST(TripDistribution, of_gravity_falls_with_time_and_knows_no_way_where_there_is_none) {
  constexpr double kNoWay = std::numeric_limits<double>::infinity();
  // Two zones beside each other and an island: who begins there stays, and who should end there comes from there alone.
  const TripTable minutes{
      4, {5, 10, kNoWay, kNoWay, 10, 5, kNoWay, kNoWay, kNoWay, kNoWay, 3, kNoWay, kNoWay, kNoWay, kNoWay, kNoWay}};
  const auto balanced = gravity_trips(minutes, std::vector<double>{100, 100, 10, 7}, std::vector<double>{100, 100, 10, 3}, 0.2);
  ASSERT_TRUE(balanced) << balanced.error().message;
  const TripTable& table = balanced->table;
  // By hand: of equal zones exp(1) times as many stay as go.
  EXPECT_NEAR(table.at(0, 0) / table.at(0, 1), std::exp(1), 1e-9);
  EXPECT_NEAR(table.at(0, 0) + table.at(0, 1), 100, 1e-4);
  EXPECT_NEAR(table.at(2, 2), 10, 1e-5);
  EXPECT_EQ(table.at(0, 2), 0);
  // The fourth zone is cut off from everywhere, itself included.
  EXPECT_EQ(balanced->unserved_from, 7);
  EXPECT_EQ(balanced->unserved_to, 3);
}

TEST(TripDistribution, says_when_no_table_has_these_sums) {
  // Zone 0 reaches only itself, but more should end there than anybody can bring.
  const auto balanced = balance_trips({2, {1, 0, 0, 1}}, std::vector<double>{10, 90}, std::vector<double>{50, 50});
  ASSERT_FALSE(balanced);
  EXPECT_EQ(balanced.error().code, base::ErrorCode::unavailable);
  EXPECT_THAT(balanced.error().message, HasSubstr("let more zones be reached"));
}

TEST(TripDistribution, of_nobody_is_empty) {
  const auto balanced = balance_trips({2, {1, 1, 1, 1}}, std::vector<double>{0, 0}, std::vector<double>{0, 0});
  ASSERT_TRUE(balanced);
  EXPECT_THAT(balanced->table.trips, ElementsAre(0, 0, 0, 0));
  EXPECT_TRUE(balance_trips({}, {}, {}));
}

TEST(TripDistribution, refuses_what_are_no_trips) {
  const std::vector<double> two = {1, 1};
  EXPECT_FALSE(balance_trips({2, {1, 1, 1}}, two, two));
  EXPECT_FALSE(balance_trips({2, {1, 1, 1, -1}}, two, two));
  EXPECT_FALSE(balance_trips({2, {1, 1, 1, std::nan("")}}, two, two));
  EXPECT_FALSE(balance_trips({2, {1, 1, 1, 1}}, std::vector<double>{1}, two));
  EXPECT_FALSE(gravity_trips({2, {1, 1, 1, 1}}, two, two, -0.1));
  EXPECT_EQ(balance_trips({kDemandZonesMax + 1, {}}, two, two).error().code, base::ErrorCode::limit);
}

TEST(TripDistribution, ends_when_it_is_told_to) {
  std::stop_source source;
  source.request_stop();
  const auto balanced =
      balance_trips({1, {1}}, std::vector<double>{1}, std::vector<double>{1}, {}, {.stop = source.get_token(), .progress = {}});
  EXPECT_EQ(balanced.error().code, base::ErrorCode::conflict);
}

}  // namespace
}  // namespace citiverse::sim
