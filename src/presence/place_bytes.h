// A place on the wire: three little-endian numbers of 32 bits.
#pragma once

#include "presence/bytes.h"
#include "presence/wire.h"

namespace citiverse::presence {

inline Place read_place(const std::uint8_t* at) {
  return {get<std::int32_t>(at), get<std::int32_t>(at + 4), get<std::int32_t>(at + 8)};
}

inline void put_place(std::uint8_t* at, const Place& place) {
  put(at, place.x);
  put(at + 4, place.y);
  put(at + 8, place.z);
}

}  // namespace citiverse::presence
