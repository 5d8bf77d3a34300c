// ETSI GS CIM 009 V1.9.1, 5.8.1 to 5.8.5, 6.10, 6.11 and the data types of 5.2.12 to 5.2.15 and 5.2.22.
#include <filesystem>

#include <gmock/gmock.h>

#include "api/ngsi_ld/test_subscriber.h"

namespace citiverse::api::ngsi_ld {
namespace {

using testing::HasSubstr;
using testing::Not;

class SubscriptionRoutes : public Subscriber {
 protected:
  std::string get(std::string_view query = {}) { return node_.get("/subscriptions/urn:s:1", query).body; }
};

TEST_F(SubscriptionRoutes, create_gives_the_address_and_retrieve_gives_back_what_was_said) {
  const auto made = node_.post("/subscriptions", document(R"(,"watchedAttributes":["speed"],"q":"speed>10")"));
  EXPECT_EQ(made.status, 201);
  EXPECT_THAT(made.fields, HasSubstr("Location: /ngsi-ld/v1/subscriptions/urn:s:1\r\n"));
  EXPECT_EQ(get(), R"({"id":"urn:s:1","type":"Subscription","entities":[{"type":"Vehicle"}],"watchedAttributes":["speed"],)"
                   R"("q":"speed>10","notification":{"endpoint":{"uri":")" +
                       receiver_.url() +
                       R"("}},"notificationTrigger":["attributeCreated","attributeUpdated"],"status":"active"})");
}

TEST_F(SubscriptionRoutes, create_makes_an_id_where_there_is_none) {
  const auto made = node_.post("/subscriptions", R"({"type":"Subscription","watchedAttributes":["speed"],"notification":)"
                                                 R"({"endpoint":{"uri":"http://127.0.0.1:9/x"}}})");
  EXPECT_EQ(made.status, 201) << made.body;
  EXPECT_THAT(made.fields, HasSubstr("Location: /ngsi-ld/v1/subscriptions/urn:ngsi-ld:Subscription:"));
}

TEST_F(SubscriptionRoutes, create_of_an_id_that_is_there_is_AlreadyExists) {
  subscribe();
  EXPECT_EQ(error_of(""), "AlreadyExists");
}

TEST_F(SubscriptionRoutes, create_refuses_what_the_data_type_does_not_allow) {
  for (const char* more :
       {R"(,"watchedAttributes":[])", R"(,"throttling":0)", R"(,"throttling":-3)", R"(,"timeInterval":0)",
        R"(,"timeInterval":5,"throttling":5)", R"(,"timeInterval":5,"watchedAttributes":["a"])", R"(,"q":"speed>")",
        R"(,"expiresAt":"2019-01-01T00:00:00Z")", R"(,"expiresAt":"tomorrow")", R"(,"isActive":"yes")",
        R"(,"notificationTrigger":["whenever"])", R"(,"notificationTrigger":[])", R"(,"geoQ":{"georel":"near"})",
        R"(,"scopeQ":5)", R"(,"watchedAttribute":["typo"])", R"(,"datasetId":[])", R"(,"localOnly":1)"})
    EXPECT_EQ(error_of(more), "BadRequestData") << more;
  for (const char* notification :
       {R"("format":"xml",)", R"("format":"keyValues","showChanges":true,)", R"("attributes":[],)", R"("attributes":["id"],)",
        R"("attributes":["a"],"pick":["a"],)", R"("pick":["a"],"omit":["a"],)", R"("join":"sideways",)", R"("joinLevel":0,)",
        R"("sysAttrs":1,)", R"("httpCustom":{},)"}) {
    EXPECT_EQ(error_of("", notification), "BadRequestData") << notification;
  }
  EXPECT_EQ(error_type(node_.post("/subscriptions", R"({"type":"Subscription"})")), "BadRequestData");
  EXPECT_EQ(error_type(node_.post("/subscriptions", R"({"type":"Entity"})")), "BadRequestData");
  EXPECT_EQ(error_type(node_.post("/subscriptions", "{")), "InvalidRequest");
}

TEST_F(SubscriptionRoutes, create_refuses_endpoints_that_cannot_be_told_and_fields_that_would_do_harm) {
  for (const char* endpoint :
       {R"(,"accept":"text/html")", R"(,"timeout":0)", R"(,"cooldown":-1)", R"(,"receiverInfo":{})",
        R"(,"receiverInfo":[{"key":"X-A","value":"a\r\nX-B: b"}])", R"(,"receiverInfo":[{"key":"X-A: b\r\nX","value":"a"}])",
        R"(,"receiverInfo":[{"key":"Host","value":"other.example"}])",
        R"(,"receiverInfo":[{"key":"content-length","value":"1"}])", R"(,"receiverInfo":[{"key":"X-A","value":"\u202e"}])",
        R"(,"receiverInfo":[{"key":"X-A"}])"})
    EXPECT_EQ(error_of("", "", endpoint), "BadRequestData") << endpoint;
  for (const char* uri : {"ftp://a.example/x", "not a URI", "http://[::1]/x", "http://user:secret@a.example/",
                          "mqtt://a.example", "mqtt://a.example/+/t", "mqtts://a.example/t/#", "mqtt://a.example/%00"}) {
    const auto reply = node_.post("/subscriptions", fmt::format(R"({{"type":"Subscription","watchedAttributes":["a"],)"
                                                                R"("notification":{{"endpoint":{{"uri":"{}"}}}}}})",
                                                                uri));
    EXPECT_EQ(error_type(reply), "BadRequestData") << uri;
  }
}

TEST_F(SubscriptionRoutes, create_with_a_context_that_cannot_be_had_is_LdContextNotAvailable) {
  EXPECT_EQ(error_of(R"(,"jsonldContext":"https://ctx.example/none.jsonld")"), "LdContextNotAvailable");
}

TEST_F(SubscriptionRoutes, names_are_told_in_the_words_of_who_reads) {
  node_.remote["https://ctx.example/a.jsonld"] =
      R"({"@context":{"Auto":"https://schema.example/Vehicle","tempo":"https://schema.example/speed"}})";
  const auto made = node_.ask(
      net::Method::post, "/subscriptions",
      R"({"id":"urn:s:1","type":"Subscription","entities":[{"type":"(Auto;Auto)|Auto"}],"q":"tempo>1",)"
      R"("watchedAttributes":["tempo"],"notification":{"attributes":["tempo"],"endpoint":{"uri":"http://127.0.0.1:9/x"}}})",
      {.link = "https://ctx.example/a.jsonld"});
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_THAT(get(), HasSubstr(R"("watchedAttributes":["https://schema.example/speed"])"));
  const auto again = node_.ask(net::Method::get, "/subscriptions/urn:s:1", {}, {.link = "https://ctx.example/a.jsonld"}).body;
  EXPECT_THAT(again, HasSubstr(R"("type":"(Auto;Auto)|Auto")"));
  EXPECT_THAT(again, HasSubstr(R"("watchedAttributes":["tempo"])"));
  EXPECT_THAT(again, HasSubstr(R"("attributes":["tempo"])"));
}

TEST_F(SubscriptionRoutes, retrieve_and_delete_of_what_is_not_there_are_ResourceNotFound) {
  EXPECT_EQ(error_type(node_.get("/subscriptions/urn:s:9")), "ResourceNotFound");
  EXPECT_EQ(error_type(node_.remove("/subscriptions/urn:s:9")), "ResourceNotFound");
  EXPECT_EQ(error_type(node_.patch("/subscriptions/urn:s:9", R"({"isActive":false})")), "ResourceNotFound");
  EXPECT_EQ(error_type(node_.get("/subscriptions/nothing")), "BadRequestData");
}

TEST_F(SubscriptionRoutes, delete_ends_it) {
  subscribe();
  EXPECT_EQ(node_.remove("/subscriptions/urn:s:1").status, 204);
  EXPECT_EQ(node_.get("/subscriptions/urn:s:1").status, 404);
  EXPECT_EQ(book_.active(), 0u);
}

TEST_F(SubscriptionRoutes, change_replaces_members_and_takes_null_ones_away) {
  subscribe(R"(,"throttling":3,"subscriptionName":"mine")");
  EXPECT_EQ(node_
                .patch("/subscriptions/urn:s:1",
                       R"({"type":"Subscription","throttling":null,"subscriptionName":"urn:ngsi-ld:null","q":"speed==1"})")
                .status,
            204);
  EXPECT_THAT(get(), HasSubstr(R"("q":"speed==1")"));
  EXPECT_THAT(get(), Not(HasSubstr("throttling")));
  EXPECT_THAT(get(), Not(HasSubstr("mine")));
  EXPECT_EQ(error_type(node_.patch("/subscriptions/urn:s:1", R"({"notification":{"format":"concise"}})")), "BadRequestData");
  EXPECT_EQ(error_type(node_.patch("/subscriptions/urn:s:1", R"({"id":"urn:s:2"})")), "BadRequestData");
  EXPECT_EQ(error_type(node_.patch("/subscriptions/urn:s:1", R"({})")), "BadRequestData");
  EXPECT_EQ(error_type(node_.patch("/subscriptions/urn:s:1", R"({"notification":null})")), "BadRequestData");
}

TEST_F(SubscriptionRoutes, change_of_activity_and_end_changes_the_status) {
  subscribe();
  const auto patch = [&](std::string_view body) { return node_.patch("/subscriptions/urn:s:1", body).status; };
  EXPECT_EQ(patch(R"({"isActive":false})"), 204);
  EXPECT_THAT(get(), HasSubstr(R"("status":"paused")"));
  EXPECT_EQ(book_.active(), 0u);
  EXPECT_EQ(patch(R"({"isActive":true,"expiresAt":"2020-09-13T12:26:50Z"})"), 204);
  EXPECT_THAT(get(), HasSubstr(R"("status":"active")"));
  node_.now_us += 60'000'000;
  EXPECT_THAT(get(), HasSubstr(R"("status":"expired")"));
  EXPECT_EQ(patch(R"({"isActive":true})"), 204);
  EXPECT_THAT(get(), HasSubstr(R"("status":"expired")"));
  EXPECT_EQ(patch(R"({"expiresAt":"2019-01-01T00:00:00Z"})"), 400);
  EXPECT_EQ(patch(R"({"expiresAt":"2030-01-01T00:00:00Z"})"), 204);
  EXPECT_THAT(get(), HasSubstr(R"("status":"active")"));
}

TEST_F(SubscriptionRoutes, list_pages_and_counts) {
  for (int i = 0; i < 5; ++i)
    ASSERT_EQ(node_
                  .post("/subscriptions", fmt::format(R"({{"id":"urn:s:{}","type":"Subscription","watchedAttributes":["a"],)"
                                                      R"("notification":{{"endpoint":{{"uri":"http://127.0.0.1:9/x"}}}}}})",
                                                      i))
                  .status,
              201);
  const auto page = node_.get("/subscriptions", "limit=2&offset=2&count=true");
  EXPECT_THAT(page.body, HasSubstr("urn:s:2"));
  EXPECT_THAT(page.body, HasSubstr("urn:s:3"));
  EXPECT_THAT(page.body, Not(HasSubstr("urn:s:4")));
  EXPECT_THAT(page.fields, HasSubstr("NGSILD-Results-Count: 5\r\n"));
  EXPECT_THAT(page.fields, HasSubstr("limit=2&offset=4&count=true>; rel=\"next\""));
  EXPECT_THAT(page.fields, HasSubstr("limit=2&offset=0&count=true>; rel=\"prev\""));
  EXPECT_EQ(node_.get("/subscriptions", "limit=0&count=true").body, "[]");
  EXPECT_EQ(error_type(node_.get("/subscriptions", "limit=0")), "BadRequestData");
  EXPECT_EQ(error_type(node_.get("/subscriptions", "limit=1001")), "TooManyResults");
}

TEST_F(SubscriptionRoutes, system_attributes_are_shown_when_asked_for) {
  subscribe();
  EXPECT_THAT(get(), Not(HasSubstr("createdAt")));
  EXPECT_THAT(get("options=sysAttrs"), HasSubstr(R"("createdAt":"2020-09-13T12:26:40Z","modifiedAt":"2020-09-13T12:26:40Z")"));
}

TEST_F(SubscriptionRoutes, tenants_have_their_own) {
  const auto made = node_.ask(net::Method::post, "/subscriptions", document(), {.tenant = "city2"});
  EXPECT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(node_.get("/subscriptions/urn:s:1").status, 404);
  EXPECT_EQ(node_.ask(net::Method::get, "/subscriptions/urn:s:1", {}, {.tenant = "city2"}).status, 200);
  EXPECT_EQ(error_type(node_.ask(net::Method::get, "/subscriptions", {}, {.tenant = "other"})), "NonexistentTenant");
}

TEST_F(SubscriptionRoutes, are_closed_to_who_may_not_write) {
  std::size_t routes = 0;
  for (const net::Route& each : node_.router.routes()) {
    if (!each.pattern.contains("/subscriptions")) continue;
    ++routes;
    EXPECT_EQ(each.access, access_of(identity::Permission::write_live_values)) << each.pattern;
  }
  EXPECT_EQ(routes, 5u);
}

// What was acknowledged is there in the next process, with the meaning that it had, though the context cannot be had any more.
TEST(SubscriptionRecords, keep_what_was_acknowledged) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "subscriptions_kept";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  net::NotifierOptions allowing;
  allowing.allows_private = true;
  for (const bool is_first : {true, false}) {
    auto records = twin::SubscriptionRecords::open(folder / "subscriptions.db");
    ASSERT_TRUE(records) << records.error().message;
    TestNode node;
    net::Notifier notifier(allowing);
    SubscriptionBook book({.now_us = [&] { return node.now_us; }, .steady_us = [] { return 0; }, .records = records->get()},
                          node.store, node.contexts, notifier);
    ASSERT_TRUE(book.load());
    node.api.subscriptions = &book;
    add_subscription_routes(node.router, node.api);
    if (!is_first) {
      EXPECT_EQ(book.active(), 1u);
      EXPECT_THAT(node.get("/subscriptions/urn:s:1").body,
                  HasSubstr(R"("watchedAttributes":["https://schema.example/speed"],"q":"tempo>1")"));
      EXPECT_EQ(node.get("/subscriptions/urn:s:2").status, 404);
      continue;
    }
    node.remote["https://ctx.example/a.jsonld"] = R"({"@context":{"tempo":"https://schema.example/speed"}})";
    for (const char* id : {"urn:s:1", "urn:s:2"})
      ASSERT_EQ(node.ask(net::Method::post, "/subscriptions",
                         fmt::format(R"({{"id":"{}","type":"Subscription","watchedAttributes":["tempo"],"q":"tempo>1",)"
                                     R"("notification":{{"endpoint":{{"uri":"http://127.0.0.1:9/x"}}}}}})",
                                     id),
                         {.link = "https://ctx.example/a.jsonld"})
                    .status,
                201);
    ASSERT_EQ(node.remove("/subscriptions/urn:s:2").status, 204);
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace citiverse::api::ngsi_ld
