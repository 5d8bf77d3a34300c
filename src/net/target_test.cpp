#include "net/target.h"

#include <gtest/gtest.h>

namespace citiverse::net {
namespace {

std::string path_of(std::string_view target) {
  const auto parsed = parse_target(target);
  return parsed ? parsed->path : "refused: " + parsed.error().message;
}

TEST(Target, decodes_a_path_once_and_leaves_the_query_alone) {
  const auto parsed = parse_target("/caf%C3%A9/a%20b?q=%41&r");
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->path, "/café/a b");
  EXPECT_EQ(parsed->query, "q=%41&r");
  EXPECT_EQ(path_of("/"), "/");
  EXPECT_EQ(path_of("/assets/x.1-2_3~.js"), "/assets/x.1-2_3~.js");
  EXPECT_EQ(path_of("/..a/.b/c..d/..."), "/..a/.b/c..d/...");
}

TEST(Target, refuses_every_way_out_of_a_folder) {
  for (const char* trick : {"/..",       "/../etc/passwd", "/a/../b",      "/a/..",   "/a/.",
                            "/./a",      "/%2e%2e/etc",    "/%2E./etc",    "/.%2e/x", "/a/%2e%2e",
                            "/..%5cetc", "/a\\..\\b",      "//etc/passwd", "/a//b",   "/%252e%252e/etc",
                            "/%25",      "/a%00.html",     "/a%0d%0ab",    "/a%7f",   "/%",
                            "/%4",       "/%zz",           "/a#b"}) {
    EXPECT_EQ(path_of(trick).substr(0, 8), "refused:") << trick;
  }
}

TEST(Target, an_escaped_slash_separates_nothing) {
  EXPECT_EQ(path_of("/a%2Fb/%2f/..%2fetc"),
            "/a\x1F"
            "b/\x1F/..\x1F"
            "etc");
  EXPECT_EQ(path_of("/a%1Fb").substr(0, 8), "refused:") << "nobody else writes what stands for it";
  EXPECT_EQ(path_of("/a\x1F").substr(0, 8), "refused:");
}

TEST(Target, refuses_what_is_not_utf_8_and_what_is_no_path) {
  for (const char* bad : {"", "a", "*", "http://other/", "/%ff", "/%c3", "/%ed%a0%80", "/\xff"}) {
    EXPECT_EQ(path_of(bad).substr(0, 8), "refused:") << bad;
  }
}

TEST(Query, keeps_order_and_decodes_plus_and_escapes) {
  const auto parsed = parse_query("q=rue+de%20la&lat=43.7&&flag&x==");
  ASSERT_TRUE(parsed.has_value());
  const QueryParameters expected = {{"q", "rue de la"}, {"lat", "43.7"}, {"flag", ""}, {"x", "="}};
  EXPECT_EQ(*parsed, expected);
}

TEST(Query, refuses_malformed_escapes_nul_foreign_bytes_and_too_many) {
  for (const char* bad : {"q=%", "q=%f", "q=%gg", "q=%00", "q=%ff", "%c3=1"}) {
    EXPECT_FALSE(parse_query(bad).has_value()) << bad;
  }
  std::string many;
  for (int i = 0; i < 33; ++i) many += "a=1&";
  ASSERT_FALSE(parse_query(many).has_value());
  EXPECT_EQ(parse_query(many).error().code, base::ErrorCode::limit);
}

}  // namespace
}  // namespace citiverse::net
