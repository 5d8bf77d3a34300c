// ETSI GS CIM 009 V1.9.1, 4.5.7 to 4.5.9, 4.5.19, 4.11, 5.7.3, 5.7.4, 6.3.10: asking what was.
#include <gmock/gmock.h>

#include <fmt/format.h>

#include "api/ngsi_ld/temporal_instances.h"
#include "api/ngsi_ld/temporal_test_node.h"

namespace citiverse::api::ngsi_ld {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kBetween = "timerel=between&timeAt=2018-08-01T12:00:00Z&endTimeAt=2018-08-01T13:00:00Z";

class TemporalQueries : public TemporalTest {
 protected:
  net::Reply query(std::string_view rest) { return node_.get("/temporal/entities", rest); }
  void add(std::string_view body) {
    const auto reply = node_.post("/temporal/entities", body);
    ASSERT_EQ(reply.status, 201) << reply.body;
  }
  // A sensor with one value a minute from noon.
  void add_sensor(std::string_view id, int values) {
    std::string body = fmt::format(R"({{"id":"{}","type":"Sensor","level":[)", id);
    for (int i = 0; i < values; ++i)
      body += fmt::format(R"({}{{"type":"Property","value":{},"observedAt":"2018-08-01T{:02}:{:02}:00Z"}})", i > 0 ? "," : "",
                          i, 12 + i / 60 % 12, i % 60);
    add(body + "]}");
  }
};

TEST_F(TemporalQueries, instances_are_objects_with_an_id) {
  add_vehicle();
  EXPECT_THAT(evolution("attrs=speed"),
              HasSubstr(R"({"id":"urn:ngsi-ld:Vehicle:B9211","type":"Vehicle","speed":[{"type":"Property","value":120,)"
                        R"("observedAt":"2018-08-01T12:03:00Z","instanceId":"urn:ngsi-ld:instance:)"));
}

TEST_F(TemporalQueries, after_includes_and_before_excludes_its_time) {
  add_vehicle();
  EXPECT_EQ(speeds("timerel=before&timeAt=2018-08-01T12:05:00Z"), R"([[120,"2018-08-01T12:03:00Z"]])");
  EXPECT_EQ(speeds("timerel=after&timeAt=2018-08-01T12:05:00Z"),
            R"([[80,"2018-08-01T12:05:00Z"],[100,"2018-08-01T12:07:00Z"]])");
  EXPECT_EQ(speeds("timerel=between&timeAt=2018-08-01T12:03:00Z&endTimeAt=2018-08-01T12:07:00Z"),
            R"([[120,"2018-08-01T12:03:00Z"],[80,"2018-08-01T12:05:00Z"]])");
  EXPECT_EQ(node_.get("/temporal/entities/urn:ngsi-ld:Vehicle:B9211", "timerel=before&timeAt=2000-01-01T00:00:00Z").status,
            404);
}

TEST_F(TemporalQueries, what_has_no_such_time_does_not_match) {
  add_vehicle();
  EXPECT_THAT(evolution(), HasSubstr("brandName"));
  EXPECT_THAT(evolution(kBetween), Not(HasSubstr("brandName"))) << "it has no observedAt (4.11)";
  EXPECT_THAT(evolution("timerel=after&timeAt=2020-09-13T12:26:40Z&timeproperty=modifiedAt"), HasSubstr("brandName"));
  EXPECT_EQ(speeds("timerel=before&timeAt=2020-01-01T00:00:00Z&timeproperty=createdAt").find("values"), std::string::npos);
}

TEST_F(TemporalQueries, the_last_n_are_by_rising_time_and_partial_where_there_are_more) {
  add_vehicle();
  const auto reply = node_.get("/temporal/entities/urn:ngsi-ld:Vehicle:B9211",
                               "attrs=speed&lastN=2&format=temporalValues&" + std::string(kBetween));
  EXPECT_EQ(reply.status, 206);
  EXPECT_THAT(reply.fields, HasSubstr("Content-Range: date-time 2018-08-01T13:00:00Z-2018-08-01T12:05:00Z/2\r\n"));
  EXPECT_THAT(reply.body, HasSubstr(R"("values":[[80,"2018-08-01T12:05:00Z"],[100,"2018-08-01T12:07:00Z"]])"));
  EXPECT_EQ(node_.get("/temporal/entities/urn:ngsi-ld:Vehicle:B9211", "attrs=speed&lastN=3").status, 200);
}

TEST_F(TemporalQueries, a_long_answer_is_partial_and_goes_on_from_where_it_ended) {
  std::string body = R"({"id":"urn:s:1","type":"Sensor","level":[)";
  for (std::size_t i = 0; i <= kTemporalInstancesShownMax; ++i)
    body += fmt::format(R"({}{{"type":"Property","value":{},"observedAt":"2018-08-{:02}T{:02}:{:02}:00Z"}})", i > 0 ? "," : "",
                        i, 1 + i / 1440, i / 60 % 24, i % 60);
  add(body + R"(],"late":[{"type":"Property","value":1,"observedAt":"2018-08-09T00:00:00Z"}]})");
  const auto first = query("type=Sensor&timerel=after&timeAt=2018-08-01T00:00:00Z");
  EXPECT_EQ(first.status, 206);
  EXPECT_THAT(first.fields, HasSubstr("Content-Range: date-time 2018-08-01T00:00:00Z-2018-08-01T16:39:00Z/*\r\n"));
  EXPECT_THAT(first.body, Not(HasSubstr("late"))) << "all attributes end at one time";
  const auto rest = query("type=Sensor&timerel=after&timeAt=2018-08-01T16:39:00Z&format=temporalValues");
  EXPECT_EQ(rest.status, 200);
  EXPECT_THAT(rest.body, HasSubstr(R"("values":[[999,"2018-08-01T16:39:00Z"],[1000,"2018-08-01T16:40:00Z"]])"));
  EXPECT_THAT(rest.body, HasSubstr("late"));
}

TEST_F(TemporalQueries, values_alone_stand_under_the_name_of_their_kind) {
  add(R"({"id":"urn:a:b","type":"T",)"
      R"("says":[{"type":"LanguageProperty","languageMap":{"en":"yes","fr":"oui"},"observedAt":"2022-08-09T18:25:02Z"}],)"
      R"("spouse":[{"type":"Relationship","object":"urn:ngsi-ld:Person:1","observedAt":"2022-08-09T18:25:02Z"}],)"
      R"("period":[{"type":"ListProperty","valueList":["1st","2nd"],"observedAt":"2022-08-09T18:25:02Z"}],)"
      R"("ticket":[{"type":"JsonProperty","json":{"id":"85"},"observedAt":"2022-08-09T18:25:02Z"}],)"
      R"("gender":[{"type":"VocabProperty","vocab":"Male","observedAt":"2022-08-09T18:25:02Z"}]})");
  const auto body = evolution("format=temporalValues", "urn:a:b");
  EXPECT_THAT(body, HasSubstr(R"("says":{"type":"LanguageProperty","languageMaps":[[{"languageMap":{"en":"yes","fr":"oui"}},)"
                              R"("2022-08-09T18:25:02Z"]]})"));
  EXPECT_THAT(body,
              HasSubstr(R"("spouse":{"type":"Relationship","objects":[["urn:ngsi-ld:Person:1","2022-08-09T18:25:02Z"]]})"));
  EXPECT_THAT(body, HasSubstr(R"("period":{"type":"ListProperty","valueLists":[[["1st","2nd"],"2022-08-09T18:25:02Z"]]})"));
  EXPECT_THAT(body, HasSubstr(R"("ticket":{"type":"JsonProperty","jsons":[[{"json":{"id":"85"}},"2022-08-09T18:25:02Z"]]})"));
  EXPECT_THAT(body, HasSubstr(R"("gender":{"type":"VocabProperty","vocabs":[[{"vocab":"Male"},"2022-08-09T18:25:02Z"]]})"));
  EXPECT_THAT(evolution("format=temporalValues&lang=fr", "urn:a:b"), HasSubstr(R"("values":[["oui",)"));
}

TEST_F(TemporalQueries, values_are_put_together_by_periods_as_in_the_standards_example) {
  add_vehicle();
  const auto reply = query(
      fmt::format("type=Vehicle&attrs=speed&{}&aggrMethods=max,avg&aggrPeriodDuration=PT4M&format=aggregatedValues", kBetween));
  EXPECT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(reply.body, R"([{"id":"urn:ngsi-ld:Vehicle:B9211","type":"Vehicle","speed":{"type":"Property",)"
                        R"("max":[[120,"2018-08-01T12:00:00Z","2018-08-01T12:04:00Z"],)"
                        R"([100,"2018-08-01T12:04:00Z","2018-08-01T12:08:00Z"]],)"
                        R"("avg":[[120,"2018-08-01T12:00:00Z","2018-08-01T12:04:00Z"],)"
                        R"([90,"2018-08-01T12:04:00Z","2018-08-01T12:08:00Z"]]}}])");
}

TEST_F(TemporalQueries, every_method_over_the_whole_time) {
  add_vehicle();
  const auto body = evolution(fmt::format(
      "attrs=speed&{}&aggrMethods=avg,distinctCount,max,min,stddev,sum,sumsq,totalCount&options=aggregatedValues", kBetween));
  for (const auto& [method, value] : std::initializer_list<std::pair<const char*, const char*>>{{"avg", "100"},
                                                                                                {"distinctCount", "3"},
                                                                                                {"max", "120"},
                                                                                                {"min", "80"},
                                                                                                {"stddev", "16.3299"},
                                                                                                {"sum", "300"},
                                                                                                {"sumsq", "30800"},
                                                                                                {"totalCount", "3"}})
    EXPECT_THAT(body, HasSubstr(fmt::format("\"{}\":[[{}", method, value)));
  EXPECT_THAT(body, HasSubstr(R"("totalCount":[[3,"2018-08-01T12:00:00Z","2018-08-01T13:00:00Z"]])"));
}

TEST_F(TemporalQueries, what_a_method_means_depends_on_the_values) {
  add(R"({"id":"urn:a:b","type":"T",)"
      R"("open":[{"type":"Property","value":true,"observedAt":"2022-01-01T00:00:00Z"},)"
      R"({"type":"Property","value":false,"observedAt":"2022-01-01T00:01:00Z"}],)"
      R"("name":[{"type":"Property","value":"b","observedAt":"2022-01-01T00:00:00Z"},)"
      R"({"type":"Property","value":"a","observedAt":"2022-01-01T00:01:00Z"}],)"
      R"("list":[{"type":"Property","value":[1,2,3],"observedAt":"2022-01-01T00:00:00Z"}],)"
      R"("enters":[{"type":"Property","value":{"@type":"Time","@value":"10:00:00Z"},"observedAt":"2022-01-01T00:00:00Z"},)"
      R"({"type":"Property","value":{"@type":"Time","@value":"12:00:00Z"},"observedAt":"2022-01-02T00:00:00Z"}],)"
      R"("owner":[{"type":"Relationship","object":"urn:p:1","observedAt":"2022-01-01T00:00:00Z"}]})");
  const auto of = [&](std::string_view attribute, std::string_view methods) {
    const auto reply = node_.get("/temporal/entities/urn:a:b",
                                 fmt::format("attrs={}&aggrMethods={}&format=aggregatedValues", attribute, methods));
    return reply.status == 200 ? reply.body : error_type(reply);
  };
  EXPECT_THAT(of("open", "avg"), HasSubstr("\"avg\":[[0.5,"));
  EXPECT_THAT(of("name", "min,max"), HasSubstr(R"("min":[["a",)"));
  EXPECT_THAT(of("list", "sum"), HasSubstr("\"sum\":[[3,"));
  EXPECT_THAT(of("enters", "avg"), HasSubstr(R"("avg":[["11:00:00Z",)"));
  EXPECT_THAT(of("owner", "totalCount,distinctCount"), HasSubstr(R"("type":"Relationship","totalCount":[[1,)"));
  EXPECT_EQ(of("name", "avg"), "InvalidRequest") << "it says nothing of texts (4.5.19.1)";
  EXPECT_EQ(of("owner", "max"), "InvalidRequest");
  EXPECT_THAT(evolution("aggrMethods=sum&format=aggregatedValues", "urn:a:b"), Not(HasSubstr("name")))
      << "where none is named, what the method says nothing of is left out";
}

TEST_F(TemporalQueries, months_are_those_of_the_calendar) {
  add(R"({"id":"urn:a:b","type":"T","x":[{"type":"Property","value":1,"observedAt":"2023-01-31T23:00:00Z"},)"
      R"({"type":"Property","value":2,"observedAt":"2023-02-28T23:00:00Z"},)"
      R"({"type":"Property","value":4,"observedAt":"2023-03-01T00:00:00Z"}]})");
  EXPECT_THAT(
      evolution("attrs=x&timerel=after&timeAt=2023-01-01T00:00:00Z&aggrMethods=sum&aggrPeriodDuration=P1M&"
                "format=aggregatedValues",
                "urn:a:b"),
      HasSubstr(R"("sum":[[1,"2023-01-01T00:00:00Z","2023-02-01T00:00:00Z"],)"
                R"([2,"2023-02-01T00:00:00Z","2023-03-01T00:00:00Z"],[4,"2023-03-01T00:00:00Z","2023-04-01T00:00:00Z"]])"));
}

TEST_F(TemporalQueries, entities_are_found_by_type_values_place_and_scope_within_the_time) {
  add(R"({"id":"urn:v:1","type":"Vehicle","scope":"/North",)"
      R"("speed":[{"type":"Property","value":50,"observedAt":"2018-08-01T12:00:00Z"},)"
      R"({"type":"Property","value":90,"observedAt":"2018-08-01T15:00:00Z"}],)"
      R"("location":[{"type":"GeoProperty","value":{"type":"Point","coordinates":[8,40]},"observedAt":"2018-08-01T12:00:00Z"},)"
      R"({"type":"GeoProperty","value":{"type":"Point","coordinates":[9,40]},"observedAt":"2018-08-01T15:00:00Z"}]})");
  add(R"({"id":"urn:v:2","type":"Bus","speed":[{"type":"Property","value":70,"observedAt":"2018-08-01T12:30:00Z"}]})");
  const auto ids = [&](std::string_view rest) {
    const auto reply = query(fmt::format("{}&pick=id,speed&{}", rest, kBetween));
    std::string out = reply.status == 200 ? "" : reply.body;
    for (const char* id : {"urn:v:1", "urn:v:2"})
      if (reply.body.contains(id)) out += id + 6;
    return out;
  };
  EXPECT_EQ(ids("type=Vehicle,Bus"), "12");
  EXPECT_EQ(ids("type=Vehicle"), "1");
  EXPECT_EQ(ids("type=*&id=urn:v:2"), "2");
  EXPECT_EQ(ids("q=speed%3E60"), "2") << "the 90 was later";
  EXPECT_EQ(ids("type=Vehicle&georel=near;maxDistance==1000&geometry=Point&coordinates=%5B8,40%5D"), "1");
  EXPECT_EQ(ids("type=Vehicle&georel=near;maxDistance==1000&geometry=Point&coordinates=%5B9,40%5D"), "")
      << "it was there later";
  EXPECT_EQ(ids("type=*&scopeQ=/North"), "1");
}

TEST_F(TemporalQueries, pages_are_linked_and_counted_and_in_the_order_of_ids_where_asked) {
  for (const char* id : {"urn:s:b", "urn:s:c", "urn:s:a"}) add_sensor(id, 2);
  const auto first = query(fmt::format("type=Sensor&limit=2&count=true&{}", kBetween));
  EXPECT_THAT(first.fields, HasSubstr("NGSILD-Results-Count: 3\r\n"));
  EXPECT_THAT(first.fields, HasSubstr("limit=2&offset=2>; rel=\"next\""));
  EXPECT_THAT(first.body, HasSubstr("urn:s:b"));
  EXPECT_THAT(first.body, Not(HasSubstr("urn:s:a")));
  const auto ordered = query(fmt::format("type=Sensor&limit=1&orderBy=id&{}", kBetween));
  EXPECT_THAT(ordered.body, HasSubstr("urn:s:a"));
  EXPECT_THAT(query(fmt::format("type=Sensor&limit=1&orderBy=id;desc&{}", kBetween)).body, HasSubstr("urn:s:c"));
}

TEST_F(TemporalQueries, a_query_in_a_body_says_the_same) {
  add_vehicle();
  const auto reply = node_.post("/temporal/entityOperations/query",
                                R"({"type":"Query","entities":[{"type":"Vehicle"}],"attrs":["speed"],"temporalQ":{)"
                                R"("timerel":"after","timeAt":"2018-08-01T12:00:00Z","lastN":1}})",
                                "format=temporalValues");
  EXPECT_EQ(reply.status, 206) << reply.body;
  EXPECT_THAT(reply.body, HasSubstr(R"("values":[[100,"2018-08-01T12:07:00Z"]])"));
}

TEST_F(TemporalQueries, what_is_asked_wrongly_is_named) {
  add_vehicle();
  for (const char* rest :
       {"type=Vehicle", "type=Vehicle&timerel=around&timeAt=2018-08-01T12:00:00Z", "type=Vehicle&timerel=after",
        "type=Vehicle&timerel=between&timeAt=2018-08-01T12:00:00Z", "type=Vehicle&timerel=after&timeAt=noon",
        "timerel=after&timeAt=2018-08-01T12:00:00Z", "type=Vehicle&timerel=after&timeAt=2018-08-01T12:00:00Z&timeproperty=born",
        "type=Vehicle&timerel=after&timeAt=2018-08-01T12:00:00Z&lastN=0",
        "type=Vehicle&timerel=after&timeAt=2018-08-01T12:00:00Z&format=aggregatedValues",
        "type=Vehicle&timerel=after&timeAt=2018-08-01T12:00:00Z&format=aggregatedValues&aggrMethods=median",
        "type=Vehicle&timerel=after&timeAt=2018-08-01T12:00:00Z&format=aggregatedValues&aggrMethods=avg&aggrPeriodDuration=1h",
        "type=Vehicle&timerel=after&timeAt=2018-08-01T12:00:00Z&join=flat",
        "type=Vehicle&timerel=after&timeAt=2018-08-01T12:00:00Z&orderBy=speed"}) {
    const auto reply = query(rest);
    EXPECT_EQ(reply.status, 400) << rest;
    EXPECT_EQ(error_type(reply), "BadRequestData") << rest;
  }
  EXPECT_EQ(error_type(query("type=Vehicle&timerel=after&timeAt=2018-08-01T12:00:00Z&format=pie")), "InvalidRequest");
  EXPECT_EQ(error_type(node_.get("/temporal/entities/urn:never:was")), "ResourceNotFound");
  EXPECT_EQ(error_type(query("type=Vehicle&timerel=after&timeAt=2018-01-01T00:00:00Z&format=aggregatedValues&aggrMethods=avg&"
                             "aggrPeriodDuration=PT0.000001S&attrs=speed")),
            "");
}

TEST_F(TemporalQueries, json_ld_carries_the_context) {
  add_vehicle();
  const auto reply = node_.ask(net::Method::get, "/temporal/entities/urn:ngsi-ld:Vehicle:B9211", {},
                               {.accept = "application/ld+json"}, "attrs=speed");
  EXPECT_EQ(reply.media_type, "application/ld+json");
  EXPECT_THAT(reply.body, HasSubstr("],\"@context\":"));
}

}  // namespace
}  // namespace citiverse::api::ngsi_ld
