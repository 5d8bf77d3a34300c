// One grammar, no normalising: a second spelling of an address would be a second file in every cache.
#include "tiles/tile_path.h"

#include <charconv>

#include <fmt/format.h>

namespace citiverse::tiles {
namespace {

struct Pattern {
  TilePathKind kind;
  std::string_view before;
  std::string_view after;
};
constexpr Pattern kPatterns[] = {
    {TilePathKind::subtree, "3d/subtrees/", ".subtree"},
    {TilePathKind::content, "3d/content/", ".glb"},
    {TilePathKind::map, "map/", ".mvt"},
};
constexpr std::string_view kTileset = "3d/tileset.json";
constexpr std::string_view kTilejson = "map/tilejson.json";

// A decimal number without leading zeros, at the front of `text`.
bool take_number(std::string_view& text, std::uint32_t& value) {
  if (text.size() > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9') return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

bool take_slash(std::string_view& text) {
  if (!text.starts_with('/')) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

std::optional<TilePath> tile_path_from(std::string_view path) {
  if (path == kTileset) return TilePath{TilePathKind::tileset, {}};
  if (path == kTilejson) return TilePath{TilePathKind::tilejson, {}};
  for (const Pattern& p : kPatterns) {
    if (!path.starts_with(p.before) || !path.ends_with(p.after)) continue;
    if (path.size() < p.before.size() + p.after.size()) return std::nullopt;
    std::string_view rest = path.substr(p.before.size(), path.size() - p.before.size() - p.after.size());
    formats::TileAddress at;
    const bool read = take_number(rest, at.level) && take_slash(rest) && take_number(rest, at.x) && take_slash(rest) &&
                      take_number(rest, at.y) && rest.empty();
    if (!read || at.level > kTileLevelMax || at.x >> at.level != 0 || at.y >> at.level != 0) return std::nullopt;
    return TilePath{p.kind, at};
  }
  return std::nullopt;
}

std::string to_string(const TilePath& path) {
  if (path.kind == TilePathKind::tileset) return std::string(kTileset);
  if (path.kind == TilePathKind::tilejson) return std::string(kTilejson);
  for (const Pattern& p : kPatterns) {
    if (p.kind == path.kind) return fmt::format("{}{}/{}/{}{}", p.before, path.at.level, path.at.x, path.at.y, p.after);
  }
  return {};
}

}  // namespace citiverse::tiles
