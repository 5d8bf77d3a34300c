// Several segments into one: full blocks, corrections in their place, what is erased gone, what is old as roll-ups.
#pragma once

#include <filesystem>
#include <functional>
#include <span>

#include "base/result.h"
#include "twin/history/segment.h"

namespace citiverse::twin::history {

/// How long each resolution is kept, from now; 0: not at all (of raw: for ever). What leaves one goes into the next coarser
/// one that is kept longer.
struct Retention {
  TimeUs raw_us = 0;
  TimeUs minute_us = 0;
  TimeUs hour_us = 0;
  TimeUs day_us = 0;

  bool is_for_ever() const { return raw_us == 0; }
  TimeUs of(Resolution resolution) const;
};

struct MergeOrder {
  std::filesystem::path folder;
  SegmentName name;                ///< Of the segment that is made.
  std::span<const SegmentPtr> of;  ///< The older first.
  bool has_oldest = false;         ///< Nothing older is left: what was taken out need not be remembered.
  Retention retention;
  TimeUs now_us = 0;
  std::function<std::uint64_t(SeriesId)> erased_to;
};

/// Fails: corrupt, unavailable; what was there stays as it was.
base::Result<SegmentPtr> merge_segments(const MergeOrder& order);

}  // namespace citiverse::twin::history
