// What a city's tiles are called and where they lie: makes each on first demand, once, and never shows half of one.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "city/city.h"

namespace citiverse::tiles {

/// Tiles that are made at the same time; more wait.
inline constexpr unsigned kTilesMadeAtOnceMax = 8;
/// Callers that wait for tiles; the next is refused with `limit`.
inline constexpr unsigned kTileWaitersMax = 1024;

/// Ground of a changed city that may look different from the base's. Where the prints of a place are the same, so are the
/// tiles.
struct TouchedGround {
  geo::Box2d box;
  std::uint64_t print = 0;
};

/// Threads: all functions may be called from any thread. `city` must outlive the store.
class TileStore {
 public:
  /// Tiles lie in `tiles_folder`/version()/…. Cost: reads the city once to know its version (about 5 GB/s).
  TileStore(const city::City& city, const std::filesystem::path& tiles_folder);
  /// The tiles of a city that was changed in places: on the base's squares, so that only tiles that meet touched ground are
  /// made again, and all others are the base's own files. Tiles lie by the prints of the ground they meet, in `base`'s folder
  /// under "changed": another change elsewhere makes none of them anew. Numbers of features
  /// in map tiles count within the city that a tile was made of: what lasts is their property "id". The version is that of the
  /// base with `print`. Both must outlive the store. Cost: none worth naming.
  TileStore(const city::City& changed, TileStore& base, std::vector<TouchedGround> touched, std::uint64_t print);
  ~TileStore();
  TileStore(const TileStore&) = delete;
  TileStore& operator=(const TileStore&) = delete;

  /// 16 hexadecimal digits: the same for the same city and the same way of making tiles, on every machine, so that a tile's
  /// address may be cached for ever.
  const std::string& version() const;
  /// Whether a tile is another than the base's; false for all of a store that has no base, and for what is no tile.
  bool is_touched(std::string_view path) const;
  /// Where this version's tiles lie.
  const std::filesystem::path& folder() const;

  /// The file of one tile, made if it is not there. Paths:
  ///   3d/tileset.json   3d/subtrees/{level}/{x}/{y}.subtree   3d/content/{level}/{x}/{y}.glb
  ///   map/tilejson.json   map/{z}/{x}/{y}.mvt
  /// Blocks while it is made; callers who want the same tile share one making. The file is written aside and renamed, without
  /// fsync: tiles are derived, and a tile that a power cut leaves empty is found by its size and made again.
  /// Fails: not_found for any other path and for tiles that do not exist; limit beyond kTileWaitersMax; unavailable when the
  /// disk refuses.
  base::Result<std::filesystem::path> ensure(std::string_view path);

  /// Every path that ensure() makes, those that take longest first.
  std::vector<std::string> all_paths() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace citiverse::tiles
