// Bytes with their CRC-32 before them: what a disk or a copy has damaged is refused, never shown.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace citiverse::twin::history {

inline constexpr std::size_t kCheckBytes = 4;

std::uint32_t check_of(std::string_view bytes);
/// `bytes` with its first kCheckBytes set to the check of the rest.
std::string with_check(std::string bytes);
bool check_holds(std::string_view bytes);

}  // namespace citiverse::twin::history
