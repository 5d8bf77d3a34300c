#include "storage/database.h"

#include <gtest/gtest.h>

#include "base/file.h"

namespace citiverse::storage {
namespace {

std::filesystem::path scratch_file() {
  const auto path = std::filesystem::temp_directory_path() / "citiverse_storage_test.sqlite";
  std::filesystem::remove(path);
  return path;
}

std::int64_t count(Database& database) {
  auto statement = database.prepare("SELECT count(*) FROM t");
  EXPECT_TRUE(statement && statement->step().value());
  return statement->integer(0);
}

TEST(Database, gives_back_what_was_bound) {
  const auto path = scratch_file();
  auto database = Database::open(path, OpenMode::create);
  ASSERT_TRUE(database);
  ASSERT_TRUE(database->run("CREATE TABLE t (a INTEGER, b REAL, c TEXT, d BLOB, e TEXT)"));
  auto insert = database->prepare("INSERT INTO t VALUES (?, ?, ?, ?, ?)");
  ASSERT_TRUE(insert);
  insert->bind(0, std::int64_t{-5});
  insert->bind(1, 0.1);
  insert->bind(2, std::string_view("Grüße"));
  insert->bind_blob(3, std::string_view("\0x", 2));
  insert->bind_null(4);
  ASSERT_TRUE(insert->run());
  auto select = database->prepare("SELECT * FROM t");
  ASSERT_TRUE(select->step().value());
  EXPECT_EQ(select->integer(0), -5);
  EXPECT_EQ(select->real(1), 0.1);
  EXPECT_EQ(select->text(2), "Grüße");
  EXPECT_EQ(select->text(3), std::string_view("\0x", 2));
  EXPECT_TRUE(select->is_null(4));
  EXPECT_FALSE(select->step().value());
  std::filesystem::remove(path);
}

TEST(Database, forgets_a_transaction_that_was_not_committed) {
  const auto path = scratch_file();
  auto database = Database::open(path, OpenMode::create);
  ASSERT_TRUE(database && database->run("CREATE TABLE t (a)"));
  {
    auto transaction = Transaction::begin(*database);
    ASSERT_TRUE(transaction && database->run("INSERT INTO t VALUES (1)"));
  }
  EXPECT_EQ(count(*database), 0);
  auto transaction = Transaction::begin(*database);
  ASSERT_TRUE(transaction && database->run("INSERT INTO t VALUES (1)") && transaction->commit());
  EXPECT_EQ(count(*database), 1);
  std::filesystem::remove(path);
}

TEST(Database, names_the_file_that_is_missing_or_foreign) {
  const auto path = scratch_file();
  const auto missing = Database::open(path, OpenMode::read_only);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, base::ErrorCode::not_found);
  ASSERT_TRUE(base::write_file_atomically(path,
                                          "this is no database, and it is longer than a header of one hundred bytes, "
                                          "so that SQLite looks at it and says so at once"));
  auto foreign = Database::open(path, OpenMode::read_only);
  ASSERT_TRUE(foreign);
  const auto statement = foreign->prepare("SELECT 1 FROM t");
  ASSERT_FALSE(statement);
  EXPECT_EQ(statement.error().code, base::ErrorCode::corrupt);
  EXPECT_NE(statement.error().message.find("citiverse_storage_test.sqlite"), std::string::npos);
  std::filesystem::remove(path);
}

TEST(Database, reads_a_file_from_memory) {
  const auto path = scratch_file();
  {
    auto database = Database::open(path, OpenMode::create);
    ASSERT_TRUE(database && database->run("CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)"));
  }
  const auto bytes = base::read_file(path, 1 << 20);
  ASSERT_TRUE(bytes);
  auto copy = Database::from_bytes(*bytes);
  ASSERT_TRUE(copy);
  EXPECT_EQ(count(*copy), 2);
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace citiverse::storage
