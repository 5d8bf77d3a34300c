#include "net/negotiation.h"

#include <gtest/gtest.h>

namespace citiverse::net {
namespace {

TEST(AcceptEncoding, follows_weights_and_prefers_brotli_at_equal_ones) {
  EXPECT_EQ(choose_encoding(""), Encoding::identity);
  EXPECT_EQ(choose_encoding("gzip, deflate, br, zstd"), Encoding::brotli);
  EXPECT_EQ(choose_encoding("gzip, deflate"), Encoding::gzip);
  EXPECT_EQ(choose_encoding("br;q=0.5, gzip;q=0.8"), Encoding::gzip);
  EXPECT_EQ(choose_encoding("br;q=0, gzip;q=0"), Encoding::identity);
  EXPECT_EQ(choose_encoding("*"), Encoding::brotli);
  EXPECT_EQ(choose_encoding("*;q=0"), Encoding::identity);
  EXPECT_EQ(choose_encoding("br;q=0, *"), Encoding::gzip);
  EXPECT_EQ(choose_encoding("GZIP"), Encoding::gzip);
  EXPECT_EQ(choose_encoding("identity;q=1, gzip;q=0.5"), Encoding::identity);
}

// RFC 9110, 12.5.3, the examples of the field.
TEST(AcceptEncoding, answers_the_examples_of_rfc_9110) {
  EXPECT_EQ(choose_encoding("compress, gzip"), Encoding::gzip);
  EXPECT_EQ(choose_encoding("compress;q=0.5, gzip;q=1.0"), Encoding::gzip);
  EXPECT_EQ(choose_encoding("gzip;q=1.0, identity; q=0.5, *;q=0"), Encoding::gzip);
}

TEST(AcceptEncoding, passes_over_malformed_members) {
  for (const char* bad : {"gzip;q=2", "gzip;q=-1", "gzip;q=0.1234", "gzip;q=", "gzip;level=1", ";q=1", ",,,", "gzip;q=1.001"}) {
    EXPECT_EQ(choose_encoding(bad), Encoding::identity) << bad;
  }
}

// RFC 9110, 13.1.2 and 8.8.3.2.
TEST(IfNoneMatch, compares_weakly_over_lists) {
  EXPECT_TRUE(if_none_match_holds(R"("xyzzy")", R"("xyzzy")"));
  EXPECT_TRUE(if_none_match_holds(R"("a", W/"xyzzy" ,"c")", R"("xyzzy")"));
  EXPECT_TRUE(if_none_match_holds("*", R"("xyzzy")"));
  EXPECT_FALSE(if_none_match_holds(R"("xyzz")", R"("xyzzy")"));
  EXPECT_FALSE(if_none_match_holds("xyzzy", R"("xyzzy")"));
  EXPECT_FALSE(if_none_match_holds("", R"("xyzzy")"));
}

TEST(IfRange, needs_the_same_strong_validator) {
  EXPECT_TRUE(if_range_holds("", R"("a")"));
  EXPECT_TRUE(if_range_holds(R"("a")", R"("a")"));
  EXPECT_FALSE(if_range_holds(R"(W/"a")", R"("a")"));
  EXPECT_FALSE(if_range_holds("Sun, 06 Nov 1994 08:49:37 GMT", R"("a")"));
}

void expect_part(std::string_view range, std::uint64_t size, ByteRange expected) {
  const RangeAnswer answer = parse_range(range, size);
  EXPECT_EQ(answer.verdict, RangeVerdict::part) << range;
  EXPECT_EQ(answer.range, expected) << range;
}

// RFC 9110, 14.1.2: a representation of 10000 bytes.
TEST(Range, answers_the_examples_of_rfc_9110) {
  expect_part("bytes=0-499", 10000, {0, 500});
  expect_part("bytes=500-999", 10000, {500, 500});
  expect_part("bytes=-500", 10000, {9500, 500});
  expect_part("bytes=9500-", 10000, {9500, 500});
  expect_part("bytes=0-", 10000, {0, 10000});
  expect_part("bytes=9990-20000", 10000, {9990, 10});
  expect_part("bytes=-20000", 10000, {0, 10000});
  expect_part("BYTES=1-1", 10000, {1, 1});
}

TEST(Range, beyond_the_end_cannot_be_satisfied) {
  for (const char* range : {"bytes=10000-", "bytes=10000-10001", "bytes=-0", "bytes=99999999999999999999-"}) {
    EXPECT_EQ(parse_range(range, 10000).verdict, RangeVerdict::unsatisfiable) << range;
  }
  EXPECT_EQ(parse_range("bytes=0-0", 0).verdict, RangeVerdict::unsatisfiable);
}

TEST(Range, what_is_malformed_or_multiple_is_answered_with_the_whole) {
  for (const char* range : {"", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-4", "bytes=1", "bytes=+1-2", "bytes=1-2x",
                            "items=0-1", "bytes=0-1,5-6", "bytes= 0 - 1"}) {
    EXPECT_EQ(parse_range(range, 10000).verdict, RangeVerdict::whole) << range;
  }
}

TEST(HttpDate, writes_the_example_of_rfc_9110) { EXPECT_EQ(http_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT"); }

}  // namespace
}  // namespace citiverse::net
