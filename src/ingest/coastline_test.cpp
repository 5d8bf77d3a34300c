#include "ingest/coastline.h"

#include <gtest/gtest.h>

namespace citiverse::ingest {
namespace {

const geo::Box2d kBox{{0, 0}, {1000, 1000}};
using Ways = std::vector<std::vector<geo::Vec2d>>;

double area(const Sea& sea) {
  double sum = 0;
  for (const Shape& s : sea.areas) sum += s.area_m2();
  return sum;
}

TEST(Sea, lies_to_the_right_of_the_coast) {
  // The coast runs north through the middle of the box: land to the west, water to the east.
  const Sea sea = sea_from(Ways{{{500, -100}, {500, 1100}}}, kBox);
  ASSERT_EQ(sea.areas.size(), 1u);
  EXPECT_NEAR(area(sea), 500'000, 1);
  EXPECT_TRUE(covers(sea.areas[0], {750, 500}));
  EXPECT_FALSE(covers(sea.areas[0], {250, 500}));
  EXPECT_EQ(sea.loose_ends, 0u);
}

TEST(Sea, turns_over_when_the_coast_does) {
  const Sea sea = sea_from(Ways{{{500, 1100}, {500, -100}}}, kBox);
  ASSERT_EQ(sea.areas.size(), 1u);
  EXPECT_TRUE(covers(sea.areas[0], {250, 500}));
}

TEST(Sea, joins_pieces_in_any_order) {
  const Sea sea = sea_from(Ways{{{500, 400}, {500, 700}}, {{500, 700}, {500, 1100}}, {{500, -100}, {500, 400}}}, kBox);
  EXPECT_NEAR(area(sea), 500'000, 1);
}

TEST(Sea, has_islands_as_holes) {
  const Ways ways = {{{500, -100}, {500, 1100}}, {{700, 400}, {800, 400}, {800, 500}, {700, 500}, {700, 400}}};
  const Sea sea = sea_from(ways, kBox);
  EXPECT_NEAR(area(sea), 490'000, 1);
}

TEST(Sea, is_everything_around_a_lone_island) {
  const Sea sea = sea_from(Ways{{{400, 400}, {600, 400}, {600, 600}, {400, 600}, {400, 400}}}, kBox);
  EXPECT_NEAR(area(sea), 960'000, 1);
}

TEST(Sea, between_two_coasts_is_one_strait) {
  // Land west of x = 300 and east of x = 700.
  const Sea sea = sea_from(Ways{{{300, -100}, {300, 1100}}, {{700, 1100}, {700, -100}}}, kBox);
  EXPECT_NEAR(area(sea), 400'000, 1);
}

TEST(Sea, leads_loose_ends_out_of_the_box) {
  const Sea sea = sea_from(Ways{{{500, -100}, {500, 600}}}, kBox);
  EXPECT_EQ(sea.loose_ends, 1u);
  EXPECT_NEAR(area(sea), 500'000, 1);
}

TEST(Sea, is_not_there_without_a_coast_in_the_box) {
  EXPECT_TRUE(sea_from(Ways{}, kBox).areas.empty());
  EXPECT_TRUE(sea_from(Ways{{{5000, 5000}, {6000, 6000}}}, kBox).areas.empty());
}

}  // namespace
}  // namespace citiverse::ingest
