#include "city/city_folder.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/file.h"
#include "base/random.h"
#include "city/city_builder.h"
#include "city/elevation_file.h"
#include "city/geopackage.h"
#include "storage/database.h"

namespace citiverse::city {
namespace {

namespace fs = std::filesystem;

// A folder of its own for each test, gone afterwards.
class Scratch {
 public:
  Scratch()
      : path_(fs::temp_directory_path() /
              ("citiverse-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()))) {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  ~Scratch() { fs::remove_all(path_); }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// A city with every kind of feature and every odd value that a column can hold.
City odd_city() {
  CityBuilder builder("Ódd \"City\" \\ 城", {43.737, 7.429});
  builder.set_time_zone("Europe/Monaco");
  const auto source = builder.add_source({"By hand", "CC0-1.0", "nobody's", "2026-01-31"});
  builder.add_source({"Unused", "", "", ""});
  base::Random random(7);
  std::uint64_t number = 1;
  const auto point = [&] { return geo::Vec2d{random.uniform(-2000, 2000), random.uniform(-2000, 2000)}; };
  const auto shape = [&](GeometryType type) {
    Geometry g = builder.begin(type);
    const geo::Vec2d at = point();
    if (type == GeometryType::point) {
      EXPECT_TRUE(builder.add_part(g, std::vector{at}));
    }
    if (type == GeometryType::lines) {
      EXPECT_TRUE(builder.add_part(g, std::vector{at, at + geo::Vec2d{0.001, 0}, at + geo::Vec2d{50, 3}}));
      EXPECT_TRUE(builder.add_part(g, std::vector{point(), point()}));
    }
    if (type == GeometryType::polygons) {
      const auto ring = [&](double r) {
        return std::vector{at + geo::Vec2d{-r, -r}, at + geo::Vec2d{r, -r}, at + geo::Vec2d{r, r}, at + geo::Vec2d{-r, r}};
      };
      EXPECT_TRUE(builder.add_part(g, ring(30)));
      EXPECT_TRUE(builder.add_part(g, ring(10), true));
      EXPECT_TRUE(builder.add_part(g, std::vector{at + geo::Vec2d{100, 0}, at + geo::Vec2d{110, 0}, at + geo::Vec2d{100, 9}}));
    }
    return g;
  };
  const auto id = [&](FeatureKind kind) {
    ++number;
    return FeatureId::of(kind, static_cast<IdSource>(number % 5), number);
  };
  FeatureIndex building = kNone, stop = kNone;
  for (int round = 0; round < 20; ++round) {
    const auto text = [&](std::string_view t) { return builder.text(fmt::format("{} {}", t, round)); };
    using enum GeometryType;
    Building b{.height_m = 12.3f,
               .roof_direction_deg = 271.25f,
               .roof_colour_rgb = 0x0A0B0C,
               .homes = 3,
               .levels = 4,
               .year_built = 1897,
               .use = BuildingUse::greenhouse,
               .roof = RoofShape::half_hipped,
               .roof_orientation = RoofOrientation::across,
               .estimated = 0b1010,
               .has_parts = true};
    building = builder.add(id(FeatureKind::building), shape(polygons), text("Hall"), b);
    builder.set_address(building, {"12 bis", "Rue \"Grimaldi\"", "98000", {}});
    b.parent = building;
    builder.add(id(FeatureKind::building_part), shape(polygons), {}, b);
    const auto way = builder.add(
        id(FeatureKind::street), shape(lines), text("Street"),
        Street{.width_m = 5.5f, .forward = kWalk | kBus, .backward = 0, .layer = -3, .is_lit = true, .estimated = 5});
    const std::vector<Attribute> attributes = {{builder.text("name:zh"), builder.text("街道 \"一\" \\")},
                                               {builder.text("wikidata"), text("Q")}};
    builder.set_attributes(way, attributes);
    builder.set_source(way, source);
    builder.add(id(FeatureKind::rail), shape(lines), {}, Rail{.gauge_m = 1.0f, .rail_class = RailClass::funicular, .layer = 2});
    builder.add(id(FeatureKind::water), shape(round % 2 == 0 ? lines : polygons), {},
                Water{.width_m = 3, .water_class = WaterClass::canal});
    builder.add(id(FeatureKind::green), shape(polygons), {}, Green{GreenClass::vineyard});
    builder.add(id(FeatureKind::land_use), shape(polygons), {}, LandUse{LandUseClass::harbour});
    builder.add(id(FeatureKind::paved), shape(polygons), {}, Paved{PavedClass::pier, Surface::wood, Structure::covered, 1});
    builder.add(id(FeatureKind::bridge), shape(polygons), {}, Bridge{2});
    builder.add(id(FeatureKind::barrier), shape(lines), {}, Barrier{2.5f, BarrierClass::city_wall, false});
    builder.add(id(FeatureKind::tree), shape(GeometryType::point), {}, Tree{11, 6, LeafType::palm, false});
    Place place{
        .subtype = text("bakery"), .opening_hours = builder.text("Mo-Fr 07:00-19:00; PH off"), .capacity = 4'000'000'000u};
    place.wheelchair = Wheelchair::limited;
    builder.add(id(FeatureKind::place), shape(round % 2 == 0 ? GeometryType::point : polygons), text("Pain"), place);
    stop = builder.add(id(FeatureKind::stop), shape(GeometryType::point), text("Stop"),
                       Stop{.code = text("S"), .mode = TransitMode::ferry});
    builder.add(id(FeatureKind::area), shape(polygons), text("Quarter"), Area{37000, AreaClass::borough, 9});
    Line line{.reference = text("L"), .from = text("here"), .colour_rgb = 0};
    const std::vector<PatternStop> stops = {{stop, 0, 5}, {stop, 60, 65}};
    const std::vector<Trip> trips = {{86'500, 0x80}, {21'600, 0x1F}};
    line.patterns = {builder.add_pattern(stops, trips), 1};
    builder.add_pattern({}, {});
    ++line.patterns.count;
    builder.add(id(FeatureKind::line), shape(lines), text("Line"), line);
    builder.add_address(id(FeatureKind::address), shape(GeometryType::point), {"7", "Quai", {}, "Monaco"});
  }
  std::vector<float> heights;
  for (int i = 0; i < 300 * 280; ++i) heights.push_back(static_cast<float>(random.uniform(-5, 700)));
  builder.set_terrain(Terrain({-2012.5, -2033.25}, 13.7, 300, 280, Column(std::move(heights))));
  return std::move(builder).build();
}

template <class T>
std::string_view bytes_of(const Column<T>& column) {
  const auto bytes = std::as_bytes(column.values());
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void expect_equal(const City& a, const City& b) {
  EXPECT_EQ(a.name(), b.name());
  EXPECT_EQ(a.time_zone(), b.time_zone());
  EXPECT_EQ(a.plane().origin(), b.plane().origin());
  EXPECT_EQ(a.terrain().origin(), b.terrain().origin());
  EXPECT_EQ(a.terrain().step_m(), b.terrain().step_m());
  EXPECT_EQ(bytes_of(a.terrain().heights_m()), bytes_of(b.terrain().heights_m()));
  std::vector<std::string> of_a, of_b;
  for_each_column(a.columns(),
                  [&](std::string_view name, const auto& c) { of_a.push_back(fmt::format("{} {}", name, c.size())); });
  for_each_column(b.columns(),
                  [&](std::string_view name, const auto& c) { of_b.push_back(fmt::format("{} {}", name, c.size())); });
  EXPECT_EQ(of_a, of_b);
  std::vector<std::pair<std::string, std::string>> bytes;
  for_each_column(a.columns(), [&](std::string_view name, const auto& c) { bytes.emplace_back(name, bytes_of(c)); });
  std::size_t i = 0;
  for_each_column(b.columns(), [&](std::string_view name, const auto& c) {
    EXPECT_TRUE(bytes[i].second == bytes_of(c)) << "column " << name << " differs";
    ++i;
  });
}

std::string whole(const fs::path& path) { return base::read_file(path, 1u << 30).value(); }

TEST(CityFolder, gives_back_every_column_of_a_city_from_geopackage_and_geotiff) {
  const Scratch scratch;
  const City city = odd_city();
  const auto folder = scratch.path() / "city";
  const auto saved = save_city(city, folder);
  ASSERT_TRUE(saved) << saved.error().message;
  const auto packed = open_city(folder);
  ASSERT_TRUE(packed) << packed.error().message;
  expect_equal(city, *packed);
  fs::remove(folder / kPackFile);
  const auto read = open_city(folder);
  ASSERT_TRUE(read) << read.error().message;
  expect_equal(city, *read);
  EXPECT_TRUE(fs::exists(folder / kPackFile));
}

TEST(CityFolder, is_the_same_bytes_when_it_is_written_again) {
  const Scratch scratch;
  const City city = odd_city();
  ASSERT_TRUE(save_city(city, scratch.path() / "a"));
  ASSERT_TRUE(save_city(city, scratch.path() / "b"));
  for (const auto file : {kGeopackageFile, kTerrainFile, kPackFile})
    EXPECT_TRUE(whole(scratch.path() / "a" / file) == whole(scratch.path() / "b" / file)) << file;
}

TEST(CityFolder, makes_the_pack_again_when_the_data_has_changed) {
  const Scratch scratch;
  ASSERT_TRUE(save_city(odd_city(), scratch.path() / "a"));
  CityBuilder other("Other", {1, 1});
  Geometry g = other.begin(GeometryType::point);
  ASSERT_TRUE(other.add_part(g, std::vector<geo::Vec2d>{{1, 1}}));
  other.add(FeatureId::of(FeatureKind::tree, IdSource::osm_node, 1), g, {}, Tree{});
  ASSERT_TRUE(save_city(std::move(other).build(), scratch.path() / "b"));
  fs::copy_file(scratch.path() / "b" / kGeopackageFile, scratch.path() / "a" / kGeopackageFile,
                fs::copy_options::overwrite_existing);
  const auto opened = open_city(scratch.path() / "a");
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(opened->name(), "Other");
}

TEST(CityFolder, replaces_a_city_and_leaves_nothing_beside_it) {
  const Scratch scratch;
  const auto folder = scratch.path() / "city";
  ASSERT_TRUE(save_city(odd_city(), folder));
  fs::create_directories(folder / kTilesFolder / "old");
  fs::create_directories(scratch.path() / "city.writing" / kTilesFolder);  // What a killed run has left.
  ASSERT_TRUE(save_city(odd_city(), folder, "{}\n"));
  EXPECT_FALSE(fs::exists(folder / kTilesFolder));
  EXPECT_EQ(whole(folder / kFindingsFile), "{}\n");
  EXPECT_EQ(std::distance(fs::directory_iterator(scratch.path()), fs::directory_iterator()), 1);
}

TEST(CityFolder, does_not_replace_a_folder_that_holds_other_things) {
  const Scratch scratch;
  std::ofstream(scratch.path() / "thesis.txt") << "years of work";
  const auto refused = save_city(odd_city(), scratch.path());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::conflict);
  EXPECT_EQ(whole(scratch.path() / "thesis.txt"), "years of work");
}

TEST(CityFolder, says_what_to_do_where_there_is_no_city) {
  const Scratch scratch;
  const auto missing = open_city(scratch.path());
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, base::ErrorCode::not_found);
  EXPECT_NE(missing.error().message.find("citiverse ingest"), std::string::npos);
}

TEST(Geopackage, names_layer_and_row_of_a_value_that_cannot_be) {
  const Scratch scratch;
  const auto folder = scratch.path() / "city";
  ASSERT_TRUE(save_city(odd_city(), folder));
  auto database = storage::Database::open(folder / kGeopackageFile, storage::OpenMode::create);
  ASSERT_TRUE(database);
  // The triggers of the index call functions that only a GIS brings.
  ASSERT_TRUE(
      database->run("DROP TRIGGER rtree_tree_geom_update3; DROP TRIGGER rtree_tree_geom_update4;"
                    "UPDATE tree SET leaf = 'plastic' WHERE fid = 3"));
  const auto read = open_city(folder);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, base::ErrorCode::corrupt);
  EXPECT_NE(read.error().message.find("table tree, row 3: the value of leaf cannot be"), std::string::npos)
      << read.error().message;
}

TEST(Geopackage, refuses_a_file_cut_short_at_any_place) {
  const Scratch scratch;
  ASSERT_TRUE(save_city(odd_city(), scratch.path() / "city"));
  const std::string bytes = whole(scratch.path() / "city" / kGeopackageFile);
  for (std::size_t keep = 0; keep < bytes.size(); keep += bytes.size() / 37)
    EXPECT_FALSE(read_geopackage_bytes(bytes.substr(0, keep))) << keep;
  EXPECT_TRUE(read_geopackage_bytes(bytes));
}

}  // namespace
}  // namespace citiverse::city
