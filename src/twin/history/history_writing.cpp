// Writing: into the index, the open points and the log under one lock, which is held for no disk but to begin a run of the log.
#include <algorithm>

#include <fmt/format.h>

#include "twin/attribute_bytes.h"
#include "twin/history/block.h"
#include "twin/history/history_data.h"
#include "twin/history/record_kinds.h"

namespace citiverse::twin::history {
namespace {

constexpr std::size_t kSegmentsWaitingMax = 4;
constexpr std::size_t kRecordPartBytes = 1 << 20;

std::unexpected<base::Error> no_such(SeriesId series, std::uint64_t instance) {
  return base::fail(base::ErrorCode::not_found, fmt::format("history: series {} has no instance {}", series, instance));
}

std::uint8_t flags_of(const Sample& sample) {
  return static_cast<std::uint8_t>((sample.attribute.observed_us != kNoTime ? is_observed : 0) |
                                   (sample.is_deletion ? is_deletion : 0));
}

NewPoint tombstone(SeriesId series, const Point& at, const std::string& form) {
  NewPoint point{.series = series, .point = at, .is_number = false, .form = form};
  point.point.number = 0;
  return point;
}

void put_telling(std::string& records, std::uint64_t change) {
  ByteWriter out(records);
  out.byte(told_record);
  out.plain(change);
}

const std::string& tombstone_form(const Names& names, std::string& form) {
  return form = form_of(Attribute(), is_tombstone, names);
}

}  // namespace

std::filesystem::path History::Data::log_path(std::uint64_t number) const {
  return options.folder / fmt::format("{}.log", number);
}

std::unique_lock<std::shared_mutex> History::Data::lock_to_write() {
  std::unique_lock lock(mutex);
  settled.wait(lock, [&] { return waiting.size() < kSegmentsWaitingMax; });
  return lock;
}

EntityNumber History::Data::entity_of(const EntityFacts& entity, std::string& index_records) {
  return index.put_entity(entity.tenant,
                          {.id = entity.id,
                           .types = entity.types,
                           .scopes = entity.scopes,
                           .created_us = entity.created_us,
                           .deleted_us = entity.deleted_us},
                          index_records);
}

base::Result<SeriesId> History::Data::series_of(const EntityFacts& entity, NameId attribute, NameId dataset,
                                                std::string& index_records) {
  return index.put_series(entity_of(entity, index_records), attribute, dataset, index_records);
}

// Two writes of one microsecond are next to each other in the log: where the first is in a segment, the second is as well.
bool History::Data::is_lacking(const NewPoint& point) const {
  if (open->has(point.series)) return open->differs_from_newest(point);
  const auto newest =
      std::ranges::find_if(waiting.rbegin(), waiting.rend(), [&](const auto& each) { return each->has(point.series); });
  return newest != waiting.rend() && (*newest)->differs_from_newest(point);
}

void History::Data::put(const NewPoint& point, std::string& points) {
  open->add(point);
  ByteWriter out(points);
  out.byte(points_record);
  put_point(out, point);
}

base::Result<void> History::Data::rotate(std::uint64_t reserved) {
  const std::uint64_t number = open == nullptr ? 1 + reserved : open->number() + 1 + reserved;
  auto next = AppendLog::create(log_path(number), options.waits_for_disk, runs.empty() ? nullptr : runs.back().log);
  if (!next) return std::unexpected(next.error());
  std::string telling;
  put_telling(telling, told_until);
  const std::uint64_t begin = end;
  end += (*next)->append(telling);
  if (open != nullptr) waiting.push_back(open);
  open = std::make_shared<OpenPoints>(number);
  open_since = std::chrono::steady_clock::now();
  runs.push_back({std::move(*next), begin});
  keeper_wakes.notify_one();
  return {};
}

base::Result<std::uint64_t> History::Data::log(const std::string& index_records, const std::string& points) {
  const bool had_much = new_index_records.size() >= kIndexBytesWaitingMax;
  new_index_records += index_records;
  if (!had_much && new_index_records.size() >= kIndexBytesWaitingMax) keeper_wakes.notify_one();
  if (!index_records.empty()) end = runs.back().begin + runs.back().log->append(index_records);
  if (!points.empty()) end = runs.back().begin + runs.back().log->append(points);
  if (open->size() >= options.open_points_max)
    if (auto rotated = rotate(0); !rotated) return std::unexpected(rotated.error());
  return end;
}

base::Result<std::uint64_t> History::Data::record(const EntityFacts& entity, std::span<const Sample> samples, bool only_newer,
                                                  std::uint64_t change) {
  std::string index_records;
  std::string points;
  std::string text;
  const auto lock = lock_to_write();
  const EntityNumber number = entity_of(entity, index_records);
  for (const Sample& sample : samples) {
    const auto series = index.put_series(number, sample.attribute.name, sample.attribute.dataset, index_records);
    if (!series) return std::unexpected(series.error());
    SeriesRecord& known = index.series(*series);
    if (only_newer && sample.attribute.modified_us < known.last_recorded_us) continue;
    const std::string form = form_of(sample.attribute, flags_of(sample), names);
    NewPoint point = point_of(*series, sample, form, text);
    if (only_newer && sample.attribute.modified_us == known.last_recorded_us && !is_lacking(point)) continue;
    if (sample.attribute.observed_us == kNoTime) {  // Two of one moment are two, where nobody says when they were observed.
      if (known.last_unobserved_us != kNoTime)
        point.point.time_us = std::max(point.point.time_us, known.last_unobserved_us + 1);
      known.last_unobserved_us = point.point.time_us;
    }
    point.point.instance = known.next_instance++;
    known.last_recorded_us = std::max(known.last_recorded_us, sample.attribute.modified_us);
    put(point, points);
    if (points.size() < kRecordPartBytes) continue;
    if (auto logged = log(index_records, points); !logged) return logged;
    index_records.clear();
    points.clear();
  }
  if (change > told_until) put_telling(points, told_until = change);  // In one record with its points: both or neither.
  return log(index_records, points);
}

base::Result<std::uint64_t> History::record(const EntityFacts& entity, std::span<const Sample> samples, std::uint64_t change) {
  return data_->record(entity, samples, false, change);
}

std::uint64_t History::told_until() const {
  const std::shared_lock lock(data_->mutex);
  return data_->told_until;
}

base::Result<std::uint64_t> History::record_if_newer(const EntityFacts& entity, std::span<const Sample> samples) {
  return data_->record(entity, samples, true, 0);
}

namespace {

base::Result<std::optional<Point>> find_instance(const SeriesView& view, std::uint64_t instance) {
  std::optional<Point> found;
  auto read = view.each_run({}, Part::all, SeriesView::Direction::backward, [&](const Rows& rows) {
    const auto at = std::ranges::find(rows.points, instance, &Point::instance);
    if (at != rows.points.end()) found = *at;
    return !found;
  });
  if (!read) return std::unexpected(read.error());
  return found;
}

}  // namespace

base::Result<std::uint64_t> History::correct(SeriesId series, std::uint64_t instance, const Sample& sample) {
  const auto found = find_instance(view(series), instance);
  if (!found) return std::unexpected(found.error());
  if (!*found) return no_such(series, instance);
  std::string points;
  std::string text;
  std::string gone;
  const auto lock = data_->lock_to_write();
  const std::string form = form_of(sample.attribute, flags_of(sample), data_->names);
  NewPoint point = point_of(series, sample, form, text);
  point.point.instance = instance;
  if (sample.attribute.observed_us == kNoTime) point.point.time_us = (*found)->time_us;
  if (point.point.time_us != (*found)->time_us)
    data_->put(tombstone(series, **found, tombstone_form(data_->names, gone)), points);
  data_->put(point, points);
  return data_->log("", points);
}

base::Result<std::uint64_t> History::remove(SeriesId series, std::uint64_t instance) {
  const auto found = find_instance(view(series), instance);
  if (!found) return std::unexpected(found.error());
  if (!*found) return no_such(series, instance);
  std::string points;
  std::string gone;
  const auto lock = data_->lock_to_write();
  data_->put(tombstone(series, **found, tombstone_form(data_->names, gone)), points);
  return data_->log("", points);
}

base::Result<std::uint64_t> History::erase(SeriesId series) {
  std::string index_records;
  const auto lock = data_->lock_to_write();
  data_->index.erase_series(series, index_records);
  data_->must_merge_all = true;
  data_->keeper_wakes.notify_one();
  return data_->log(index_records, "");
}

base::Result<std::uint64_t> History::erase_entity(std::string_view tenant, std::string_view id) {
  std::string index_records;
  const auto lock = data_->lock_to_write();
  const auto number = data_->index.find_entity(tenant, id);
  if (!number || data_->index.entity(*number).is_erased)
    return base::fail(base::ErrorCode::not_found, fmt::format("history: nothing is kept of {}", id));
  EntityRecord entity = data_->index.entity(*number);
  data_->index.each_series(*number, [&](SeriesId each) { data_->index.erase_series(each, index_records); });
  entity.is_erased = true;
  data_->index.put_entity(tenant, entity, index_records);
  data_->must_merge_all = true;
  data_->keeper_wakes.notify_one();
  return data_->log(index_records, "");
}

base::Result<void> History::wait(std::uint64_t position) {
  std::deque<Data::Run> runs;
  std::uint64_t end = 0;
  {
    const std::shared_lock lock(data_->mutex);
    runs = data_->runs;
    end = data_->end;
  }
  for (std::size_t i = 0; i < runs.size() && runs[i].begin < position; ++i) {
    const std::uint64_t run_end = i + 1 < runs.size() ? runs[i + 1].begin : end;
    if (auto done = runs[i].log->wait(std::min(position, run_end) - runs[i].begin); !done) return done;
  }
  return {};
}

base::Result<void> History::wait_for_all() {
  std::uint64_t end = 0;
  {
    const std::shared_lock lock(data_->mutex);
    end = data_->end;
  }
  return wait(end);
}

base::Result<SeriesId> History::series(const EntityFacts& entity, NameId attribute, NameId dataset) {
  std::string index_records;
  const auto lock = data_->lock_to_write();
  const auto series = data_->series_of(entity, attribute, dataset, index_records);
  if (!series) return series;
  if (auto logged = data_->log(index_records, ""); !logged) return std::unexpected(logged.error());
  return series;
}

base::Result<void> History::load(std::span<const Column> columns) {
  const std::lock_guard keeping(data_->keeping_mutex);
  std::uint64_t number = 0;
  std::vector<std::uint64_t> first_instances;
  {
    const std::unique_lock lock(data_->mutex);
    if (auto rotated = data_->rotate(1); !rotated) return rotated;
    number = data_->open->number() - 1;
    for (const Column& column : columns) {
      SeriesRecord& series = data_->index.series(column.series);
      first_instances.push_back(series.next_instance);
      series.next_instance += column.times_us.size();
    }
  }
  if (auto written = data_->write_waiting(); !written) return written;
  if (auto written = data_->write_index(); !written) return written;
  const TimeUs now = data_->options.clock();
  std::vector<std::size_t> order(columns.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return columns[i].series; });
  const SegmentName name{number, number, 0};
  SegmentWriter out(data_->options.folder / name.file());
  std::vector<Point> points;
  for (const std::size_t i : order) {
    const Column& column = columns[i];
    Attribute shape;
    shape.unit = column.unit;
    Dictionaries dictionaries;
    dictionaries.forms.push_back(form_of(shape, is_observed, data_->names));
    points.clear();
    for (std::size_t k = 0; k < column.times_us.size(); ++k)
      points.push_back({.time_us = column.times_us[k],
                        .recorded_us = now,
                        .created_us = now,
                        .instance = first_instances[i] + k,
                        .number = column.values[k]});
    sort_by_time(points);
    for (std::span<const Point> rest = points; !rest.empty();) {
      const auto block = rest.first(std::min(rest.size(), kBlockPointsMax));
      out.add(entry_of(column.series, block), encode_block(block, dictionaries));
      rest = rest.subspan(block.size());
    }
  }
  if (auto finished = out.finish(); !finished) return finished;
  auto segment = Segment::open(data_->options.folder, name);
  if (!segment) return std::unexpected(segment.error());
  data_->install(*segment, 0);
  return {};
}

}  // namespace citiverse::twin::history
