// One mutex guards who makes what; the making itself runs outside of it.
#include "tiles/tile_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <map>
#include <mutex>
#include <optional>

#include <fmt/format.h>

#include "base/random.h"
#include "tiles/city_version.h"
#include "tiles/pyramid.h"
#include "tiles/tile_bounds.h"
#include "tiles/tile_content.h"
#include "tiles/tile_path.h"
#include "tiles/vector_tiles.h"

namespace citiverse::tiles {
namespace {

base::Result<void> refused(const std::filesystem::path& path) {
  return base::fail(base::ErrorCode::unavailable, fmt::format("{}: cannot write: {}", path.string(), std::strerror(errno)));
}

// As base::write_file_atomically, but without fsync, which costs more than making the tile.
base::Result<void> write_tile(const std::filesystem::path& path, std::string_view bytes, std::uint64_t number) {
  const std::string aside = fmt::format("{}.{}-{}", path.string(), ::getpid(), number);
  int file = ::open(aside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (file < 0 && errno == ENOENT) {
    std::error_code error;
    std::filesystem::create_directories(path.parent_path(), error);
    file = ::open(aside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  }
  if (file < 0) return refused(path);
  bool done = true;
  while (done && !bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    done = written >= 0;
    if (done) bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  done = ::close(file) == 0 && done;
  if (done && ::rename(aside.c_str(), path.c_str()) == 0) return {};
  auto failure = refused(path);
  ::unlink(aside.c_str());
  return failure;
}

}  // namespace

struct TileStore::State {
  struct Making {
    bool done = false;
    base::Result<void> result;
  };

  State(const city::City& c, const std::filesystem::path& tiles_folder)
      : city(c), pyramid(c), map(c), version(tile_version(c)), folder(tiles_folder / version) {}

  State(const city::City& c, TileStore& b, std::vector<TouchedGround> t, std::uint64_t print)
      : city(c),
        pyramid(b.state_->pyramid),
        map(c, b.state_->map),
        version(fmt::format("{:016x}", base::mix64(print ^ base::mix64(std::stoull(b.version(), nullptr, 16))))),
        folder(b.folder() / "changed"),
        base_store(&b),
        touched(std::move(t)) {}

  bool exists(const TilePath& path) const;
  std::optional<std::uint64_t> touched_print(const TilePath& path) const;
  base::Result<std::string> make(const TilePath& path) const;
  base::Result<void> make_file(const TilePath& path, const std::filesystem::path& file);

  const city::City& city;
  Pyramid pyramid;
  VectorTiles map;
  std::string version;
  std::filesystem::path folder;
  TileStore* base_store = nullptr;  // Of a changed city.
  std::vector<TouchedGround> touched;
  std::atomic<std::uint64_t> files_written = 0;

  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::string, std::shared_ptr<Making>, std::less<>> in_making;
  unsigned working = 0;
  unsigned waiting = 0;
};

bool TileStore::State::exists(const TilePath& path) const {
  switch (path.kind) {
    case TilePathKind::tileset:
    case TilePathKind::tilejson: return true;
    case TilePathKind::subtree: return path.at.level % pyramid.subtree_levels() == 0 && pyramid.exists(path.at);
    case TilePathKind::content: return pyramid.exists(path.at);
    case TilePathKind::map: return map.exists(path.at);
  }
  return false;
}

// Nothing for what is as the base has it. Documents say how far tiles reach, which any change may alter.
std::optional<std::uint64_t> TileStore::State::touched_print(const TilePath& path) const {
  if (base_store == nullptr || path.kind == TilePathKind::tilejson) return std::nullopt;
  std::optional<geo::Box2d> box;
  if (path.kind == TilePathKind::content) box = pyramid.tile_box(path.at);
  if (path.kind == TilePathKind::map) box = map.plane_box_of(path.at);
  std::uint64_t print = 0;
  bool any = false;
  for (const TouchedGround& ground : touched) {
    if (box && !box->intersects(ground.box)) continue;
    any = true;
    print = base::mix64(print ^ ground.print);
  }
  return any ? std::optional(print) : std::nullopt;
}

base::Result<std::string> TileStore::State::make(const TilePath& path) const {
  switch (path.kind) {
    case TilePathKind::tileset: return formats::write_tileset_json(make_tileset(city, pyramid));
    case TilePathKind::tilejson: return map.tilejson();
    case TilePathKind::subtree: return formats::write_subtree(make_subtree(city, pyramid, path.at));
    case TilePathKind::content: return write_tile_content(city, pyramid, path.at, make_tile_content(city, pyramid, path.at));
    case TilePathKind::map: return map.make(path.at);
  }
  return base::fail(base::ErrorCode::not_found, "no such kind of tile");
}

base::Result<void> TileStore::State::make_file(const TilePath& path, const std::filesystem::path& file) {
  auto bytes = make(path);
  if (!bytes) return std::unexpected(bytes.error());
  return write_tile(file, *bytes, files_written++);
}

TileStore::TileStore(const city::City& city, const std::filesystem::path& tiles_folder)
    : state_(std::make_unique<State>(city, tiles_folder)) {}
TileStore::TileStore(const city::City& changed, TileStore& base, std::vector<TouchedGround> touched, std::uint64_t print)
    : state_(std::make_unique<State>(changed, base, std::move(touched), print)) {}
TileStore::~TileStore() = default;

bool TileStore::is_touched(std::string_view path) const {
  const auto tile = tile_path_from(path);
  return tile && state_->exists(*tile) && state_->touched_print(*tile).has_value();
}

const std::string& TileStore::version() const { return state_->version; }
const std::filesystem::path& TileStore::folder() const { return state_->folder; }

std::vector<std::string> TileStore::all_paths() const {
  const Pyramid& pyramid = state_->pyramid;
  std::vector<std::string> paths{to_string({TilePathKind::tileset, {}}), to_string({TilePathKind::tilejson, {}})};
  // Coarse tiles first: they take longest, and the small ones then fill the threads evenly.
  for (unsigned level = 0; level < pyramid.levels(); ++level) {
    for (std::uint32_t y = 0; y < 1u << level; ++y) {
      for (std::uint32_t x = 0; x < 1u << level; ++x) {
        const formats::TileAddress at{level, x, y};
        if (!pyramid.exists(at)) continue;
        paths.push_back(to_string({TilePathKind::content, at}));
        if (level % pyramid.subtree_levels() == 0) paths.push_back(to_string({TilePathKind::subtree, at}));
      }
    }
  }
  for (const formats::TileAddress at : state_->map.all()) paths.push_back(to_string({TilePathKind::map, at}));
  return paths;
}

base::Result<std::filesystem::path> TileStore::ensure(std::string_view path) {
  const auto tile = tile_path_from(path);
  if (!tile || !state_->exists(*tile)) {
    return base::fail(base::ErrorCode::not_found, fmt::format("{}: this city has no such tile", path.substr(0, 80)));
  }
  std::filesystem::path file = state_->folder / path;
  if (state_->base_store != nullptr) {
    const auto print = state_->touched_print(*tile);
    if (!print) return state_->base_store->ensure(path);
    file = state_->folder / fmt::format("{:016x}", *print) / path;
  }
  struct stat status{};
  if (::stat(file.c_str(), &status) == 0 && (status.st_size > 0 || tile->kind == TilePathKind::map)) return file;

  std::unique_lock lock(state_->mutex);
  const auto wait_for = [&](auto&& condition) -> bool {
    if (condition()) return true;
    if (state_->waiting >= kTileWaitersMax) return false;
    ++state_->waiting;
    state_->changed.wait(lock, condition);
    --state_->waiting;
    return true;
  };
  const auto busy = [&] {
    return base::fail(base::ErrorCode::limit, fmt::format("{} callers already wait for tiles; ask again", kTileWaitersMax));
  };
  if (const auto known = state_->in_making.find(path); known != state_->in_making.end()) {
    const auto making = known->second;
    if (!wait_for([&] { return making->done; })) return busy();
    if (!making->result) return std::unexpected(making->result.error());
    return file;
  }
  const auto making = std::make_shared<State::Making>();
  const auto entry = state_->in_making.emplace(path, making).first;
  const bool may_work = wait_for([&] { return state_->working < kTilesMadeAtOnceMax; });
  if (may_work) {
    ++state_->working;
    lock.unlock();
    making->result = state_->make_file(*tile, file);
    lock.lock();
    --state_->working;
  } else {
    making->result = busy();
  }
  making->done = true;
  state_->in_making.erase(entry);
  state_->changed.notify_all();
  if (!making->result) return std::unexpected(making->result.error());
  return file;
}

}  // namespace citiverse::tiles
