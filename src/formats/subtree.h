// Which tiles of an implicit quadtree exist: the .subtree file of 3D Tiles 1.1.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace citiverse::formats {

/// A subtree of a few levels has at most this many, so that its file stays small.
inline constexpr unsigned kSubtreeLevelsMax = 10;

/// A tile of an implicit quadtree; x grows east, y north, both below 2^level.
struct TileAddress {
  std::uint32_t level = 0;
  std::uint32_t x = 0;
  std::uint32_t y = 0;
  friend bool operator==(const TileAddress&, const TileAddress&) = default;
};

/// Bits of x and y interleaved, x in the even places: the order of tiles within a level.
/// Source: 3D Tiles 1.1 (OGC 22-025r4), 11.5.1 "Availability bitstream lengths" and appendix "Morton order".
std::uint64_t morton_index(std::uint32_t x, std::uint32_t y);

/// Bits of a level come after all bits of the levels above: (4^level − 1) / 3 of them.
std::uint64_t subtree_bit(TileAddress within_subtree);

/// Centre, then the three half axes, as 3D Tiles writes an oriented box: metres in the tileset's frame.
using BoxVolume = std::array<double, 12>;

/// One subtree. The three availabilities hold one value a bit, in bit order; `tiles` and `contents` have
/// (4^levels − 1) / 3 bits, `child_subtrees` 4^levels.
struct Subtree {
  unsigned levels = 1;
  std::vector<bool> tiles;
  std::vector<bool> contents;
  std::vector<bool> child_subtrees;
  /// One box for each available tile, in bit order: the metadata with semantic TILE_BOUNDING_BOX, which replaces the implicit
  /// box. May be empty: then the file has no metadata.
  std::vector<BoxVolume> tile_boxes;
};

/// The file: header, JSON padded with spaces and binary padded with zeros to 8 bytes. An availability that is all one value is
/// written as a constant. The class of the metadata is `kTileClass` with one property, `kTileBoxProperty`.
/// Source: 3D Tiles 1.1 (OGC 22-025r4), 11.5 and 11.6.
std::string write_subtree(const Subtree& subtree);

inline constexpr const char* kTileClass = "tile";
inline constexpr const char* kTileBoxProperty = "bounding_box";

}  // namespace citiverse::formats
