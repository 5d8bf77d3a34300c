// A folder of files as routes: the browser client.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "net/asset_cache.h"
#include "net/router.h"

namespace citiverse::net {

/// Serves files below `root` from the cache, reading them again when they change. Threads: safe.
class StaticFolder {
 public:
  StaticFolder(std::filesystem::path root, AssetCache& cache) : root_(std::move(root)), cache_(cache) {}

  /// The file at `relative` if it lies in the cache and is unchanged on the disk.
  std::optional<Reply> find(std::string_view relative, std::string_view cache_control, const Request& request) const;
  /// The file, read and kept. 404 for what is no file below the root.
  Reply make(std::string_view relative, std::string_view cache_control, const Request& request) const;

 private:
  std::filesystem::path root_;
  AssetCache& cache_;
};

/// The encoding in which a file of this name is sent to this client.
Encoding encoding_for(std::string_view media_type, const Request& request);

inline constexpr std::string_view kImmutable = "public, max-age=31536000, immutable";
inline constexpr std::string_view kRevalidate = "no-cache";

}  // namespace citiverse::net
