// OGC 18-088, 9.3.3.5: $filter, by the examples of its tables 22 and 23.
#include "api/sensor_things/test_node.h"

namespace citiverse::api::sensor_things {
namespace {

using testing::HasSubstr;

class FilterTest : public SensorThingsTest {
 protected:
  FilterTest() {
    add_station();
    const auto sent = post("/Things", R"({"name":"Sensor Things","description":"'tis a test","properties":{"owner":"John Doe",
      "floors":3},"Locations":[{"name":"here","description":"","encodingType":"application/geo+json",
      "location":{"type":"Point","coordinates":[30,10]}}]})");
    EXPECT_EQ(sent.status, 201) << sent.body;
    const auto values = post("/Observations", R"({"Datastream":{"@iot.id":"urn:ngsi-ld:Station:1!temperature"},"result":32.4,
      "phenomenonTime":"2014-12-31T23:59:59.5Z","resultTime":"2015-12-08T01:00:00+01:00",
      "validTime":"2016-01-02T01:01:01.000Z/2016-01-03T23:59:59.999Z","parameters":{"depth":2}})");
    EXPECT_EQ(values.status, 201) << values.body;
  }
  // Whether the Observation made above, of 32.4, fits.
  bool fits(const std::string& filter) {
    const auto found = list(std::string(kStationTemperature) + "/Observations", "result", "$filter=" + filter);
    EXPECT_THAT(found, testing::AnyOf("", "32.4", "21.5", "32.4, 21.5")) << filter;
    return found.contains("32.4");
  }
  // Whether the Thing named "Sensor Things" fits.
  bool thing_fits(const std::string& filter) { return list("/Things", "name", "$filter=" + filter).contains("Sensor"); }
};

TEST_F(FilterTest, comparisons_are_of_numbers_texts_and_times) {
  for (const std::string filter : {"result eq 32.4", "result ne 5", "result gt 20.0", "result ge 32.4", "result lt 100",
                                   "result le 100", "validTime ne null", "resultQuality eq null"})
    EXPECT_TRUE(fits(filter)) << filter;
  for (const std::string filter : {"result eq 5", "result gt 100", "result eq 'x'", "result gt null", "resultQuality gt 1"})
    EXPECT_FALSE(fits(filter)) << filter;
  EXPECT_TRUE(thing_fits("name eq 'Sensor Things'"));
  EXPECT_TRUE(thing_fits("description eq '''tis a test'")) << "a quotation mark is written twice";
}

TEST_F(FilterTest, logic_knows_what_is_unknown) {
  EXPECT_TRUE(fits("result le 3.5 or result gt 20"));
  EXPECT_FALSE(fits("result le 3.5 and result gt 20"));
  EXPECT_TRUE(fits("not startswith(Datastream/name,'test')"));
  EXPECT_TRUE(fits("result gt 1 or resultQuality gt 1"));
  EXPECT_FALSE(fits("not (resultQuality gt 1)")) << "null is neither true nor false";
  EXPECT_TRUE(fits("not result eq 5")) << "not takes a whole comparison";
  EXPECT_TRUE(fits("false eq false and (true or false) and not false"));
}

TEST_F(FilterTest, arithmetic_follows_precedence) {
  for (const std::string filter :
       {"result add 5 gt 37", "result sub 5 gt 10", "result mul 2 lt 2000", "result div 2 gt 4", "7 mod 4 eq 3",
        "(result sub 5) gt 10", "2 add 3 mul 4 eq 14", "-result lt 0", "1 sub -1 eq 2", "10 sub 4 sub 3 eq 3"})
    EXPECT_TRUE(fits(filter)) << filter;
  EXPECT_FALSE(fits("result div 0 gt 1")) << "null";
}

TEST_F(FilterTest, text_functions) {
  for (const std::string filter :
       {"substringof('Sensor Things',name)", "endswith(name,'Things')", "startswith(name,'Sensor')", "length(name) eq 13",
        "indexof(name,'ensor') eq 1", "indexof(name,'x') eq -1", "substring(name,1) eq 'ensor Things'",
        "substring(name,1,3) eq 'ens'", "tolower(name) eq 'sensor things'", "toupper(name) eq 'SENSOR THINGS'",
        "trim(concat(' ',name)) eq 'Sensor Things'", "concat(concat(name,', '),properties/owner) eq 'Sensor Things, John Doe'",
        "length('°C') eq 2"})
    EXPECT_TRUE(thing_fits(filter)) << filter;
}

TEST_F(FilterTest, date_functions) {
  for (const std::string filter :
       {"year(resultTime) eq 2015", "month(resultTime) eq 12", "day(resultTime) eq 8", "hour(resultTime) eq 0",
        "minute(resultTime) eq 0", "second(phenomenonTime) eq 59", "fractionalseconds(phenomenonTime) eq 0.5",
        "date(resultTime) ne date(validTime)", "date(resultTime) eq 2015-12-08", "time(phenomenonTime) gt 23:59:00",
        "totaloffsetminutes(2015-12-08T01:00:00%2B01:00) eq 60", "resultTime lt now()", "resultTime gt mindatetime()",
        "resultTime lt maxdatetime()", "resultTime sub phenomenonTime gt duration'P300D'",
        "phenomenonTime add duration'PT0.5S' eq 2015-01-01T00:00:00Z"})
    EXPECT_TRUE(fits(filter)) << filter;
}

TEST_F(FilterTest, intervals_do_not_hold_their_end) {
  for (const std::string filter :
       {"before(2015-07-26T09:56:00Z,validTime)", "before(validTime,2016-01-03T23:59:59.999Z)",
        "after(2016-07-26T09:56:00Z,validTime)", "meets(2016-01-02T01:01:01.000Z,validTime)",
        "meets(validTime,2016-01-03T23:59:59.999Z/2017-01-01T00:00:00Z)", "during(2016-01-02T02:00:00Z,validTime)",
        "during(validTime,2016-01-01T00:00:00Z/2017-01-01T00:00:00Z)",
        "overlaps(validTime,2016-01-03T00:00:00Z/2017-01-01T00:00:00Z)",
        "starts(validTime,2016-01-02T01:01:01.000Z/2016-01-02T23:59:59.999Z)",
        "finishes(validTime,2016-01-03T00:00:00Z/2016-01-03T23:59:59.999Z)", "validTime lt 2016-01-04T00:00:00Z",
        "validTime gt 2016-01-01T00:00:00Z"})
    EXPECT_TRUE(fits(filter)) << filter;
  for (const std::string filter :
       {"overlaps(validTime,2016-01-03T23:59:59.999Z/2017-01-01T00:00:00Z)", "during(2016-01-03T23:59:59.999Z,validTime)",
        "before(validTime,2016-01-03T00:00:00Z)", "validTime lt 2016-01-03T00:00:00Z"})
    EXPECT_FALSE(fits(filter)) << filter;
}

TEST_F(FilterTest, math_functions) {
  for (const std::string filter : {"round(result) eq 32", "floor(result) eq 32", "ceiling(result) eq 33", "round(-2.5) eq -3"})
    EXPECT_TRUE(fits(filter)) << filter;
}

TEST_F(FilterTest, geospatial_functions) {
  const std::string polygon = "geography'POLYGON ((25 5, 35 5, 35 15, 25 15, 25 5))'";
  for (const std::string& filter :
       {std::string("geo.distance(Locations/location,geography'POINT (30 13)') eq 3"),
        std::string("geo.length(geography'LINESTRING (0 0, 3 4)') eq 5"), "geo.intersects(Locations/location," + polygon + ")",
        std::string("st_equals(Locations/location,geography'POINT (30 10)')"), "st_within(Locations/location," + polygon + ")",
        "not st_disjoint(Locations/location," + polygon + ")", "st_contains(" + polygon + ",Locations/location)",
        "st_intersects(Locations/location," + polygon + ")", "not st_touches(Locations/location," + polygon + ")",
        "st_touches(geography'POINT (25 10)'," + polygon + ")",
        std::string("st_crosses(geography'LINESTRING (0 10, 40 10)',") + polygon + ")",
        std::string("st_overlaps(geography'POLYGON ((0 0, 30 0, 30 10, 0 10, 0 0))',") + polygon + ")",
        "st_relate(Locations/location," + polygon + ",'T********')"})
    EXPECT_TRUE(thing_fits(filter)) << filter;
  EXPECT_FALSE(thing_fits("geo.distance(Locations/location,geography'nowhere') lt 1"));
  EXPECT_FALSE(thing_fits("st_relate(Locations/location,geography'POINT (1 1)','short')"));
}

TEST_F(FilterTest, properties_of_what_is_linked_count) {
  EXPECT_TRUE(thing_fits("properties/floors gt 2"));
  EXPECT_TRUE(fits("parameters/depth eq 2"));
  EXPECT_TRUE(fits("Datastream/id eq 'urn:ngsi-ld:Station:1!temperature'"));
  EXPECT_TRUE(fits("Datastream/Thing/name eq 'Port' and FeatureOfInterest/id eq 'urn:ngsi-ld:Station:1'"));
  EXPECT_TRUE(fits("Datastream/unitOfMeasurement/name eq 'degree Celsius'"));
  EXPECT_FALSE(fits("Datastream/Thing/name eq 'Starboard'"));
}

TEST_F(FilterTest, all_that_is_said_of_a_collection_holds_for_the_same_one_of_it) {
  const auto things = [&](const std::string& filter) { return list("/Things", "name", "$filter=" + filter); };
  EXPECT_EQ(things("Datastreams/Observations/result gt 30 and Datastreams/Observations/phenomenonTime lt 2015-01-01T00:00:00Z"),
            "Port");
  EXPECT_EQ(things("Datastreams/Observations/result lt 30 and Datastreams/Observations/phenomenonTime lt 2015-01-01T00:00:00Z"),
            "")
      << "one has the result, another one the time";
  EXPECT_EQ(things("Datastreams/id eq null"), "Sensor Things") << "where there is none, its properties are null";
}

TEST_F(FilterTest, what_cannot_be_read_is_told_with_its_place) {
  const auto reply = get("/Things", "$filter=name eq 'x' und true");
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.body, HasSubstr("$filter: at byte 13"));
  for (const std::string filter : {"foo(name)", "length()", "length(name,name)", "name eq 'open", "5x eq 5", "1 eq", "a/b/c",
                                   "geography'POINT(1 1)", "duration'P1M' eq 1", "(true", "true)", "", "name eq eq"})
    EXPECT_EQ(get("/Things", "$filter=" + filter).status, 400) << filter;
}

TEST_F(FilterTest, what_is_too_long_is_refused) {
  std::string many = "true";
  for (int i = 0; i < 300; ++i) many += " and true";
  EXPECT_EQ(get("/Things", "$filter=" + many).status, 400);
}

}  // namespace
}  // namespace citiverse::api::sensor_things
