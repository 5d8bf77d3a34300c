// JSON as RFC 8259 writes it, looked into without a document.
#include "twin/json_view.h"

#include <gtest/gtest.h>

#include <vector>

namespace citiverse::twin {
namespace {

TEST(JsonView, finds_a_member_by_name_whatever_stands_before_it) {
  const std::string_view object = R"({"a":[1,{"b":"x]}"}],"caf\u00e9":{"b":2},"b":"\ud83d\ude00\n"})";
  std::string scratch;
  EXPECT_EQ(json_member(object, "a"), R"([1,{"b":"x]}"}])");
  EXPECT_EQ(json_member(json_member(object, "café"), "b"), "2");
  EXPECT_EQ(json_string(json_member(object, "b"), scratch), "😀\n");
  EXPECT_EQ(json_member(object, "c"), "");
  EXPECT_EQ(json_member("[1]", "a"), "");
}

TEST(JsonView, goes_through_items_until_one_is_it) {
  std::vector<std::string> seen;
  EXPECT_TRUE(any_json_item(R"([1,"a,b",[2,3],{"x":[]},null])", [&](std::string_view item) {
    seen.emplace_back(item);
    return item == R"({"x":[]})";
  }));
  EXPECT_EQ(seen, (std::vector<std::string>{"1", R"("a,b")", "[2,3]", R"({"x":[]})"}));
  EXPECT_FALSE(any_json_item("[]", [](auto) { return true; }));
}

TEST(JsonView, knows_numbers_from_words) {
  EXPECT_EQ(json_number("-1.5e2"), -150);
  EXPECT_EQ(json_number("inf"), std::nullopt);
  EXPECT_EQ(json_number("-nan"), std::nullopt);
  EXPECT_EQ(json_number("1x"), std::nullopt);
}

}  // namespace
}  // namespace citiverse::twin
