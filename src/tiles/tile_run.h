// All tiles of a city at once: what `citiverse tiles` does.
#pragma once

#include <cstdint>
#include <functional>

#include "base/result.h"
#include "tiles/tile_store.h"

namespace citiverse::tiles {

struct TileRunSummary {
  std::uint64_t contents = 0;  ///< 3D tiles.
  std::uint64_t subtrees = 0;
  std::uint64_t map_tiles = 0;  ///< Vector tiles, those without bytes included.
  std::uint64_t content_bytes = 0;
  std::uint64_t map_bytes = 0;
};

/// Makes every tile that is not there yet, on `threads` threads (0: one a core); then writes `complete.json` beside them, so
/// that its presence says that none is missing. Memory: a tile a thread. Stops at the first failure and returns it; tiles that
/// are made stay. `progress(done, of)` is called from any of the threads, one call at a time.
base::Result<TileRunSummary> make_all_tiles(TileStore& store, unsigned threads,
                                            const std::function<void(std::size_t done, std::size_t of)>& progress);

}  // namespace citiverse::tiles
