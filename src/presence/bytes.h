// Little-endian numbers in byte arrays, whatever the machine's own order and alignment.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace citiverse::presence {

template <class T>
inline void put(std::uint8_t* at, T value) {
  static_assert(std::endian::native == std::endian::little, "the wire is little-endian; swap here for other machines");
  std::memcpy(at, &value, sizeof value);
}

template <class T>
inline T get(const std::uint8_t* at) {
  static_assert(std::endian::native == std::endian::little, "the wire is little-endian; swap here for other machines");
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

}  // namespace citiverse::presence
