// ETSI GS CIM 009 V1.9.1, 4.10: every relation on geometries drawn so that the answer can be seen; distances by arithmetic.
#include "twin/query/geo_query.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numbers>

#include "twin/query/query_test_city.h"

namespace citiverse::twin {
namespace {

constexpr double kDegreeM = kEarthRadiusM * std::numbers::pi / 180;
constexpr const char* kSquare = "[[[0,0],[10,0],[10,10],[0,10],[0,0]]]";

class Geo : public testing::Test {
 protected:
  bool is(std::string_view georel, std::string_view type, std::string_view coordinates, const std::string& target) {
    const auto query = GeoQuery::parse({georel, type, coordinates, world_.terms.name("location")});
    EXPECT_TRUE(query) << (query ? "" : query.error().message);
    return query && query->matches(*at(target));
  }
  EntityPtr at(const std::string& geo_json) {
    return world_.entity("urn:x:1", "Thing", {world_.attribute("location", Json{geo_json}, AttributeKind::geo_property)});
  }
  std::string complaint(std::string_view georel, std::string_view type, std::string_view coordinates) {
    const auto query = GeoQuery::parse({georel, type, coordinates, world_.terms.name("location")});
    return query ? "" : query.error().message;
  }
  static std::string point(double lon, double lat) {
    return fmt::format(R"({{"type":"Point","coordinates":[{},{}]}})", lon, lat);
  }
  static std::string shape(const char* type, const char* coordinates) {
    return fmt::format(R"({{"type":"{}","coordinates":{}}})", type, coordinates);
  }
  TestWorld world_;
};

TEST_F(Geo, near_measures_metres_on_the_sphere) {
  EXPECT_NEAR(distance_m({8, 40}, {8, 41}), kDegreeM, 1e-6);
  EXPECT_NEAR(distance_m({0, 0}, {180, 0}), kEarthRadiusM * std::numbers::pi, 1e-3);
  EXPECT_TRUE(is("near;maxDistance==2000", "Point", "[8,40]", point(8, 40 + 1999 / kDegreeM)));
  EXPECT_FALSE(is("near;maxDistance==2000", "Point", "[8,40]", point(8, 40 + 2001 / kDegreeM)));
  EXPECT_FALSE(is("near;minDistance==2000", "Point", "[8,40]", point(8, 40 + 1999 / kDegreeM)));
  EXPECT_TRUE(is("near;minDistance==2000", "Point", "[8,40]", point(8, 40 + 2001 / kDegreeM)));
  EXPECT_TRUE(is("near;maxDistance==30000", "Point", "[179.9,0]", point(-179.9, 0))) << "across the antimeridian";
  EXPECT_TRUE(is("near;maxDistance==200000", "Point", "[0,89.5]", point(180, 89.5))) << "across the pole";
}

TEST_F(Geo, near_measures_from_and_to_lines_and_areas) {
  const auto line = shape("LineString", "[[8,40],[8,40.01]]");
  EXPECT_TRUE(is("near;maxDistance==450", "Point", "[8.005,40.005]", line));
  EXPECT_FALSE(is("near;maxDistance==400", "Point", "[8.005,40.005]", line));
  EXPECT_TRUE(is("near;maxDistance==1", "Polygon", kSquare, point(5, 5)));
  EXPECT_FALSE(is("near;minDistance==1", "Polygon", kSquare, point(5, 5)));
  EXPECT_TRUE(is("near;maxDistance==120000", "Polygon", kSquare, point(11, 5)));
}

TEST_F(Geo, within_and_intersects_differ_on_the_edge) {
  EXPECT_TRUE(is("within", "Polygon", kSquare, point(5, 5)));
  EXPECT_FALSE(is("within", "Polygon", kSquare, point(10, 5)));
  EXPECT_TRUE(is("intersects", "Polygon", kSquare, point(10, 5)));
  EXPECT_FALSE(is("intersects", "Polygon", kSquare, point(10.1, 5)));
  constexpr const char* kTriangle = "[[[0,0],[10,0],[0,10],[0,0]]]";
  EXPECT_TRUE(is("within", "Polygon", kTriangle, point(4, 4)));
  EXPECT_FALSE(is("within", "Polygon", kTriangle, point(5, 5)));
  EXPECT_FALSE(is("intersects", "Polygon", kTriangle, point(6, 6)));
  EXPECT_FALSE(is("within", "Polygon", "[[[0,0],[10,0],[10,10],[0,10],[0,0]],[[4,4],[6,4],[6,6],[4,6],[4,4]]]", point(5, 5)));
}

TEST_F(Geo, each_relation_on_areas_is_what_a_drawing_shows) {
  const auto inner = shape("Polygon", "[[[2,2],[4,2],[4,4],[2,4],[2,2]]]");
  const auto beside = shape("Polygon", "[[[20,2],[24,2],[24,4],[20,4],[20,2]]]");
  const auto across = shape("Polygon", "[[[8,2],[14,2],[14,4],[8,4],[8,2]]]");
  const auto around = shape("MultiPolygon", "[[[[-1,-1],[11,-1],[11,11],[-1,11],[-1,-1]]]]");
  EXPECT_TRUE(is("within", "Polygon", kSquare, inner));
  EXPECT_FALSE(is("within", "Polygon", kSquare, across));
  EXPECT_TRUE(is("contains", "Polygon", kSquare, around));
  EXPECT_FALSE(is("contains", "Polygon", kSquare, inner));
  EXPECT_TRUE(is("overlaps", "Polygon", kSquare, across));
  EXPECT_FALSE(is("overlaps", "Polygon", kSquare, inner));
  EXPECT_TRUE(is("disjoint", "Polygon", kSquare, beside));
  EXPECT_FALSE(is("disjoint", "Polygon", kSquare, across));
  EXPECT_TRUE(is("equals", "Polygon", kSquare, shape("Polygon", "[[[10,10],[0,10],[0,0],[10,0],[10,10]]]")));
  EXPECT_FALSE(is("equals", "Polygon", kSquare, inner));
}

TEST_F(Geo, every_geometry_of_geojson_may_be_asked_for_and_asked_about) {
  const auto line = shape("LineString", "[[-5,5],[15,5]]");
  for (const auto& [type, coordinates] : std::initializer_list<std::pair<const char*, const char*>>{
           {"Point", "[5,5]"},
           {"MultiPoint", "[[5,5],[50,50]]"},
           {"LineString", "[[5,0],[5,10]]"},
           {"MultiLineString", "[[[5,0],[5,10]],[[50,50],[51,51]]]"},
           {"Polygon", kSquare},
           {"MultiPolygon", "[[[[0,0],[10,0],[10,10],[0,10],[0,0]]]]"}}) {
    EXPECT_TRUE(is("intersects", type, coordinates, line)) << type;
    EXPECT_FALSE(is("disjoint", type, coordinates, line)) << type;
    EXPECT_TRUE(is("intersects", "LineString", "[[-5,5],[15,5]]", shape(type, coordinates))) << type;
  }
  EXPECT_TRUE(is("intersects", "Polygon", kSquare,
                 R"({"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[5,5]}]})"));
}

TEST_F(Geo, an_entity_without_the_property_or_with_something_else_in_it_does_not_match) {
  const auto query = GeoQuery::parse({"disjoint", "Polygon", kSquare, world_.terms.name("location")});
  ASSERT_TRUE(query);
  EXPECT_FALSE(query->matches(*world_.entity("urn:x:1", "T", {world_.attribute("position", Json{point(50, 50)})})));
  EXPECT_FALSE(query->matches(*world_.entity("urn:x:1", "T", {world_.attribute("location", std::string("there"))})));
  EXPECT_FALSE(query->matches(*at(R"({"type":"Polygon","coordinates":"no"})")));
}

TEST_F(Geo, the_box_holds_what_can_match_and_is_open_where_all_can) {
  const auto box = [&](std::string_view georel, std::string_view coordinates) {
    return GeoQuery::parse({georel, "Point", coordinates, 1})->box();
  };
  const auto near = box("near;maxDistance==1000", "[8,40]");
  ASSERT_TRUE(near);
  EXPECT_LT(near->south_deg, 40 - 1000 / kDegreeM);
  EXPECT_GT(near->east_deg, 8 + 1000 / kDegreeM / std::cos(40 * std::numbers::pi / 180));
  EXPECT_FALSE(box("near;minDistance==1000", "[8,40]"));
  EXPECT_FALSE(box("disjoint", "[8,40]"));
  const auto crossing = box("near;maxDistance==1000", "[180,0]");
  ASSERT_TRUE(crossing);
  EXPECT_GT(crossing->west_deg, crossing->east_deg);
}

TEST_F(Geo, complaints_name_the_parameter_and_what_is_wrong) {
  using testing::HasSubstr;
  EXPECT_THAT(complaint("nearby", "Point", "[8,40]"), HasSubstr("georel: at byte 5"));
  EXPECT_THAT(complaint("near", "Point", "[8,40]"), HasSubstr("maxDistance"));
  for (const char* distance : {"0", "-5", "x", "1e999", ""})
    EXPECT_THAT(complaint(fmt::format("near;maxDistance=={}", distance), "Point", "[8,40]"), HasSubstr("more than 0"));
  EXPECT_THAT(complaint("within", "Circle", "[8,40]"), HasSubstr("geometry: expected Point"));
  EXPECT_THAT(complaint("within", "Point", "[8,40"), HasSubstr("coordinates: "));
  EXPECT_THAT(complaint("within", "Point", "[8,400]"), HasSubstr("not on the Earth"));
  EXPECT_THAT(complaint("within", "Polygon", "[8,40]"), HasSubstr("as deep"));
  EXPECT_THAT(complaint("within", "Polygon", "[[[0,0],[1,0],[1,1],[0,1]]]"), HasSubstr("last position is its first"));
  EXPECT_THAT(complaint("within", "Polygon", "[[[0,0],[1,1],[1,0],[0,1],[0,0]]]"), HasSubstr("not valid: Self-intersection"));
}

}  // namespace
}  // namespace citiverse::twin
