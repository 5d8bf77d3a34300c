// Bits are little-endian within a byte: bit i is bit i mod 8 of byte i / 8.
#include "formats/subtree.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include <fmt/format.h>

#include "base/check.h"

namespace citiverse::formats {
namespace {

static_assert(std::endian::native == std::endian::little, "files are little-endian and are written from memory");

std::uint64_t spread(std::uint32_t v) {
  std::uint64_t x = v;
  x = (x | (x << 16)) & 0x0000FFFF0000FFFFull;
  x = (x | (x << 8)) & 0x00FF00FF00FF00FFull;
  x = (x | (x << 4)) & 0x0F0F0F0F0F0F0F0Full;
  x = (x | (x << 2)) & 0x3333333333333333ull;
  x = (x | (x << 1)) & 0x5555555555555555ull;
  return x;
}

std::uint64_t bits_above(unsigned level) { return ((1ull << (2 * level)) - 1) / 3; }

// The binary part, and the JSON that names pieces of it.
struct Pieces {
  std::string binary;
  std::string views;
  unsigned count = 0;

  unsigned add(std::string_view bytes) {
    if (count > 0) views += ',';
    fmt::format_to(std::back_inserter(views), R"({{"buffer":0,"byteOffset":{},"byteLength":{}}})", binary.size(), bytes.size());
    binary += bytes;
    binary.resize((binary.size() + 7) / 8 * 8, '\0');
    return count++;
  }
};

std::string availability(const std::vector<bool>& bits, Pieces& pieces) {
  const auto available = static_cast<std::size_t>(std::count(bits.begin(), bits.end(), true));
  if (available == 0) return R"({"constant":0})";
  if (available == bits.size()) return fmt::format(R"({{"constant":1,"availableCount":{}}})", available);
  std::string bytes((bits.size() + 7) / 8, '\0');
  for (std::size_t i = 0; i < bits.size(); ++i) {
    if (bits[i]) bytes[i / 8] = static_cast<char>(bytes[i / 8] | (1 << (i % 8)));
  }
  return fmt::format(R"({{"bitstream":{},"availableCount":{}}})", pieces.add(bytes), available);
}

void append_u32(std::string& out, std::uint32_t v) { out.append(reinterpret_cast<const char*>(&v), sizeof v); }
void append_u64(std::string& out, std::uint64_t v) { out.append(reinterpret_cast<const char*>(&v), sizeof v); }

}  // namespace

std::uint64_t morton_index(std::uint32_t x, std::uint32_t y) { return spread(x) | (spread(y) << 1); }

std::uint64_t subtree_bit(TileAddress within_subtree) {
  return bits_above(within_subtree.level) + morton_index(within_subtree.x, within_subtree.y);
}

std::string write_subtree(const Subtree& subtree) {
  CITIVERSE_CHECK(subtree.levels >= 1 && subtree.levels <= kSubtreeLevelsMax, "a subtree has a few levels");
  const std::uint64_t bits = bits_above(subtree.levels);
  CITIVERSE_CHECK(subtree.tiles.size() == bits && subtree.contents.size() == bits &&
                      subtree.child_subtrees.size() == 1ull << (2 * subtree.levels),
                  "one bit a tile");
  Pieces pieces;
  const std::string tiles = availability(subtree.tiles, pieces);
  const std::string contents = availability(subtree.contents, pieces);
  const std::string children = availability(subtree.child_subtrees, pieces);
  std::string metadata;
  if (!subtree.tile_boxes.empty()) {
    CITIVERSE_CHECK(
        subtree.tile_boxes.size() == static_cast<std::size_t>(std::count(subtree.tiles.begin(), subtree.tiles.end(), true)),
        "one box an available tile");
    const unsigned view =
        pieces.add({reinterpret_cast<const char*>(subtree.tile_boxes.data()), subtree.tile_boxes.size() * sizeof(BoxVolume)});
    metadata =
        fmt::format(R"("propertyTables":[{{"class":"{}","count":{},"properties":{{"{}":{{"values":{}}}}}}}],"tileMetadata":0,)",
                    kTileClass, subtree.tile_boxes.size(), kTileBoxProperty, view);
  }
  std::string json = "{";
  if (pieces.count > 0) {
    json += fmt::format(R"("buffers":[{{"byteLength":{}}}],"bufferViews":[{}],)", pieces.binary.size(), pieces.views);
  }
  json += fmt::format(R"({}"tileAvailability":{},"contentAvailability":[{}],"childSubtreeAvailability":{}}})", metadata, tiles,
                      contents, children);
  json.resize((json.size() + 7) / 8 * 8, ' ');

  std::string file = "subt";
  append_u32(file, 1);
  append_u64(file, json.size());
  append_u64(file, pieces.binary.size());
  return file + json + pieces.binary;
}

}  // namespace citiverse::formats
