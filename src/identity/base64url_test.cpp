// Base64url against the examples of its standards.
#include "identity/base64url.h"

#include <gmock/gmock.h>

namespace citiverse::identity {
namespace {

TEST(Base64url, the_standards_examples_go_forth_and_back) {
  // RFC 4648, clause 10 (without padding), and RFC 7515, appendix C.
  const std::pair<std::string_view, std::string_view> examples[] = {
      {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
      {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\x03\xec\xff\xe0\xc1", "A-z_4ME"}};
  for (const auto& [bytes, text] : examples) {
    EXPECT_EQ(base64url_of(bytes), text);
    EXPECT_EQ(base64url_bytes(text), bytes);
  }
}

TEST(Base64url, one_text_only_stands_for_some_bytes) {
  for (const std::string_view text : {"Zg==", "Zg=", "Z", "Zh", "Zm9", "Zm 8", "Zm+v", "Zm/v", "\xc3\xa9g"})
    EXPECT_FALSE(base64url_bytes(text)) << text;
}

}  // namespace
}  // namespace citiverse::identity
