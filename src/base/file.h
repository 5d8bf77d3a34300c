// Files that are whole or not there: everything is written aside and renamed.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace citiverse::base {

/// Writes `bytes` to `path` by way of a temporary file beside it, fsync and rename: a reader sees the old file or the new one.
/// Fails: unavailable, naming the path and the system's reason; nothing is left behind.
Result<void> write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

/// The whole file. Fails: not_found; limit when it is larger than `bytes_max`; unavailable.
Result<std::string> read_file(const std::filesystem::path& path, std::size_t bytes_max);

/// A file mapped read-only for the life of this object. Threads: reading is safe.
class MappedFile {
 public:
  MappedFile() = default;
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  /// Fails: not_found, unavailable. An empty file maps to no bytes.
  static Result<MappedFile> open(const std::filesystem::path& path);
  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  std::span<const std::byte> bytes_;
};

}  // namespace citiverse::base
