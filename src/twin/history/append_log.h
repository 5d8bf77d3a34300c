// Records that must outlive the process before they are answered for: many writers, one disk, one flush for all who wait.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "base/result.h"

namespace citiverse::twin::history {

inline constexpr std::size_t kLogBytesWaitingMax = 64 << 20;
inline constexpr std::size_t kLogRecordBytesMax = 16 << 20;

/// Appends a record as such a file holds it: its length, its check and its bytes.
void frame_record(std::string& out, std::string_view record);

/// One file that grows. Threads: safe.
class AppendLog {
 public:
  /// A new file; `waits_for_disk`: a record is durable when the disk has it, not when the system has.
  /// Nothing of it reaches the file before all that `before` had taken by now is durable, so that two runs are cut as one would
  /// be. Fails: unavailable.
  static base::Result<std::unique_ptr<AppendLog>> create(const std::filesystem::path& path, bool waits_for_disk,
                                                         std::shared_ptr<AppendLog> before = nullptr);
  AppendLog(int file, bool waits_for_disk, std::shared_ptr<AppendLog> before);
  ~AppendLog();
  AppendLog(const AppendLog&) = delete;
  AppendLog& operator=(const AppendLog&) = delete;

  /// Takes a record and says at which position it ends. Waits while kLogBytesWaitingMax wait for the disk.
  std::uint64_t append(std::string_view record);
  /// Returns when everything up to a position is as durable as promised. Fails: unavailable (the disk), for good.
  base::Result<void> wait(std::uint64_t position);
  base::Result<void> wait_for_all();

  /// Calls `on_record` for the records of a file up to the first that is not whole: what was being written when the process
  /// died. Gives the bytes that were whole. A file that is missing has none. Fails: what `on_record` fails with, unavailable.
  static base::Result<std::uint64_t> read(const std::filesystem::path& path,
                                          const std::function<base::Result<void>(std::string_view)>& on_record);

 private:
  void write_out(const std::stop_token& stop);

  const int file_;
  const bool waits_for_disk_;
  std::shared_ptr<AppendLog> before_;  // Until it is durable.
  std::mutex mutex_;
  std::condition_variable_any more_;
  std::condition_variable written_;
  std::string waiting_;
  std::uint64_t taken_ = 0;
  std::uint64_t durable_ = 0;
  bool failed_ = false;
  std::jthread writer_;  // Last: it ends before what it uses.
};

}  // namespace citiverse::twin::history
