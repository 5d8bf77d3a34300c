// Reading a series in the order of time, wherever its points lie: blocks that overlap are read together, all others alone.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "twin/history/block.h"
#include "twin/history/open_points.h"
#include "twin/history/segment.h"

namespace citiverse::twin::history {

/// Blocks of one series that overlap in time, those of older segments first.
struct Cluster {
  struct Block {
    const Segment* segment = nullptr;
    const BlockEntry* entry = nullptr;
  };
  std::vector<Block> blocks;
  TimeUs first_us = 0, last_us = 0;
};

/// By rising time; raw blocks alone, and of those the ones that reach into `range` and are not erased.
std::vector<Cluster> clusters_of(std::span<const SegmentPtr> segments, SeriesId series, const TimeRange& range,
                                 std::uint64_t erased_to);

/// All points of a cluster by rising time, corrections in their place; what was taken out is there as a tombstone.
/// Fails: corrupt.
base::Result<void> read_cluster(const Cluster& cluster, Part part, Rows& rows);

/// All of one series at one moment. Threads: safe to read.
struct SeriesView {
  SeriesId series = 0;
  std::uint64_t erased_to = 0;
  std::shared_ptr<const std::vector<SegmentPtr>> segments;
  Rows open;  ///< In the order of arrival.

  enum class Direction : std::uint8_t { forward, backward };
  /// Gives runs of points within the range, each by rising time, the runs by rising (or falling) time, until `on_run` gives
  /// false. Fails: corrupt.
  base::Result<void> each_run(const TimeRange& range, Part part, Direction direction,
                              const std::function<bool(const Rows&)>& on_run) const;
};

}  // namespace citiverse::twin::history
