// oneTBB hands out the tiles; each is written before the next is begun.
#include "tiles/tile_run.h"

#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <atomic>
#include <mutex>
#include <optional>

#include <fmt/format.h>

#include "base/file.h"
#include "tiles/tile_path.h"

namespace citiverse::tiles {
namespace {

void count(TileRunSummary& summary, TilePathKind kind, std::uint64_t bytes) {
  switch (kind) {
    case TilePathKind::content:
      ++summary.contents;
      summary.content_bytes += bytes;
      return;
    case TilePathKind::subtree: ++summary.subtrees; return;
    case TilePathKind::map:
      ++summary.map_tiles;
      summary.map_bytes += bytes;
      return;
    case TilePathKind::tileset:
    case TilePathKind::tilejson: return;
  }
}

base::Result<void> write_manifest(const TileStore& store, const TileRunSummary& s) {
  return base::write_file_atomically(
      store.folder() / "complete.json",
      fmt::format(
          "{{\"version\":\"{}\",\"contents\":{},\"content_bytes\":{},\"subtrees\":{},\"map_tiles\":{},\"map_bytes\":{}}}\n",
          store.version(), s.contents, s.content_bytes, s.subtrees, s.map_tiles, s.map_bytes));
}

}  // namespace

base::Result<TileRunSummary> make_all_tiles(TileStore& store, unsigned threads,
                                            const std::function<void(std::size_t, std::size_t)>& progress) {
  const std::vector<std::string> paths = store.all_paths();
  std::mutex mutex;  // Guards the three below.
  TileRunSummary summary;
  std::optional<base::Error> failure;
  std::size_t done = 0;
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> stop = false;
  const auto make_one = [&](const std::string& path) {
    const auto file = store.ensure(path);
    std::error_code error;
    const std::uint64_t bytes = file ? std::filesystem::file_size(*file, error) : 0;
    const std::lock_guard lock(mutex);
    if (!file) {
      stop = true;
      if (!failure) failure = file.error();
      return;
    }
    if (const auto tile = tile_path_from(path)) count(summary, tile->kind, bytes);
    if (progress) progress(++done, paths.size());
  };
  const auto workers = static_cast<int>(threads == 0 ? std::max(1u, std::thread::hardware_concurrency()) : threads);
  const tbb::global_control enough(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(workers));
  tbb::task_arena arena(workers);
  // One task a thread, each taking the next tile: they are taken in the order in which they were listed, the long ones first.
  arena.execute([&] {
    tbb::parallel_for(
        0, workers,
        [&](int) {
          for (std::size_t i = next++; i < paths.size() && !stop; i = next++) make_one(paths[i]);
        },
        tbb::simple_partitioner());
  });
  if (failure) return std::unexpected(*failure);
  if (auto written = write_manifest(store, summary); !written) return std::unexpected(written.error());
  return summary;
}

}  // namespace citiverse::tiles
