// One thread writes and syncs; whoever comes while it syncs is in its next group. Another takes snapshots.
#include "twin/journal/journal.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/log.h"
#include "twin/journal/log_file.h"

namespace citiverse::twin::journal {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::Result;

constexpr std::size_t kSnapshotRecordBytes = 1u << 20;
constexpr std::string_view kLog = "log-";
constexpr std::string_view kSnapshot = "snapshot-";

fs::path path_of(const fs::path& folder, std::string_view kind, std::uint64_t number) {
  return folder / fmt::format("{}{}", kind, number);
}

std::optional<std::uint64_t> number_in(std::string_view name, std::string_view kind) {
  if (!name.starts_with(kind)) return std::nullopt;
  name.remove_prefix(kind.size());
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  return error == std::errc() && end == name.data() + name.size() ? std::optional(number) : std::nullopt;
}

struct Files {
  std::uint64_t snapshot = 0;  // 0: none.
  std::vector<std::uint64_t> logs;
};

// What is there, after removing what a snapshot has made superfluous and what was never finished.
Files tidy(const fs::path& folder) {
  Files files;
  std::error_code error;
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder, error)) names.push_back(entry.path().filename().string());
  for (const std::string& name : names) files.snapshot = std::max(files.snapshot, number_in(name, kSnapshot).value_or(0));
  for (const std::string& name : names) {
    const auto log = number_in(name, kLog);
    const auto snapshot = number_in(name, kSnapshot);
    const bool is_old = (log && *log < files.snapshot) || (snapshot && *snapshot < files.snapshot) || name.ends_with(".new");
    if (is_old)
      fs::remove(folder / name, error);
    else if (log)
      files.logs.push_back(*log);
  }
  std::ranges::sort(files.logs);
  return files;
}

std::unexpected<base::Error> corrupt(const fs::path& path, std::uint64_t at) {
  return base::fail(ErrorCode::corrupt,
                    fmt::format("{}: damaged after byte {}; bring back the backup of this folder", path.string(), at));
}

}  // namespace

struct Journal::Impl {
  fs::path folder;
  Durability durability = Durability::batched;
  std::size_t log_bytes = kLogBytes;
  int lock_descriptor = -1;
  LogFile log;
  std::uint64_t log_number = 1;
  const Names* names = nullptr;
  EachEntity each_entity;
  Ask before_removal;

  mutable std::mutex mutex;
  std::condition_variable_any woken;
  std::string waiting;             // Whole records.
  std::vector<std::size_t> ends;   // Of each record in `waiting`.
  std::vector<WhenDurable> whens;  // Of each record.
  std::optional<base::Error> failure;
  std::atomic<bool> is_snapshotting{false};
  std::jthread snapshotting;
  std::jthread writing;

  ~Impl() {
    writing = {};
    snapshotting = {};
    if (lock_descriptor >= 0) ::close(lock_descriptor);
  }

  Result<void> lock_folder() {
    lock_descriptor = ::open((folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock_descriptor >= 0 && ::flock(lock_descriptor, LOCK_EX | LOCK_NB) == 0) return {};
    return base::fail(ErrorCode::unavailable,
                      fmt::format("{}: another node has this twin open; stop it, or serve another folder", folder.string()));
  }

  Result<void> recover(Names& table, const OnStep& on_step, Recovered& recovered) {
    const Files files = tidy(folder);
    bool is_sound = true;
    const auto on_payload = [&](std::string_view payload) {
      is_sound = read_steps(payload, table, [&](Step&& step) {
        ++recovered.steps;
        on_step(std::move(step));
      });
      return is_sound;
    };
    const auto read_whole = [&](const fs::path& path) -> Result<void> {
      const auto read = read_log(path, on_payload);
      if (!read) return std::unexpected(read.error());
      if (*read != fs::file_size(path)) return corrupt(path, *read);
      return {};
    };
    if (files.snapshot > 0) {
      if (auto read = read_whole(path_of(folder, kSnapshot, files.snapshot)); !read) return read;
    }
    std::uint64_t next = std::max<std::uint64_t>(files.snapshot, 1);
    for (std::size_t i = 0; i < files.logs.size(); ++i, ++next) {
      if (files.logs[i] != next)
        return base::fail(ErrorCode::corrupt,
                          fmt::format("{}: {}{} is missing; bring back the backup", folder.string(), kLog, next));
      if (i + 1 < files.logs.size()) {
        if (auto read = read_whole(path_of(folder, kLog, next)); !read) return read;
      }
    }
    if (files.logs.empty()) {
      log_number = next;
      return create_log();
    }
    log_number = files.logs.back();
    const fs::path last = path_of(folder, kLog, log_number);
    const auto read = read_log(last, on_payload);
    if (!read) return std::unexpected(read.error());
    if (!is_sound) return corrupt(last, *read);
    recovered.torn_bytes = fs::file_size(last) - *read;
    if (*read == 0) return create_log();
    auto opened = LogFile::reopen(last, *read);
    if (!opened) return std::unexpected(opened.error());
    log = *std::move(opened);
    return {};
  }

  Result<void> create_log() {
    auto made = LogFile::create(path_of(folder, kLog, log_number));
    if (!made) return std::unexpected(made.error());
    log = *std::move(made);
    return {};
  }

  void write_until(const std::stop_token& stop) {
    std::string bytes;
    std::vector<std::size_t> records;
    std::vector<WhenDurable> tell;
    std::unique_lock lock(mutex);
    while (true) {
      woken.wait(lock, stop, [&] { return !whens.empty(); });
      if (whens.empty()) return;
      bytes.swap(waiting);
      records.swap(ends);
      tell.swap(whens);
      const auto broken = failure;
      lock.unlock();
      auto done = broken ? Result<void>(std::unexpected(*broken)) : write_group(bytes, records, tell);
      if (!done && !broken) {
        base::log(base::LogLevel::error, "twin_not_durable", {{"reason", std::string_view(done.error().message)}});
        const std::lock_guard hold(mutex);
        failure = done.error();
      }
      for (WhenDurable& when : tell)
        if (when) when(done);
      bytes.clear();
      records.clear();
      tell.clear();
      if (done && log.size() > log_bytes) rotate();
      lock.lock();
    }
  }

  Result<void> write_group(std::string_view bytes, const std::vector<std::size_t>& records, std::vector<WhenDurable>& tell) {
    if (durability != Durability::strict) {
      if (bytes.empty()) return {};  // Of nothing, and what was before is durable.
      if (auto written = log.append(bytes); !written) return written;
      return log.sync();
    }
    std::size_t begin = 0;
    for (std::size_t i = 0; i < records.size(); ++i) {
      if (records[i] == begin) {
        std::exchange(tell[i], {})({});
        continue;
      }
      if (auto written = log.append(bytes.substr(begin, records[i] - begin)); !written) return written;
      if (auto kept = log.sync(); !kept) return kept;
      std::exchange(tell[i], {})({});
      begin = records[i];
    }
    return {};
  }

  // What follows goes into a log of its own, on top of a snapshot that is taken meanwhile.
  void rotate() {
    if (is_snapshotting.exchange(true)) return;
    ++log_number;
    if (auto made = create_log(); !made) {
      // The old log goes on: the new one's number is taken again when there is room.
      --log_number;
      is_snapshotting = false;
      base::log(base::LogLevel::error, "twin_snapshot_failed", {{"reason", std::string_view(made.error().message)}});
      return;
    }
    snapshotting = std::jthread([this, number = log_number](const std::stop_token& stop) {
      if (auto taken = snapshot(number, stop); !taken)
        base::log(base::LogLevel::error, "twin_snapshot_failed", {{"reason", std::string_view(taken.error().message)}});
      is_snapshotting = false;
    });
  }

  Result<void> snapshot(std::uint64_t number, const std::stop_token& stop) {
    const fs::path path = path_of(folder, kSnapshot, number);
    fs::path aside = path;
    aside += ".new";
    auto file = LogFile::create(aside);
    if (!file) return std::unexpected(file.error());
    std::string record(kRecordHeadBytes, '\0');
    Result<void> done;
    const auto close = [&] {
      if (record.size() == kRecordHeadBytes || !done) return;
      close_record(record, 0);
      done = file->append(record);
      record.resize(kRecordHeadBytes);
    };
    each_entity([&](std::string_view tenant, const Entity& entity) {
      if (!done || stop.stop_requested()) return;
      put_entity(record, tenant, entity, *names);
      if (record.size() > kSnapshotRecordBytes) close();
    });
    close();
    std::error_code error;
    if (done && !stop.stop_requested()) done = file->sync();
    if (done && before_removal && !stop.stop_requested()) done = before_removal();
    if (!done || stop.stop_requested()) {
      fs::remove(aside, error);
      return done;
    }
    fs::rename(aside, path, error);
    if (error) return base::fail(ErrorCode::unavailable, fmt::format("{}: {}", path.string(), error.message()));
    if (auto kept = sync_folder(folder); !kept) return kept;
    tidy(folder);
    return {};
  }
};

Journal::Journal(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Journal::~Journal() = default;

Result<std::unique_ptr<Journal>> Journal::open(const fs::path& folder, Durability durability, Names& names,
                                               const OnStep& on_step, Recovered& recovered, std::size_t log_bytes,
                                               const Ask& when_locked) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return base::fail(ErrorCode::unavailable, fmt::format("{}: {}", folder.string(), error.message()));
  auto impl = std::make_unique<Impl>();
  impl->folder = folder;
  impl->durability = durability;
  impl->log_bytes = log_bytes;
  if (auto locked = impl->lock_folder(); !locked) return std::unexpected(locked.error());
  if (when_locked) {
    if (auto begun = when_locked(); !begun) return std::unexpected(begun.error());
  }
  if (auto read = impl->recover(names, on_step, recovered); !read) return std::unexpected(read.error());
  return std::unique_ptr<Journal>(new Journal(std::move(impl)));
}

void Journal::start(const Names& names, EachEntity each_entity, Ask before_removal) {
  impl_->names = &names;
  impl_->each_entity = std::move(each_entity);
  impl_->before_removal = std::move(before_removal);
  impl_->writing = std::jthread([in = impl_.get()](const std::stop_token& stop) { in->write_until(stop); });
}

Result<void> Journal::has_room() const {
  const std::lock_guard lock(impl_->mutex);
  if (impl_->failure) return std::unexpected(*impl_->failure);
  if (impl_->waiting.size() > kWaitingBytesMax)
    return base::fail(ErrorCode::limit, "too much waits for the disk; ask again in a second");
  return {};
}

void Journal::append(std::string_view payload, WhenDurable when_durable) {
  const std::lock_guard lock(impl_->mutex);
  std::string& waiting = impl_->waiting;
  const bool sleeps = impl_->whens.empty();
  const std::size_t begin = waiting.size();
  waiting.append(kRecordHeadBytes, '\0');
  waiting.append(payload);
  close_record(waiting, begin);
  impl_->ends.push_back(waiting.size());
  impl_->whens.push_back(std::move(when_durable));
  if (sleeps) impl_->woken.notify_one();
}

void Journal::append_nothing(WhenDurable when_durable) {
  const std::lock_guard lock(impl_->mutex);
  const bool sleeps = impl_->whens.empty();
  impl_->ends.push_back(impl_->waiting.size());
  impl_->whens.push_back(std::move(when_durable));
  if (sleeps) impl_->woken.notify_one();
}

}  // namespace citiverse::twin::journal
