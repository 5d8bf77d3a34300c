// Which rules may stand together.
#include "twin/rules/rule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace citiverse::twin::rules {
namespace {

using testing::HasSubstr;

constexpr NameId kLocation = 99;

Rule mean_of(std::string name, NameId of, NameId becomes) {
  return {.name = std::move(name), .title = "", .type = 50, .how = RollingMean{.of = of, .over_us = 1}, .becomes = becomes};
}

TEST(Rules, may_feed_one_another) {
  EXPECT_FALSE(problem_among({mean_of("a", 1, 2), mean_of("b", 2, 3), mean_of("c", 2, 4)}, kLocation));
}

TEST(Rules, that_feed_on_themselves_are_named_with_their_ring) {
  const auto one = problem_among({mean_of("a", 1, 1)}, kLocation);
  ASSERT_TRUE(one);
  EXPECT_THAT(one->why, HasSubstr("a → a"));
  // x only leads into the ring.
  Rule two = mean_of("a", 3, 1);
  two.how = HeatIndex{.temperature = 8, .humidity = 3};
  const auto ring = problem_among({mean_of("x", 7, 8), two, mean_of("b", 1, 2), mean_of("c", 2, 3)}, kLocation);
  ASSERT_TRUE(ring);
  EXPECT_EQ(ring->rule, 1u);
  EXPECT_THAT(ring->why, HasSubstr("a → b → c → a"));
}

TEST(Rules, of_other_types_feed_one_another_too_since_a_thing_may_have_both) {
  auto other = mean_of("b", 2, 1);
  other.type = 51;
  EXPECT_TRUE(problem_among({mean_of("a", 1, 2), other}, kLocation));
}

TEST(Rules, of_one_name_or_with_one_result_are_refused) {
  EXPECT_THAT(problem_among({mean_of("a", 1, 2), mean_of("a", 1, 3)}, kLocation)->why, HasSubstr("called 'a'"));
  EXPECT_THAT(problem_among({mean_of("a", 1, 2), mean_of("b", 1, 2)}, kLocation)->why, HasSubstr("same attribute"));
}

}  // namespace
}  // namespace citiverse::twin::rules
