// Bytes with their CRC-32 before them: what a disk or a copy has damaged is refused, never shown.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace citiverse::twin::history {

inline constexpr std::size_t kCheckBytes = 4;

/// `before`: the check of what stands before these bytes.
std::uint32_t check_of(std::string_view bytes, std::uint32_t before = 0);
/// `bytes` with its first kCheckBytes set to the check of the rest.
std::string with_check(std::string bytes);
bool check_holds(std::string_view bytes);

}  // namespace citiverse::twin::history
