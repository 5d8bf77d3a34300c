// A file of living data that several threads and several rooms share: what was acknowledged survives a killed process.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/result.h"
#include "storage/database.h"

namespace citiverse::storage {

/// One SQLite file in write-ahead mode; a commit is on the disk when it returns (synchronous=FULL), deleted content is
/// overwritten (secure_delete), foreign keys hold. Threads: safe; one works at a time.
/// Source: https://www.sqlite.org/wal.html, https://www.sqlite.org/pragma.html.
class Store {
 public:
  /// Opens or makes the file, which only its owner may read, and its folder. Fails: unavailable, corrupt.
  static base::Result<std::unique_ptr<Store>> open(const std::filesystem::path& path);

  /// Brings the tables of one part to their newest form: `steps[i]` is SQL that leads from version i to i + 1, and is never
  /// changed once it has landed. All steps happen or none; they are on the disk with the first write after them, so that a
  /// power cut before may leave them to be taken again. Fails: corrupt when the file is newer than the program.
  base::Result<void> migrate(std::string_view part, std::span<const std::string_view> steps);

  /// Runs `work(Database&) -> Result<…>`: all that it wrote is kept, or, when it fails, nothing. A write within a write joins
  /// the outer one, and when it fails, the outer one cannot be kept either.
  template <class Work>
  auto write(Work&& work) -> std::invoke_result_t<Work, Database&> {
    const std::scoped_lock hold(mutex_);
    if (is_writing_) {
      auto result = work(database_);
      if (!result && !inner_failure_) inner_failure_ = result.error();
      return result;
    }
    std::vector<std::function<void()>> afterwards;
    auto result = [&]() -> std::invoke_result_t<Work, Database&> {
      auto transaction = Transaction::begin_writing(database_);
      if (!transaction) return std::unexpected(transaction.error());
      const Writing writing(*this);
      auto worked = work(database_);
      if (!worked) return worked;
      if (inner_failure_) return std::unexpected(*inner_failure_);
      if (auto done = transaction->commit(); !done) return std::unexpected(done.error());
      afterwards = std::move(after_commit_);
      return worked;
    }();
    for (const auto& each : afterwards) each();
    return result;
  }

  /// Runs `work(Database&) -> Result<…>`, which only reads.
  template <class Work>
  auto read(Work&& work) -> std::invoke_result_t<Work, Database&> {
    const std::scoped_lock hold(mutex_);
    return work(database_);
  }

  /// Runs `work` once the write that it is called in is on the disk, and never when that fails; at once outside of a write.
  void after_commit(std::function<void()> work);

  /// True when another process, or another connection, has written since this was asked last.
  base::Result<bool> was_changed_elsewhere();

  /// Moves what was written into the main file and empties the log, so that erased content is in neither.
  base::Result<void> checkpoint();

 private:
  explicit Store(Database database) : database_(std::move(database)) {}

  // Marks the time within an outermost write, however it ends.
  class Writing {
   public:
    explicit Writing(Store& store) : store_(store) { store_.is_writing_ = true; }
    Writing(const Writing&) = delete;
    Writing& operator=(const Writing&) = delete;
    ~Writing() {
      store_.is_writing_ = false;
      store_.inner_failure_.reset();
      store_.after_commit_.clear();
    }

   private:
    Store& store_;
  };

  std::recursive_mutex mutex_;
  Database database_;
  bool is_writing_ = false;
  std::int64_t seen_version_ = 0;
  std::optional<base::Error> inner_failure_;
  std::vector<std::function<void()>> after_commit_;
};

}  // namespace citiverse::storage
