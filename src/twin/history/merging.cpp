// A block that is full and overlaps no other is copied as it is: most of what is old costs a copy only.
#include "twin/history/merging.h"

#include <algorithm>
#include <map>

#include "twin/history/block.h"
#include "twin/history/roll_up.h"
#include "twin/history/runs.h"

namespace citiverse::twin::history {
namespace {

constexpr std::size_t kBucketsABlock = 4096;

class SeriesMerge {
 public:
  SeriesMerge(const MergeOrder& order, SeriesId series, SegmentWriter& out)
      : order_(order),
        series_(series),
        erased_to_(order.erased_to(series)),
        raw_from_us_(order.retention.is_for_ever() ? INT64_MIN : order.now_us - order.retention.raw_us),
        out_(out) {}

  base::Result<void> run() {
    for (const Cluster& cluster : clusters_of(order_.of, series_, {}, erased_to_)) {
      if (stays_as_it_is(cluster)) {
        write_points(0);
        const Cluster::Block& block = cluster.blocks.front();
        out_.add(*block.entry, block.segment->bytes(*block.entry));
        continue;
      }
      if (auto taken = take(cluster); !taken) return taken;
      write_points(2 * kBlockPointsMax);
    }
    write_points(0);
    if (auto taken = take_roll_ups(); !taken) return taken;
    write_roll_ups();
    return {};
  }

 private:
  bool stays_as_it_is(const Cluster& cluster) const {
    if (cluster.blocks.size() != 1) return false;
    const BlockEntry& entry = *cluster.blocks.front().entry;
    return entry.count >= kBlockPointsMax / 2 && entry.instance_first > erased_to_ && entry.first_us >= raw_from_us_;
  }

  base::Result<void> take(const Cluster& cluster) {
    Rows rows;
    if (auto read = read_cluster(cluster, Part::all, rows); !read) return read;
    const auto texts = static_cast<std::uint32_t>(rows_.texts.size());
    const auto forms = static_cast<std::uint32_t>(rows_.forms.size());
    for (Point& point : rows.points) {
      const bool is_gone = (rows.forms[point.form].front() & is_tombstone) != 0;
      if (point.instance <= erased_to_ || (is_gone && order_.has_oldest)) continue;
      if (point.time_us < raw_from_us_ && !is_gone) {
        if (point.text == 0) roll_up({point.time_us, one(point)}, Resolution::raw);
        continue;
      }
      point.form += forms;
      if (point.text != 0) point.text += texts;
      rows_.points.push_back(point);
    }
    std::ranges::move(rows.texts, std::back_inserter(rows_.texts));
    std::ranges::move(rows.forms, std::back_inserter(rows_.forms));
    return {};
  }

  static Aggregate one(const Point& point) {
    Aggregate values;
    values.add(point.time_us, point.number);
    return values;
  }

  /// Into the finest resolution that still keeps a time as old, and no finer than it comes.
  void roll_up(const Bucket& bucket, Resolution from) {
    for (const Resolution to : {Resolution::minute, Resolution::hour, Resolution::day}) {
      if (to < from || order_.retention.of(to) < order_.now_us - bucket.start_us) continue;
      roll_ups_[{to, step_start(bucket.start_us, 0, step_of(to))}].add(bucket.values);
      return;
    }
  }

  base::Result<void> take_roll_ups() {
    for (const SegmentPtr& segment : order_.of)
      for (const BlockEntry& entry : segment->of(series_)) {
        if (entry.resolution == Resolution::raw || entry.instance_last <= erased_to_) continue;
        const auto buckets = decode_buckets(segment->bytes(entry));
        if (!buckets) return std::unexpected(buckets.error());
        for (const Bucket& bucket : *buckets) roll_up(bucket, entry.resolution);
        instance_last_ = std::max(instance_last_, entry.instance_last);
      }
    return {};
  }

  /// Writes full blocks while more than `rest_max` points wait, and with 0 all of them.
  void write_points(std::size_t rest_max) {
    std::span<const Point> rest = rows_.points;
    while (rest.size() > rest_max) {
      const auto block = rest.first(std::min(rest.size(), kBlockPointsMax));
      out_.add(entry_of(series_, block), encode_block(block, rows_));
      rest = rest.subspan(block.size());
    }
    if (rest.empty())
      rows_ = {};
    else
      rows_.points.erase(rows_.points.begin(), rows_.points.end() - static_cast<std::ptrdiff_t>(rest.size()));
  }

  void write_roll_ups() {
    std::vector<Bucket> buckets;
    auto resolution = Resolution::raw;
    const auto write = [&] {
      if (buckets.empty()) return;
      out_.add({.series = series_,
                .resolution = resolution,
                .count = static_cast<std::uint32_t>(buckets.size()),
                .first_us = buckets.front().start_us,
                .last_us = buckets.back().start_us + step_of(resolution) - 1,
                .instance_first = erased_to_ + 1,
                .instance_last = std::max(instance_last_, erased_to_ + 1)},
               encode_buckets(buckets));
      buckets.clear();
    };
    for (const auto& [key, values] : roll_ups_) {
      if (key.first != resolution || buckets.size() == kBucketsABlock) write();
      resolution = key.first;
      buckets.push_back({key.second, values});
    }
    write();
  }

  const MergeOrder& order_;
  const SeriesId series_;
  const std::uint64_t erased_to_;
  const TimeUs raw_from_us_;
  SegmentWriter& out_;
  Rows rows_;
  std::map<std::pair<Resolution, TimeUs>, Aggregate> roll_ups_;
  std::uint64_t instance_last_ = 0;
};

}  // namespace

TimeUs Retention::of(Resolution resolution) const {
  switch (resolution) {
    case Resolution::minute: return minute_us;
    case Resolution::hour: return hour_us;
    case Resolution::day: return day_us;
    case Resolution::raw: break;
  }
  return is_for_ever() ? INT64_MAX : raw_us;
}

base::Result<SegmentPtr> merge_segments(const MergeOrder& order) {
  std::vector<SeriesId> all;
  for (const SegmentPtr& segment : order.of)
    for (const BlockEntry& entry : segment->entries())
      if (all.empty() || all.back() != entry.series) all.push_back(entry.series);
  std::ranges::sort(all);
  const auto same = std::ranges::unique(all);
  all.erase(same.begin(), same.end());
  SegmentWriter out(order.folder / order.name.file());
  for (const SeriesId series : all)
    if (auto merged = SeriesMerge(order, series, out).run(); !merged) return std::unexpected(merged.error());
  if (auto finished = out.finish(); !finished) return std::unexpected(finished.error());
  return Segment::open(order.folder, order.name);
}

}  // namespace citiverse::twin::history
