// ETSI GS CIM 009 V1.9.1, 4.5, 4.6, 4.7 and 5.5.4: what must be refused, and that the answer names the place.
#include <gmock/gmock.h>

#include "api/ngsi_ld/test_world.h"

namespace citiverse::api::ngsi_ld {
namespace {

using testing::HasSubstr;

TEST(NgsiLdValidation, an_entity_needs_an_id_that_is_a_uri_and_a_type_4_5_1) {
  TestWorld world;
  for (const char* text : {R"({"type":"T"})", R"({"id":"urn:a:b"})", R"({"id":7,"type":"T"})", R"({"id":"plain","type":"T"})",
                           R"({"id":"urn:a:b","type":[]})", R"({"id":"urn:a:b","type":7})", R"([])", R"("x")"})
    EXPECT_FALSE(world.read(text)) << text;
  EXPECT_TRUE(world.read(R"({"@id":"urn:a:b","@type":["T","U"]})"));
}

TEST(NgsiLdValidation, ids_carry_no_controls_spaces_or_characters_that_turn_the_direction_of_text) {
  TestWorld world;
  for (const char* id : {"urn:a:\\u0000", "urn:a:\\r\\nX-Evil: 1", "urn:a:\\u202Eb", "urn:a:\\u2066b", "urn:a:\\u200Fb",
                         "urn:a: b", "urn:a:<b>", "urn:a:\\u0085", "urn:", "1urn:a"}) {
    const auto input = world.read(std::string(R"({"id":")") + id + R"(","type":"T"})");
    ASSERT_FALSE(input) << id;
    EXPECT_THAT(input.error().message, HasSubstr("id:"));
  }
  EXPECT_FALSE(world.read(R"({"id":"urn:)" + std::string(kIdBytesMax, 'a') + R"(","type":"T"})"));
  EXPECT_TRUE(world.read(R"({"id":"urn:ngsi-ld:Straße:ü","type":"T"})"));
}

TEST(NgsiLdValidation, names_are_letters_digits_and_underscores_4_6_2) {
  TestWorld world;
  for (const char* name : {"a-b", "a b", "a.b", "1a", "_a", "", "a<b", "a;b", "a:b c", "a\\u202Eb", "a\\u0007"})
    EXPECT_FALSE(world.read(std::string(R"({"id":"urn:a:b","type":"T",")") + name + R"(":1})")) << name;
  for (const char* name : {"a_b", "a1", "Größe", "https://ex.org/a-b", "ex:a"})
    EXPECT_TRUE(world.read(std::string(R"({"id":"urn:a:b","type":"T",")") + name + R"(":1})")) << name;
}

TEST(NgsiLdValidation, reserved_names_are_no_attributes) {
  TestWorld world;
  for (const char* name : {"value", "object", "observedAt", "unitCode", "datasetId", "languageMap", "instanceId",
                           "previousValue", "@graph", "@value"})
    EXPECT_THAT(world.error("\"" + std::string(name) + "\":1"), HasSubstr(name)) << name;
  EXPECT_THAT(world.error(R"("a":{"type":"Property","value":1,"@context":{"x":"https://ex.org/x"}})"), HasSubstr("@context"));
}

TEST(NgsiLdValidation, wrong_types_are_named_with_their_attribute) {
  TestWorld world;
  for (const char* text : {R"("a":null)",
                           R"("a":{"type":"Property"})",
                           R"("a":{"type":"Property","value":null})",
                           R"("a":{"type":"Nonsense","value":1})",
                           R"("a":{"type":"Property","object":"urn:a:b"})",
                           R"("a":{"type":"Property","value":1,"observedAt":"yesterday"})",
                           R"("a":{"type":"Property","value":1,"unitCode":7})",
                           R"("a":{"type":"Property","value":1,"datasetId":"plain"})",
                           R"("a":{"type":"Relationship","object":"plain"})",
                           R"("a":{"type":"Relationship","object":[]})",
                           R"("a":{"type":"Relationship","object":7})",
                           R"("a":{"type":"LanguageProperty","languageMap":"x"})",
                           R"("a":{"type":"LanguageProperty","languageMap":{"e n":"x"}})",
                           R"("a":{"type":"LanguageProperty","languageMap":{"en":7}})",
                           R"("a":{"type":"VocabProperty","vocab":7})",
                           R"("a":{"type":"JsonProperty","json":7})",
                           R"("a":{"type":"ListProperty","valueList":7})",
                           R"("a":{"type":"ListRelationship","objectList":[7]})",
                           R"("a":{"type":"JsonProperty","json":{},"unitCode":"CEL"})",
                           R"("a":{"type":"Property","value":{"b":null}})",
                           R"("a":{"type":"Property","value":1,"objectType":"T"})",
                           R"("a":[{"value":1},{"value":2}])",
                           R"("a":[{"value":1,"datasetId":"urn:d:1"},{"value":2,"datasetId":"urn:d:1"}])",
                           R"("a":{"observedAt":"2020-01-01T00:00:00Z"})",
                           R"("a":{"type":"Property","value":1,"entity":{}})"})
    EXPECT_THAT(world.error(text), HasSubstr("'a'")) << text;
  EXPECT_THAT(world.error(R"("location":"here")"), HasSubstr("GeoProperty"));
}

TEST(NgsiLdValidation, geometries_are_held_against_rfc_7946_4_7) {
  TestWorld world;
  const auto of = [&](std::string_view value) {
    return world.error(R"("p":{"type":"GeoProperty","value":)" + std::string(value) + "}");
  };
  EXPECT_THAT(of(R"({"type":"Point","coordinates":[7]})"), HasSubstr("position"));
  EXPECT_THAT(of(R"({"type":"Point","coordinates":[181,0]})"), HasSubstr("longitudes"));
  EXPECT_THAT(of(R"({"type":"Point","coordinates":["7","8"]})"), HasSubstr("position"));
  EXPECT_THAT(of(R"({"type":"LineString","coordinates":[[7,43]]})"), HasSubstr("2 positions"));
  EXPECT_THAT(of(R"({"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]})"), HasSubstr("first again"));
  EXPECT_THAT(of(R"({"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[0,1],[0,0]]]})"), HasSubstr("crosses itself"));
  EXPECT_THAT(of(R"({"type":"GeometryCollection","geometries":[]})"), HasSubstr("GeoJSON"));
  EXPECT_THAT(of("\"POINT(1 2)\""), HasSubstr("GeoJSON"));
  EXPECT_EQ(of(R"({"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]})"), "it was taken");
  EXPECT_EQ(of(R"({"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]]]})"), "it was taken");
}

TEST(NgsiLdValidation, the_stand_in_for_null_is_taken_where_it_deletes_and_nowhere_else_5_5_4) {
  TestWorld world;
  const ReadRules update{.needs_id = false, .takes_null = true};
  const ReadRules merge{.needs_id = false, .takes_null = true, .takes_null_inside = true, .may_be_partial = true};
  for (const char* text : {R"("a":"urn:ngsi-ld:null")", R"("a":{"type":"Property","value":"urn:ngsi-ld:null"})",
                           R"("a":{"type":"Relationship","object":"urn:ngsi-ld:null"})",
                           R"("a":{"type":"LanguageProperty","languageMap":{"@none":"urn:ngsi-ld:null"}})"}) {
    EXPECT_THAT(world.error(text), HasSubstr("5.5.4")) << text;
    EXPECT_EQ(world.error(text, update), "it was taken") << text;
  }
  const char* inside = R"("a":{"type":"Property","value":{"b":"urn:ngsi-ld:null"}})";
  EXPECT_THAT(world.error(inside), HasSubstr("merges"));
  EXPECT_THAT(world.error(inside, update), HasSubstr("merges"));
  EXPECT_EQ(world.error(inside, merge), "it was taken");
}

TEST(NgsiLdValidation, depth_and_number_have_limits) {
  TestWorld world;
  std::string deep = "1";
  for (std::size_t i = 0; i < kAttributeDepthMax + 2; ++i) deep = R"({"value":1,"a":)" + deep + "}";
  EXPECT_THAT(world.error("\"a\":" + deep), HasSubstr("levels"));
  std::string nested = "1";
  for (std::size_t i = 0; i < kEntityJsonDepthMax + 1; ++i) nested = "[" + nested + "]";
  EXPECT_FALSE(world.read(R"({"id":"urn:a:b","type":"T","a":)" + nested + "}"));
  std::string many;
  for (std::size_t i = 0; i <= kAttributesMax; ++i) many += (i == 0 ? "\"a" : ",\"a") + std::to_string(i) + "\":1";
  EXPECT_THAT(world.error(many), HasSubstr("attributes"));
}

}  // namespace
}  // namespace citiverse::api::ngsi_ld
