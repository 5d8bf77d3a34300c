#include "twin/history/text_pool.h"

#include <string>

#include <gtest/gtest.h>

namespace citiverse::twin::history {
namespace {

TEST(TextPool, keeps_each_text_once_under_the_number_of_its_coming) {
  TextPool pool;
  EXPECT_FALSE(pool.find("air"));
  EXPECT_EQ(pool.number_of("air"), 0u);
  EXPECT_EQ(pool.number_of(""), 1u);
  EXPECT_EQ(pool.number_of("air"), 0u);
  EXPECT_EQ(pool.find(""), 1u);
  EXPECT_EQ(pool.size(), 2u);
  EXPECT_EQ(pool.text(0), "air");
}

TEST(TextPool, finds_every_text_again_however_many_and_however_long_they_are) {
  TextPool pool;
  const auto text = [](std::uint32_t i) { return std::string(i % 97 == 0 ? 100'000 : i % 40, 'x') + std::to_string(i); };
  for (std::uint32_t i = 0; i < 5000; ++i) ASSERT_EQ(pool.number_of(text(i)), i);
  const std::string_view first = pool.text(1);
  for (std::uint32_t i = 5000; i < 20'000; ++i) pool.number_of(text(i));
  EXPECT_EQ(first.data(), pool.text(1).data()) << "texts stay where they are";
  for (std::uint32_t i = 0; i < 20'000; i += 7) {
    ASSERT_EQ(pool.text(i), text(i));
    ASSERT_EQ(pool.find(text(i)), i);
  }
  EXPECT_FALSE(pool.find("not there"));
}

}  // namespace
}  // namespace citiverse::twin::history
