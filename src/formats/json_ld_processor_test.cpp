// Contexts as they are met: the examples of JSON-LD 1.1, those that NGSI-LD forbids, and those that are meant to hurt.
#include "formats/json_ld_processor.h"

#include <map>
#include <string>

#include <gmock/gmock.h>

namespace citiverse::formats {
namespace {

using Documents = std::map<std::string, std::string, std::less<>>;

JsonLdLoader loader_of(const Documents& documents) {
  return [&documents](std::string_view url) -> base::Result<std::shared_ptr<const std::string>> {
    const auto found = documents.find(url);
    if (found == documents.end()) return base::fail(base::ErrorCode::unavailable, "no such document: " + std::string(url));
    return std::make_shared<const std::string>(found->second);
  };
}

base::Result<std::shared_ptr<const JsonLdContext>> process(std::string_view context, const Documents& documents = {}) {
  return process_json_ld_document("{\"@context\":" + std::string(context) + "}", "https://city.example/context.jsonld",
                                  loader_of(documents));
}

std::string error_of(std::string_view context, const Documents& documents = {}) {
  const auto result = process(context, documents);
  return result ? "it was taken" : result.error().message;
}

TEST(JsonLd, the_core_context_maps_the_names_of_annex_b) {
  const JsonLdContext& core = *ngsi_ld_core_context();
  EXPECT_EQ(core.expand("Property"), "https://uri.etsi.org/ngsi-ld/Property");
  EXPECT_EQ(core.expand("value"), "https://uri.etsi.org/ngsi-ld/hasValue");
  EXPECT_EQ(core.expand("Point"), "https://purl.org/geojson/vocab#Point");
  EXPECT_EQ(core.expand("id"), "@id");
  EXPECT_EQ(core.expand("speed"), "https://uri.etsi.org/ngsi-ld/default-context/speed");
  EXPECT_EQ(core.expand("description"), "http://purl.org/dc/terms/description");
  EXPECT_EQ(core.compact("https://uri.etsi.org/ngsi-ld/location"), "location");
  EXPECT_EQ(core.compact("https://uri.etsi.org/ngsi-ld/default-context/speed"), "speed");
  EXPECT_EQ(core.compact("https://schema.org/name"), "https://schema.org/name");
  EXPECT_EQ(core.find("observedAt")->type, "https://uri.etsi.org/ngsi-ld/DateTime");
  EXPECT_EQ(core.find("languageMap")->containers, std::vector<std::string>{"@language"});
  EXPECT_TRUE(core.find("value")->is_protected);
}

TEST(JsonLd, every_version_of_the_core_context_is_known_without_loading) {
  for (const char* version : {"", "-v1.3", "-v1.4", "-v1.5", "-v1.6", "-v1.7", "-v1.8", "-v1.9"}) {
    const auto context = process("\"https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context" + std::string(version) + ".jsonld\"");
    ASSERT_TRUE(context) << context.error().message;
    EXPECT_EQ((*context)->expand("object"), "https://uri.etsi.org/ngsi-ld/hasObject");
  }
  EXPECT_FALSE(is_ngsi_ld_core_url("https://uri.etsi.org.evil.example/ngsi-ld/v1/ngsi-ld-core-context-v1.9.jsonld"));
}

TEST(JsonLd, terms_prefixes_and_types_are_expanded_and_come_back) {
  const auto context = process(R"({"Vehicle": "https://ex.org/Vehicle", "ex": "https://ex.org/", "speed": "ex:speed",
      "isParked": {"@id": "ex:isParked", "@type": "@id"}, "long": "https://ex.org/deep/", "gone": null})");
  ASSERT_TRUE(context) << context.error().message;
  EXPECT_EQ((*context)->expand("speed"), "https://ex.org/speed");
  EXPECT_EQ((*context)->expand("ex:wheel"), "https://ex.org/wheel");
  EXPECT_EQ((*context)->expand("gone"), "");
  EXPECT_EQ((*context)->find("isParked")->type, "@id");
  EXPECT_EQ((*context)->compact("https://ex.org/Vehicle"), "Vehicle");
  EXPECT_EQ((*context)->compact("https://ex.org/wheel"), "ex:wheel");
  EXPECT_EQ((*context)->compact("https://ex.org/deep/x"), "long:x") << "the shortest";
}

TEST(JsonLd, the_core_context_wins_wherever_it_stands) {
  for (const char* text : {R"([{"location": "https://ex.org/location", "value": "https://ex.org/v"}])",
                           R"(["https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld",
                               {"location": "https://ex.org/location", "value": "https://ex.org/v"}])"}) {
    const auto context = process(text);
    ASSERT_TRUE(context) << context.error().message;
    EXPECT_EQ((*context)->expand("location"), "https://uri.etsi.org/ngsi-ld/location");
    EXPECT_EQ((*context)->expand("value"), "https://uri.etsi.org/ngsi-ld/hasValue");
    EXPECT_EQ((*context)->compact("https://ex.org/location"), "https://ex.org/location");
  }
}

TEST(JsonLd, a_users_vocabulary_serves_its_own_terms_and_the_default_vocabulary_all_others) {
  const auto context = process(R"({"@vocab": "https://ex.org/", "name": {"@type": "@id"}, "alias": "name"})");
  ASSERT_TRUE(context) << context.error().message;
  EXPECT_EQ((*context)->expand("name"), "https://ex.org/name");
  EXPECT_EQ((*context)->expand("alias"), "https://ex.org/name");
  EXPECT_EQ((*context)->expand("other"), "https://uri.etsi.org/ngsi-ld/default-context/other");
}

TEST(JsonLd, of_several_terms_for_an_iri_the_shortest_and_then_the_least_is_chosen) {
  const auto context = process(R"({"bb": "https://ex.org/x", "ab": "https://ex.org/x", "aaa": "https://ex.org/x"})");
  ASSERT_TRUE(context);
  EXPECT_EQ((*context)->compact("https://ex.org/x"), "ab");
}

TEST(JsonLd, a_name_that_would_not_come_back_stays_an_iri) {
  const auto context = process(R"({"speed": "https://ex.org/speed"})");
  ASSERT_TRUE(context);
  const std::string iri = "https://uri.etsi.org/ngsi-ld/default-context/speed";
  EXPECT_EQ((*context)->compact(iri), "ngsi-ld:default-context/speed");
  EXPECT_EQ((*context)->expand((*context)->compact(iri)), iri);
}

TEST(JsonLd, remote_contexts_are_followed_and_later_ones_win) {
  const Documents documents{
      {"https://city.example/a.jsonld", R"({"@context": ["b.jsonld", {"x": "https://ex.org/a"}]})"},
      {"https://city.example/b.jsonld", R"({"@context": {"x": "https://ex.org/b", "y": "https://ex.org/y"}})"}};
  const auto context = process(R"("a.jsonld")", documents);
  ASSERT_TRUE(context) << context.error().message;
  EXPECT_EQ((*context)->expand("x"), "https://ex.org/a");
  EXPECT_EQ((*context)->expand("y"), "https://ex.org/y");
}

TEST(JsonLd, an_import_gives_what_the_object_does_not_say_itself) {
  const Documents documents{
      {"https://city.example/b.jsonld", R"({"@context": {"x": "https://ex.org/b", "y": "https://ex.org/y"}})"}};
  const auto context = process(R"({"@import": "b.jsonld", "x": "https://ex.org/mine"})", documents);
  ASSERT_TRUE(context) << context.error().message;
  EXPECT_EQ((*context)->expand("x"), "https://ex.org/mine");
  EXPECT_EQ((*context)->expand("y"), "https://ex.org/y");
}

TEST(JsonLd, circles_are_told_and_not_walked) {
  EXPECT_THAT(error_of(R"({"a": "b:x", "b": "a:y"})"), testing::HasSubstr("defined by itself"));
  EXPECT_THAT(error_of(R"({"a": {"@id": "https://ex.org/", "@type": "a"}})"), testing::HasSubstr("defined by itself"));
  const Documents documents{{"https://city.example/a.jsonld", R"({"@context": "b.jsonld"})"},
                            {"https://city.example/b.jsonld", R"({"@context": "a.jsonld"})"}};
  EXPECT_THAT(error_of(R"("a.jsonld")", documents), testing::HasSubstr("refers to itself"));
}

TEST(JsonLd, what_the_standard_does_not_allow_is_refused_with_its_place) {
  EXPECT_THAT(error_of("7"), testing::HasSubstr("is needed"));
  EXPECT_THAT(error_of(R"({"a": 1})"), testing::HasSubstr("'a'"));
  EXPECT_THAT(error_of(R"({"a": {"@id": 1}})"), testing::HasSubstr("@id must be a text"));
  EXPECT_THAT(error_of(R"({"a": {"@id": "https://ex.org/a", "x": 1}})"), testing::HasSubstr("'x'"));
  EXPECT_THAT(error_of(R"({"@id": "https://ex.org/a"})"), testing::HasSubstr("keyword"));
  EXPECT_THAT(error_of(R"({"@type": "https://ex.org/a"})"), testing::HasSubstr("@type"));
  EXPECT_THAT(error_of(R"({"a": "plain"})"), testing::HasSubstr("no IRI"));
  EXPECT_THAT(error_of(R"({"a": "https://ex.org/\u202Eb"})"), testing::HasSubstr("no IRI"));
  EXPECT_THAT(error_of(R"({"a": {"@id": "https://ex.org/a", "@container": "@bag"}})"), testing::HasSubstr("@container"));
  EXPECT_THAT(error_of(R"({"a": {"@id": "https://ex.org/a", "@type": "@set"}})"), testing::HasSubstr("@type"));
  EXPECT_THAT(error_of(R"({"@version": 1.0})"), testing::HasSubstr("@version"));
  EXPECT_THAT(error_of(R"([{"@protected": true, "a": "https://ex.org/a"}, {"a": "https://ex.org/b"}])"),
              testing::HasSubstr("protected"));
  EXPECT_THAT(error_of(R"([{"@protected": true, "a": "https://ex.org/a"}, null])"), testing::HasSubstr("protected"));
}

TEST(JsonLd, scoped_contexts_are_refused_as_clause_5_5_7_asks) {
  EXPECT_THAT(error_of(R"({"a": {"@id": "https://ex.org/a", "@context": {"value": "https://evil.example/"}}})"),
              testing::HasSubstr("scoped context"));
}

TEST(JsonLd, large_and_deep_contexts_meet_a_limit) {
  std::string deep = "{}";
  for (int i = 0; i < 12; ++i) deep = "[" + deep + "]";
  EXPECT_FALSE(process(deep));
  std::string many = "{";
  for (std::size_t i = 0; i <= kJsonLdTermsMax; ++i) many += (i == 0 ? "\"t" : ",\"t") + std::to_string(i) + "\":\"h:x\"";
  EXPECT_EQ(process(many + "}").error().code, base::ErrorCode::limit);
  Documents documents;
  for (std::size_t i = 0; i <= kJsonLdDocumentsMax; ++i)
    documents["https://city.example/" + std::to_string(i)] = R"({"@context": {}})";
  std::string row = "[";
  for (std::size_t i = 0; i <= kJsonLdDocumentsMax; ++i) row += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\"";
  EXPECT_EQ(process(row + "]", documents).error().code, base::ErrorCode::limit);
  EXPECT_EQ(process(R"("huge")", {{"https://city.example/huge", std::string(kJsonLdDocumentBytesMax + 1, ' ')}}).error().code,
            base::ErrorCode::limit);
}

TEST(JsonLd, what_cannot_be_loaded_fails_as_the_loader_does) {
  const auto result = process(R"("https://other.example/c")");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, base::ErrorCode::unavailable);
}

TEST(JsonLd, addresses_are_resolved_as_in_rfc_3986_section_5_4) {
  const auto of = [](std::string_view reference) { return resolve_iri("http://a/b/c/d;p?q", reference); };
  EXPECT_EQ(of("g:h"), "g:h");
  EXPECT_EQ(of("g"), "http://a/b/c/g");
  EXPECT_EQ(of("./g"), "http://a/b/c/g");
  EXPECT_EQ(of("g/"), "http://a/b/c/g/");
  EXPECT_EQ(of("/g"), "http://a/g");
  EXPECT_EQ(of("//g"), "http://g");
  EXPECT_EQ(of("?y"), "http://a/b/c/d;p?y");
  EXPECT_EQ(of("#s"), "http://a/b/c/d;p?q#s");
  EXPECT_EQ(of(""), "http://a/b/c/d;p?q");
  EXPECT_EQ(of(".."), "http://a/b/");
  EXPECT_EQ(of("../g"), "http://a/b/g");
  EXPECT_EQ(of("../../../g"), "http://a/g");
}

}  // namespace
}  // namespace citiverse::formats
