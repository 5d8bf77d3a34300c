#include "base/json_writer.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace citiverse::base {
namespace {

std::string text_of(std::string_view value) {
  std::string out;
  JsonWriter(out).text(value);
  return out;
}

std::string number_of(double value, int decimals) {
  std::string out;
  JsonWriter(out).number(value, decimals);
  return out;
}

TEST(JsonWriter, puts_commas_between_members_and_none_after_the_last) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().member("a", "x").key("b").begin_array().integer(1).integer(-2).end_array();
  json.key("c").begin_object().end_object().key("d").boolean(true).key("e").null().end_object();
  EXPECT_EQ(out, R"({"a":"x","b":[1,-2],"c":{},"d":true,"e":null})");
}

TEST(JsonWriter, leaves_out_a_member_that_is_not_known) {
  std::string out;
  JsonWriter(out).begin_object().member_if_known("a", "").member_if_known("b", "y").end_object();
  EXPECT_EQ(out, R"({"b":"y"})");
}

TEST(JsonWriter, escapes_what_rfc_8259_says_and_the_start_of_a_tag) {
  EXPECT_EQ(text_of("a\"b\\c\n\t\x01</script>"), R"("a\"b\\c\n\t\u0001\u003c/script>")");
}

TEST(JsonWriter, keeps_every_script) { EXPECT_EQ(text_of("Cité مدينة 城 🏙"), "\"Cité مدينة 城 🏙\""); }

TEST(JsonWriter, replaces_malformed_bytes_so_that_the_output_is_utf8) {
  const std::string out = text_of("a\xFF\xC3(\xED\xA0\x80z\xE2\x82");
  EXPECT_TRUE(is_utf8(out));
  EXPECT_EQ(out.front(), '"');
  EXPECT_NE(out.find("\xEF\xBF\xBD"), std::string::npos);
  EXPECT_NE(out.find('z'), std::string::npos);
}

TEST(JsonWriter, writes_numbers_short_and_never_as_not_a_number) {
  EXPECT_EQ(number_of(43.7333333333, 7), "43.7333333");
  EXPECT_EQ(number_of(2.50, 2), "2.5");
  EXPECT_EQ(number_of(100, 2), "100");
  EXPECT_EQ(number_of(1200, 0), "1200");
  EXPECT_EQ(number_of(-0.001, 2), "0");
  EXPECT_EQ(number_of(std::nan(""), 2), "null");
  EXPECT_EQ(number_of(INFINITY, 2), "null");
}

}  // namespace
}  // namespace citiverse::base
