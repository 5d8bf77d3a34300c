// ETSI GS CIM 009 V1.9.1, 4.5.1 to 4.5.5 and 4.5.16 to 4.5.24: what is written comes back, in each form.
#include <gmock/gmock.h>

#include "api/ngsi_ld/date_time.h"
#include "api/ngsi_ld/test_world.h"
#include "twin/moment.h"

namespace citiverse::api::ngsi_ld {
namespace {

using testing::HasSubstr;

const EntityForm kConcise{.form = Form::concise};
const EntityForm kSimplified{.form = Form::simplified};

TEST(NgsiLdForms, normalized_attributes_of_all_kinds_come_back_as_they_were_4_5_2_to_4_5_24) {
  for (
      const char* text : {
          R"("a":{"type":"Property","value":25.5,"unitCode":"CEL","observedAt":"2022-03-14T01:59:26.535Z"})",
          R"("a":{"type":"Property","value":[1,2.5,"x",true,{"b":{"c":[]}}]})",
          R"("a":{"type":"Property","value":-7})",
          R"("a":{"type":"Property","value":1e+300})",
          R"("a":{"type":"Property","value":{"@type":"DateTime","@value":"2022-03-14T01:59:26Z"}})",
          R"("location":{"type":"GeoProperty","value":{"type":"Point","coordinates":[7.42,43.73]}})",
          R"("a":{"type":"Relationship","object":"urn:x:1","objectType":"Car"})",
          R"("a":{"type":"Relationship","object":["urn:x:1","urn:x:2"]})",
          R"("a":{"type":"LanguageProperty","languageMap":{"en":"yes","fr":["oui","si"]}})",
          R"("a":{"type":"VocabProperty","vocab":"Male"})",
          R"("a":{"type":"VocabProperty","vocab":["Male","https://ex.org/Other"]})",
          R"("a":{"type":"JsonProperty","json":{"id":"x","value":null}})",
          R"("a":{"type":"ListProperty","valueList":["First",2]})",
          R"("a":{"type":"ListRelationship","objectList":[{"object":"urn:x:1"},{"object":"urn:x:2"}]})",
          R"("a":{"type":"Property","value":1,"b":{"type":"Relationship","object":"urn:x","c":{"type":"Property","value":1}}})",
          R"("a":[{"type":"Property","value":1},{"type":"Property","value":2,"datasetId":"urn:d:1"}])",
          R"("scope":["/a/b","/c"])",
      }) {
    TestWorld world;
    EXPECT_EQ(world.again(text), text);
  }
}

TEST(NgsiLdForms, the_concise_form_says_no_more_than_it_must_4_5_2_3) {
  TestWorld world;
  EXPECT_EQ(world.again(R"("a":{"type":"Property","value":25})", kConcise), R"("a":25)");
  EXPECT_EQ(world.again(R"("a":{"type":"Property","value":25,"unitCode":"CEL"})", kConcise),
            R"("a":{"value":25,"unitCode":"CEL"})");
  EXPECT_EQ(world.again(R"("a":{"type":"Relationship","object":"urn:x:1"})", kConcise), R"("a":{"object":"urn:x:1"})");
  EXPECT_EQ(world.again(R"("a":{"type":"LanguageProperty","languageMap":{"en":"yes"}})", kConcise),
            R"("a":{"languageMap":{"en":"yes"}})");
  EXPECT_EQ(world.again(R"("a":{"type":"Property","value":{"type":"x"}})", kConcise), R"("a":{"value":{"type":"x"}})")
      << "what would read as another form keeps its member";
}

TEST(NgsiLdForms, concise_and_simplified_attributes_are_understood_by_what_is_there) {
  TestWorld world;
  EXPECT_EQ(world.again(R"("a":25)"), R"("a":{"type":"Property","value":25})");
  EXPECT_EQ(world.again(R"("a":"text")"), R"("a":{"type":"Property","value":"text"})");
  EXPECT_EQ(world.again(R"("a":[1,2])"), R"("a":{"type":"Property","value":[1,2]})");
  EXPECT_EQ(world.again(R"("a":{"street":"x"})"), R"("a":{"type":"Property","value":{"street":"x"}})");
  EXPECT_EQ(world.again(R"("a":{"value":25,"unitCode":"CEL"})"), R"("a":{"type":"Property","value":25,"unitCode":"CEL"})");
  EXPECT_EQ(world.again(R"("a":{"object":"urn:x:1"})"), R"("a":{"type":"Relationship","object":"urn:x:1"})");
  EXPECT_EQ(world.again(R"("location":{"type":"Point","coordinates":[7,43]})"),
            R"("location":{"type":"GeoProperty","value":{"type":"Point","coordinates":[7,43]}})");
  EXPECT_EQ(world.again(R"("location":{"value":{"type":"Point","coordinates":[7,43]}})"),
            R"("location":{"type":"GeoProperty","value":{"type":"Point","coordinates":[7,43]}})");
  EXPECT_EQ(world.again(R"("a":{"vocab":"Male"})"), R"("a":{"type":"VocabProperty","vocab":"Male"})");
  EXPECT_EQ(world.again(R"("a":[{"value":1},{"value":2,"datasetId":"urn:d:1"}])"),
            R"("a":[{"type":"Property","value":1},{"type":"Property","value":2,"datasetId":"urn:d:1"}])");
}

TEST(NgsiLdForms, the_simplified_form_follows_the_examples_of_4_5_4) {
  TestWorld world;
  EXPECT_EQ(world.again(R"("name":{"type":"Property","value":"David Robert Jones"})", kSimplified),
            R"("name":"David Robert Jones")");
  EXPECT_EQ(world.again(R"("name":[{"value":"A"},{"value":"B","datasetId":"urn:ngsi-ld:datasetId:001"}])", kSimplified),
            R"("name":{"dataset":{"@none":"A","urn:ngsi-ld:datasetId:001":"B"}})");
  EXPECT_EQ(world.again(R"("says":{"languageMap":{"en":"yes","fr":"oui"}})", kSimplified),
            R"("says":{"languageMap":{"en":"yes","fr":"oui"}})");
  EXPECT_EQ(world.again(R"("t":{"json":{"id":"85a6"}})", kSimplified), R"("t":{"json":{"id":"85a6"}})");
  EXPECT_EQ(world.again(R"("gender":{"vocab":"Male"})", kSimplified), R"("gender":{"vocab":"Male"})");
  EXPECT_EQ(world.again(R"("devices":{"object":["urn:d:1","urn:d:2"]})", kSimplified), R"("devices":["urn:d:1","urn:d:2"])");
  EXPECT_EQ(world.again(R"("route":{"objectList":["urn:d:1","urn:d:2"]})", kSimplified), R"("route":["urn:d:1","urn:d:2"])");
  EXPECT_EQ(world.again(R"("periods":{"valueList":["First"]})", kSimplified), R"("periods":["First"])");
}

TEST(NgsiLdForms, names_follow_the_callers_context_and_not_the_writers_5_5_7) {
  TestWorld world;
  const twin::Entity entity =
      world.entity(R"({"id":"urn:a:b","type":"Car","v":{"value":1},"w":{"vocab":"red"}})",
                   R"({"Car":"https://ex.org/Car","v":"https://ex.org/speed","red":"https://ex.org/red"})");
  EXPECT_EQ(world.write(entity, kSimplified),
            R"({"id":"urn:a:b","type":"https://ex.org/Car","https://ex.org/speed":1,"w":{"vocab":"https://ex.org/red"}})");
  EXPECT_EQ(world.write(entity, kSimplified, R"({"ex":"https://ex.org/","Auto":"https://ex.org/Car"})"),
            R"({"id":"urn:a:b","type":"Auto","ex:speed":1,"w":{"vocab":"ex:red"}})");
}

TEST(NgsiLdForms, system_attributes_are_shown_when_asked_for_4_8) {
  TestWorld world;
  EXPECT_EQ(world.again(R"("a":1)", {.shows_system_attributes = true}),
            R"("createdAt":"2020-09-13T12:26:40Z","modifiedAt":"2020-09-13T12:26:40Z",)"
            R"("a":{"type":"Property","value":1,"createdAt":"2020-09-13T12:26:40Z","modifiedAt":"2020-09-13T12:26:40Z"})");
}

TEST(NgsiLdForms, languages_are_reduced_to_the_one_that_is_wanted_4_15) {
  TestWorld world;
  const char* says = R"("says":{"languageMap":{"@none":"?","en":"yes","fr-CH":"oui","de":["ja","jawohl"]}})";
  EXPECT_EQ(world.again(says, {.language = "fr"}), R"("says":{"type":"Property","value":"oui","lang":"fr-CH"})");
  EXPECT_EQ(world.again(says, {.language = "en-GB"}), R"("says":{"type":"Property","value":"yes","lang":"en"})");
  EXPECT_EQ(world.again(says, {.language = "it,de;q=0.5,en;q=0.1"}),
            R"("says":{"type":"Property","value":["ja","jawohl"],"lang":"de"})");
  EXPECT_EQ(world.again(says, {.language = "it"}), R"("says":{"type":"Property","value":"?","lang":"@none"})");
  EXPECT_EQ(world.again(says, {.form = Form::simplified, .language = "en"}), R"("says":"yes")");
}

TEST(NgsiLdForms, datasets_and_members_are_chosen_4_5_5_and_4_21) {
  TestWorld world;
  const std::vector<std::string> one{"urn:d:1"}, none{"@none"};
  const char* two = R"("a":[{"value":1},{"value":2,"datasetId":"urn:d:1"}],"b":3)";
  EXPECT_EQ(world.again(two, {.form = Form::simplified, .datasets = one}), R"("a":2)");
  EXPECT_EQ(world.again(two, {.form = Form::simplified, .datasets = none}), R"("a":1,"b":3)");
  Projection only{.id = false, .type = false, .scope = false, .only = true, .names = {}};
  only.names.push_back(world.names.find("https://uri.etsi.org/ngsi-ld/default-context/b"));
  EXPECT_EQ(
      world.write(world.entity(R"({"id":"urn:a:b","type":"T","a":1,"b":3})"), {.form = Form::simplified, .projection = &only}),
      R"({"b":3})");
}

TEST(NgsiLdForms, previous_values_stand_beside_what_changed_4_5_2_2) {
  TestWorld world;
  const twin::Entity before = world.entity(R"({"id":"urn:a:b","type":"T","a":1,"b":{"object":"urn:x:1"}})");
  const twin::Entity after = world.entity(R"({"id":"urn:a:b","type":"T","a":2,"b":{"object":"urn:x:2"},"c":3})");
  EXPECT_EQ(world.write(after, {.before = &before}),
            R"({"id":"urn:a:b","type":"T","a":{"type":"Property","value":2,"previousValue":1},)"
            R"("b":{"type":"Relationship","object":"urn:x:2","previousObject":"urn:x:1"},"c":{"type":"Property","value":3}})");
}

TEST(NgsiLdForms, an_entity_is_a_geojson_feature_4_5_16) {
  TestWorld world;
  const twin::Entity entity =
      world.entity(R"({"id":"urn:a:b","type":"T","location":{"type":"Point","coordinates":[7,43]},"a":1})");
  std::string out;
  write_feature(out, entity, world.names, *world.context(), kSimplified,
                world.names.find("https://uri.etsi.org/ngsi-ld/location"), kTestNow);
  EXPECT_EQ(out, R"({"id":"urn:a:b","type":"Feature","geometry":{"type":"Point","coordinates":[7,43]},)"
                 R"("properties":{"type":"T","location":{"type":"Point","coordinates":[7,43]},"a":1}})");
  out.clear();
  write_feature(out, entity, world.names, *world.context(), kSimplified,
                world.names.find("https://uri.etsi.org/ngsi-ld/default-context/a"), kTestNow);
  EXPECT_THAT(out, HasSubstr(R"("geometry":null)"));
}

TEST(NgsiLdForms, what_has_expired_is_not_shown_4_22) {
  TestWorld world;
  EXPECT_EQ(
      world.again(R"("a":{"value":1,"expiresAt":"2020-09-13T12:26:40Z"},"b":{"value":2,"expiresAt":"2020-09-13T12:26:41Z"})",
                  kSimplified),
      R"("b":2)");
}

TEST(NgsiLdForms, moments_are_read_strictly_and_written_shortly_4_6_3) {
  const auto again = [](std::string_view text) {
    const auto time = parse_date_time(text);
    if (!time) return std::string("none");
    std::string out;
    twin::append_moment(out, *time);
    return out;
  };
  EXPECT_EQ(again("2018-08-07T12:00:00Z"), "2018-08-07T12:00:00Z");
  EXPECT_EQ(again("1969-12-31T23:59:59.5Z"), "1969-12-31T23:59:59.500Z");
  EXPECT_EQ(again("2018-08-07T12:00:00,000001Z"), "2018-08-07T12:00:00.000001Z");
  EXPECT_EQ(again("2016-12-31T23:59:60Z"), "2017-01-01T00:00:00Z");
  for (const char* bad :
       {"", "2018-08-07", "2018-08-07T12:00:00", "2018-02-30T12:00:00Z", "2018-08-07T24:00:00Z", "2018-08-07T12:00:00.Z",
        "2018-08-07T12:00:00.1234567Z", "2018-08-07 12:00:00Z", "0000-01-01T00:00:00Z", "2018-08-07T12:00:00+02:00"})
    EXPECT_EQ(again(bad), "none") << bad;
}

}  // namespace
}  // namespace citiverse::api::ngsi_ld
