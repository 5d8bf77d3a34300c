// What a mapping file says, what comes of a message by it, and what is told of mistakes in either.
#include "api/feeds/mapping.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/feeds/intake.h"

namespace citiverse::api::feeds {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr twin::TimeUs kNow = 1'767'225'600'000'000;  // 2026-01-01T00:00Z

constexpr std::string_view kAir = R"json({
  "brokers": [{"name": "city", "host": "127.0.0.1", "client_id": "citiverse"}],
  "rules": [{
    "rule": "air", "topic": "air/{room}/{id}", "each": "$.readings[*]",
    "id": "urn:ngsi-ld:AirQualityObserved:{room}:{id}", "type": "AirQualityObserved", "name": "{^.name} ({id})",
                           "anchor" : {"stop" : "^.stop"},
                           "location" : {"lat" : "^.lat", "lon" : "^.lon"},
                           "observed_at" : "$.t",
                           "time_unit" : "ms",
                           "source" : "Air network",
                           "quality" : "$.flag",
                           "attributes" : {
  "pm25" : {"value" : [ "$.pm25", "$.dust" ], "unit" : "GQ"},
           "temperature" : {"value" : "$.t10", "unit" : "CEL", "scale" : 0.1, "status" : "derived"},
                           "state" : "$.state",
                                     "owner" : {"object" : "urn:ngsi-ld:Owner:{^.owner}"}
}
}]
})json";

class Mappings : public testing::Test {
 protected:
  base::Result<Intake> take(std::string_view mapping, std::string_view payload, std::string_view topic = "") {
    auto read = read_mapping(mapping, "city.json", names_);
    if (!read) return std::unexpected(read.error());
    mapping_ = *std::move(read);
    formats::TopicPattern::Captures captures;
    if (const auto* from = std::get_if<FromTopic>(&mapping_.rules[0].from)) {
      EXPECT_TRUE(from->topic.match(topic, captures));
    }
    const Mapper mapper(names_, [](AnchorRule::By by, std::string_view code) {
      return by == AnchorRule::By::stop && code == "S1" ? "stop-n1" : "";
    });
    return mapper.map(mapping_.rules[0], payload, captures, kNow, 3);
  }
  std::string error(std::string_view mapping) {
    const auto read = read_mapping(mapping, "city.json", names_);
    return read ? "it was taken" : read.error().message;
  }
  const twin::Attribute* find(const twin::Report& report, std::string_view name) {
    const auto found = std::ranges::find(report.attributes, names_.find(expanded_name(name)), &twin::Attribute::name);
    return found == report.attributes.end() ? nullptr : &*found;
  }
  std::string about(const twin::Attribute& attribute, std::string_view term) {
    const auto name = names_.find("https://citiverse.org/ns#" + std::string(term));
    const auto found = std::ranges::find(attribute.about, name, &twin::Attribute::name);
    return found == attribute.about.end() ? "" : std::get<std::string>(found->value);
  }

  twin::Names names_;
  Mapping mapping_;
};

TEST_F(Mappings, make_a_report_of_each_item_with_unit_time_source_status_and_quality) {
  const auto intake = take(kAir,
                           R"({"name":"North","stop":"S1","lat":47.5,"lon":8.5,"owner":"a b","readings":[)"
                           R"({"t":1767225600000,"pm25":7.25,"t10":215,"state":{"ok":[1, 2.50]},"flag":"good"},)"
                           R"({"t":1767225500000,"dust":"8","t10":null}]})",
                           "air/7/x 1");
  ASSERT_TRUE(intake) << intake.error().message;
  EXPECT_EQ(intake->rows, 2u);
  EXPECT_EQ(intake->refused, 0u) << intake->problems[0].reason;
  ASSERT_EQ(intake->reports.size(), 2u);
  const twin::Report& first = intake->reports[0];
  EXPECT_EQ(first.id, "urn:ngsi-ld:AirQualityObserved:7:x%201");
  EXPECT_EQ(names_.text(first.type), "https://uri.etsi.org/ngsi-ld/default-context/AirQualityObserved");
  const twin::Attribute& pm25 = *find(first, "pm25");
  EXPECT_EQ(pm25.value, twin::Value(7.25));
  EXPECT_EQ(names_.text(pm25.unit), "GQ");
  EXPECT_EQ(pm25.observed_us, kNow);
  EXPECT_EQ(about(pm25, "source"), "Air network");
  EXPECT_EQ(about(pm25, "status"), "raw");
  EXPECT_EQ(about(pm25, "quality"), "good");
  EXPECT_EQ(find(first, "temperature")->value, twin::Value(21.5));
  EXPECT_EQ(about(*find(first, "temperature"), "status"), "derived");
  EXPECT_EQ(find(first, "state")->value, twin::Value(twin::Json{R"({"ok":[1,2.5]})"}));
  EXPECT_EQ(find(first, "owner")->value, twin::Value(std::string("urn:ngsi-ld:Owner:a%20b")));
  EXPECT_EQ(find(first, "name")->value, twin::Value(std::string("North (x 1)")));
  EXPECT_EQ(find(first, "https://citiverse.org/ns#anchor")->value, twin::Value(std::string("stop-n1")));
  EXPECT_EQ(find(first, "location")->value, twin::Value(twin::Json{R"({"type":"Point","coordinates":[8.5,47.5]})"}));
  EXPECT_EQ(find(intake->reports[1], "pm25")->value, twin::Value(std::string("8"))) << "JSON says itself what is a number";
  EXPECT_EQ(find(intake->reports[1], "temperature"), nullptr) << "a sensor need not say everything";
}

TEST_F(Mappings, refuse_items_one_by_one_and_say_why) {
  const auto intake = take(
      kAir, R"({"owner":"o","readings":[{"t":1,"state":"on"},{"state":"on"},{"t":1768089600000,"state":"on"}]})", "air/1/2");
  ASSERT_TRUE(intake);
  EXPECT_EQ(intake->reports.size(), 1u);
  ASSERT_EQ(intake->problems.size(), 2u);
  EXPECT_EQ(intake->problems[0].row, 2u);
  EXPECT_THAT(intake->problems[0].reason, HasSubstr("observed_at: it is missing"));
  EXPECT_THAT(intake->problems[1].reason, HasSubstr("time_unit"));
  EXPECT_THAT(take(kAir, R"({"readings":[1,2,3,4]})", "air/1/2").error().message, HasSubstr("at most 3 items"));
  EXPECT_THAT(take(kAir, "pm25=3", "air/1/2").error().message, HasSubstr("not JSON at byte"));
}

TEST_F(Mappings, read_plain_texts_and_tables_by_their_looks) {
  constexpr std::string_view kText = R"({"brokers":[{"name":"b","host":"h","client_id":"c"}],"rules":[)"
                                     R"({"rule":"r","topic":"{id}","payload":"text","id":"urn:t:{id}",)"
                                     R"("type":"T","source":"s","observed_at":"arrival","attributes":{"v":"$"}}]})";
  EXPECT_EQ(take(kText, "21.50", "a")->reports[0].attributes[0].value, twin::Value(21.5));
  EXPECT_EQ(take(kText, "true", "a")->reports[0].attributes[0].value, twin::Value(true));
  EXPECT_EQ(take(kText, "ON", "a")->reports[0].attributes[0].value, twin::Value(std::string("ON")));
  EXPECT_EQ(take(kText, "ON", "a")->reports[0].attributes[0].observed_us, kNow);
  constexpr std::string_view kTable =
      R"({"rules":[{"rule":"r","post":true,"payload":"csv","id":"urn:t:{$.id}","type":"T","source":"s",)"
      R"("attributes":{"v":{"value":"$['my value']","as":"number"},"w":{"value":"$.w","as":"text"}}}]})";
  const auto intake = take(kTable, "id,my value,w\n007,1.5,12\n\n008,x,\n");
  ASSERT_TRUE(intake);
  EXPECT_EQ(intake->reports[0].id, "urn:t:007");
  EXPECT_EQ(find(intake->reports[0], "w")->value, twin::Value(std::string("12")));
  EXPECT_EQ(intake->problems[0].row, 4u) << "the line of the file";
  EXPECT_THAT(intake->problems[0].reason, HasSubstr("v: a number is needed"));
}

TEST_F(Mappings, that_are_wrong_name_file_place_and_fix) {
  EXPECT_THAT(error("{\n  \"rules\": [\n    {,}\n]}"), StartsWith("city.json: line 3, column 6: not JSON"));
  const auto rule = [](std::string_view members) { return fmt::format(R"({{"rules":[{{"rule":"r",{}}}]}})", members); };
  constexpr std::string_view kGood = R"("post":true,"id":"urn:a:{$.id}","type":"T","source":"s","attributes":{"v":"$.v"})";
  EXPECT_EQ(error(rule(kGood)), "it was taken");
  EXPECT_THAT(error(rule(std::string(kGood) + R"(,"obsrved_at":"$.t")")),
              AllOf(StartsWith("city.json: $.rules[0].obsrved_at: nothing of this name"), HasSubstr("observed_at")));
  for (const auto& [members, place] :
       {std::pair(R"("id":"urn:a:b","type":"T","source":"s","attributes":{"v":"$.v"})", "$.rules[0].topic: say where"),
        std::pair(R"("post":true,"id":"urn:a:{id}","type":"T","source":"s","attributes":{"v":"$.v"})",
                  "$.rules[0].id: {id} is neither"),
        std::pair(R"("post":true,"id":"urn:a:b","type":"T","source":"s","attributes":{"v":"$..v"})",
                  "$.rules[0].attributes.v: '$..v'"),
        std::pair(R"("post":true,"id":"urn:a:b","type":"T","attributes":{"v":"$.v"})", "$.rules[0].source: say who measures"),
        std::pair(R"("post":true,"id":"urn:a:b","type":"T","source":"s","attributes":{"location":"$.v"})", "stands beside"),
        std::pair(R"("post":true,"id":"urn:a:b","type":"T","source":"s","status":"guessed","attributes":{"v":"$.v"})",
                  "raw, derived"),
        std::pair(R"("post":true,"complete":true,"id":"urn:a:b","type":"T","source":"s","attributes":{"v":"$.v"})", "complete"),
        std::pair(R"("topic":"a/#/b","id":"urn:a:b","type":"T","source":"s","attributes":{"v":"$.v"})", "nothing can follow"),
        std::pair(R"("url":"ftp://x","id":"urn:a:b","type":"T","source":"s","attributes":{"v":"$.v"})", "$.rules[0].url"),
        std::pair(R"("post":true,"id":"urn:a:b","type":"T","source":"s","attributes":{"v":{"value":"$.v","as":"money"}})",
                  "$.rules[0].attributes.v.as: one of these is needed: itself, number, text, boolean")})
    EXPECT_THAT(error(rule(members)), HasSubstr(place)) << members;
  EXPECT_THAT(error(R"({"brokers":[{"name":"b","host":"h","client_id":"c","password":"hunter2"}]})"),
              AllOf(HasSubstr("password_file"), Not(HasSubstr("hunter2"))));
}

}  // namespace
}  // namespace citiverse::api::feeds
