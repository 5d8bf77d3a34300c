// ETSI GS CIM 009 V1.9.1, 5.6.1 to 5.6.6, 5.6.17 to 5.6.19, 5.7.1 over HTTP (6.3 to 6.7).
#include <gmock/gmock.h>

#include <algorithm>

#include "api/ngsi_ld/test_node.h"
#include "net/target.h"

namespace citiverse::api::ngsi_ld {
namespace {

using net::Method;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kCar = R"({"id":"urn:c:1","type":"Car","speed":{"type":"Property","value":25,"unitCode":"KMH",)"
                                  R"("observedAt":"2022-03-14T01:59:26Z"}})";

TEST(NgsiLdEntities, an_entity_is_created_once_and_found_under_its_location_5_6_1) {
  TestNode node;
  const net::Reply created = node.post("/entities", kCar);
  EXPECT_EQ(created.status, 201) << created.body;
  EXPECT_THAT(created.fields, HasSubstr("Location: /ngsi-ld/v1/entities/urn:c:1\r\n"));
  const net::Reply again = node.post("/entities", kCar);
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(error_type(again), "AlreadyExists");
  const net::Reply found = node.get("/entities/urn:c:1");
  EXPECT_EQ(found.status, 200);
  EXPECT_EQ(found.body, kCar);
  EXPECT_THAT(found.fields, HasSubstr("Link: <https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.9.jsonld>; rel="));
}

TEST(NgsiLdEntities, ids_in_a_location_are_encoded) {
  TestNode node;
  EXPECT_THAT(node.post("/entities", R"({"id":"urn:x:ü?#","type":"T"})").fields, HasSubstr("/entities/urn:x:%C3%BC%3F%23\r\n"));
}

// 6.5 and RFC 3986, 2.2: an IRI stands in one segment of a path, its slashes escaped, as net gives them.
TEST(NgsiLdEntities, ids_and_names_that_hold_slashes_are_reached) {
  TestNode node;
  const net::Reply created = node.post("/entities", R"({"id":"http://example.org/cars/1","type":"http://example.org/Car",)"
                                                    R"("http://example.org/speed":{"type":"Property","value":3}})");
  EXPECT_THAT(created.fields, HasSubstr("Location: /ngsi-ld/v1/entities/http:%2F%2Fexample.org%2Fcars%2F1\r\n"));
  const auto iri = [](std::string text) {
    std::ranges::replace(text, '/', net::kEscapedSlash);
    return text;
  };
  const std::string path = "/entities/" + iri("http://example.org/cars/1");
  const std::string speed = path + "/attrs/" + iri("http://example.org/speed");
  EXPECT_THAT(node.get(path).body, HasSubstr(R"("id":"http://example.org/cars/1")"));
  EXPECT_EQ(node.patch(speed, R"({"value":4})").status, 204);
  EXPECT_THAT(node.get(path, "options=keyValues").body, HasSubstr(R"("http://example.org/speed":4)"));
  EXPECT_THAT(node.get("/types/" + iri("http://example.org/Car")).body, HasSubstr(R"("entityCount":1)"));
  EXPECT_THAT(node.get("/attributes/" + iri("http://example.org/speed")).body, HasSubstr(R"("attributeCount":1)"));
  EXPECT_EQ(node.remove(speed).status, 204);
  EXPECT_EQ(node.remove(path).status, 204);
  EXPECT_EQ(node.get(path).status, 404);
}

TEST(NgsiLdEntities, what_is_not_there_is_not_found_5_7_1) {
  TestNode node;
  for (const net::Reply& reply :
       {node.get("/entities/urn:c:9"), node.remove("/entities/urn:c:9"), node.put("/entities/urn:c:9", R"({"type":"T"})"),
        node.patch("/entities/urn:c:9", R"({"a":1})"), node.patch("/entities/urn:c:9/attrs", R"({"a":1})"),
        node.post("/entities/urn:c:9/attrs", R"({"a":1})"), node.patch("/entities/urn:c:9/attrs/a", R"({"value":1})"),
        node.remove("/entities/urn:c:9/attrs/a")}) {
    EXPECT_EQ(reply.status, 404);
    EXPECT_EQ(error_type(reply), "ResourceNotFound");
  }
  EXPECT_EQ(node.get("/entities/plain").status, 400);
}

TEST(NgsiLdEntities, bodies_that_are_no_json_and_no_entity_have_their_own_errors_5_5_4) {
  TestNode node;
  EXPECT_EQ(error_type(node.post("/entities", "{")), "InvalidRequest");
  EXPECT_EQ(error_type(node.post("/entities", R"({"id":"urn:c:1","id":"urn:c:2","type":"T"})")), "InvalidRequest");
  EXPECT_EQ(error_type(node.post("/entities", "[]")), "BadRequestData");
  EXPECT_EQ(error_type(node.post("/entities", R"({"id":"urn:c:1"})")), "BadRequestData");
  EXPECT_EQ(node.ask(Method::post, "/entities", "x", {.content_type = "text/plain"}).status, 415);
  EXPECT_EQ(node.ask(Method::get, "/entities/urn:c:1", {}, {.accept = "image/png"}).status, 406);
  EXPECT_EQ(node.ask(Method::post, "/entities/urn:c:1", "{}", {}).status, 405);
}

TEST(NgsiLdEntities, what_no_route_takes_is_refused_by_a_type_of_the_standard) {
  TestNode node;
  const auto refusal = [](const net::Reply& reply) {
    return fmt::format("{} {} {}", reply.status, error_type(reply), reply.media_type);
  };
  EXPECT_EQ(refusal(node.get("/nowhere")), "404 ResourceNotFound application/json");
  const auto wrong_method = node.ask(Method::post, "/entities/urn:c:1", "{}", {});
  EXPECT_EQ(refusal(wrong_method), "405 InvalidRequest application/json");
  EXPECT_NE(wrong_method.fields.find("Allow: "), std::string::npos);
  EXPECT_EQ(refusal(node.post("/entities", std::string(kLiveBodyBytesMax + 1, ' '))), "413 InvalidRequest application/json");
  EXPECT_EQ(refusal(node.ask(Method::post, "/entities", "x", {.content_type = "text/plain"})),
            "415 InvalidRequest application/json");
  EXPECT_FALSE(tell_refusal({.path = "/ngsi-ld/v10"}, 404, ""));
}

TEST(NgsiLdEntities, contexts_come_by_link_or_within_the_body_and_never_both_6_3_5) {
  TestNode node;
  node.remote["https://ctx.example/c"] = R"({"@context":{"Car":"https://ex.org/Car","speed":"https://ex.org/speed"}})";
  const TestNode::Headers link{.link = "https://ctx.example/c"};
  EXPECT_EQ(node.ask(Method::post, "/entities", kCar, link).status, 201);
  EXPECT_THAT(node.values("urn:c:1"), HasSubstr("https://ex.org/speed"));
  EXPECT_EQ(node.ask(Method::get, "/entities/urn:c:1", {}, link, "options=keyValues").body,
            R"({"id":"urn:c:1","type":"Car","speed":25})");
  EXPECT_EQ(node.fetches, 1) << "fetched once";
  const std::string with = R"({"id":"urn:c:2","type":"Car","speed":1,"@context":["https://ctx.example/c"]})";
  EXPECT_EQ(error_type(node.post("/entities", with)), "BadRequestData");
  EXPECT_EQ(node.ask(Method::post, "/entities", with, {.content_type = "application/ld+json", .link = "https://ctx.example/c"})
                .status,
            400);
  EXPECT_EQ(node.ask(Method::post, "/entities", kCar, {.content_type = "application/ld+json"}).status, 400);
  EXPECT_EQ(node.ask(Method::post, "/entities", with, {.content_type = "application/ld+json; charset=utf-8"}).status, 201);
  EXPECT_THAT(node.values("urn:c:2"), HasSubstr("https://ex.org/Car"));
}

TEST(NgsiLdEntities, a_context_that_cannot_be_had_is_504_and_nothing_changes) {
  TestNode node;
  for (const char* url : {"https://ctx.example/missing", "https://other.example/c", "http://127.0.0.1/c", "file:///etc/passwd",
                          "https://ctx.example@evil.example/"}) {
    const net::Reply reply = node.ask(Method::post, "/entities", kCar, {.link = url});
    EXPECT_EQ(reply.status, 504) << url;
    EXPECT_EQ(error_type(reply), "LdContextNotAvailable");
  }
  EXPECT_EQ(node.fetches, 1) << "what is not allowed is not even asked for";
  EXPECT_EQ(node.get("/entities/urn:c:1").status, 404);
}

TEST(NgsiLdEntities, answers_carry_their_context_as_accept_asks_6_3_6) {
  TestNode node;
  node.post("/entities", R"({"id":"urn:c:1","type":"T","location":{"type":"Point","coordinates":[7,43]}})");
  const auto with = [&](std::string accept, std::string prefer = {}) {
    return node.ask(Method::get, "/entities/urn:c:1", {}, {.accept = std::move(accept), .prefer = std::move(prefer)},
                    "format=simplified");
  };
  const net::Reply ld = with("application/ld+json");
  EXPECT_EQ(ld.media_type, "application/ld+json");
  EXPECT_THAT(ld.body, HasSubstr(R"("@context":"https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.9.jsonld")"));
  EXPECT_THAT(ld.fields, Not(HasSubstr("Link:")));
  EXPECT_EQ(with("*/*").media_type, "application/json");
  EXPECT_EQ(with("application/json;q=0.1, application/ld+json;q=0.5").media_type, "application/ld+json");
  EXPECT_EQ(with("application/ld+json, application/json").media_type, "application/json")
      << "the standard's order at equal weights";
  const net::Reply geo = with("application/geo+json");
  EXPECT_EQ(geo.media_type, "application/geo+json");
  EXPECT_THAT(geo.body, HasSubstr(R"("type":"Feature","geometry":{"type":"Point","coordinates":[7,43]})"));
  EXPECT_THAT(geo.body, HasSubstr("@context"));
  EXPECT_THAT(with("application/geo+json", "body=json").body, Not(HasSubstr("@context")));
}

TEST(NgsiLdEntities, members_are_picked_and_omitted_4_21) {
  TestNode node;
  node.post("/entities", R"({"id":"urn:c:1","type":"T","a":1,"b":2,"c":3})");
  const auto of = [&](std::string_view query) {
    return node.get("/entities/urn:c:1", "options=keyValues&" + std::string(query)).body;
  };
  EXPECT_EQ(of("pick=id,a"), R"({"id":"urn:c:1","a":1})");
  EXPECT_EQ(of("omit=type,b"), R"({"id":"urn:c:1","a":1,"c":3})");
  EXPECT_EQ(of("attrs=c"), R"({"id":"urn:c:1","type":"T","c":3})");
  EXPECT_EQ(node.get("/entities/urn:c:1", "attrs=nothing").status, 404);
  EXPECT_EQ(node.get("/entities/urn:c:1", "attrs=id").status, 400);
  EXPECT_EQ(node.get("/entities/urn:c:1", "pick=a&omit=b").status, 400);
  EXPECT_EQ(node.get("/entities/urn:c:1", "format=nonsense").status, 400);
  EXPECT_EQ(node.get("/entities/urn:c:1", "type=U").status, 404);
  EXPECT_EQ(node.get("/entities/urn:c:1", "type=T|U").status, 200);
}

TEST(NgsiLdEntities, attributes_are_appended_and_overwritten_unless_told_otherwise_5_6_3) {
  TestNode node;
  node.post("/entities", R"({"id":"urn:c:1","type":"T","a":1})");
  EXPECT_EQ(node.post("/entities/urn:c:1/attrs", R"({"a":2,"b":3,"type":"U"})").status, 204);
  EXPECT_EQ(node.values("urn:c:1"), R"({"id":"urn:c:1","type":["T","U"],"a":2,"b":3})");
  const net::Reply some = node.post("/entities/urn:c:1/attrs", R"({"a":9,"c":4})", "options=noOverwrite");
  EXPECT_EQ(some.status, 207);
  EXPECT_EQ(
      some.body,
      R"({"updated":["https://uri.etsi.org/ngsi-ld/default-context/c"],"notUpdated":[{"attributeName":)"
      R"("https://uri.etsi.org/ngsi-ld/default-context/a","reason":"it is there already, and noOverwrite was asked for"}]})");
  EXPECT_THAT(node.values("urn:c:1"), HasSubstr(R"("a":2)"));
}

TEST(NgsiLdEntities, an_update_replaces_whole_attributes_and_keeps_when_they_were_made_5_5_8) {
  TestNode node;
  node.post("/entities", kCar);
  node.now_us += 1'000'000;
  EXPECT_EQ(
      node.patch("/entities/urn:c:1/attrs", R"({"speed":{"type":"Property","value":100,"observedAt":"2022-03-14T13:00:00Z"}})")
          .status,
      204);
  EXPECT_THAT(node.get("/entities/urn:c:1").body,
              HasSubstr(R"("speed":{"type":"Property","value":100,"observedAt":"2022-03-14T13:00:00Z"})"))
      << "unitCode is gone";
  EXPECT_THAT(node.get("/entities/urn:c:1", "options=sysAttrs").body,
              HasSubstr(R"("createdAt":"2020-09-13T12:26:40Z","modifiedAt":"2020-09-13T12:26:41Z")"));
  EXPECT_EQ(node.patch("/entities/urn:c:1/attrs", R"({"speed":{"type":"Property","value":"urn:ngsi-ld:null"}})").status, 204);
  EXPECT_EQ(node.values("urn:c:1"), R"({"id":"urn:c:1","type":"Car"})");
}

TEST(NgsiLdEntities, a_partial_update_changes_only_what_it_says_5_6_4) {
  TestNode node;
  node.post("/entities", kCar);
  EXPECT_EQ(
      node.patch("/entities/urn:c:1/attrs/speed", R"({"type":"Property","value":100,"observedAt":"2022-03-14T13:00:00Z"})")
          .status,
      204);
  EXPECT_THAT(node.get("/entities/urn:c:1").body,
              HasSubstr(R"("value":100,"unitCode":"KMH","observedAt":"2022-03-14T13:00:00Z")"));
  EXPECT_EQ(node.patch("/entities/urn:c:1/attrs/speed", R"({"unitCode":"urn:ngsi-ld:null","by":{"object":"urn:p:1"}})").status,
            204);
  EXPECT_THAT(node.get("/entities/urn:c:1").body,
              HasSubstr(R"("value":100,"observedAt":"2022-03-14T13:00:00Z","by":{"type":"Relationship","object":"urn:p:1"})"));
  EXPECT_EQ(node.patch("/entities/urn:c:1/attrs/speed", R"({"by":"urn:ngsi-ld:null"})").status, 204);
  EXPECT_THAT(node.get("/entities/urn:c:1").body, Not(HasSubstr("urn:p:1")));
  EXPECT_EQ(error_type(node.patch("/entities/urn:c:1/attrs/speed", R"({"type":"Relationship","object":"urn:p:1"})")),
            "BadRequestData");
  EXPECT_EQ(error_type(node.patch("/entities/urn:c:1/attrs/speed", R"({"value":"urn:ngsi-ld:null"})")), "BadRequestData");
  EXPECT_EQ(error_type(node.patch("/entities/urn:c:1/attrs/speed", R"({"value":1,"datasetId":"urn:d:1"})")),
            "ResourceNotFound");
  EXPECT_EQ(error_type(node.patch("/entities/urn:c:1/attrs/scope", R"({"value":"/a"})")), "BadRequestData");
}

TEST(NgsiLdEntities, a_merge_goes_into_values_5_5_12) {
  TestNode node;
  node.post("/entities", kCar);
  EXPECT_EQ(node.patch("/entities/urn:c:1", R"({"speed":{"type":"Property","value":100,"observedAt":"2022-03-14T13:00:00Z"}})")
                .status,
            204);
  EXPECT_THAT(node.get("/entities/urn:c:1").body,
              HasSubstr(R"("value":100,"unitCode":"KMH","observedAt":"2022-03-14T13:00:00Z")"));
  node.post("/entities",
            R"({"id":"urn:c:2","type":"T","address":{"value":{"street":"Pariser Str.","city":"Berlin","country":"DE"}}})");
  EXPECT_EQ(node.patch("/entities/urn:c:2",
                       R"({"address":{"type":"Property","value":{"street":"Pariser Platz","country":"urn:ngsi-ld:null"}}})")
                .status,
            204);
  EXPECT_EQ(node.values("urn:c:2"), R"({"id":"urn:c:2","type":"T","address":{"street":"Pariser Platz","city":"Berlin"}})");
  EXPECT_EQ(node.patch("/entities/urn:c:2", R"({"address":"urn:ngsi-ld:null","new":1})").status, 204);
  EXPECT_EQ(node.values("urn:c:2"), R"({"id":"urn:c:2","type":"T","new":1})");
}

TEST(NgsiLdEntities, a_simplified_merge_keeps_the_kinds_of_attributes_5_6_17) {
  TestNode node;
  node.post("/entities",
            R"({"id":"urn:c:1","type":"T","says":{"languageMap":{"en":"yes","fr":"oui"}},"by":{"object":"urn:p:1"},)"
            R"("t":{"value":1,"observedAt":"2022-01-01T00:00:00Z"},"kind":{"vocab":"A"}})");
  EXPECT_EQ(node.patch("/entities/urn:c:1", R"({"says":"oui!","by":"urn:p:2","t":2,"kind":"B"})",
                       "format=simplified&lang=fr&observedAt=2022-02-02T00:00:00Z")
                .status,
            204);
  const std::string body = node.get("/entities/urn:c:1").body;
  EXPECT_THAT(body, HasSubstr(R"("languageMap":{"en":"yes","fr":"oui!"})"));
  EXPECT_THAT(body, HasSubstr(R"("by":{"type":"Relationship","object":"urn:p:2"})"));
  EXPECT_THAT(body, HasSubstr(R"("value":2,"observedAt":"2022-02-02T00:00:00Z")"));
  EXPECT_THAT(body, HasSubstr(R"("vocab":"B")"));
  EXPECT_EQ(node.patch("/entities/urn:c:1", R"({"by":"plain"})", "format=simplified").status, 400);
}

TEST(NgsiLdEntities, entities_and_attributes_are_replaced_whole_5_6_18_and_5_6_19) {
  TestNode node;
  node.post("/entities", R"({"id":"urn:c:1","type":"T","a":1,"b":2})");
  EXPECT_EQ(node.put("/entities/urn:c:1", R"({"type":"U","c":3})").status, 204);
  EXPECT_EQ(node.values("urn:c:1"), R"({"id":"urn:c:1","type":"U","c":3})");
  EXPECT_EQ(node.put("/entities/urn:c:1", R"({"id":"urn:c:2","type":"U"})").status, 400);
  EXPECT_EQ(node.put("/entities/urn:c:1/attrs/c", R"({"type":"Relationship","object":"urn:p:1"})").status, 204);
  EXPECT_EQ(node.values("urn:c:1"), R"({"id":"urn:c:1","type":"U","c":"urn:p:1"})");
  EXPECT_EQ(node.put("/entities/urn:c:1/attrs/z", R"({"type":"Property","value":1})").status, 404);
}

TEST(NgsiLdEntities, attributes_are_deleted_by_dataset_or_altogether_5_6_5) {
  TestNode node;
  node.post(
      "/entities",
      R"({"id":"urn:c:1","type":"T","a":[{"value":1},{"value":2,"datasetId":"urn:d:1"},{"value":3,"datasetId":"urn:d:2"}]})");
  EXPECT_EQ(node.remove("/entities/urn:c:1/attrs/a", "datasetId=urn:d:9").status, 404);
  EXPECT_EQ(node.remove("/entities/urn:c:1/attrs/a", "datasetId=urn:d:1").status, 204);
  EXPECT_THAT(node.values("urn:c:1"), HasSubstr(R"("a":{"dataset":{"@none":1,"urn:d:2":3}})"));
  EXPECT_EQ(node.remove("/entities/urn:c:1/attrs/a").status, 204);
  EXPECT_EQ(node.remove("/entities/urn:c:1/attrs/a").status, 404);
  EXPECT_EQ(node.remove("/entities/urn:c:1/attrs/a", "deleteAll=true").status, 204);
  EXPECT_EQ(node.values("urn:c:1"), R"({"id":"urn:c:1","type":"T"})");
  EXPECT_EQ(node.remove("/entities/urn:c:1").status, 204);
  EXPECT_EQ(node.get("/entities/urn:c:1").status, 404);
}

TEST(NgsiLdEntities, tenants_are_worlds_of_their_own_5_5_10) {
  TestNode node;
  const TestNode::Headers tenant{.tenant = "city_a"};
  EXPECT_EQ(error_type(node.ask(Method::get, "/entities/urn:c:1", {}, tenant)), "NonexistentTenant");
  const net::Reply made = node.ask(Method::post, "/entities", kCar, tenant);
  EXPECT_EQ(made.status, 201);
  EXPECT_THAT(made.fields, HasSubstr("NGSILD-Tenant: city_a\r\n"));
  EXPECT_EQ(node.ask(Method::get, "/entities/urn:c:1", {}, tenant).status, 200);
  EXPECT_EQ(node.get("/entities/urn:c:1").status, 404);
  EXPECT_EQ(error_type(node.ask(Method::post, "/entities", kCar, {.tenant = "other"})), "NonexistentTenant")
      << "no one else's name is told";
  EXPECT_EQ(node.ask(Method::post, "/entities", kCar, {.tenant = "city\r\nX: 1"}).status, 400);
}

TEST(NgsiLdEntities, what_has_expired_is_gone_4_22) {
  TestNode node;
  EXPECT_EQ(node.post("/entities", R"({"id":"urn:c:1","type":"T","expiresAt":"2020-09-13T12:26:50Z"})").status, 201);
  EXPECT_EQ(node.get("/entities/urn:c:1").status, 200);
  node.now_us += 10'000'000;
  EXPECT_EQ(node.get("/entities/urn:c:1").status, 404);
  EXPECT_EQ(node.post("/entities", R"({"id":"urn:c:1","type":"T"})").status, 201);
}

}  // namespace
}  // namespace citiverse::api::ngsi_ld
