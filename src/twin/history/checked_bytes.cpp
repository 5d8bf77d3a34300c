// libdeflate's CRC-32 takes 16 bytes at a time.
#include "twin/history/checked_bytes.h"

#include <libdeflate.h>

#include <cstring>

namespace citiverse::twin::history {

std::uint32_t check_of(std::string_view bytes, std::uint32_t before) {
  return libdeflate_crc32(before, bytes.data(), bytes.size());
}

std::string with_check(std::string bytes) {
  const std::uint32_t check = check_of(std::string_view(bytes).substr(kCheckBytes));
  std::memcpy(bytes.data(), &check, kCheckBytes);
  return bytes;
}

bool check_holds(std::string_view bytes) {
  if (bytes.size() < kCheckBytes) return false;
  std::uint32_t check = 0;
  std::memcpy(&check, bytes.data(), kCheckBytes);
  return check == check_of(bytes.substr(kCheckBytes));
}

}  // namespace citiverse::twin::history
