#include "formats/csv_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace citiverse::formats {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string json_of(std::string_view csv) {
  const auto rows = read_csv(csv, 100);
  return rows ? rows->json : rows.error().message;
}

TEST(CsvRows, are_read_as_the_standard_says) {  // RFC 4180, 2
  EXPECT_EQ(json_of("a,b\r\naaa,\"b \r\nbb\"\r\n"), R"([{"a":"aaa","b":"b \r\nbb"}])");
  EXPECT_EQ(json_of("a,b\n\"a\"\"x\",1\n2,"), R"([{"a":"a\"x","b":"1"},{"a":"2"}])");
  EXPECT_EQ(json_of("\xEF\xBB\xBF"
                    "a;b\n1,5;2\n\n3;4"),
            R"([{"a":"1,5","b":"2"},{"a":"3","b":"4"}])");
  EXPECT_EQ(json_of("a\n"), "[]");
}

TEST(CsvRows, know_their_lines) { EXPECT_THAT(read_csv("a,b\n1,\"x\ny\"\n\n2,3\n", 10)->lines, ElementsAre(2, 5)); }

TEST(CsvRows, name_the_line_that_is_wrong) {
  EXPECT_THAT(json_of(""), HasSubstr("line 1"));
  EXPECT_THAT(json_of("a,,b\n"), HasSubstr("column 2 has no name"));
  EXPECT_THAT(json_of("a,a\n"), HasSubstr("two columns"));
  EXPECT_THAT(json_of("a,b\n1,2\n1\n"), HasSubstr("line 3: 1 fields where line 1 names 2"));
  EXPECT_THAT(json_of("a,b\n1,\"2\n"), HasSubstr("does not end"));
  EXPECT_THAT(json_of("a,b\n1,2\"3\n"), HasSubstr("line 2: a quotation mark"));
  EXPECT_THAT(json_of("a\n\xFF\n"), HasSubstr("UTF-8"));
  EXPECT_THAT(read_csv("a\n1\n2\n", 1).error().message, HasSubstr("at most 1 rows"));
}

}  // namespace
}  // namespace citiverse::formats
