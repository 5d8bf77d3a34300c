#include "base/result.h"

#include <gtest/gtest.h>

namespace citiverse::base {
namespace {

Result<int> half(int n) {
  if (n % 2 != 0) return fail(ErrorCode::bad_input, "odd");
  return n / 2;
}

TEST(Result, carries_a_value_or_a_reason) {
  EXPECT_EQ(half(4), 2);
  ASSERT_FALSE(half(3).has_value());
  EXPECT_EQ(half(3).error().message, "odd");
  EXPECT_EQ(name_of(half(3).error().code), "bad_input");
}

}  // namespace
}  // namespace citiverse::base
