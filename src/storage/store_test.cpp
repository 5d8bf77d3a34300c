#include "storage/store.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include <gtest/gtest.h>

#include "base/file.h"
#include "storage/rows.h"

namespace citiverse::storage {
namespace {

using base::ErrorCode;
using base::Result;

class StoreTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::remove_all(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  static Result<void> insert(Store& store, int value) {
    return store.write([&](Database& database) -> Result<void> {
      const auto done = execute(database, "INSERT INTO t VALUES (?)", value);
      if (!done) return std::unexpected(done.error());
      return {};
    });
  }
  static std::int64_t count(Store& store) {
    return store.read([](Database& database) { return one_integer(database, "SELECT count(*) FROM t"); }).value().value();
  }

  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("citiverse_store_test_" + std::to_string(getpid()));
  const std::filesystem::path file_ = folder_ / "state" / "people.db";
  static constexpr std::array<std::string_view, 2> kSteps{"CREATE TABLE t (a INTEGER) STRICT", "ALTER TABLE t ADD b TEXT"};
};

TEST_F(StoreTest, takes_each_step_of_a_part_once_and_in_order) {
  {
    auto store = Store::open(file_).value();
    ASSERT_TRUE(store->migrate("things", std::span(kSteps).first(1)));
    ASSERT_TRUE(insert(*store, 1));
  }
  auto store = Store::open(file_).value();
  ASSERT_TRUE(store->migrate("things", kSteps));
  ASSERT_TRUE(store->migrate("things", kSteps));
  EXPECT_EQ(count(*store), 1);
  EXPECT_TRUE(store->read([](Database& database) { return one_integer(database, "SELECT count(b) FROM t"); }));
}

TEST_F(StoreTest, refuses_tables_of_a_newer_program) {
  auto store = Store::open(file_).value();
  ASSERT_TRUE(store->migrate("things", kSteps));
  const auto older = store->migrate("things", std::span(kSteps).first(1));
  ASSERT_FALSE(older);
  EXPECT_EQ(older.error().code, ErrorCode::corrupt);
}

TEST_F(StoreTest, leaves_the_old_version_where_a_step_fails) {
  auto store = Store::open(file_).value();
  constexpr std::array<std::string_view, 2> kBroken{"CREATE TABLE t (a INTEGER) STRICT", "ALTER TABLE u ADD b TEXT"};
  EXPECT_FALSE(store->migrate("things", kBroken));
  EXPECT_TRUE(store->migrate("things", kSteps));
}

TEST_F(StoreTest, keeps_all_of_a_write_or_nothing) {
  auto store = Store::open(file_).value();
  ASSERT_TRUE(store->migrate("things", kSteps));
  const auto failed = store->write([&](Database& database) -> Result<void> {
    EXPECT_TRUE(execute(database, "INSERT INTO t (a) VALUES (1)"));
    return base::fail(ErrorCode::conflict, "thought better of it");
  });
  EXPECT_FALSE(failed);
  EXPECT_EQ(count(*store), 0);
}

TEST_F(StoreTest, joins_a_write_within_a_write_and_forgets_both_when_the_inner_fails) {
  auto store = Store::open(file_).value();
  ASSERT_TRUE(store->migrate("things", std::span(kSteps).first(1)));
  EXPECT_TRUE(store->write([&](Database&) { return insert(*store, 1); }));
  EXPECT_EQ(count(*store), 1);
  const auto careless = store->write([&](Database&) -> Result<void> {
    EXPECT_TRUE(insert(*store, 2));
    const auto inner = store->write([](Database&) -> Result<void> { return base::fail(ErrorCode::limit, "full"); });
    EXPECT_FALSE(inner);
    return {};
  });
  ASSERT_FALSE(careless);
  EXPECT_EQ(careless.error().message, "full");
  EXPECT_EQ(count(*store), 1);
}

TEST_F(StoreTest, tells_of_a_write_once_it_is_kept_and_never_of_one_that_failed) {
  auto store = Store::open(file_).value();
  ASSERT_TRUE(store->migrate("things", std::span(kSteps).first(1)));
  std::int64_t told = 0;
  const auto write_and_tell = [&](bool fails) {
    return store->write([&](Database&) -> Result<void> {
      EXPECT_TRUE(insert(*store, 1));
      store->after_commit([&] { told += count(*store); });
      EXPECT_EQ(told, 0);
      return fails ? base::fail(ErrorCode::conflict, "no") : Result<void>();
    });
  };
  EXPECT_FALSE(write_and_tell(true));
  EXPECT_TRUE(insert(*store, 2));
  EXPECT_EQ(told, 0);
  EXPECT_TRUE(write_and_tell(false));
  EXPECT_EQ(told, 2);
}

TEST_F(StoreTest, takes_writes_of_several_threads_and_of_another_connection) {
  auto store = Store::open(file_).value();
  auto other = Store::open(file_).value();
  ASSERT_TRUE(store->migrate("things", std::span(kSteps).first(1)));
  {
    std::vector<std::jthread> threads;
    for (Store* each : {store.get(), store.get(), other.get()}) {
      threads.emplace_back([each] {
        for (int i = 0; i < 20; ++i) EXPECT_TRUE(insert(*each, i));
      });
    }
  }
  EXPECT_EQ(count(*store), 60);
}

TEST_F(StoreTest, notices_what_others_write_and_nothing_else) {
  auto store = Store::open(file_).value();
  ASSERT_TRUE(store->migrate("things", std::span(kSteps).first(1)));
  auto other = Store::open(file_).value();
  EXPECT_TRUE(store->was_changed_elsewhere().has_value());
  EXPECT_FALSE(store->was_changed_elsewhere().value());
  ASSERT_TRUE(insert(*store, 1));
  EXPECT_FALSE(store->was_changed_elsewhere().value());
  ASSERT_TRUE(insert(*other, 2));
  EXPECT_TRUE(store->was_changed_elsewhere().value());
  EXPECT_FALSE(store->was_changed_elsewhere().value());
}

TEST_F(StoreTest, is_readable_by_its_owner_only) {
  auto store = Store::open(file_).value();
  const auto others = std::filesystem::perms::group_all | std::filesystem::perms::others_all;
  EXPECT_EQ(std::filesystem::status(file_).permissions() & others, std::filesystem::perms::none);
}

TEST_F(StoreTest, leaves_no_byte_of_what_was_deleted_in_its_files) {
  auto store = Store::open(file_).value();
  ASSERT_TRUE(store->migrate("words", std::array<std::string_view, 1>{"CREATE TABLE w (word TEXT) STRICT"}));
  const auto run = [&](std::string_view sql) { return store->write([&](Database& database) { return database.run(sql); }); };
  ASSERT_TRUE(run("INSERT INTO w VALUES ('quite-a-secret')") && store->checkpoint());
  EXPECT_NE(base::read_file(file_, 1 << 20).value().find("quite-a-secret"), std::string::npos);
  ASSERT_TRUE(run("DELETE FROM w") && store->checkpoint());
  EXPECT_EQ(base::read_file(file_, 1 << 20).value().find("quite-a-secret"), std::string::npos);
  EXPECT_EQ(std::filesystem::file_size(file_.string() + "-wal"), 0u);
}

// A child writes and reports each commit through a pipe until it is killed; what it reported must be there.
TEST_F(StoreTest, has_everything_that_a_killed_process_reported) {
  ASSERT_TRUE(Store::open(file_).value()->migrate("things", std::span(kSteps).first(1)));
  std::array<int, 2> pipe_ends{};
  ASSERT_EQ(pipe(pipe_ends.data()), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto store = Store::open(file_).value();
    for (int i = 0;; ++i) {
      if (!insert(*store, i) || write(pipe_ends[1], "x", 1) != 1) _exit(1);
    }
  }
  close(pipe_ends[1]);
  std::int64_t reported = 0;
  char byte = 0;
  while (reported < 25 && read(pipe_ends[0], &byte, 1) == 1) ++reported;
  kill(child, SIGKILL);
  while (read(pipe_ends[0], &byte, 1) == 1) ++reported;
  close(pipe_ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  const std::int64_t kept = count(*Store::open(file_).value());
  EXPECT_GE(kept, reported);
  EXPECT_LE(kept, reported + 1);
}

}  // namespace
}  // namespace citiverse::storage
