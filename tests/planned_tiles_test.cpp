// Only tiles that a plan touches are made again, and none that it changes is forgotten: held against stores that make every
// tile.
#include <filesystem>

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/random.h"
#include "ingest/practice/practice_city.h"
#include "plan/edit_json.h"
#include "plan/plan.h"
#include "plan/planned_city.h"
#include "tiles/tile_store.h"

namespace citiverse {
namespace {

using plan::Action;
using plan::Edit;
using plan::ObjectId;

const city::City& practice() {
  static const city::City made = ingest::practice::make_practice_city({.seed = 3, .people = 2000}).value();
  return made;
}

std::uint64_t take_varint(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) break;
  }
  return value;
}

// What a vector tile says but for the numbers of its features, which count within one city (MVT 2.1, 4.2: layer 3, feature 2,
// id 1). `depth` 0 is the tile, 1 a layer, 2 a feature.
std::string without_numbers(std::string_view bytes, int depth = 0) {
  constexpr std::uint64_t kInner[] = {3, 2};
  std::string rest;
  while (!bytes.empty()) {
    const std::uint64_t tag = take_varint(bytes);
    if ((tag & 7) == 2) {
      const std::uint64_t length = take_varint(bytes);
      const std::string_view inner = bytes.substr(0, length);
      rest += std::to_string(tag) + ':';
      rest += depth < 2 && tag >> 3 == kInner[depth] ? without_numbers(inner, depth + 1) : std::string(inner);
      bytes.remove_prefix(std::min<std::size_t>(length, bytes.size()));
      continue;
    }
    const std::uint64_t value = take_varint(bytes);
    if (depth != 2 || tag >> 3 != 1) rest += std::to_string(tag) + '=' + std::to_string(value);
  }
  return rest;
}

class PlannedTiles : public testing::Test {
 protected:
  ~PlannedTiles() override {
    std::error_code error;
    std::filesystem::remove_all(folder_, error);
  }
  static std::vector<tiles::TouchedGround> ground(const plan::PlannedCity& planned) {
    std::vector<tiles::TouchedGround> ground;
    for (const plan::Touch& touch : planned.touches) ground.push_back({touch.box, touch.print});
    return ground;
  }
  static std::string bytes(tiles::TileStore& store, const std::string& path) {
    const auto file = store.ensure(path);
    EXPECT_TRUE(file) << path;
    const std::string content = file ? base::read_file(*file, 64u << 20).value() : std::string();
    return path.ends_with(".mvt") ? without_numbers(content) : content;
  }
  static void take(plan::Plan& plan, Action action, ObjectId id, std::string_view property, plan::Value value) {
    Edit edit{action, id, {}};
    if (!property.empty()) edit.writes.push_back({*plan::family_of(id.kind())->property(property), std::move(value)});
    const auto done = plan.append({.author = 1}, {std::move(edit)});
    EXPECT_TRUE(done) << done.error().message;
  }
  static ObjectId some(city::FeatureKind kind, std::uint32_t number) {
    const city::Run run = practice().of_kind(kind);
    return ObjectId::of(practice().feature(run.first + number % run.count).id);
  }

  std::filesystem::path folder_ = std::filesystem::temp_directory_path() / ("planned_tiles_test." + std::to_string(::getpid()));
};

TEST_F(PlannedTiles, every_tile_is_as_if_all_had_been_made_again) {
  tiles::TileStore base(practice(), folder_ / "base");
  plan::Plan plan(practice(), 1);
  const plan::Section wide{{plan::LaneUse::pavement, plan::LaneDirection::none, 4},
                           {plan::LaneUse::trees, plan::LaneDirection::none, 2},
                           {plan::LaneUse::drive, plan::LaneDirection::both, 9},
                           {plan::LaneUse::pavement, plan::LaneDirection::none, 4}};
  take(plan, Action::change, some(city::FeatureKind::building, 11), "levels", 12.0);
  take(plan, Action::remove, some(city::FeatureKind::building, 200), "", {});
  take(plan, Action::change, some(city::FeatureKind::street, 17), "section", wide);
  take(plan, Action::remove, some(city::FeatureKind::tree, 40), "", {});
  take(plan, Action::change, some(city::FeatureKind::green, 2), "class", std::string("forest"));
  const geo::Vec2d middle = practice().box().center();
  const plan::Shape line{city::GeometryType::lines, {{{middle, {middle.x + 90, middle.y + 35}}, false}}};
  take(plan, Action::add, plan.next_id(static_cast<std::uint8_t>(city::FeatureKind::street), 0), "line", line);

  const plan::PlannedCity planned = plan::planned_city(practice(), plan.state());
  tiles::TileStore store(planned.city, base, ground(planned), planned.print);
  const geo::Box2d everywhere = practice().box().grown_by(5000);
  tiles::TileStore all_again(planned.city, base, {{everywhere, 12345}}, planned.print ^ 1);
  std::size_t touched = 0, changed = 0;
  const auto paths = store.all_paths();
  for (const std::string& path : paths) {
    ASSERT_TRUE(bytes(store, path) == bytes(all_again, path)) << path;
    touched += store.is_touched(path) ? 1 : 0;
    changed += bytes(store, path) != bytes(base, path) ? 1 : 0;
  }
  EXPECT_GT(changed, 5u);
  EXPECT_GE(touched, changed);
  EXPECT_LT(touched, paths.size() * 3 / 4) << "most of the city is as it was";
}

TEST_F(PlannedTiles, one_edit_more_makes_no_other_tile_again) {
  tiles::TileStore base(practice(), folder_ / "base");
  plan::Plan plan(practice(), 1);
  take(plan, Action::change, some(city::FeatureKind::building, 3), "levels", 9.0);
  const plan::PlannedCity one = plan::planned_city(practice(), plan.state());
  tiles::TileStore first(one.city, base, ground(one), one.print);
  take(plan, Action::change, some(city::FeatureKind::building, 900), "levels", 9.0);
  const plan::PlannedCity two = plan::planned_city(practice(), plan.state());
  tiles::TileStore second(two.city, base, ground(two), two.print);
  EXPECT_NE(first.version(), second.version());
  std::size_t shared = 0;
  for (const std::string& path : first.all_paths()) {
    if (!first.is_touched(path) || !path.starts_with("3d/content/")) continue;
    shared += *first.ensure(path) == *second.ensure(path) ? 1 : 0;
  }
  EXPECT_GE(shared, 1u) << "the tile of the first building alone is the same file";
  ASSERT_TRUE(plan.undo({.author = 1}, 2));
  const plan::PlannedCity back = plan::planned_city(practice(), plan.state());
  EXPECT_EQ(tiles::TileStore(back.city, base, ground(back), back.print).version(), first.version());
}

}  // namespace
}  // namespace citiverse
