#include "ingest/ingest.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include <bzlib.h>
#include <fmt/format.h>

#include "base/file.h"

namespace citiverse::ingest {
namespace {

namespace fs = std::filesystem;

fs::path shared_data() {
  if (const char* set = std::getenv("CITIVERSE_SHARED_DATA")) return set;
  return fs::path(CITIVERSE_SOURCE_DIR) / "../shared/data";
}

#define CITIVERSE_NEEDS(path) \
  if (!fs::exists(path)) GTEST_SKIP() << "skipped: " << (path) << " is not here"

const Progress kSilent = [](std::string_view, double) {};

base::Result<Ingested> ingest_files(std::vector<fs::path> files) { return ingest({std::move(files), "", ""}, kSilent); }

class Scratch {
 public:
  Scratch()
      : path_(fs::temp_directory_path() /
              ("citiverse-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()))) {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  ~Scratch() { fs::remove_all(path_); }
  fs::path file(const std::string& name, std::string_view bytes) const {
    std::ofstream(path_ / name, std::ios::binary) << bytes;
    return path_ / name;
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// Ten metres are about 0.0001 degrees: a small world with a square house, whose inside is given.
std::string osm(std::string_view inside) {
  return fmt::format(R"(<?xml version="1.0"?><osm version="0.6">
<node id="1" lat="50.0000" lon="10.0000"/><node id="2" lat="50.0000" lon="10.0002"/>
<node id="3" lat="50.0002" lon="10.0002"/><node id="4" lat="50.0002" lon="10.0000"/>
<node id="5" lat="50.0010" lon="10.0010"/>{}</osm>)",
                     inside);
}
std::string house(std::string_view tags, int id = 7) {
  return fmt::format(R"(<way id="{}"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/>{}</way>)", id, tags);
}
constexpr std::string_view kIsBuilding = R"(<tag k="building" v="yes"/>)";

bool has_finding(const Ingested& made, std::string_view reason, std::string_view object) {
  const auto at = made.findings.groups().find(reason);
  if (at == made.findings.groups().end()) return false;
  for (const Finding& f : at->second.examples) {
    if (f.object == object) return true;
  }
  return false;
}

Ingested ingest_text(const Scratch& scratch, std::string_view text) {
  auto made = ingest_files({scratch.file("world.osm", text)});
  EXPECT_TRUE(made) << made.error().message;
  return std::move(*made);
}

std::string compressed_by_bzip2(std::string text) {
  std::string out(text.size() + text.size() / 100 + 600, '\0');  // As much as its manual says may be needed.
  auto bytes = static_cast<unsigned>(out.size());
  EXPECT_EQ(BZ2_bzBuffToBuffCompress(out.data(), &bytes, text.data(), static_cast<unsigned>(text.size()), 9, 0, 0), BZ_OK);
  out.resize(bytes);
  return out;
}

TEST(Ingest, reads_what_bzip2_has_compressed) {
  const Scratch scratch;
  const std::string bytes = compressed_by_bzip2(osm(house(kIsBuilding)));
  const auto made = ingest_files({scratch.file("world.osm.bz2", bytes)});
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->city.of_kind(city::FeatureKind::building).count, 1u);

  const auto cut = ingest_files({scratch.file("cut.osm.bz2", std::string_view(bytes).substr(0, bytes.size() / 2))});
  ASSERT_FALSE(cut);
  EXPECT_NE(cut.error().message.find("cut.osm.bz2"), std::string::npos) << cut.error().message;
}

TEST(Ingest, makes_a_building_with_its_tags_and_its_source) {
  const Scratch scratch;
  const auto made =
      ingest_text(scratch, osm(house(R"(<tag k="building" v="house"/><tag k="name" v="Haus"/><tag k="name:fr" v="Maison"/>
<tag k="addr:housenumber" v="3"/><tag k="addr:street" v="Gasse"/><tag k="addr:country" v="AT"/>)")));
  const auto at = made.city.find(*city::feature_id_from("building-w7"));
  ASSERT_TRUE(at);
  const city::Feature& f = made.city.feature(*at);
  EXPECT_EQ(made.city.text(f.name), "Haus");
  EXPECT_EQ(made.city.name_in(f, "fr"), "Maison");
  ASSERT_NE(f.address, city::kNone);
  EXPECT_EQ(made.city.text(made.city.columns().addresses[f.address].street), "Gasse");
  ASSERT_NE(f.source, city::kNone);
  EXPECT_EQ(made.city.text(made.city.columns().sources[f.source].licence), "ODbL 1.0");
  EXPECT_EQ(made.city.time_zone(), "Europe/Vienna");
  EXPECT_TRUE(made.city.building(f).estimated & city::kPeopleEstimated);
  EXPECT_GT(made.city.building(f).people, 0u);
}

TEST(Ingest, keeps_what_timetables_call_stops_and_lines) {
  const Scratch scratch;
  const auto made = ingest_text(scratch, osm(R"(<node id="6" lat="50.0005" lon="10.0005"><tag k="highway" v="bus_stop"/>
<tag k="gtfs:stop_id" v="MC:12"/><tag k="gtfs:stop_code" v="12"/><tag k="ref:IFOPT" v="de:1:2"/></node>
<way id="8"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/></way>
<relation id="9"><member type="way" ref="8" role=""/><tag k="type" v="route"/><tag k="route" v="bus"/><tag k="ref" v="6"/>
<tag k="gtfs:route_id" v="R-6"/></relation>
<relation id="10"><member type="way" ref="8" role=""/><tag k="type" v="route"/><tag k="route" v="bus"/><tag k="ref" v="7"/>
<tag k="gtfs:route_id" v="R-7"/></relation>
<relation id="11"><member type="relation" ref="10" role=""/><tag k="type" v="route_master"/><tag k="route_master" v="bus"/>
<tag k="ref" v="7"/></relation>)"));
  const auto stop = made.city.find(*city::feature_id_from("stop-n6"));
  ASSERT_TRUE(stop);
  EXPECT_EQ(made.city.attribute(made.city.feature(*stop), "gtfs:stop_id"), "MC:12");
  EXPECT_EQ(made.city.attribute(made.city.feature(*stop), "gtfs:stop_code"), "12");
  EXPECT_EQ(made.city.attribute(made.city.feature(*stop), "ref:IFOPT"), "de:1:2");
  const auto line = made.city.find(*city::feature_id_from("line-r9"));
  ASSERT_TRUE(line);
  EXPECT_EQ(made.city.attribute(made.city.feature(*line), "gtfs:route_id"), "R-6");
  const auto of_courses = made.city.find(*city::feature_id_from("line-r11"));
  ASSERT_TRUE(of_courses);
  EXPECT_EQ(made.city.attribute(made.city.feature(*of_courses), "gtfs:route_id"), "R-7");
}

TEST(Ingest, gives_one_object_every_kind_that_it_is) {
  const Scratch scratch;
  const auto made = ingest_text(scratch, osm(house(R"(<tag k="building" v="yes"/><tag k="tourism" v="museum"/>)")));
  EXPECT_TRUE(made.city.find(*city::feature_id_from("building-w7")));
  EXPECT_TRUE(made.city.find(*city::feature_id_from("place-w7")));
}

TEST(Ingest, reads_objects_in_any_order) {
  const Scratch scratch;
  const std::string text =
      R"(<osm version="0.6"><relation id="9"><member type="way" ref="7" role="outer"/><tag k="type" v="multipolygon"/>
<tag k="leisure" v="park"/></relation>)" +
      house("") + osm("").substr(osm("").find("<node"));
  const auto made = ingest_text(scratch, text);
  EXPECT_TRUE(made.city.find(*city::feature_id_from("green-r9")));
}

TEST(Ingest, tells_missing_nodes) {
  const Scratch scratch;
  const auto made =
      ingest_text(scratch, osm(R"(<way id="8"><nd ref="1"/><nd ref="99"/><nd ref="5"/><tag k="highway" v="path"/></way>
<way id="9"><nd ref="98"/><nd ref="99"/><tag k="highway" v="path"/></way>)"));
  EXPECT_TRUE(has_finding(made, "way with missing nodes", "way 8"));
  EXPECT_TRUE(has_finding(made, "way with missing nodes", "way 9"));
  EXPECT_TRUE(made.city.find(*city::feature_id_from("street-w8")));
  EXPECT_FALSE(made.city.find(*city::feature_id_from("street-w9")));
}

TEST(Ingest, splits_rings_that_cross_themselves) {
  const Scratch scratch;
  const auto made = ingest_text(
      scratch,
      osm(R"(<way id="8"><nd ref="1"/><nd ref="3"/><nd ref="2"/><nd ref="4"/><nd ref="1"/><tag k="building" v="yes"/></way>)"));
  EXPECT_TRUE(has_finding(made, "ring that crosses or touches itself", "way 8"));
  const auto at = made.city.find(*city::feature_id_from("building-w8"));
  ASSERT_TRUE(at);
  EXPECT_EQ(made.city.parts(made.city.feature(*at).geometry).size(), 2u);
}

TEST(Ingest, tells_heights_that_cannot_be) {
  const Scratch scratch;
  const auto made = ingest_text(scratch, osm(house(R"(<tag k="building" v="yes"/><tag k="height" v="-12"/>)")));
  EXPECT_TRUE(has_finding(made, "height below 0 m or above 1000 m", "way 7"));
}

TEST(Ingest, tells_objects_that_are_there_twice) {
  const Scratch scratch;
  const auto made = ingest_text(scratch, osm(house(kIsBuilding) + house(kIsBuilding)));
  EXPECT_TRUE(has_finding(made, "object twice in one file", "way 7"));
  EXPECT_EQ(made.city.of_kind(city::FeatureKind::building).count, 1u);
}

TEST(Ingest, tells_relations_whose_ways_are_missing_or_make_no_ring) {
  const Scratch scratch;
  const auto made = ingest_text(scratch, osm(R"(<way id="8"><nd ref="1"/><nd ref="2"/><nd ref="3"/></way>
<relation id="1"><member type="way" ref="77" role="outer"/>
<tag k="type" v="multipolygon"/><tag k="natural" v="water"/></relation>
<relation id="2"><member type="way" ref="8" role="outer"/>
<tag k="type" v="multipolygon"/><tag k="natural" v="water"/></relation>
<relation id="3"><member type="relation" ref="3" role=""/>
<tag k="type" v="multipolygon"/><tag k="natural" v="water"/></relation>
<relation id="4"><member type="relation" ref="5" role=""/>
<tag k="type" v="route_master"/><tag k="route_master" v="bus"/></relation>
<relation id="5"><member type="relation" ref="4" role=""/>
<tag k="type" v="route"/><tag k="route" v="bus"/></relation>)"));
  EXPECT_TRUE(has_finding(made, "relation with ways that are not in the file", "relation 1"));
  EXPECT_TRUE(has_finding(made, "ring of a relation is not closed", "relation 2"));
  EXPECT_TRUE(has_finding(made, "area relation without ways", "relation 3"));
  EXPECT_EQ(made.city.of_kind(city::FeatureKind::water).count, 0u);
}

TEST(Ingest, keeps_a_building_that_bounds_a_park_and_drops_one_that_outlines_the_same_building) {
  const Scratch scratch;
  constexpr std::string_view relation = R"(<relation id="1"><member type="way" ref="7" role="outer"/>
<tag k="type" v="multipolygon"/><tag k="{}" v="{}"/></relation>)";
  const auto park = ingest_text(scratch, osm(house(kIsBuilding) + fmt::format(relation, "leisure", "park")));
  EXPECT_TRUE(park.city.find(*city::feature_id_from("building-w7")));
  EXPECT_TRUE(park.city.find(*city::feature_id_from("green-r1")));
  const auto twice = ingest_text(scratch, osm(house(kIsBuilding) + fmt::format(relation, "building", "yes")));
  EXPECT_FALSE(twice.city.find(*city::feature_id_from("building-w7")));
  EXPECT_TRUE(twice.city.find(*city::feature_id_from("building-r1")));
}

TEST(Ingest, puts_parts_into_the_building_they_stand_in) {
  const Scratch scratch;
  const auto made =
      ingest_text(scratch, osm(house(kIsBuilding) + house(R"(<tag k="building:part" v="yes"/><tag k="height" v="9"/>)", 8)));
  const auto building = made.city.find(*city::feature_id_from("building-w7"));
  const auto part = made.city.find(*city::feature_id_from("building_part-w8"));
  ASSERT_TRUE(building && part);
  EXPECT_EQ(made.city.building(made.city.feature(*part)).parent, *building);
  EXPECT_TRUE(made.city.building(made.city.feature(*building)).has_parts);
}

struct Refused {
  const char* name;
  std::string bytes;
  const char* says;
};

TEST(Ingest, refuses_foreign_and_broken_files_with_their_name_and_the_place) {
  const Scratch scratch;
  const Refused cases[] = {
      {"empty.osm", "", "no known format"},
      {"letter.txt", "Dear Sir or Madam", "no known format"},
      {"page.html", "<html><body/></html>", "no known format"},
      {"cut.osm", osm(house(kIsBuilding)).substr(0, 300), "cannot be read as OpenStreetMap data"},
      {"nothing.osm", R"(<?xml version="1.0"?><osm version="0.6"></osm>)", "no node with coordinates"},
      {"far.osm", R"(<osm version="0.6"><node id="1" lat="999" lon="0"/></osm>)", "far.osm"},
      {"wide.osm", R"(<osm version="0.6"><node id="1" lat="10" lon="0"/><node id="2" lat="60" lon="20"/></osm>)",
       "cut the city out"},
      {"longname.osm",
       osm(fmt::format(R"(<node id="6" lat="50" lon="10"><tag k="name" v="{}"/></node>)", std::string(100'000, 'x'))),
       "cannot be read as OpenStreetMap data"},
      {"laughs.osm",
       R"(<?xml version="1.0"?><!DOCTYPE o [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><osm version="0.6">&b;</osm>)",
       "cannot be read as OpenStreetMap data"},
      {"archive.zip", std::string("PK\x03\x04") + std::string(200, 'z'), "archive.zip"},
      {"picture.tif", std::string("II*\0", 4) + std::string(200, 'z'), "picture.tif"},
      {"N50E010.hgt", "too short", "N50E010.hgt"},
  };
  for (const Refused& c : cases) {
    const auto made = ingest_files({scratch.file(c.name, c.bytes)});
    ASSERT_FALSE(made) << c.name;
    EXPECT_NE(made.error().message.find(c.name), std::string::npos) << c.name << ": " << made.error().message;
    EXPECT_NE(made.error().message.find(c.says), std::string::npos) << c.name << ": " << made.error().message;
  }
  EXPECT_EQ(ingest_files({scratch.path() / "not_there.osm"}).error().code, base::ErrorCode::not_found);
}

TEST(Ingest, refuses_a_pbf_that_is_cut_short_anywhere) {
  const auto pbf = shared_data() / "monaco/monaco-2022-07-19.osm.pbf";
  CITIVERSE_NEEDS(pbf);
  const Scratch scratch;
  const std::string bytes = base::read_file(pbf, 10'000'000).value();
  for (const std::size_t keep : {20u, 100u, 5'000u, 100'000u, 300'000u, 470'000u}) {
    const auto made = ingest_files({scratch.file("cut.osm.pbf", std::string_view(bytes).substr(0, keep))});
    EXPECT_FALSE(made) << keep;
  }
}

TEST(Ingest, tells_tags_with_a_zero_byte_and_does_not_read_past_them) {
  const Scratch scratch;
  // Found by the fuzzer; its first byte is the fuzzer's own.
  const auto seed =
      base::read_file(fs::path(CITIVERSE_SOURCE_DIR) / "testing/corpus/osm_source_fuzz/zero_byte_in_tag.pbf", 100'000);
  ASSERT_TRUE(seed);
  const auto made = ingest_files({scratch.file("zero.osm.pbf", std::string_view(*seed).substr(1))});
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_GE(made->findings.groups().count("tag with a zero byte in it"), 1u);
}

// Counts of osmium-tool: an implementation of its own of which objects carry a tag.
int osmium_count(const fs::path& file, const std::string& filter) {
  const std::string command =
      fmt::format("osmium tags-filter -R -f opl -o - '{}' {} 2>/dev/null | wc -l", file.string(), filter);
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return -1;
  int count = -1;
  if (std::fscanf(pipe, "%d", &count) != 1) count = -1;
  ::pclose(pipe);
  return count;
}

std::uint64_t found(const Ingested& made, std::string_view reason) {
  const auto at = made.findings.groups().find(reason);
  return at == made.findings.groups().end() ? 0 : at->second.count;
}

TEST(Ingest, keeps_every_tree_building_and_street_that_osmium_counts) {
  if (std::system("command -v osmium >/dev/null") != 0) GTEST_SKIP() << "skipped: needs the program osmium";
  int seen = 0;
  for (const char* name : {"monaco/monaco-2022-07-19.osm.pbf", "osm-3d/krems.osm.gz", "porto-alegre/poa_osm.pbf"}) {
    const auto file = shared_data() / name;
    if (!fs::exists(file)) continue;
    ++seen;
    const auto made = ingest_files({file});
    ASSERT_TRUE(made) << made.error().message;
    const auto counted = [&](city::FeatureKind kind) { return static_cast<int>(made->city.of_kind(kind).count); };
    const int outside = static_cast<int>(found(*made, "object outside the data's box"));
    const int left_out = outside + static_cast<int>(found(*made, "building whose outline is not closed")) +
                         static_cast<int>(found(*made, "relation with ways that are not in the file")) +
                         static_cast<int>(found(*made, "building that is also the outline of a building relation"));
    const int buildings = osmium_count(file, "wr/building");
    EXPECT_LE(counted(city::FeatureKind::building), buildings) << name;
    EXPECT_GE(counted(city::FeatureKind::building) + left_out, buildings - osmium_count(file, "wr/building=no,entrance"))
        << name;
    EXPECT_EQ(counted(city::FeatureKind::bridge), osmium_count(file, "wr/man_made=bridge")) << name;
    const int rails =
        osmium_count(file, "w/railway=rail,light_rail,tram,subway,funicular,monorail,narrow_gauge,preserved,miniature");
    EXPECT_LE(counted(city::FeatureKind::rail), rails) << name;
    EXPECT_GE(counted(city::FeatureKind::rail) + outside, rails) << name;
  }
  if (seen == 0) GTEST_SKIP() << "skipped: no shared data";
}

TEST(Ingest, knows_the_real_monaco) {
  const auto pbf = shared_data() / "monaco/monaco-2022-07-19.osm.pbf";
  const auto hgt = shared_data() / "monaco/N43E007.hgt.zip";
  CITIVERSE_NEEDS(pbf);
  CITIVERSE_NEEDS(hgt);
  const auto made = ingest_files({pbf, hgt});
  ASSERT_TRUE(made) << made.error().message;
  const city::City& c = made->city;
  EXPECT_EQ(c.name(), "Monaco");
  EXPECT_EQ(c.time_zone(), "Europe/Monaco");
  EXPECT_EQ(c.text(c.columns().sources[0].date), "2022-07-19");
  const auto height = [&](double lat, double lon) { return c.terrain().height_at(c.plane().to_plane({lat, lon})); };
  EXPECT_NEAR(height(43.7314, 7.4203), 58, 10);   // The Rock: gdallocationinfo gives 58 m.
  EXPECT_NEAR(height(43.7415, 7.4200), 149, 15);  // The slope under La Turbie.
  EXPECT_EQ(height(43.7340, 7.4500), 0);          // The sea.
  bool sea_holds_the_open_water = false;
  c.index().visit_box(
      geo::Box2d{c.plane().to_plane({43.7340, 7.4450}), c.plane().to_plane({43.7340, 7.4450})}, [&](city::FeatureIndex i) {
        const auto& f = c.feature(i);
        sea_holds_the_open_water |= f.id.kind() == city::FeatureKind::water && c.water(f).water_class == city::WaterClass::sea;
      });
  EXPECT_TRUE(sea_holds_the_open_water);
}

TEST(Ingest, gives_the_same_city_for_the_same_files) {
  const auto file = shared_data() / "osm-3d/berlin-siegessaeule.osm.gz";
  CITIVERSE_NEEDS(file);
  const auto a = ingest_files({file});
  const auto b = ingest_files({file});
  ASSERT_TRUE(a && b);
  EXPECT_EQ(a->findings.to_json(), b->findings.to_json());
  std::vector<std::string> of_a;
  city::for_each_column(a->city.columns(), [&](std::string_view, const auto& column) {
    const auto bytes = std::as_bytes(column.values());
    of_a.emplace_back(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  });
  std::size_t i = 0;
  city::for_each_column(b->city.columns(), [&](std::string_view name, const auto& column) {
    const auto bytes = std::as_bytes(column.values());
    EXPECT_TRUE(of_a[i++] == std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size())) << name;
  });
}

}  // namespace
}  // namespace citiverse::ingest
