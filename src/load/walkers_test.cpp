// Walkers keep to the paths, to a walker's pace, and to their seed.
#include "load/walkers.h"

#include <cmath>

#include <gtest/gtest.h>

#include "testing/ascii_city.h"

namespace citiverse::load {
namespace {

// A ring of streets with a bar across; cells are 10 m, so paths run along x or y = 5, 15, …
const char* const kRing = R"(
=========
=...=...=
=...=...=
=========
)";

bool is_on_ring(presence::Place p) {
  const auto near = [](double value, double line) { return std::abs(value - line) <= 1; };
  const bool horizontal = near(p.y, 500) || near(p.y, 3500);
  const bool vertical = near(p.x, 500) || near(p.x, 4500) || near(p.x, 8500);
  return (horizontal || vertical) && p.x >= 499 && p.x <= 8501 && p.y >= 499 && p.y <= 3501;
}

TEST(Walkers, keep_to_the_paths_at_a_walkers_pace) {
  const city::City city = testing_fixtures::ascii_city(kRing);
  auto walkers = Walkers::make(city, 50, Gathering::spread, 7);
  ASSERT_TRUE(walkers.has_value());
  for (std::uint32_t i = 0; i < walkers->size(); ++i) {
    presence::Place before = walkers->now(i).place;
    EXPECT_TRUE(is_on_ring(before)) << before.x << ' ' << before.y;
    for (int step = 0; step < 600; ++step) {
      const presence::Place after = walkers->walk(i, 0.1).place;
      ASSERT_TRUE(is_on_ring(after)) << after.x << ' ' << after.y;
      const double moved_cm = std::hypot(after.x - before.x, after.y - before.y);
      EXPECT_LE(moved_cm, 19) << "1.7 m/s and rounding";
      before = after;
    }
  }
}

TEST(Walkers, get_about) {
  const city::City city = testing_fixtures::ascii_city(kRing);
  auto walkers = Walkers::make(city, 1, Gathering::spread, 3);
  ASSERT_TRUE(walkers.has_value());
  bool west = false;
  bool east = false;
  for (int step = 0; step < 36'000; ++step) {
    const presence::Place at = walkers->walk(0, 0.1).place;
    west |= at.x < 600;
    east |= at.x > 8400;
  }
  EXPECT_TRUE(west && east);
}

TEST(Walkers, turn_back_before_a_closed_door) {
  const city::City city = testing_fixtures::ascii_city("=========");
  auto walkers = Walkers::make(city, 20, Gathering::spread, 5);
  ASSERT_TRUE(walkers.has_value());
  for (std::uint32_t i = 0; i < walkers->size(); ++i) {
    const auto first = walkers->walk(i, 0.5).place;
    const auto second = walkers->walk(i, 0.5).place;
    if (std::abs(second.x - first.x) < 40) continue;  // It turned at the end by itself.
    walkers->turn_back(i);
    const auto third = walkers->walk(i, 0.5).place;
    EXPECT_LT((third.x - second.x) * (second.x - first.x), 0);
    EXPECT_LE(std::abs(third.x - second.x), 86);
  }
}

TEST(Walkers, gather_where_they_are_told_to) {
  const city::City city = testing_fixtures::ascii_city(kRing);
  auto at_point = Walkers::make(city, 100, Gathering::point, 1);
  ASSERT_TRUE(at_point.has_value());
  const presence::Place middle = at_point->now(0).place;
  for (std::uint32_t i = 0; i < at_point->size(); ++i) {
    for (int step = 0; step < 100; ++step) at_point->walk(i, 0.1);
    const presence::Place place = at_point->now(i).place;
    EXPECT_LE(std::hypot(place.x - middle.x, place.y - middle.y), 400);
  }
  auto apart = Walkers::make(city, 100, Gathering::square_metre, 1);
  ASSERT_TRUE(apart.has_value());
  EXPECT_EQ(apart->now(9).place.x - apart->now(0).place.x, 900);
  EXPECT_EQ(apart->now(99).place.y - apart->now(0).place.y, 900);
}

TEST(Walkers, walk_the_same_ways_by_the_same_seed) {
  const city::City city = testing_fixtures::ascii_city(kRing);
  auto one = Walkers::make(city, 10, Gathering::spread, 11);
  auto other = Walkers::make(city, 10, Gathering::spread, 11);
  ASSERT_TRUE(one.has_value() && other.has_value());
  for (int step = 0; step < 1000; ++step) {
    for (std::uint32_t i = 0; i < 10; ++i) ASSERT_EQ(one->walk(i, 0.1).place, other->walk(i, 0.1).place);
  }
}

TEST(Walkers, need_a_path) {
  EXPECT_FALSE(Walkers::make(testing_fixtures::ascii_city("###"), 1, Gathering::spread, 1).has_value());
}

}  // namespace
}  // namespace citiverse::load
