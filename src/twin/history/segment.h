// A file of blocks that never changes: written aside, renamed when whole, mapped to be read.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "twin/history/point.h"

namespace citiverse::twin::history {

using SeriesId = std::uint32_t;

enum class Resolution : std::uint32_t { raw, minute, hour, day };
/// The step of a roll-up's buckets; 0 for raw.
TimeUs step_of(Resolution resolution);

/// Where a block stands and what it spans, so that nobody reads it in vain. As in the file.
struct BlockEntry {
  SeriesId series = 0;
  Resolution resolution = Resolution::raw;
  std::uint64_t offset = 0;
  std::uint32_t size = 0;
  std::uint32_t count = 0;  ///< Points, or buckets.
  TimeUs first_us = 0;      ///< Of a roll-up, the start of the first bucket,
  TimeUs last_us = 0;       ///< and the last moment of the last.
  TimeUs recorded_first_us = 0;
  TimeUs recorded_last_us = 0;
  std::uint64_t instance_first = 0;
  std::uint64_t instance_last = 0;
};
static_assert(sizeof(BlockEntry) == 72 && std::is_trivially_copyable_v<BlockEntry>);

/// The runs of the log that a segment holds, first and last, and how often it was rewritten: that is its name.
struct SegmentName {
  std::uint64_t first = 0, last = 0, rewritten = 0;
  bool covers(const SegmentName& other) const {
    return first <= other.first && other.last <= last &&
           (*this == other || last - first > other.last - other.first || rewritten > other.rewritten);
  }
  std::string file() const;
  static bool parse(std::string_view file, SegmentName& name);
  friend bool operator==(const SegmentName&, const SegmentName&) = default;
};

/// Threads: one owner. What is not finished is removed.
class SegmentWriter {
 public:
  explicit SegmentWriter(std::filesystem::path path);
  ~SegmentWriter();
  SegmentWriter(const SegmentWriter&) = delete;
  SegmentWriter& operator=(const SegmentWriter&) = delete;

  /// In the order of series, resolution and time; offset and size are filled in.
  void add(BlockEntry entry, std::string_view bytes);
  bool is_empty() const { return entries_.empty(); }
  /// Durable and in place when this returns. Fails: unavailable.
  base::Result<void> finish();

 private:
  void flush();

  std::filesystem::path path_;
  std::string aside_;
  int file_ = -1;
  bool failed_ = false;
  bool finished_ = false;
  std::uint64_t offset_ = 0;
  std::string buffer_;
  std::deque<BlockEntry> entries_;  // A million and more: they do not move.
};

/// Threads: reading is safe.
class Segment {
 public:
  /// Fails: corrupt, unavailable.
  static base::Result<std::shared_ptr<const Segment>> open(const std::filesystem::path& folder, const SegmentName& name);

  const SegmentName& name() const { return name_; }
  std::span<const BlockEntry> entries() const { return entries_; }
  std::span<const BlockEntry> of(SeriesId series) const;
  std::string_view bytes(const BlockEntry& entry) const { return bytes_.substr(entry.offset, entry.size); }
  std::size_t size() const { return bytes_.size(); }
  /// Points, and buckets, of all blocks.
  std::uint64_t points() const { return points_; }
  std::uint64_t buckets() const { return buckets_; }

 private:
  SegmentName name_;
  base::MappedFile file_;
  std::string_view bytes_;
  std::span<const BlockEntry> entries_;
  std::uint64_t points_ = 0;
  std::uint64_t buckets_ = 0;
};

using SegmentPtr = std::shared_ptr<const Segment>;

}  // namespace citiverse::twin::history
