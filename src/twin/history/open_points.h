// Points that no segment holds yet: in memory by series, and in one file of the log.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "twin/byte_stream.h"
#include "twin/history/point.h"
#include "twin/history/segment.h"
#include "twin/history/text_pool.h"

namespace citiverse::twin::history {

/// [from, until).
struct TimeRange {
  TimeUs from_us = INT64_MIN;
  TimeUs until_us = INT64_MAX;
  bool holds(TimeUs time_us) const { return from_us <= time_us && time_us < until_us; }
};

/// Sorts by time; of several points of one time the last one stays.
void sort_by_time(std::vector<Point>& points);

/// A point on its way in, with its texts.
struct NewPoint {
  SeriesId series = 0;
  Point point;            ///< text and form are filled in by add().
  bool is_number = true;  ///< Else `text` is the value.
  std::string_view text;
  std::string_view form;
};
void put_point(ByteWriter& out, const NewPoint& point);
/// Its texts point into what is read. Leaves `in` failed when damaged.
NewPoint take_point(ByteReader& in);

/// Threads: one writer or many readers. Cost: about 75 bytes a point, and its text where it is a new one.
class OpenPoints {
 public:
  explicit OpenPoints(std::uint64_t number) : number_(number) {}

  std::uint64_t number() const { return number_; }
  std::size_t size() const { return points_.size(); }
  void add(const NewPoint& point);
  /// Appends the points of a series within a range, in the order of arrival, with what they point to.
  void copy(SeriesId series, const TimeRange& range, Rows& rows) const;
  bool has(SeriesId series) const { return !newest_.empty() && newest_[place_of(series)].place != 0; }
  /// Whether the newest point of the series was recorded when this one was, and says something else. A tombstone is the last
  /// word on what it took out.
  bool differs_from_newest(const NewPoint& point) const;

  /// By series and time. Writes blocks; only once nothing is added any more.
  void write(SegmentWriter& out) const;

 private:
  struct Kept {
    Point point;  // Its text and form are numbers of the pools.
    SeriesId series;
    std::uint32_t before;  // 1 + the place of the series' point before; 0: none.
  };
  // Where the newest point of a series is; most have one or two.
  struct Newest {
    SeriesId series;
    std::uint32_t place;  // 1 + place; 0: nothing stands here.
  };
  std::size_t place_of(SeriesId series) const;
  void grow();
  /// In the order of arrival.
  std::vector<std::uint32_t> places_of(SeriesId series) const;
  void append(std::uint32_t place, Rows& rows, std::unordered_map<std::uint32_t, std::uint32_t>& texts,
              std::unordered_map<std::uint32_t, std::uint32_t>& forms) const;

  std::uint64_t number_;
  TextPool texts_;
  TextPool forms_;
  std::deque<Kept> points_;
  std::vector<Newest> newest_;  // Linear probing; a power of two, at most two thirds full.
  std::size_t series_ = 0;
};

/// What a directory says of a block of these points.
BlockEntry entry_of(SeriesId series, std::span<const Point> points);

}  // namespace citiverse::twin::history
