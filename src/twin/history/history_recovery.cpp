// What a process that died left behind: an index, segments, logs whose segment is missing, and pieces of what it was doing.
#include <algorithm>
#include <charconv>
#include <map>

#include "base/file.h"
#include "twin/history/history_data.h"
#include "twin/history/record_kinds.h"

namespace citiverse::twin::history {
namespace {

base::Result<void> apply_records(std::string_view records, SeriesIndex& index, OpenPoints* points, bool& index_grew,
                                 std::uint64_t& told_until) {
  ByteReader in(records);
  while (!in.at_end() && in.ok()) {
    const auto kind = static_cast<std::uint8_t>(records[records.size() - in.size()]);
    if (kind == told_record) {
      in.byte();
      told_until = std::max(told_until, in.plain<std::uint64_t>());
      continue;
    }
    if (kind != points_record) {
      index.apply(in);
      index_grew = true;
      continue;
    }
    in.byte();
    const NewPoint point = take_point(in);
    if (!in.ok() || points == nullptr || point.series >= index.series_count()) break;
    SeriesRecord& series = index.series(point.series);
    series.next_instance = std::max(series.next_instance, point.point.instance + 1);
    series.last_recorded_us = std::max(series.last_recorded_us, point.point.recorded_us);
    if ((point.form.front() & is_observed) == 0)
      series.last_unobserved_us = std::max(series.last_unobserved_us, point.point.time_us);
    points->add(point);
  }
  if (in.ok() && in.at_end()) return {};
  return base::fail(base::ErrorCode::corrupt, "history: a record of the log or the index cannot be read; restore the folder");
}

void learn_from(const BlockEntry& entry, SeriesIndex& index) {
  SeriesRecord& series = index.series(entry.series);
  series.next_instance = std::max(series.next_instance, entry.instance_last + 1);
  if (entry.resolution != Resolution::raw) return;
  series.last_recorded_us = std::max(series.last_recorded_us, entry.recorded_last_us);
  series.last_unobserved_us = std::max(series.last_unobserved_us, std::min(entry.last_us, entry.recorded_last_us));
}

struct Found {
  std::vector<SegmentName> segments;
  std::vector<std::uint64_t> logs;
};

Found look_into(const std::filesystem::path& folder) {
  Found found;
  std::error_code ignored;
  for (const auto& file : std::filesystem::directory_iterator(folder, ignored)) {
    const std::string name = file.path().filename().string();
    SegmentName segment;
    std::uint64_t number = 0;
    if (SegmentName::parse(name, segment)) {
      found.segments.push_back(segment);
    } else if (name.ends_with(".aside")) {
      std::filesystem::remove(file.path(), ignored);
    } else if (name.ends_with(".log")) {
      if (std::from_chars(name.data(), name.data() + name.size(), number).ec == std::errc()) found.logs.push_back(number);
    }
  }
  std::ranges::sort(found.segments, {}, [](const SegmentName& each) { return std::pair(each.first, each.rewritten); });
  std::ranges::sort(found.logs);
  return found;
}

}  // namespace

base::Result<void> History::Data::recover() {
  std::error_code failed;
  std::filesystem::create_directories(options.folder, failed);
  if (failed) return base::fail(base::ErrorCode::unavailable, options.folder.string() + ": " + failed.message());
  const Found found = look_into(options.folder);
  bool index_grew = false;
  const auto index_path = options.folder / "series";
  const auto index_bytes = AppendLog::read(
      index_path, [&](std::string_view records) { return apply_records(records, index, nullptr, index_grew, told_until); });
  if (!index_bytes) return std::unexpected(index_bytes.error());
  index_grew =
      *index_bytes != (std::filesystem::exists(index_path, failed) ? std::filesystem::file_size(index_path, failed) : 0);

  auto opened = std::make_shared<Segments>();
  std::uint64_t last = 0;
  for (const SegmentName& name : found.segments) {
    const auto covers_it = [&](const SegmentName& other) { return other != name && other.covers(name); };
    if (std::ranges::any_of(found.segments, covers_it)) {
      std::filesystem::remove(options.folder / name.file(), failed);
      continue;
    }
    auto segment = Segment::open(options.folder, name);
    if (!segment) return std::unexpected(segment.error());
    for (const BlockEntry& entry : (*segment)->entries()) {
      if (entry.series >= index.series_count())
        return base::fail(base::ErrorCode::corrupt, index_path.string() + ": lacks series; restore the folder from a backup");
      learn_from(entry, index);
    }
    last = std::max(last, name.last);
    opened->push_back(std::move(*segment));
  }
  segments = std::move(opened);

  std::vector<std::shared_ptr<OpenPoints>> replayed;
  for (const std::uint64_t number : found.logs) {
    auto points = std::make_shared<OpenPoints>(number);
    // The records of the index count also where the points have their segment.
    OpenPoints ignored(number);
    const auto read = AppendLog::read(log_path(number), [&](std::string_view records) {
      return apply_records(records, index, number > last ? points.get() : &ignored, index_grew, told_until);
    });
    if (!read) return std::unexpected(read.error());
    replayed.push_back(std::move(points));
  }
  if (index_grew) {
    std::string framed;
    index.all([&](std::string_view records) { frame_record(framed, records); });
    if (auto written = base::write_file_atomically(index_path, framed); !written) return written;
  }
  for (const auto& points : replayed) {
    last = std::max(last, points->number());
    if (auto written = write_segment(points); !written) return written;
  }
  if (auto begun = rotate(last); !begun || replayed.empty()) return begun;
  if (auto kept = runs.back().log->wait(kTellingBytes); !kept) return kept;
  for (const auto& points : replayed) remove_log(*points);
  return {};
}

base::Result<std::unique_ptr<History>> History::open(Options options, Names& names) {
  auto data = std::make_unique<Data>(std::move(options), names);
  if (auto recovered = data->recover(); !recovered) return std::unexpected(recovered.error());
  data->start();
  return std::unique_ptr<History>(new History(std::move(data)));
}

History::History(std::unique_ptr<Data> data) : data_(std::move(data)) {}
History::~History() = default;

}  // namespace citiverse::twin::history
