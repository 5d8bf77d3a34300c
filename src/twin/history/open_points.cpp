// Texts and forms are kept once each: what sensors say repeats.
#include "twin/history/open_points.h"

#include <algorithm>

#include "twin/history/block.h"

namespace citiverse::twin::history {
namespace {

constexpr TimeUs kGapUs = 2 * 86'400'000'000;
constexpr std::size_t kNewestFirst = 16;

/// Of a number of a pool, the place of its text in `texts`, where it is put when it is not there.
std::uint32_t carried(const TextPool& pool, std::uint32_t number, std::unordered_map<std::uint32_t, std::uint32_t>& places,
                      std::vector<std::string>& texts) {
  const auto [at, is_new] = places.try_emplace(number, static_cast<std::uint32_t>(texts.size()));
  if (is_new) texts.emplace_back(pool.text(number));
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

std::size_t OpenPoints::place_of(SeriesId series) const {
  const std::size_t mask = newest_.size() - 1;
  // Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4): numbers of series follow one another.
  std::size_t place = (series * 0x9E3779B97F4A7C15ull >> 32) & mask;
  while (newest_[place].place != 0 && newest_[place].series != series) place = (place + 1) & mask;
  return place;
}

void OpenPoints::grow() {
  const std::vector<Newest> before = std::move(newest_);
  newest_.assign(std::max(kNewestFirst, before.size() * 2), {0, 0});
  for (const Newest& each : before)
    if (each.place != 0) newest_[place_of(each.series)] = each;
}

void OpenPoints::add(const NewPoint& point) {
  if ((series_ + 1) * 3 > newest_.size() * 2) grow();
  Kept kept{.point = point.point, .series = point.series, .before = 0};
  kept.point.form = forms_.number_of(point.form);
  kept.point.text = point.is_number ? 0 : 1 + texts_.number_of(point.text);
  if (kept.point.text != 0) kept.point.number = 0;
  Newest& newest = newest_[place_of(point.series)];
  if (newest.place == 0) ++series_;
  kept.before = newest.place;
  points_.push_back(kept);
  newest = {point.series, static_cast<std::uint32_t>(points_.size())};
}

bool OpenPoints::differs_from_newest(const NewPoint& point) const {
  if (!has(point.series)) return false;
  const Point& newest = points_[newest_[place_of(point.series)].place - 1].point;
  const std::string_view form = forms_.text(newest.form);
  if (newest.recorded_us != point.point.recorded_us || (static_cast<std::uint8_t>(form.front()) & is_tombstone) != 0)
    return false;
  const bool is_observed_then = (static_cast<std::uint8_t>(form.front()) & is_observed) != 0;
  if (is_observed_then && newest.time_us != point.point.time_us) return true;
  if (form != point.form || (newest.text == 0) != point.is_number) return true;
  return point.is_number ? newest.number != point.point.number : texts_.text(newest.text - 1) != point.text;
}

std::vector<std::uint32_t> OpenPoints::places_of(SeriesId series) const {
  std::vector<std::uint32_t> places;
  if (newest_.empty()) return places;
  for (std::uint32_t at = newest_[place_of(series)].place; at != 0; at = points_[at - 1].before) places.push_back(at - 1);
  std::ranges::reverse(places);
  return places;
}

void OpenPoints::append(std::uint32_t place, Rows& rows, std::unordered_map<std::uint32_t, std::uint32_t>& texts,
                        std::unordered_map<std::uint32_t, std::uint32_t>& forms) const {
  Point point = points_[place].point;
  if (point.text != 0) point.text = 1 + carried(texts_, point.text - 1, texts, rows.texts);
  point.form = carried(forms_, point.form, forms, rows.forms);
  rows.points.push_back(point);
}

void OpenPoints::copy(SeriesId series, const TimeRange& range, Rows& rows) const {
  std::unordered_map<std::uint32_t, std::uint32_t> texts;
  std::unordered_map<std::uint32_t, std::uint32_t> forms;
  for (const std::uint32_t place : places_of(series))
    if (range.holds(points_[place].point.time_us)) append(place, rows, texts, forms);
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

void OpenPoints::write(SegmentWriter& out) const {
  std::vector<std::uint32_t> order(points_.size());
  for (std::uint32_t place = 0; place < order.size(); ++place) order[place] = place;
  std::ranges::sort(order, {}, [this](std::uint32_t place) { return std::pair(points_[place].series, place); });
  Rows rows;
  for (std::size_t i = 0; i < order.size();) {
    const SeriesId series = points_[order[i]].series;
    std::unordered_map<std::uint32_t, std::uint32_t> texts;
    std::unordered_map<std::uint32_t, std::uint32_t> forms;
    rows.points.clear();
    rows.texts.clear();
    rows.forms.clear();
    for (; i < order.size() && points_[order[i]].series == series; ++i) append(order[i], rows, texts, forms);
    sort_by_time(rows.points);
    for (std::span<const Point> rest = rows.points; !rest.empty();) {
      const auto block = rest.first(block_size(rest));
      out.add(entry_of(series, block), encode_block(block, rows));
      rest = rest.subspan(block.size());
    }
  }
}

}  // namespace citiverse::twin::history
