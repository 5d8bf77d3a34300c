// Whoever finds bytes waiting writes all of them, and one flush of the disk serves all who wait meanwhile.
#include "twin/history/append_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "base/check.h"
#include "base/file.h"
#include "twin/byte_stream.h"
#include "twin/history/checked_bytes.h"
#include "twin/history/file_sync.h"

namespace citiverse::twin::history {

void frame_record(std::string& out, std::string_view record) {
  ByteWriter writer(out);
  writer.plain(static_cast<std::uint32_t>(record.size()));
  writer.plain(check_of(record));
  out.append(record);
}

base::Result<std::unique_ptr<AppendLog>> AppendLog::create(const std::filesystem::path& path, bool waits_for_disk,
                                                           std::shared_ptr<AppendLog> before) {
  const int file = ::open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0640);
  if (file < 0 || !sync_folder(path.parent_path()))
    return base::fail(base::ErrorCode::unavailable, fmt::format("{}: cannot create: {}", path.string(), std::strerror(errno)));
  return std::make_unique<AppendLog>(file, waits_for_disk, std::move(before));
}

AppendLog::AppendLog(int file, bool waits_for_disk, std::shared_ptr<AppendLog> before)
    : file_(file),
      waits_for_disk_(waits_for_disk),
      before_(std::move(before)),
      writer_([this](const std::stop_token& stop) { write_out(stop); }) {}

AppendLog::~AppendLog() {
  writer_.request_stop();
  writer_.join();
  ::close(file_);
}

std::uint64_t AppendLog::append(std::string_view record) {
  CITIVERSE_CHECK(record.size() <= kLogRecordBytesMax, "writers split what is larger");
  std::unique_lock lock(mutex_);
  written_.wait(lock, [&] { return waiting_.size() < kLogBytesWaitingMax || failed_; });
  frame_record(waiting_, record);
  taken_ += record.size() + 8;
  more_.notify_one();
  return taken_;
}

base::Result<void> AppendLog::wait(std::uint64_t position) {
  std::unique_lock lock(mutex_);
  written_.wait(lock, [&] { return durable_ >= position || failed_; });
  if (durable_ >= position) return {};
  return base::fail(base::ErrorCode::unavailable, "history: the disk refuses; free space, then restart the node");
}

base::Result<void> AppendLog::wait_for_all() {
  std::uint64_t taken = 0;
  {
    const std::lock_guard lock(mutex_);
    taken = taken_;
  }
  return wait(taken);
}

void AppendLog::write_out(const std::stop_token& stop) {
  const bool may_write = before_ == nullptr || before_->wait_for_all().has_value();
  std::unique_lock lock(mutex_);
  before_.reset();
  std::string bytes;
  while (true) {
    more_.wait(lock, stop, [&] { return !waiting_.empty(); });
    if (waiting_.empty()) return;
    bytes.swap(waiting_);
    const std::uint64_t end = taken_;
    lock.unlock();
    const bool done = may_write && write_whole(file_, bytes) && (!waits_for_disk_ || ::fdatasync(file_) == 0);
    bytes.clear();
    lock.lock();
    failed_ = failed_ || !done;
    if (!failed_) durable_ = end;
    written_.notify_all();
  }
}

base::Result<std::uint64_t> AppendLog::read(const std::filesystem::path& path,
                                            const std::function<base::Result<void>(std::string_view)>& on_record) {
  const auto file = base::MappedFile::open(path);
  if (!file && file.error().code == base::ErrorCode::not_found) return 0;
  if (!file) return std::unexpected(file.error());
  ByteReader in(std::string_view(reinterpret_cast<const char*>(file->bytes().data()), file->bytes().size()));
  std::uint64_t whole = 0;
  while (!in.at_end()) {
    const auto size = in.plain<std::uint32_t>();
    const auto check = in.plain<std::uint32_t>();
    const std::string_view record = in.take(size);
    if (!in.ok() || size > kLogRecordBytesMax || check_of(record) != check) break;
    if (auto taken = on_record(record); !taken) return std::unexpected(taken.error());
    whole = file->bytes().size() - in.size();
  }
  return whole;
}

}  // namespace citiverse::twin::history
