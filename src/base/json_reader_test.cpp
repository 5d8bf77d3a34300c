// JSON from outside: what RFC 8259 allows is read, what two readers could see differently is not.
#include "base/json_reader.h"

#include <string>

#include <gmock/gmock.h>

namespace citiverse::base {
namespace {

TEST(JsonReader, a_document_gives_its_values_by_name_and_place) {
  const auto document = JsonDocument::parse(R"( {"a": [1, -2.5, "x", true, null], "b": {"c": "\u00e9"}, "d": 1.0} )");
  ASSERT_TRUE(document) << document.error().message;
  const JsonValue root = document->root();
  EXPECT_EQ(root.size(), 3u);
  EXPECT_EQ(root.find("a").size(), 5u);
  EXPECT_EQ(root.find("a")[0].integer(), 1);
  EXPECT_EQ(root.find("a")[1].number(), -2.5);
  EXPECT_EQ(root.find("a")[1].integer(), std::nullopt);
  EXPECT_EQ(root.find("a")[2].text(), "x");
  EXPECT_EQ(root.find("a")[3].boolean(), true);
  EXPECT_TRUE(root.find("a")[4].is_null());
  EXPECT_TRUE(root.find("a")[5].is_absent());
  EXPECT_EQ(root.find("b").find("c").text(), "\xc3\xa9");
  EXPECT_EQ(root.find("d").integer(), 1);
  EXPECT_EQ(root.member(1).first, "b");
}

TEST(JsonReader, what_is_not_there_or_of_another_type_is_absent) {
  const auto document = JsonDocument::parse(R"({"a": "text"})");
  ASSERT_TRUE(document);
  const JsonValue root = document->root();
  EXPECT_TRUE(root.find("b").is_absent());
  EXPECT_EQ(root.find("b").find("c").text(), std::nullopt);
  EXPECT_EQ(root.find("a").integer(), std::nullopt);
  EXPECT_EQ(root.find("a").size(), 0u);
  EXPECT_TRUE(root.find("a")[0].is_absent());
  EXPECT_TRUE(root.member(1).second.is_absent());
}

TEST(JsonReader, what_two_readers_could_see_differently_is_refused) {
  const std::string deep(kJsonDepthMax + 1, '[');
  for (const std::string& text :
       {std::string(""), std::string("{"), std::string("{} {}"), std::string("{a:1}"), std::string("[1,]"), std::string("nul"),
        std::string("01"), std::string("\"\x01\""), std::string("\"\xff\""), std::string("\"\\ud800\""), std::string("/**/1"),
        std::string(R"({"a":1,"a":2})"), std::string(R"([{"x":{"b":1,"c":2,"b":3}}])"),
        deep + std::string(kJsonDepthMax + 1, ']')})
    EXPECT_FALSE(JsonDocument::parse(text)) << text;
  EXPECT_TRUE(JsonDocument::parse(std::string(kJsonDepthMax, '[') + std::string(kJsonDepthMax, ']')));
  EXPECT_TRUE(JsonDocument::parse(R"({"a":{"a":1},"b":{"a":1}})"));
}

TEST(JsonReader, whole_numbers_beyond_what_can_be_told_apart_are_no_integers) {
  const auto document = JsonDocument::parse("[9223372036854775807, 18446744073709551615, 1e300, 9007199254740992.0]");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root()[0].integer(), 9223372036854775807);
  EXPECT_EQ(document->root()[1].integer(), std::nullopt);
  EXPECT_EQ(document->root()[2].integer(), std::nullopt);
  EXPECT_EQ(document->root()[3].integer(), 9007199254740992);
}

}  // namespace
}  // namespace citiverse::base
