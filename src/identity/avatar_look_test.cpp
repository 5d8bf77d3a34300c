#include "identity/avatar_look.h"

#include <gtest/gtest.h>

#include "base/file.h"

namespace citiverse::identity {
namespace {

base::Result<std::string> checked(std::string_view text) { return checked_look(base::JsonDocument::parse(text)->root()); }

TEST(AvatarLook, takes_exactly_what_the_protocol_lists) {
  const auto file = base::read_file("protocol/avatar_look.json", 1 << 20);
  ASSERT_TRUE(file);
  const auto protocol = base::JsonDocument::parse(*file);
  ASSERT_TRUE(protocol);
  const auto members = protocol->root().find("members");
  ASSERT_GT(members.size(), 0u);
  std::string every = "{";
  for (std::size_t i = 0; i < members.size(); ++i) {
    const std::string name(*members[i].find("name").text());
    const std::size_t values = members[i].find("values").size();
    EXPECT_TRUE(checked(fmt::format(R"({{"{}":{}}})", name, values - 1))) << name;
    EXPECT_FALSE(checked(fmt::format(R"({{"{}":{}}})", name, values))) << name;
    every += fmt::format(R"({}"{}":{})", i > 0 ? "," : "", name, values - 1);
  }
  every += "}";
  EXPECT_EQ(checked(every).value(), every) << "members stand in the protocol's order, and none is missing";
}

TEST(AvatarLook, refuses_what_is_no_look) {
  for (const std::string_view wrong :
       {"[]", "1", "null", R"({"skin":-1})", R"({"skin":1.5})", R"({"skin":"1"})", R"({"wings":1})"})
    EXPECT_FALSE(checked(wrong)) << wrong;
  EXPECT_EQ(checked("{}").value(), "{}");
}

}  // namespace
}  // namespace citiverse::identity
