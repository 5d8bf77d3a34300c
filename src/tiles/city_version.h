// The version of a city's tiles: a fingerprint of everything they are made from, so that their addresses never lie.
#pragma once

#include <cstdint>
#include <string>

#include "city/city.h"

namespace citiverse::tiles {

/// Raised whenever the same city gives other tiles.
inline constexpr std::uint32_t kTileFormatVersion = 5;

/// 16 hexadecimal digits from the city's columns, terrain, name and origin, and kTileFormatVersion. Not against malice.
/// Cost: reads everything once, several GB/s. The same on every machine; bytes between a struct's fields do not count.
std::string tile_version(const city::City& city);

}  // namespace citiverse::tiles
