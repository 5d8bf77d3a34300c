#include "base/text.h"

#include <gtest/gtest.h>

namespace citiverse::base {
namespace {

TEST(Text, accepts_utf8_and_refuses_overlong_surrogate_and_cut_forms) {
  EXPECT_TRUE(is_utf8("Café مدينة 東京 🚋"));
  EXPECT_FALSE(is_utf8("\xC0\xAF"));
  EXPECT_FALSE(is_utf8("\xED\xA0\x80"));
  EXPECT_FALSE(is_utf8("\xF4\x90\x80\x80"));
  EXPECT_FALSE(is_utf8("caf\xC3"));
}

TEST(Text, cleaning_drops_controls_and_overrides_and_never_splits_a_character) {
  EXPECT_EQ(clean_text("  a\x01\tb  c ", 100), "a b c");
  EXPECT_EQ(clean_text("ab\xE2\x80\xAEyz", 100), "abyz");
  EXPECT_EQ(clean_text("x\xFFy", 100), "x\xEF\xBF\xBDy");
  EXPECT_EQ(clean_text("éé", 3), "é");
}

TEST(Text, trimming_takes_blanks_and_tabs_at_the_ends_only) {
  EXPECT_EQ(trimmed(" \t a b\t"), "a b");
  EXPECT_EQ(trimmed("\na"), "\na");
  EXPECT_EQ(trimmed(" \t"), "");
  EXPECT_EQ(trimmed(""), "");
}

}  // namespace
}  // namespace citiverse::base
