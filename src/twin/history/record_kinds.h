// The kinds of records in the files of history, first byte of each: the log has all of them, the index file those of the index
// alone.
#pragma once

#include <cstdint>

namespace citiverse::twin::history {

/// Stored in files: only ever append.
enum RecordKind : std::uint8_t { entity_record = 1, series_record = 2, erased_record = 3, points_record = 4, told_record = 5 };

}  // namespace citiverse::twin::history
