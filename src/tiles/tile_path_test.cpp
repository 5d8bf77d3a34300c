// Strictness matters: every other spelling must be refused before it reaches a disk.
#include "tiles/tile_path.h"

#include <gtest/gtest.h>

namespace citiverse::tiles {
namespace {

TEST(TilePath, is_read_back_as_it_was_written) {
  for (const char* path : {"3d/tileset.json", "3d/subtrees/0/0/0.subtree", "3d/content/4/3/15.glb", "map/tilejson.json",
                           "map/14/8529/5975.mvt", "map/0/0/0.mvt"}) {
    const auto read = tile_path_from(path);
    ASSERT_TRUE(read) << path;
    EXPECT_EQ(to_string(*read), path);
  }
}

TEST(TilePath, refuses_every_other_spelling) {
  for (const char* path : {"",
                           "/",
                           "3d",
                           "3d/",
                           "3d/tileset.json/",
                           "3d/../3d/tileset.json",
                           "3d/content/4/3/16.glb",
                           "3d/content/4/03/2.glb",
                           "3d/content/4/3/2.glb.glb",
                           "3d/content/4/3/2",
                           "3d/content/4/3/2/1.glb",
                           "3d/content/-1/0/0.glb",
                           "3d/content/+1/0/0.glb",
                           "3d/content/4/ 3/2.glb",
                           "3d/content/.glb",
                           "3d/content/99999999999/0/0.glb",
                           "3d/content/25/0/0.glb",
                           "map/1/0/0.mvt?x",
                           "map/1/0/0.pbf",
                           "map/.mvt"}) {
    EXPECT_FALSE(tile_path_from(path)) << path;
  }
  using namespace std::string_view_literals;
  EXPECT_FALSE(tile_path_from("map/0/0/0.mvt\0"sv));
  EXPECT_FALSE(tile_path_from("map/0/0/0\0.mvt"sv));
}

}  // namespace
}  // namespace citiverse::tiles
