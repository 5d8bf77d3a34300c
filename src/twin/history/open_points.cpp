// Texts and forms are kept once each: what sensors say repeats.
#include "twin/history/open_points.h"

#include <algorithm>

#include "twin/history/block.h"

namespace citiverse::twin::history {
namespace {

constexpr TimeUs kGapUs = 2 * 86'400'000'000;

std::uint32_t place_in(std::unordered_map<std::string, std::uint32_t>& places, std::vector<std::string>& texts,
                       std::string_view text) {
  const auto [at, is_new] = places.try_emplace(std::string(text), static_cast<std::uint32_t>(texts.size()));
  if (is_new) texts.emplace_back(text);
  return at->second;
}

/// A block ends when it is full, and before a gap that dwarfs it: what comes late is not to overlap all that lies between.
std::size_t block_size(std::span<const Point> points) {
  const std::size_t most = std::min(points.size(), kBlockPointsMax);
  for (std::size_t i = 1; i < most; ++i) {
    const TimeUs gap = points[i].time_us - points[i - 1].time_us;
    if (gap > kGapUs && gap / 4 > points[i - 1].time_us - points[0].time_us) return i;
  }
  return most;
}

}  // namespace

void sort_by_time(std::vector<Point>& points) {
  const auto rises = [](const Point& a, const Point& b) { return a.time_us >= b.time_us; };
  if (std::ranges::adjacent_find(points, rises) == points.end()) return;
  std::ranges::stable_sort(points, {}, &Point::time_us);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < points.size(); ++i)
    if (i + 1 == points.size() || points[i + 1].time_us != points[i].time_us) points[kept++] = points[i];
  points.resize(kept);
}

void put_point(ByteWriter& out, const NewPoint& point) {
  out.unsigned_number(point.series);
  out.signed_number(point.point.time_us);
  out.signed_number(point.point.recorded_us);
  out.signed_number(point.point.created_us);
  out.unsigned_number(point.point.instance);
  out.text(point.form);
  out.byte(point.is_number ? 1 : 0);
  if (point.is_number)
    out.plain(point.point.number);
  else
    out.text(point.text);
}

NewPoint take_point(ByteReader& in) {
  NewPoint point;
  point.series = static_cast<SeriesId>(in.unsigned_number());
  point.point.time_us = in.signed_number();
  point.point.recorded_us = in.signed_number();
  point.point.created_us = in.signed_number();
  point.point.instance = in.unsigned_number();
  point.form = in.text();
  point.is_number = in.byte() != 0;
  if (point.is_number)
    point.point.number = in.plain<double>();
  else
    point.text = in.text();
  if (point.form.empty()) in.fail();
  return point;
}

void OpenPoints::add(const NewPoint& point) {
  Point kept = point.point;
  kept.form = place_in(forms_, dictionaries_.forms, point.form);
  kept.text = point.is_number ? 0 : 1 + place_in(texts_, dictionaries_.texts, point.text);
  if (kept.text != 0) kept.number = 0;
  series_[point.series].push_back(kept);
  ++size_;
}

void OpenPoints::copy(SeriesId series, const TimeRange& range, Rows& rows) const {
  const auto found = series_.find(series);
  if (found == series_.end()) return;
  std::unordered_map<std::uint32_t, std::uint32_t> texts;
  std::unordered_map<std::uint32_t, std::uint32_t> forms;
  const auto carried = [](auto& places, std::uint32_t from, const std::vector<std::string>& source,
                          std::vector<std::string>& target) {
    const auto [at, is_new] = places.try_emplace(from, static_cast<std::uint32_t>(target.size()));
    if (is_new) target.push_back(source[from]);
    return at->second;
  };
  for (const Point& each : found->second) {
    if (!range.holds(each.time_us)) continue;
    Point point = each;
    if (point.text != 0) point.text = 1 + carried(texts, point.text - 1, dictionaries_.texts, rows.texts);
    point.form = carried(forms, point.form, dictionaries_.forms, rows.forms);
    rows.points.push_back(point);
  }
}

BlockEntry entry_of(SeriesId series, std::span<const Point> points) {
  BlockEntry entry{.series = series,
                   .count = static_cast<std::uint32_t>(points.size()),
                   .first_us = points.front().time_us,
                   .last_us = points.back().time_us,
                   .recorded_first_us = INT64_MAX,
                   .recorded_last_us = INT64_MIN,
                   .instance_first = UINT64_MAX};
  for (const Point& each : points) {
    entry.recorded_first_us = std::min(entry.recorded_first_us, each.recorded_us);
    entry.recorded_last_us = std::max(entry.recorded_last_us, each.recorded_us);
    entry.instance_first = std::min(entry.instance_first, each.instance);
    entry.instance_last = std::max(entry.instance_last, each.instance);
  }
  return entry;
}

void OpenPoints::write(SegmentWriter& out) {
  std::vector<SeriesId> order;
  for (const auto& [series, points] : series_) order.push_back(series);
  std::ranges::sort(order);
  for (const SeriesId series : order) {
    std::vector<Point> points = series_[series];
    sort_by_time(points);
    for (std::span<const Point> rest = points; !rest.empty();) {
      const auto block = rest.first(block_size(rest));
      out.add(entry_of(series, block), encode_block(block, dictionaries_));
      rest = rest.subspan(block.size());
    }
  }
}

}  // namespace citiverse::twin::history
