// write(2) and fdatasync(2): a rename or a new name is durable once its folder is synced too.
#include "twin/journal/log_file.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/file.h"
#include "twin/journal/record.h"

namespace citiverse::twin::journal {
namespace {

std::unexpected<base::Error> failed(const std::filesystem::path& path, std::string_view what) {
  return base::fail(base::ErrorCode::unavailable, fmt::format("{}: {}: {}", path.string(), what, std::strerror(errno)));
}

}  // namespace

LogFile::LogFile(int descriptor, std::uint64_t size, std::filesystem::path path)
    : descriptor_(descriptor), size_(size), path_(std::move(path)) {}
LogFile::LogFile(LogFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_), path_(std::move(other.path_)) {}
LogFile& LogFile::operator=(LogFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(size_, other.size_);
  std::swap(path_, other.path_);
  return *this;
}
LogFile::~LogFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

base::Result<LogFile> LogFile::create(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return failed(path, "cannot be made");
  LogFile file(descriptor, 0, path);
  if (auto written = file.append(kFileHead); !written) return std::unexpected(written.error());
  if (auto kept = file.sync(); !kept) return std::unexpected(kept.error());
  if (auto kept = sync_folder(path.parent_path()); !kept) return std::unexpected(kept.error());
  return file;
}

base::Result<LogFile> LogFile::reopen(const std::filesystem::path& path, std::uint64_t size) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) return failed(path, "cannot be opened");
  LogFile file(descriptor, size, path);
  if (::ftruncate(descriptor, static_cast<off_t>(size)) != 0 || ::lseek(descriptor, 0, SEEK_END) < 0)
    return failed(path, "cannot be cut");
  if (auto kept = file.sync(); !kept) return std::unexpected(kept.error());
  return file;
}

base::Result<void> LogFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed(path_, "cannot be written");
    size_ += static_cast<std::uint64_t>(written);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

base::Result<void> LogFile::sync() {
  if (::fdatasync(descriptor_) != 0) return failed(path_, "cannot be made durable");
  return {};
}

base::Result<void> sync_folder(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return failed(folder, "cannot be opened");
  const bool kept = ::fsync(descriptor) == 0;
  ::close(descriptor);
  if (!kept) return failed(folder, "cannot be made durable");
  return {};
}

base::Result<std::uint64_t> read_log(const std::filesystem::path& path,
                                     const std::function<bool(std::string_view)>& on_payload) {
  const auto file = base::MappedFile::open(path);
  if (!file) return std::unexpected(file.error());
  const std::string_view all(reinterpret_cast<const char*>(file->bytes().data()), file->bytes().size());
  // A file that was being made when the machine stopped.
  if (all.size() < kFileHead.size()) return 0;
  if (!all.starts_with(kFileHead))
    return base::fail(base::ErrorCode::corrupt,
                      fmt::format("{}: this is no file of a twin; bring back the backup", path.string()));
  std::string_view rest = all.substr(kFileHead.size());
  for (std::string_view before = rest; const auto payload = take_record(rest); before = rest)
    if (!on_payload(*payload)) return all.size() - before.size();
  return all.size() - rest.size();
}

}  // namespace citiverse::twin::journal
