#include "api/fresh_id.h"

#include <unordered_set>

#include <gtest/gtest.h>

namespace citiverse::api {
namespace {

TEST(FreshId, names_its_type_and_is_never_the_same_nor_near_another) {
  std::unordered_set<std::string> seen;
  std::array<int, 16> digits{};
  for (int i = 0; i < 1000; ++i) {
    const std::string id = fresh_id("EntityMap");
    ASSERT_EQ(id.size(), std::string_view("urn:ngsi-ld:EntityMap:").size() + 32) << id;
    ASSERT_TRUE(id.starts_with("urn:ngsi-ld:EntityMap:")) << id;
    EXPECT_TRUE(seen.insert(id).second) << id;
    ++digits[static_cast<std::size_t>(id.back() <= '9' ? id.back() - '0' : id.back() - 'a' + 10)];
  }
  // 62.5 of each are to be expected; a counter or a constant shows itself.
  for (const int count : digits) EXPECT_GT(count, 15);
}

}  // namespace
}  // namespace citiverse::api
