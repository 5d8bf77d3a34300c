// ETSI GS CIM 009 V1.9.1, 4.9: its grammar and its examples, each asked of entities that match and of ones that do not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twin/moment.h"
#include "twin/query/q_match.h"
#include "twin/query/q_parser.h"
#include "twin/query/query_test_city.h"

namespace citiverse::twin {
namespace {

using Kind = AttributeKind;

class Q : public testing::Test {
 protected:
  bool asks(std::string_view q, const EntityPtr& entity, std::vector<std::string> expand_values = {}) {
    const auto read = parse_q(q, world_.terms, expand_values);
    EXPECT_TRUE(read) << q << ": " << (read ? "" : read.error().message);
    const QSurroundings around{world_.names,
                               [&](std::string_view id) { return linked_ && linked_->id == id ? linked_ : nullptr; }};
    return read && matches(*read, *entity, around);
  }
  bool one(std::string_view q, Attribute attribute) {
    return asks(q, world_.entity("urn:x:1", "Thing", {std::move(attribute)}));
  }
  std::string complaint(std::string_view q) {
    const auto read = parse_q(q, world_.terms);
    return read ? "" : read.error().message;
  }
  Attribute said(std::string_view term, Value value, Kind kind = Kind::property) { return world_.attribute(term, value, kind); }
  static Json json(const char* text) { return {text}; }

  TestWorld world_;
  EntityPtr linked_;
};

TEST_F(Q, examples_0_to_5_ask_for_existence_and_simple_values) {
  EXPECT_TRUE(one("temperature", said("temperature", 20.0)));
  EXPECT_FALSE(one("temperature", said("humidity", 20.0)));
  EXPECT_TRUE(one("temperature==20", said("temperature", std::int64_t{20})));
  EXPECT_FALSE(one("temperature==20", said("temperature", std::string("20"))));
  EXPECT_FALSE(one("brandName!=\"Mercedes\"", said("brandName", std::string("Mercedes"))));
  EXPECT_TRUE(one("brandName!=\"Mercedes\"", said("brandName", 5.0))) << "values of different types are unequal";
  EXPECT_FALSE(one("brandName!=\"Mercedes\"", said("speed", 5.0))) << "the element must be there";
  const auto parked = said("isParked", std::string("urn:ngsi-ld:OffStreetParking:Downtown1"), Kind::relationship);
  EXPECT_TRUE(one("isParked==\"urn:ngsi-ld:OffStreetParking:Downtown1\"", parked));
  EXPECT_TRUE(one("isParked==urn:ngsi-ld:OffStreetParking:Downtown1", parked));
  EXPECT_FALSE(one("isParked>\"a\"", parked)) << "a relationship knows only == and !=";
}

TEST_F(Q, examples_4_6_and_7_combine_conditions_and_and_binds_closer) {
  const auto car = world_.entity("urn:x:1", "Car", {said("speed", 60.0), said("brandName", std::string("Mercedes"))});
  EXPECT_FALSE(asks("speed>50;brandName!=\"Mercedes\"", car));
  EXPECT_TRUE(asks("((speed>50|rpm>3000);brandName==\"Mercedes\")", car));
  EXPECT_TRUE(asks("speed>50|rpm>3000;brandName==\"Fiat\"", car));
  EXPECT_FALSE(asks("(speed>50|rpm>3000);brandName==\"Fiat\"", car));
  EXPECT_TRUE(asks("(temperature>=20;temperature<=25)|capacity<=10", world_.entity("urn:x:2", "X", {said("capacity", 10.0)})));
}

TEST_F(Q, example_8_reaches_times_of_the_system_and_sub_attributes) {
  auto temperature = said("temperature", 20.0);
  temperature.observed_us = *parse_moment("2017-12-24T12:00:00Z");
  temperature.unit = world_.names.intern("CEL");
  temperature.about = {said("accuracy", 0.5)};
  EXPECT_TRUE(one("temperature.observedAt>=2017-12-24T12:00:00Z", temperature));
  EXPECT_FALSE(one("temperature.observedAt>2017-12-24T12:00:00Z", temperature));
  EXPECT_TRUE(one("temperature.observedAt==2017-12-24T00:00:00Z..2017-12-25T00:00:00Z", temperature));
  EXPECT_TRUE(one("temperature.unitCode==\"CEL\"", temperature));
  EXPECT_TRUE(one("temperature.accuracy<=0.5", temperature));
  EXPECT_FALSE(one("temperature.precision", temperature));
  EXPECT_FALSE(one("temperature.modifiedAt", temperature));
}

TEST_F(Q, examples_9_to_11_enter_compound_values) {
  const auto address = said("address", json(R"({"city":"Berlin","street":"Ulrich Strasse"})"));
  EXPECT_TRUE(one("address[city]==\"Berlin\"", address));
  EXPECT_FALSE(one("address[country]", address));
  EXPECT_FALSE(one("address[country]!=\"Spain\"", address)) << "what is not defined does not exist";
  auto sensor = said("sensor", 40.0);
  sensor.about = {said("rawdata", json(R"({"airquality":{"particulate":40,"PM20":85}})"))};
  EXPECT_TRUE(one("sensor.rawdata[airquality.particulate]==40", sensor));
  EXPECT_FALSE(one("sensor.rawdata[airquality.PM20]==40", sensor));
  const auto tickets =
      said("parkingTickets", json(R"({"id":"85a6cc52-0589-45f9","value":"Overstay 60 minutes"})"), Kind::json_property);
  EXPECT_TRUE(one("parkingTickets[value]==\"Overstay 60 minutes\"", tickets));
}

TEST_F(Q, example_12_expands_terms_of_a_vocabulary) {
  const auto gender = said("gender", std::string("https://example.org/Male"), Kind::vocab_property);
  EXPECT_TRUE(one("gender==Male", gender));
  EXPECT_TRUE(one("gender==\"https://example.org/Male\"", gender));
  EXPECT_FALSE(one("gender==Female", gender));
  const auto plain = world_.entity("urn:x:1", "Person", {said("gender", std::string("https://example.org/Male"))});
  EXPECT_FALSE(asks("gender==\"Male\"", plain));
  EXPECT_TRUE(asks("gender==\"Male\"", plain, {"gender"}));
}

TEST_F(Q, examples_13_and_14_follow_relationships) {
  linked_ = world_.entity("urn:ngsi-ld:Device:345", "Device", {said("humidity", 40.0)});
  const auto station = world_.entity(
      "urn:ngsi-ld:WeatherStation:123", "WeatherStation",
      {said("sensor", std::string("urn:ngsi-ld:Device:345"), Kind::relationship),
       said("near", json(R"([{"object":"urn:x:none"},{"object":"urn:ngsi-ld:Device:345"}])"), Kind::list_relationship)});
  EXPECT_TRUE(asks("sensor{humidity}==40", station));
  EXPECT_TRUE(asks("sensor{Device:humidity}==40", station));
  EXPECT_TRUE(asks("sensor{House,Device:humidity}==40", station));
  EXPECT_FALSE(asks("sensor{House:humidity}==40", station));
  EXPECT_TRUE(asks("near{humidity}==40", station));
  EXPECT_FALSE(asks("sensor{temperature}", station));
  linked_ = nullptr;
  EXPECT_FALSE(asks("sensor{humidity}", station)) << "what is not here cannot match";
}

TEST_F(Q, equal_and_unequal_know_lists_ranges_and_arrays) {
  const auto colours = said("color", json(R"(["blue","red","green"])"));
  EXPECT_TRUE(one("color==\"red\"", colours));
  EXPECT_FALSE(one("color!=\"red\"", colours));
  EXPECT_TRUE(one("color!=\"black\"", colours));
  EXPECT_TRUE(one("color==\"black\",\"red\"", said("color", std::string("red"))));
  EXPECT_FALSE(one("color!=\"black\",\"red\"", said("color", std::string("red"))));
  EXPECT_TRUE(one("temperature==10..20", said("temperature", 10.0)));
  EXPECT_TRUE(one("temperature==10..20", said("temperature", std::int64_t{20})));
  EXPECT_FALSE(one("temperature==10..20", said("temperature", 20.5)));
  EXPECT_TRUE(one("temperature!=10..20", said("temperature", 9.0)));
  EXPECT_TRUE(one("flag==true", said("flag", true)));
  EXPECT_FALSE(one("flag==true", said("flag", std::string("true"))));
}

TEST_F(Q, language_maps_match_in_the_language_named_or_in_any) {
  const auto colour = said("color", json(R"({"fr":"rouge","en":"red","de":["rot","Katze"]})"), Kind::language_property);
  EXPECT_TRUE(one("color[en]==\"red\"", colour));
  EXPECT_FALSE(one("color[fr]==\"red\"", colour));
  EXPECT_TRUE(one("color[*]==\"rouge\"", colour));
  EXPECT_TRUE(one("color==\"rot\"", colour));
  EXPECT_FALSE(one("color!=\"red\"", colour));
  EXPECT_TRUE(one("color[fr]!=\"red\"", colour));
  EXPECT_FALSE(one("color[es]", colour));
}

TEST_F(Q, any_instance_of_several_is_enough) {
  auto parking = said("speed", 54.0);
  auto gps = said("speed", 80.0);
  gps.dataset = world_.names.intern("urn:d:gps");
  const auto car = world_.entity("urn:x:1", "Car", {parking, gps});
  EXPECT_TRUE(asks("speed==80", car));
  EXPECT_TRUE(asks("speed==54", car));
  EXPECT_FALSE(asks("speed==60", car));
}

TEST_F(Q, times_are_compared_as_times_also_within_values) {
  const auto typed = said("start", json(R"({"@type":"DateTime","@value":"2020-01-01T12:00:00+02:00"})"));
  EXPECT_TRUE(one("start==2020-01-01T10:00:00Z", typed));
  EXPECT_TRUE(one("start<2020-01-01T10:00:01Z", said("start", std::string("2020-01-01T10:00:00.500Z"))));
  EXPECT_TRUE(one("day>=2020-01-01", said("day", std::string("2020-01-02"))));
  EXPECT_FALSE(one("day>=2020-01-01", said("day", 3.0)));
}

TEST_F(Q, a_pattern_must_match_the_whole_text) {
  const auto name = said("name", std::string("Park (north)"));
  EXPECT_TRUE(one("name~=\"Park.*\"", name));
  EXPECT_TRUE(one("name~=Park \\((north|south)\\);name", name));
  EXPECT_FALSE(one("name~=north", name));
  EXPECT_TRUE(one("name!~=north", name));
  EXPECT_FALSE(one("name!~=north", said("name", 5.0))) << "only text can be tested";
  EXPECT_TRUE(one("name~=(a|a)*b|name", said("name", std::string(2000, 'a')))) << "no pattern takes exponential time";
}

TEST_F(Q, complaints_name_the_place_and_what_was_expected) {
  EXPECT_THAT(complaint(""), testing::HasSubstr("at its end: expected a name"));
  EXPECT_THAT(complaint("temperature=="), testing::HasSubstr("expected a value"));
  EXPECT_THAT(complaint("temperature=20"), testing::HasSubstr("at byte 12, '=20': expected ';', '|' or the end"));
  EXPECT_THAT(complaint("a;"), testing::HasSubstr("expected a name"));
  EXPECT_THAT(complaint("(a;b"), testing::HasSubstr("expected ';', '|' or ')'"));
  EXPECT_THAT(complaint("a==\"b"), testing::HasSubstr("closing quotation mark"));
  EXPECT_THAT(complaint("a==1..\"b\""), testing::HasSubstr("end of the range"));
  EXPECT_THAT(complaint("a[b"), testing::HasSubstr("expected ']'"));
  EXPECT_THAT(complaint("a{b"), testing::HasSubstr("expected '}'"));
  EXPECT_THAT(complaint("a~=("), testing::HasSubstr("pattern '('"));
  EXPECT_THAT(complaint(std::string(40, '(') + "a"), testing::HasSubstr("parentheses"));
  EXPECT_THAT(complaint("a\xff"), testing::HasSubstr("is not UTF-8"));
  EXPECT_THAT(complaint(std::string(20'000, 'a')), testing::HasSubstr("at most"));
}

}  // namespace
}  // namespace citiverse::twin
