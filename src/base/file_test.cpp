#include "base/file.h"

#include <gtest/gtest.h>

namespace citiverse::base {
namespace {

TEST(File, is_written_whole_or_not_at_all) {
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / "citiverse_file_test";
  std::filesystem::remove_all(folder);
  EXPECT_EQ(write_file_atomically(folder / "a", "x").error().code, ErrorCode::not_found);
  std::filesystem::create_directories(folder);
  ASSERT_TRUE(write_file_atomically(folder / "a", "one"));
  ASSERT_TRUE(write_file_atomically(folder / "a", "two"));
  EXPECT_EQ(read_file(folder / "a", 10), "two");
  EXPECT_EQ(read_file(folder / "a", 2).error().code, ErrorCode::limit);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1) << "no temporary file stays behind";
  EXPECT_EQ(MappedFile::open(folder / "a")->bytes().size(), 3u);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace citiverse::base
