// Which object of the city is meant by the codes of a timetable.
#include "api/feeds/anchor_finder.h"

#include <array>

#include <gtest/gtest.h>

#include "city/city_builder.h"

namespace citiverse::api::feeds {
namespace {

using By = AnchorRule::By;
using Tags = std::vector<std::pair<std::string_view, std::string_view>>;

class AnchorFinderTest : public testing::Test {
 protected:
  void set_tags(city::FeatureIndex feature, const Tags& tags) {
    std::vector<city::Attribute> attributes;
    for (const auto& [key, value] : tags) attributes.push_back({builder_.text(key), builder_.text(value)});
    builder_.set_attributes(feature, attributes);
  }
  void add_stop(std::uint64_t number, const Tags& tags, std::string_view code = {}) {
    city::Geometry point = builder_.begin(city::GeometryType::point);
    const geo::Vec2d at{static_cast<double>(number), 0};
    ASSERT_TRUE(builder_.add_part(point, std::span(&at, 1)));
    city::Stop stop;
    stop.code = builder_.text(code);
    const auto id = city::FeatureId::of(city::FeatureKind::stop, city::IdSource::osm_node, number);
    set_tags(builder_.add(id, point, builder_.text("Stop"), stop), tags);
  }
  void add_line(std::uint64_t number, const Tags& tags, std::string_view reference) {
    city::Geometry course = builder_.begin(city::GeometryType::lines);
    const std::array<geo::Vec2d, 2> points{{{0, 0}, {100, 0}}};
    ASSERT_TRUE(builder_.add_part(course, points));
    city::Line line;
    line.reference = builder_.text(reference);
    const auto id = city::FeatureId::of(city::FeatureKind::line, city::IdSource::osm_relation, number);
    set_tags(builder_.add(id, course, builder_.text("Line"), line), tags);
  }
  AnchorFinder finder() && { return find_anchors_in(std::move(builder_).build()); }

  city::CityBuilder builder_{"Trial", {43.7, 7.4}};
};

TEST_F(AnchorFinderTest, stops_and_lines_are_found_by_what_timetables_call_them) {
  add_stop(1, {{"gtfs:stop_id", "MC:12"}, {"gtfs:stop_code", "12"}});
  add_stop(2, {{"ref:IFOPT", "de:08111:6118"}});
  add_stop(3, {{"gtfs_id", "HSL:1010105"}}, "H9");
  add_line(4, {{"gtfs:route_id", "R-6"}}, "6");
  const AnchorFinder find = std::move(*this).finder();
  EXPECT_EQ(find(By::stop, "MC:12"), "stop-n1");
  EXPECT_EQ(find(By::stop, "12"), "stop-n1");
  EXPECT_EQ(find(By::stop, "de:08111:6118"), "stop-n2");
  EXPECT_EQ(find(By::stop, "HSL:1010105"), "stop-n3");
  EXPECT_EQ(find(By::stop, "H9"), "stop-n3");
  EXPECT_EQ(find(By::line, "R-6"), "line-r4");
  EXPECT_EQ(find(By::line, "6"), "line-r4");
  EXPECT_EQ(find(By::line, "12"), "");
  EXPECT_EQ(find(By::stop, "R-6"), "");
}

TEST_F(AnchorFinderTest, an_id_of_the_timetable_comes_before_the_number_on_a_vehicle_or_pole) {
  add_stop(1, {{"ref", "7"}});
  add_stop(2, {{"gtfs:stop_id", "7"}});
  add_line(3, {{"gtfs:route_id", "9"}}, "5");
  add_line(4, {{"gtfs:route_id", "5"}}, "9");
  add_line(5, {}, "1");
  add_line(6, {}, "1");
  const AnchorFinder find = std::move(*this).finder();
  EXPECT_EQ(find(By::stop, "7"), "stop-n2");
  EXPECT_EQ(find(By::line, "5"), "line-r4");
  EXPECT_EQ(find(By::line, "9"), "line-r3");
  EXPECT_EQ(find(By::line, "1"), "line-r5") << "of equals the first";
}

}  // namespace
}  // namespace citiverse::api::feeds
