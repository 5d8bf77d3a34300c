// Points of one series as one checked run of bytes that never changes.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "twin/history/point.h"

namespace citiverse::twin::history {

inline constexpr std::size_t kBlockPointsMax = 4096;  ///< A sensor's three days at one value a minute.

/// What a reader wants of a block: charts need no instances, forms and dictionaries.
enum class Part : std::uint8_t { numbers, all };

/// `points` by rising time, at most kBlockPointsMax. Same points, same bytes.
std::string encode_block(std::span<const Point> points, const Dictionaries& dictionaries);

/// Appends the block's points to `rows`, with what they point to. With Part::numbers only time, number and text of each point
/// are filled in, and text is 1 for whatever is no number. Fails: corrupt; `rows` may then hold a part.
base::Result<void> decode_block(std::string_view bytes, Part part, Rows& rows);

}  // namespace citiverse::twin::history
