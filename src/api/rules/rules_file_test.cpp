// What a rules file says, what is told of mistakes in it, and what everybody may read of it.
#include "api/rules/rules_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/feeds/mapping.h"
#include "api/rules/rule_routes.h"
#include "base/json_reader.h"

namespace citiverse::api::rules {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view kAll = R"({"version": 1, "comment": "of a small city", "rules": [
  {"rule": "pm25-hour", "of": "AirQualityObserved", "rolling_mean": {"value": "pm25", "over": "PT1H"}, "becomes": "pm25Hour"},
  {"rule": "air", "title": "European index", "of": "AirQualityObserved", "becomes": "airQualityIndex",
   "air_quality_index": {"pm25": "pm25Hour", "no2": "no2", "at_least": 2}},
  {"rule": "heat", "of": "WeatherObserved", "becomes": "heatIndex",
   "heat_index": {"temperature": "temperature", "humidity": "relativeHumidity"}},
  {"rule": "loud", "of": "NoiseLevelObserved", "becomes": "isLoud", "threshold": {"value": "LAeq", "above": 65, "clears": 62}},
  {"rule": "noise-hour", "of": "NoiseLevelObserved", "becomes": "LAeqHour",
   "rolling_mean": {"value": "LAeq", "over": "PT1H", "decibels": true}},
  {"rule": "buses", "of": "Vehicle", "becomes": "busCount",
   "count": {"per": "district", "where": {"attribute": "vehicleType", "is": "bus"}}},
  {"rule": "harbour", "of": "Vehicle", "becomes": "harbourCount",
   "count": {"within": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}, "name": "Harbour"}}
]})";

class RulesFiles : public testing::Test {
 protected:
  std::string error(std::string_view text) {
    const auto read = read_rules(text, "city.json", names_, areas_);
    return read ? "it was taken" : read.error().message;
  }
  // One rule of which everything else is right.
  std::string error_of(std::string_view how) {
    return error(R"({"version": 1, "rules": [{"rule": "r", "of": "T", "becomes": "b", )" + std::string(how) + "}]}");
  }

  twin::Names names_;
  AreasOf areas_ = [](std::string_view area_class) {
    std::vector<twin::rules::CountedArea> areas;
    if (area_class == "district") areas.emplace_back().id = "urn:d:1";
    return areas;
  };
};

TEST_F(RulesFiles, are_read_with_every_kind_of_rule) {
  const auto rules = read_rules(kAll, "city.json", names_, areas_);
  ASSERT_TRUE(rules) << rules.error().message;
  ASSERT_EQ(rules->size(), 7u);
  const auto id = [&](std::string_view name) { return names_.find(feeds::expanded_name(name)); };
  const auto& mean = std::get<twin::rules::RollingMean>((*rules)[0].how);
  EXPECT_EQ(mean.of, id("pm25"));
  EXPECT_EQ(mean.over_us, 3'600'000'000);
  const auto& air = std::get<twin::rules::AirQuality>((*rules)[1].how);
  EXPECT_EQ(air.pollutants[0], id("pm25Hour"));
  EXPECT_EQ(air.pollutants[1], twin::kNoName);
  EXPECT_EQ(air.at_least, 2);
  EXPECT_EQ((*rules)[1].title, "European index");
  const auto& loud = std::get<twin::rules::Threshold>((*rules)[3].how);
  EXPECT_TRUE(loud.is_above);
  EXPECT_EQ(loud.clears, 62);
  const auto& buses = std::get<twin::rules::Count>((*rules)[5].how);
  EXPECT_EQ(buses.is, "bus");
  EXPECT_EQ(buses.areas.size(), 1u);
  const auto& harbour = std::get<twin::rules::Count>((*rules)[6].how);
  ASSERT_EQ(harbour.areas.size(), 1u);
  EXPECT_EQ(harbour.areas[0].id, "urn:ngsi-ld:CityArea:harbour");
  EXPECT_TRUE(harbour.areas[0].holds({0.6, 0.2}));
}

TEST_F(RulesFiles, that_feed_on_themselves_are_refused_with_file_and_rule) {
  EXPECT_EQ(error(R"({"version": 1, "rules": [
    {"rule": "a", "of": "T", "becomes": "x", "rolling_mean": {"value": "y", "over": "PT1H"}},
    {"rule": "b", "of": "T", "becomes": "y", "threshold": {"value": "x", "below": 3}}]})"),
            "city.json: $.rules[0].becomes: the rule 'a' feeds on itself (a → b → a); let one of them become something else");
}

TEST_F(RulesFiles, name_the_place_of_each_mistake_and_its_fix) {
  EXPECT_THAT(error("{\n\"version\": 1,\n  oops}"), StartsWith("city.json: line 3, column"));
  EXPECT_THAT(error(R"({"rules": []})"), StartsWith("city.json: $.version: it is missing"));
  EXPECT_THAT(error(R"({"version": 2, "rules": []})"), StartsWith("city.json: $.version: a whole number from 1 to 1"));
  EXPECT_THAT(error(R"({"version": 1, "rule": []})"), StartsWith("city.json: $.rule: nothing of this name is known"));
  EXPECT_THAT(error_of(R"("title": "x")"), StartsWith("city.json: $.rules[0].threshold: say how by one of"));
  EXPECT_THAT(error_of(R"("threshold": {"value": "v"})"), HasSubstr("$.rules[0].threshold.above: say one of"));
  EXPECT_THAT(error_of(R"("threshold": {"value": "v", "above": 1, "clears": 2})"), HasSubstr("threshold.clears: it clears on"));
  EXPECT_THAT(error_of(R"("rolling_mean": {"value": "v", "over": "P8D"})"), HasSubstr("rolling_mean.over: a duration"));
  EXPECT_THAT(error_of(R"("rolling_mean": {"value": "v", "over": "P1M"})"), HasSubstr("rolling_mean.over: a duration"));
  EXPECT_THAT(error_of(R"("rolling_mean": {"value": "v", "over": "PT1H", "decibel": true})"),
              HasSubstr(".decibel: nothing of"));
  EXPECT_THAT(error_of(R"("heat_index": {"temperature": "t"})"), HasSubstr("heat_index.humidity: it is missing"));
  EXPECT_THAT(error_of(R"("air_quality_index": {})"), HasSubstr("air_quality_index.pm25: name at least one"));
  EXPECT_THAT(error_of(R"("air_quality_index": {"o3": "o3", "at_least": 2})"),
              HasSubstr("at_least: a whole number from 1 to 1"));
  EXPECT_THAT(error_of(R"("count": {"per": "moon"})"), HasSubstr("count.per: one of these is needed"));
  EXPECT_THAT(error_of(R"("count": {"per": "block"})"),
              HasSubstr("count.per: the city has no areas of this class; it has district"));
  EXPECT_THAT(error_of(R"("count": {"within": {"type": "Point", "coordinates": [1, 2]}})"),
              HasSubstr("count.within: a Polygon"));
  EXPECT_THAT(error_of(R"("count": {"within": {"type": "Polygon", "coordinates": [[[0, 0]]]}})"), HasSubstr("count.within: "));
  EXPECT_THAT(error_of(R"("count": {}, "heat_index": {"temperature": "t", "humidity": "h"})"),
              HasSubstr("count.per: say one of"));
  EXPECT_THAT(error(R"({"version": 1, "rules": [
    {"rule": "r", "of": "T", "becomes": "location", "threshold": {"value": "v", "above": 1}}]})"),
              HasSubstr("becomes: location, anchor and name are not derived"));
}

TEST_F(RulesFiles, of_the_practice_city_are_right) {
  const auto rules = read_rules_file("apps/citiverse/practice.rules.json", names_, areas_);
  ASSERT_TRUE(rules) << rules.error().message;
  EXPECT_FALSE(rules->empty());
}

TEST_F(RulesFiles, are_told_to_everybody) {
  const auto rules = read_rules(kAll, "city.json", names_, areas_);
  ASSERT_TRUE(rules);
  net::Router router;
  add_rule_routes(router, *rules, names_);
  const auto match = router.match("/api/v1/live/rules");
  const auto& route = router.routes()[router.route_of(match, net::Method::get)];
  const auto reply = route.make({net::Request{}});
  EXPECT_EQ(reply.status, 200);
  const auto document = base::JsonDocument::parse(reply.body);
  ASSERT_TRUE(document) << reply.body;
  const auto told = document->root().find("rules");
  ASSERT_EQ(told.size(), 7u);
  EXPECT_EQ(told[1].find("kind").text(), "air_quality_index");
  EXPECT_EQ(told[1].find("inputs").size(), 2u);
  EXPECT_EQ(told[1].find("inputs")[0].find("attribute").text(), "pm25Hour");
  EXPECT_EQ(told[4].find("decibels").boolean(), true);
  EXPECT_EQ(told[4].find("over_s").number(), 3600);
  EXPECT_EQ(told[5].find("where").find("is").text(), "bus");
}

}  // namespace
}  // namespace citiverse::api::rules
