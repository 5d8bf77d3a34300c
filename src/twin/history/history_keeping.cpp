// Keeping: full points become a segment, segments of like size become one, what is old becomes roll-ups.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "twin/history/file_sync.h"
#include "twin/history/history_data.h"

namespace citiverse::twin::history {
namespace {

constexpr std::size_t kMergedTogetherMin = 4;
constexpr std::size_t kSegmentBytesMax = std::size_t{1} << 30;  // Larger ones are rewritten for retention and erasure alone.
constexpr auto kOpenFor = std::chrono::hours(6);
constexpr auto kLooksEvery = std::chrono::minutes(1);
constexpr int kRetentionShare = 16;  // What is due is let go in portions of at least a sixteenth.

}  // namespace

History::Data::~Data() {
  if (!keeper.joinable()) return;
  keeper.request_stop();
  keeper_wakes.notify_all();
  keeper.join();
}

void History::Data::start() {
  keeper = std::jthread([this](const std::stop_token& stop) { keep(stop); });
}

void History::Data::keep(const std::stop_token& stop) {
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    keeper_wakes.wait_for(lock, stop, kLooksEvery, [&] {
      return !waiting.empty() || must_merge_all || new_index_records.size() >= kIndexBytesWaitingMax;
    });
    if (stop.stop_requested()) return;
    if (open->size() > 0 && std::chrono::steady_clock::now() - open_since > kOpenFor) static_cast<void>(rotate(0));
    is_keeping = true;
    lock.unlock();
    bool done = true;
    {
      const std::lock_guard keeping(keeping_mutex);
      done = write_waiting().has_value();
      if (done && holds_much_index()) done = write_index().has_value();
      for (std::size_t count = to_merge(); done && count > 0 && !stop.stop_requested(); count = to_merge())
        done = merge_last(count).has_value();
    }
    lock.lock();
    is_keeping = false;
    settled.notify_all();
    // The disk refuses: what waits stays readable and in the log, and is tried again.
    if (!done) keeper_wakes.wait_for(lock, stop, kLooksEvery, [] { return false; });
  }
}

bool History::Data::holds_much_index() const {
  const std::shared_lock lock(mutex);
  return new_index_records.size() >= kIndexBytesWaitingMax;
}

base::Result<void> History::Data::write_index() {
  std::string records;
  {
    const std::unique_lock lock(mutex);
    records.swap(new_index_records);
  }
  if (records.empty()) return {};
  std::string framed;
  frame_record(framed, records);
  const auto path = options.folder / "series";
  const int file = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
  const bool done = file >= 0 && write_whole(file, framed) && ::fsync(file) == 0;
  const int reason = errno;
  if (file >= 0) ::close(file);
  if (done) return {};
  const std::unique_lock lock(mutex);
  new_index_records.insert(0, records);
  return base::fail(base::ErrorCode::unavailable, fmt::format("{}: cannot write: {}", path.string(), std::strerror(reason)));
}

void History::Data::install(const SegmentPtr& segment, std::size_t replaced) {
  std::vector<SegmentPtr> gone;
  {
    const std::unique_lock lock(mutex);
    auto next = std::make_shared<Segments>(*segments);
    const auto first = next->end() - static_cast<std::ptrdiff_t>(replaced);
    gone.assign(first, next->end());
    next->erase(first, next->end());
    next->push_back(segment);
    segments = std::move(next);
  }
  for (const SegmentPtr& each : gone) ::unlink((options.folder / each->name().file()).c_str());
}

base::Result<void> History::Data::write_segment(const std::shared_ptr<OpenPoints>& points) {
  if (auto written = write_index(); !written) return written;
  if (points->size() > 0) {
    const SegmentName name{points->number(), points->number(), 0};
    SegmentWriter out(options.folder / name.file());
    points->write(out);
    if (auto finished = out.finish(); !finished) return finished;
    auto segment = Segment::open(options.folder, name);
    if (!segment) return std::unexpected(segment.error());
    install(*segment, 0);
  }
  return {};
}

void History::Data::remove_log(const OpenPoints& points) const { ::unlink(log_path(points.number()).c_str()); }

base::Result<void> History::Data::write_waiting() {
  while (true) {
    std::shared_ptr<OpenPoints> next;
    Run run_after;
    {
      const std::shared_lock lock(mutex);
      if (waiting.empty()) return {};
      next = waiting.front();
      run_after = runs[1];
    }
    // The log goes once its points have a segment and the one after it says up to where changes were told.
    if (auto kept = run_after.log->wait(kTellingBytes); !kept) return kept;
    if (auto written = write_segment(next); !written) return written;
    remove_log(*next);
    const std::unique_lock lock(mutex);
    waiting.pop_front();
    runs.pop_front();
    settled.notify_all();
  }
}

bool History::Data::is_retention_due(const Segments& all) const {
  if (options.retention.is_for_ever()) return false;
  const TimeUs now = options.clock();
  std::uint64_t bytes = 0;
  std::uint64_t due = 0;
  for (const SegmentPtr& segment : all)
    for (const BlockEntry& entry : segment->entries()) {
      bytes += entry.size;
      const TimeUs kept = options.retention.of(entry.resolution);
      const bool has_coarser = entry.resolution != Resolution::day;
      if (entry.last_us < now - kept && (has_coarser || kept > 0)) due += entry.size;
    }
  return due > 0 && due >= bytes / kRetentionShare;
}

std::size_t History::Data::to_merge() {
  const auto all = segments_now();
  bool merges_all = false;
  {
    const std::unique_lock lock(mutex);
    must_merge_all = must_merge_all && !all->empty();
    merges_all = must_merge_all;
  }
  if (all->empty()) return 0;
  if (merges_all || is_retention_due(*all)) return all->size();
  std::size_t count = 0;
  std::size_t bytes = 0;
  for (auto at = all->rbegin(); at != all->rend(); ++at, ++count) {
    if ((*at)->size() > kSegmentBytesMax || (count > 0 && (*at)->size() > 2 * bytes)) break;
    bytes += (*at)->size();
  }
  return count >= kMergedTogetherMin ? count : 0;
}

base::Result<void> History::Data::merge_last(std::size_t count) {
  const auto all = segments_now();
  {
    const std::unique_lock lock(mutex);
    if (count == all->size()) must_merge_all = false;
  }
  const std::span<const SegmentPtr> chosen = std::span(*all).last(count);
  const SegmentName first = chosen.front()->name();
  const MergeOrder order{.folder = options.folder,
                         .name = {first.first, chosen.back()->name().last, count == 1 ? first.rewritten + 1 : 0},
                         .of = chosen,
                         .has_oldest = count == all->size(),
                         .retention = options.retention,
                         .now_us = options.clock(),
                         .erased_to = [this](SeriesId series) {
                           const std::shared_lock lock(mutex);
                           return index.series(series).erased_to;
                         }};
  auto merged = merge_segments(order);
  if (!merged) return std::unexpected(merged.error());
  install(*merged, count);
  return {};
}

base::Result<void> History::tidy() {
  const std::lock_guard keeping(data_->keeping_mutex);
  {
    const std::unique_lock lock(data_->mutex);
    if (data_->open->size() > 0)
      if (auto rotated = data_->rotate(0); !rotated) return rotated;
  }
  if (auto written = data_->write_waiting(); !written) return written;
  if (auto written = data_->write_index(); !written) return written;
  const std::size_t count = data_->segments_now()->size();
  return count == 0 ? base::Result<void>() : data_->merge_last(count);
}

void History::settle() {
  std::unique_lock lock(data_->mutex);
  data_->settled.wait(lock, [&] { return data_->waiting.empty() && !data_->must_merge_all && !data_->is_keeping; });
}

}  // namespace citiverse::twin::history
