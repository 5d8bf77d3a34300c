// A file ready to be sent: its fields are written once, its bytes lie in memory or are sent from the disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/negotiation.h"

namespace citiverse::net {

/// A file descriptor that closes itself.
class FileHandle {
 public:
  FileHandle() = default;
  explicit FileHandle(int descriptor) : descriptor_(descriptor) {}
  FileHandle(FileHandle&& other) noexcept;
  FileHandle& operator=(FileHandle&& other) noexcept;
  ~FileHandle();
  int get() const { return descriptor_; }

 private:
  int descriptor_ = -1;
};

/// What tells one state of a file from another.
struct FileStamp {
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;
  std::uint64_t inode = 0;
  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

struct OpenFile {
  FileHandle handle;
  FileStamp stamp;
};

/// Opens a regular file that lies below `root`, wherever links lead. Fails: not_found for anything else, unavailable.
base::Result<OpenFile> open_below(const std::filesystem::path& root, std::string_view relative);

/// Who may read a file's bytes from another site's page, and which rules a page gets.
enum class Audience : std::uint8_t {
  page,       ///< The client itself: content security policy, own origin only.
  open_data,  ///< Tiles and answers about the city: any site may read them.
  personal,   ///< Answers about or for the one who asks: own origin only, kept by nobody.
};

/// One representation of a file, immutable. `fields` are those of every answer about it, each ending in CRLF.
struct Asset {
  std::string etag;    ///< Quoted, strong.
  std::string fields;  ///< Content-Type, ETag, Cache-Control, Vary and so on; no Content-Length.
  std::string head;    ///< Status line and fields of the whole, with Content-Length, without Date and the empty line.
  std::string body;    ///< The bytes, unless they are in `file`.
  FileHandle file;
  std::uint64_t size = 0;
  FileStamp stamp;
};

struct AssetRules {
  std::string_view media_type;
  std::string_view cache_control;
  Audience audience = Audience::page;
};

/// Reads and, for gzip and brotli, compresses. Files over kCachedFileBytesMax stay on the disk.
/// Fails: unavailable.
base::Result<Asset> make_asset(OpenFile file, Encoding encoding, const AssetRules& rules);

/// A strong validator of bytes: 64 bits of hash, quoted, with the encoding's mark.
std::string etag_of(std::string_view bytes, Encoding encoding);

/// Fields that every answer to an audience carries, each ending in CRLF.
std::string_view safety_fields(Audience audience);

}  // namespace citiverse::net
