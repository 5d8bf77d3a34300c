#include "formats/topic_pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace citiverse::formats {
namespace {

using testing::ElementsAre;
using testing::Pair;

bool fits(std::string_view pattern, std::string_view topic) {
  TopicPattern::Captures captures;
  return TopicPattern::parse(pattern)->match(topic, captures);
}

TEST(TopicPattern, names_the_levels_of_a_topic) {
  const auto pattern = TopicPattern::parse("air/{room}/+/{rest*}");
  ASSERT_TRUE(pattern);
  EXPECT_EQ(pattern->filter(), "air/+/+/#");
  EXPECT_THAT(pattern->names(), ElementsAre("room", "rest"));
  TopicPattern::Captures captures;
  ASSERT_TRUE(pattern->match("air/7/now/a/b", captures));
  EXPECT_THAT(captures, ElementsAre(Pair("room", "7"), Pair("rest", "a/b")));
}

TEST(TopicPattern, fits_what_the_standard_says) {  // MQTT 3.1.1, 4.7.1.2, 4.7.1.3 and 4.7.2
  EXPECT_TRUE(fits("sport/tennis/player1/#", "sport/tennis/player1"));
  EXPECT_TRUE(fits("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon"));
  EXPECT_TRUE(fits("sport/tennis/+", "sport/tennis/player2"));
  EXPECT_FALSE(fits("sport/tennis/+", "sport/tennis/player1/ranking"));
  EXPECT_FALSE(fits("sport/+", "sport"));
  EXPECT_TRUE(fits("sport/+", "sport/"));
  EXPECT_TRUE(fits("+/+", "/finance"));
  EXPECT_FALSE(fits("+", "/finance"));
  EXPECT_FALSE(fits("#", "$SYS/uptime"));
  EXPECT_TRUE(fits("$SYS/#", "$SYS/uptime"));
}

TEST(TopicPattern, is_refused_where_it_means_nothing) {
  for (const char* text : {"", "a/#/b", "{rest*}/b", "a+/b", "a/{b", "a/{b c}", "{a}/{a}", "a/\x01"})
    EXPECT_FALSE(TopicPattern::parse(text)) << text;
}

}  // namespace
}  // namespace citiverse::formats
