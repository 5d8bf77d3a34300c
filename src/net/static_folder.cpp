// One stat a request keeps a rebuilt client visible at once; tiles, whose addresses are versioned, do without.
#include "net/static_folder.h"

#include <sys/stat.h>

#include "net/compression.h"
#include "net/limits.h"

namespace citiverse::net {

Encoding encoding_for(std::string_view media_type, const Request& request) {
  return is_compressible(media_type) ? choose_encoding(request.accept_encoding) : Encoding::identity;
}

std::optional<Reply> StaticFolder::find(std::string_view relative, std::string_view cache_control,
                                        const Request& request) const {
  const std::string_view media_type = media_type_of(relative);
  auto asset = cache_.find(relative, encoding_for(media_type, request));
  if (asset == nullptr) return std::nullopt;
  struct stat status{};
  const std::filesystem::path path = root_ / relative;
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  const FileStamp stamp{static_cast<std::uint64_t>(status.st_size),
                        static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec,
                        status.st_ino};
  if (stamp != asset->stamp) return std::nullopt;
  Reply reply;
  reply.media_type = media_type;
  reply.cache_control = cache_control;
  reply.audience = Audience::page;
  reply.asset = std::move(asset);
  return reply;
}

Reply StaticFolder::make(std::string_view relative, std::string_view cache_control, const Request& request) const {
  if (auto reply = find(relative, cache_control, request)) return std::move(*reply);
  auto file = open_below(root_, relative);
  if (!file)
    return problem(file.error().code == base::ErrorCode::not_found ? 404 : 503, base::name_of(file.error().code),
                   file.error().message);
  const std::string_view media_type = media_type_of(relative);
  Encoding encoding = encoding_for(media_type, request);
  if (file->stamp.size < kCompressBytesMin || file->stamp.size > kCompressedFileBytesMax) encoding = Encoding::identity;
  auto asset = make_asset(std::move(*file), encoding, {media_type, cache_control, Audience::page});
  if (!asset) return problem(503, "unavailable", asset.error().message);
  Reply reply;
  reply.media_type = media_type;
  reply.audience = Audience::page;
  reply.asset = cache_.keep(relative, encoding_for(media_type, request), std::move(*asset));
  return reply;
}

}  // namespace citiverse::net
