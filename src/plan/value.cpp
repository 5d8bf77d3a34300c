// The words of cross-sections.
#include "plan/value.h"

#include <array>

namespace citiverse::plan {
namespace {
constexpr std::array<std::string_view, kLaneUses> kLaneUseWords{"pavement", "bicycle", "drive",  "bus",
                                                                "parking",  "trees",   "median", "buffer"};
constexpr std::array<std::string_view, 4> kLaneDirectionWords{"none", "forward", "backward", "both"};
constexpr std::array<std::string_view, 4> kCrossingWords{"zebra", "signals", "island", "raised"};
}  // namespace

std::span<const std::string_view> lane_use_words() { return kLaneUseWords; }
std::span<const std::string_view> lane_direction_words() { return kLaneDirectionWords; }
std::span<const std::string_view> crossing_words() { return kCrossingWords; }

}  // namespace citiverse::plan
