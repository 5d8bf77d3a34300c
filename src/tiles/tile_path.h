// The addresses of tiles as they stand in URLs and file names, read strictly: what is not exactly one of them is no tile.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "formats/subtree.h"

namespace citiverse::tiles {

enum class TilePathKind : std::uint8_t { tileset, subtree, content, tilejson, map };

/// `at` is level, x, y of a subtree's root or a 3D tile, or z, x, y of a map tile; zero for the two documents.
struct TilePath {
  TilePathKind kind = TilePathKind::tileset;
  formats::TileAddress at;
  friend bool operator==(const TilePath&, const TilePath&) = default;
};

/// Deepest level of any address: a map tile of z24 is 2 m wide.
inline constexpr std::uint32_t kTileLevelMax = 24;

/// Nothing unless `path` is exactly what to_string writes, with x and y below 2^level. Cost: no allocation.
std::optional<TilePath> tile_path_from(std::string_view path);
std::string to_string(const TilePath& path);

}  // namespace citiverse::tiles
