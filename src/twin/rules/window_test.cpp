// Means over spans of time, also when values come late.
#include "twin/rules/window.h"

#include <gtest/gtest.h>

#include "twin/rules/counted_area.h"

namespace citiverse::twin::rules {
namespace {

TEST(Windows, hold_what_is_not_older_than_the_span_before_the_newest) {
  Window window;
  for (int i = 0; i <= 10; ++i) window.add({i * 10, static_cast<double>(i), false}, 30, 100);
  EXPECT_EQ(window.size(), 3u);  // 80, 90 and 100; 70 is as old as the span.
  EXPECT_DOUBLE_EQ(window.mean(), 9);
  EXPECT_EQ(window.newest_us(), 100);
}

TEST(Windows, take_late_values_in_and_corrections_in_place) {
  Window window;
  window.add({100, 10, false}, 50, 100);
  window.add({80, 20, true}, 50, 100);
  window.add({40, 99, false}, 50, 100);
  EXPECT_DOUBLE_EQ(window.mean(), 15);
  EXPECT_TRUE(window.has_simulated());
  window.add({80, 30, false}, 50, 100);
  EXPECT_DOUBLE_EQ(window.mean(), 20);
  EXPECT_FALSE(window.has_simulated());
}

TEST(Windows, that_are_too_full_keep_the_newest_and_say_so) {
  Window window;
  for (int i = 0; i < 5; ++i) window.add({i, static_cast<double>(i), false}, 1000, 3);
  EXPECT_EQ(window.size(), 3u);
  EXPECT_TRUE(window.is_cut());
  EXPECT_DOUBLE_EQ(window.mean(), 3);
}

TEST(Windows, of_levels_are_the_mean_of_powers) {
  // Two equal levels give that level; 60 dB for half the time and silence otherwise is 3.01 dB less; 60 and 70 dB: 67.4 dB.
  Window window;
  window.add({1, 60, false}, 100, 10);
  window.add({2, 60, false}, 100, 10);
  EXPECT_DOUBLE_EQ(window.mean_level(), 60);
  window.add({2, 70, false}, 100, 10);
  EXPECT_NEAR(window.mean_level(), 67.404, 0.001);
  window.add({2, -1000, false}, 100, 10);
  EXPECT_NEAR(window.mean_level(), 60 - 3.0103, 0.0001);
}

CountedArea square(std::string id, double west, double south, double side) {
  CountedArea area;
  area.id = std::move(id);
  area.rings = {{{west, south}, {west + side, south}, {west + side, south + side}, {west, south + side}}};
  area.bound();
  return area;
}

TEST(CountedAreas, have_holes_and_share_each_edge_with_one_neighbour) {
  CountedArea area = square("a", 0, 0, 10);
  area.rings.push_back({{4, 4}, {6, 4}, {6, 6}, {4, 6}});
  EXPECT_TRUE(area.holds({1, 1}));
  EXPECT_FALSE(area.holds({5, 5}));
  EXPECT_FALSE(area.holds({11, 5}));
  const CountedArea beside = square("b", 10, 0, 10);
  EXPECT_NE(area.holds({10, 3}), beside.holds({10, 3}));
}

TEST(CountedAreas, count_who_comes_and_goes) {
  AreaCounts counts({square("a", 0, 0, 10), square("b", 5, 0, 10)});
  std::vector<AreaCounts::AreaIndex> changed;
  EXPECT_TRUE(counts.move("bus", LonLat{7, 5}, true, changed, 2));
  EXPECT_TRUE(counts.move("tram", LonLat{1, 5}, false, changed, 2));
  EXPECT_EQ(counts.count(0), 2u);
  EXPECT_EQ(counts.count(1), 1u);
  EXPECT_TRUE(counts.has_simulated(1));
  EXPECT_FALSE(counts.move("third", LonLat{1, 5}, false, changed, 2));
  changed.clear();
  EXPECT_TRUE(counts.move("tram", LonLat{2, 5}, false, changed, 2));
  EXPECT_TRUE(changed.empty());
  EXPECT_TRUE(counts.move("bus", std::nullopt, true, changed, 2));
  EXPECT_EQ(counts.count(0), 1u);
  EXPECT_EQ(counts.count(1), 0u);
  EXPECT_FALSE(counts.has_simulated(0));
}

}  // namespace
}  // namespace citiverse::twin::rules
