// One file of records that is only added to, and the folder's rules about its name. Private to the journal.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace citiverse::twin::journal {

/// A descriptor that closes itself. Move-only.
class LogFile {
 public:
  LogFile() = default;
  LogFile(LogFile&& other) noexcept;
  LogFile& operator=(LogFile&& other) noexcept;
  ~LogFile();

  /// A new file with the head in it, durable with its name. Fails: unavailable.
  static base::Result<LogFile> create(const std::filesystem::path& path);
  /// To be added to after `size` bytes; what follows them is cut off. Fails: unavailable.
  static base::Result<LogFile> reopen(const std::filesystem::path& path, std::uint64_t size);

  /// Fails: unavailable; how much was written is unknown then.
  base::Result<void> append(std::string_view bytes);
  base::Result<void> sync();
  std::uint64_t size() const { return size_; }

 private:
  LogFile(int descriptor, std::uint64_t size, std::filesystem::path path);
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
  std::filesystem::path path_;
};

/// Makes the names in a folder durable.
base::Result<void> sync_folder(const std::filesystem::path& folder);

/// Calls `on_payload` for each whole record, until it gives false. Gives the bytes up to the first that is not whole, or not
/// taken. Fails: not_found, unavailable, corrupt when the head is another's.
base::Result<std::uint64_t> read_log(const std::filesystem::path& path,
                                     const std::function<bool(std::string_view)>& on_payload);

}  // namespace citiverse::twin::journal
