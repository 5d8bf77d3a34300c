#include "identity/ids.h"

#include <gtest/gtest.h>

namespace citiverse::identity {
namespace {

TEST(Ids, are_thirteen_letters_that_read_back_as_the_same_number) {
  for (const std::uint64_t value : {std::uint64_t{1}, std::uint64_t{31}, std::uint64_t{32}, (std::uint64_t{1} << 63) - 1}) {
    const std::string text = to_text(AccountId{value});
    EXPECT_EQ(text.size(), kIdCharacters);
    EXPECT_EQ(parse_id<AccountId>(text), AccountId{value});
  }
  EXPECT_EQ(to_text(AccountId{1}), "aaaaaaaaaaaab");
}

TEST(Ids, are_read_in_one_form_only) {
  for (const std::string_view wrong :
       {"", "b", "aaaaaaaaaaaaa", "AAAAAAAAAAAAB", "aaaaaaaaaaaa1", "aaaaaaaaaaaaab", "7777777777777", "aaaaaaaaaaa b"})
    EXPECT_FALSE(parse_id<AccountId>(wrong)) << wrong;
}

}  // namespace
}  // namespace citiverse::identity
