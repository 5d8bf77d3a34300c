// Opening below a root is checked after the fact on the open descriptor, so that no link can be swapped in between.
#include "net/asset.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "base/random.h"
#include "net/compression.h"
#include "net/limits.h"

namespace citiverse::net {
namespace {

using base::ErrorCode;
using base::fail;

// 'self' and what the parts of the client need: MapLibre's worker is a blob, meshopt's decoder is WebAssembly, styles of
// MapLibre's and three's controls are set on elements.
constexpr std::string_view kPageFields =
    "Content-Security-Policy: default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self' blob: data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: strict-origin-when-cross-origin\r\n"
    "Permissions-Policy: xr-spatial-tracking=(self), gamepad=(self), gyroscope=(self), accelerometer=(self), "
    "geolocation=(self), fullscreen=(self), publickey-credentials-get=(self), publickey-credentials-create=(self), "
    "camera=(), microphone=(self), payment=()\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n";

constexpr std::string_view kOpenDataFields =
    "X-Content-Type-Options: nosniff\r\n"
    "Access-Control-Allow-Origin: *\r\n"
    "Access-Control-Expose-Headers: ETag\r\n"
    "Cross-Origin-Resource-Policy: cross-origin\r\n";

// Also where such an answer is opened as a page of its own (a personal export): it loads nothing and runs nothing.
constexpr std::string_view kPersonalFields =
    "X-Content-Type-Options: nosniff\r\n"
    "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Vary: Cookie\r\n";

bool lies_below(int descriptor, const std::filesystem::path& root) {
  std::array<char, 4096> real{};
  const std::string link = fmt::format("/proc/self/fd/{}", descriptor);
  const ssize_t size = ::readlink(link.c_str(), real.data(), real.size());
  if (size <= 0 || static_cast<std::size_t>(size) == real.size()) return false;
  const std::string_view path(real.data(), static_cast<std::size_t>(size));
  std::error_code error;
  const std::string base = std::filesystem::canonical(root, error).string();
  return !error && path.size() > base.size() && path.starts_with(base) && path[base.size()] == '/';
}

base::Result<std::string> read_all(const OpenFile& file) {
  std::string bytes(file.stamp.size, '\0');
  std::size_t at = 0;
  while (at < bytes.size()) {
    const ssize_t got = ::pread(file.handle.get(), bytes.data() + at, bytes.size() - at, static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return fail(ErrorCode::unavailable, "a file that is served cannot be read to its end");
    at += static_cast<std::size_t>(got);
  }
  return bytes;
}

std::uint64_t hash_of(std::string_view bytes) {
  std::uint64_t hash = base::mix64(bytes.size());
  while (!bytes.empty()) {
    std::uint64_t word = 0;
    const std::size_t count = std::min<std::size_t>(bytes.size(), sizeof word);
    std::memcpy(&word, bytes.data(), count);
    hash = base::mix64(hash ^ word);
    bytes.remove_prefix(count);
  }
  return hash;
}

}  // namespace

FileHandle::FileHandle(FileHandle&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileHandle& FileHandle::operator=(FileHandle&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

FileHandle::~FileHandle() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

base::Result<OpenFile> open_below(const std::filesystem::path& root, std::string_view relative) {
  const auto missing = [&] { return fail(ErrorCode::not_found, fmt::format("there is no file /{}", relative)); };
  if (relative.empty() || relative.front() == '/' || relative.find('\0') != std::string_view::npos) return missing();
  const std::filesystem::path path = root / relative;
  OpenFile file;
  file.handle = FileHandle(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (file.handle.get() < 0) {
    if (errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG || errno == ELOOP || errno == EACCES) return missing();
    return fail(ErrorCode::unavailable, fmt::format("/{}: {}", relative, std::strerror(errno)));
  }
  struct stat status{};
  if (::fstat(file.handle.get(), &status) != 0 || !S_ISREG(status.st_mode)) return missing();
  if (!lies_below(file.handle.get(), root)) return missing();
  file.stamp = {static_cast<std::uint64_t>(status.st_size),
                static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec, status.st_ino};
  return file;
}

std::string etag_of(std::string_view bytes, Encoding encoding) {
  const std::string_view mark = encoding == Encoding::identity ? "" : encoding == Encoding::gzip ? "-g" : "-b";
  return fmt::format("\"{:016x}{}\"", hash_of(bytes), mark);
}

std::string_view safety_fields(Audience audience) {
  switch (audience) {
    case Audience::page: return kPageFields;
    case Audience::open_data: return kOpenDataFields;
    case Audience::personal: break;
  }
  return kPersonalFields;
}

base::Result<Asset> make_asset(OpenFile file, Encoding encoding, const AssetRules& rules) {
  auto bytes = read_all(file);
  if (!bytes) return std::unexpected(bytes.error());
  Asset asset;
  asset.stamp = file.stamp;
  asset.etag = etag_of(*bytes, encoding);
  asset.body = encoding == Encoding::identity ? std::move(*bytes) : compressed(*bytes, encoding, Effort::thorough);
  asset.size = asset.body.size();
  if (encoding == Encoding::identity && asset.size > kCachedFileBytesMax) {
    asset.file = std::move(file.handle);
    asset.body = {};
  }
  asset.fields =
      fmt::format("Content-Type: {}\r\nETag: {}\r\nCache-Control: {}\r\n", rules.media_type, asset.etag, rules.cache_control);
  if (is_compressible(rules.media_type)) asset.fields += "Vary: Accept-Encoding\r\n";
  if (encoding != Encoding::identity) asset.fields += fmt::format("Content-Encoding: {}\r\n", name_of(encoding));
  asset.fields += "Accept-Ranges: bytes\r\n";
  asset.fields += safety_fields(rules.audience);
  asset.head = fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n{}", asset.size, asset.fields);
  return asset;
}

}  // namespace citiverse::net
