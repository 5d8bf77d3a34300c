#include "formats/json_path.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace citiverse::formats {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// The example document of RFC 9535, figure 1, cut to two books.
constexpr std::string_view kStore =
    R"({"store":{"book":[{"title":"Sayings of the Century","price":8.95},{"title":"Sword of Honour","price":12.99}],)"
    R"("bicycle":{"color":"red","price":399}},"a b":{"ü":[1,2]}})";

std::vector<double> numbers_at(std::string_view path) {
  const auto document = base::JsonDocument::parse(kStore);
  std::vector<double> numbers;
  const auto parsed = JsonPath::parse(path);
  EXPECT_TRUE(parsed) << path;
  if (parsed)
    parsed->each(document->root(), [&](base::JsonValue value) {
      numbers.push_back(value.number().value_or(-1));
      return true;
    });
  return numbers;
}

TEST(JsonPath, finds_what_the_standard_says_it_finds) {
  EXPECT_THAT(numbers_at("$.store.book[*].price"), ElementsAre(8.95, 12.99));
  EXPECT_THAT(numbers_at("$.store.*.price"), ElementsAre(399));
  EXPECT_THAT(numbers_at("$['store']['bicycle'].price"), ElementsAre(399));
  EXPECT_THAT(numbers_at("$['a b'].ü[1]"), ElementsAre(2));
  EXPECT_THAT(numbers_at("$.store.book[2].price"), ElementsAre());
  EXPECT_THAT(numbers_at("$.store[0]"), ElementsAre());
  EXPECT_THAT(numbers_at("$"), ElementsAre(-1));
}

TEST(JsonPath, says_where_a_path_is_wrong) {
  for (const auto& [path, why] : {std::pair("", "begin with $"), std::pair("a", "begin with $"), std::pair("$a", "character 2"),
                                  std::pair("$.", "character 3"), std::pair("$.1", "digit"), std::pair("$[", "number"),
                                  std::pair("$[-1]", "number"), std::pair("$['a'", "does not end"), std::pair("$..a", "name"),
                                  std::pair("$['a\\n']", "backslash"), std::pair("$[0:2]", "]")}) {
    const auto parsed = JsonPath::parse(path);
    ASSERT_FALSE(parsed) << path;
    EXPECT_THAT(parsed.error().message, HasSubstr(why)) << path;
  }
  EXPECT_FALSE(JsonPath::parse("$" + std::string(JsonPath::kPathBytesMax, 'a')));
}

TEST(JsonPath, knows_whether_it_names_one_value) {
  EXPECT_TRUE(JsonPath::parse("$.a[0]")->is_singular());
  EXPECT_FALSE(JsonPath::parse("$.a[*].b")->is_singular());
}

}  // namespace
}  // namespace citiverse::formats
