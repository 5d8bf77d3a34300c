// Files on demand: made once however many ask, the same by any way, and never for addresses that are none.
#include "tiles/tile_store.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "base/file.h"
#include "testing/ascii_city.h"
#include "tiles/tile_run.h"

namespace citiverse::tiles {
namespace {

namespace fs = std::filesystem;

struct Folder {
  Folder() {
    std::string name = (fs::temp_directory_path() / "citiverse_tiles_XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  fs::path path;
};

city::City stored_town() {
  testing_fixtures::AsciiCityOptions options;
  options.cell_m = 70;
  return testing_fixtures::ascii_city("##=T..##\n##======\n..=~~.##\n", options);
}

std::string read(const fs::path& path) { return base::read_file(path, 1 << 26).value(); }

TEST(TileStore, makes_a_tile_when_it_is_asked_for) {
  const Folder folder;
  const city::City city = stored_town();
  TileStore store(city, folder.path);
  const auto file = store.ensure("3d/content/0/0/0.glb");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(*file, folder.path / store.version() / "3d/content/0/0/0.glb");
  EXPECT_EQ(read(*file).substr(0, 4), "glTF");
  EXPECT_FALSE(fs::exists(folder.path / store.version() / "map"));
}

TEST(TileStore, says_not_found_for_tiles_that_do_not_exist) {
  const Folder folder;
  const city::City city = stored_town();
  TileStore store(city, folder.path);
  for (const char* path : {"", "3d/content/0/0/1.glb", "3d/content/9/0/0.glb", "map/14/0/0.mvt", "../city.pack",
                           "complete.json", "3d/subtrees/1/0/0.subtree"}) {
    const auto file = store.ensure(path);
    ASSERT_FALSE(file) << path;
    EXPECT_EQ(file.error().code, base::ErrorCode::not_found) << path;
  }
}

TEST(TileStore, makes_a_tile_once_for_many_who_ask_at_the_same_time) {
  const Folder folder;
  const city::City city = stored_town();
  TileStore store(city, folder.path);
  std::vector<std::thread> askers;
  std::atomic<int> served = 0;
  for (int i = 0; i < 32; ++i) {
    askers.emplace_back([&] {
      if (store.ensure("3d/content/0/0/0.glb")) ++served;
    });
  }
  for (auto& asker : askers) asker.join();
  EXPECT_EQ(served, 32);
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(folder.path / store.version() / "3d/content/0/0")) {
    EXPECT_EQ(entry.path().filename(), "0.glb") << "nothing is left aside";
    ++files;
  }
  EXPECT_EQ(files, 1u);
}

TEST(TileStore, makes_a_tile_anew_that_a_power_cut_left_empty) {
  const Folder folder;
  const city::City city = stored_town();
  TileStore store(city, folder.path);
  const fs::path file = store.ensure("3d/tileset.json").value();
  const std::string whole = read(file);
  std::ofstream(file, std::ios::trunc);
  EXPECT_EQ(read(store.ensure("3d/tileset.json").value()), whole);
}

TEST(TileRun, gives_the_same_bytes_on_one_thread_and_on_four_as_on_demand) {
  const Folder one, four, demand;
  const city::City city = stored_town();
  TileStore first(city, one.path), second(city, four.path), third(city, demand.path);
  std::size_t last_done = 0;
  const auto summary = make_all_tiles(first, 1, [&](std::size_t done, std::size_t) { last_done = done; });
  ASSERT_TRUE(summary) << summary.error().message;
  ASSERT_TRUE(make_all_tiles(second, 4, {}));
  EXPECT_EQ(last_done, first.all_paths().size());
  EXPECT_EQ(summary->contents + summary->subtrees + summary->map_tiles + 2, first.all_paths().size());
  for (const std::string& path : first.all_paths()) {
    const std::string bytes = read(first.ensure(path).value());
    EXPECT_EQ(bytes, read(second.folder() / path)) << path;
    EXPECT_EQ(bytes, read(third.ensure(path).value())) << path;
  }
  EXPECT_EQ(read(first.folder() / "complete.json"), read(second.folder() / "complete.json"));
}

}  // namespace
}  // namespace citiverse::tiles
