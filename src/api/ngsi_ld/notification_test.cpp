// ETSI GS CIM 009 V1.9.1, 5.8.6 (notification behaviour) and 5.3.1 (Notification), against a receiver of its own.
#include <gmock/gmock.h>

#include "api/ngsi_ld/test_subscriber.h"

namespace citiverse::api::ngsi_ld {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class NotificationBehaviour : public Subscriber {
 protected:
  std::string got(std::string_view query = {}) { return node_.get("/subscriptions/urn:s:1", query).body; }
  // Waits until the node knows what became of what it sent.
  std::string got_with(std::string_view member) {
    std::string body = got();
    for (int i = 0; i < 12'000 && !body.contains(member); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      body = got();
    }
    return body;
  }
};

TEST_F(NotificationBehaviour, a_change_is_told_with_the_whole_entity) {
  subscribe();
  put("30", R"(,"colour":{"type":"Property","value":"red"})");
  const auto told = receiver_.wait_for(1);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_THAT(told[0].body, StartsWith(R"({"id":"urn:ngsi-ld:Notification:)"));
  EXPECT_THAT(told[0].body,
              HasSubstr(R"("type":"Notification","subscriptionId":"urn:s:1","notifiedAt":"2020-09-13T12:26:40Z","data":[)"));
  EXPECT_EQ(data(1), R"([{"id":"urn:v:1","type":"Vehicle","speed":{"type":"Property","value":30},)"
                     R"("colour":{"type":"Property","value":"red"}}])");
  EXPECT_EQ(told[0].content_type, "application/json");
  EXPECT_THAT(told[0].link, HasSubstr("rel=\"http://www.w3.org/ns/json-ld#context\""));
  EXPECT_THAT(told[0].link, Not(StartsWith("</")));
}

TEST_F(NotificationBehaviour, nothing_is_told_where_no_value_differs) {
  subscribe();
  put("30");
  put("30");
  put("31");
  EXPECT_THAT(data(2), HasSubstr(R"("value":31)"));
  EXPECT_EQ(receiver_.told().size(), 2u);
}

TEST_F(NotificationBehaviour, of_watched_attributes_and_of_what_meets_q) {
  subscribe(R"(,"watchedAttributes":["speed"],"q":"speed>50")");
  put("30");
  put("60");
  put("60", R"(,"colour":{"type":"Property","value":"red"})");
  put("70");
  EXPECT_THAT(data(1), HasSubstr(R"("value":60)"));
  EXPECT_THAT(data(2), HasSubstr(R"("value":70)"));
}

TEST_F(NotificationBehaviour, within_an_area) {
  subscribe(R"(,"geoQ":{"georel":"near;maxDistance==1000","geometry":"Point","coordinates":[7.42,43.73]})");
  put("1", R"(,"location":{"type":"GeoProperty","value":{"type":"Point","coordinates":[7.6,43.73]}})");
  put("2", R"(,"location":{"type":"GeoProperty","value":{"type":"Point","coordinates":[7.421,43.731]}})");
  EXPECT_THAT(data(1), HasSubstr(R"("value":2)"));
}

TEST_F(NotificationBehaviour, in_each_format) {
  subscribe("", R"("format":"keyValues",)");
  put("30");
  EXPECT_EQ(data(1), R"([{"id":"urn:v:1","type":"Vehicle","speed":30}])");
  ASSERT_EQ(node_
                .patch("/subscriptions/urn:s:1",
                       fmt::format(R"({{"notification":{{"format":"concise","endpoint":{{"uri":"{}"}}}}}})", receiver_.url()))
                .status,
            204);
  put("31", R"(,"owner":{"type":"Relationship","object":"urn:o:1"})");
  EXPECT_EQ(data(2), R"([{"id":"urn:v:1","type":"Vehicle","speed":31,"owner":{"object":"urn:o:1"}}])");
}

TEST_F(NotificationBehaviour, reduced_to_the_attributes_that_were_asked_for) {
  subscribe("", R"("attributes":["speed"],"format":"keyValues",)");
  put("30", R"(,"colour":{"type":"Property","value":"red"})");
  EXPECT_EQ(data(1), R"([{"id":"urn:v:1","type":"Vehicle","speed":30}])");
}

TEST_F(NotificationBehaviour, picked_and_omitted_members) {
  subscribe("", R"("pick":["id","speed"],"format":"keyValues",)");
  put("30", R"(,"colour":{"type":"Property","value":"red"})");
  EXPECT_EQ(data(1), R"([{"id":"urn:v:1","speed":30}])");
}

TEST_F(NotificationBehaviour, as_json_ld_with_the_context_inside) {
  subscribe("", "", R"(,"accept":"application/ld+json")");
  put("30");
  const auto told = receiver_.wait_for(1);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].content_type, "application/ld+json");
  EXPECT_EQ(told[0].link, "");
  EXPECT_THAT(told[0].body, HasSubstr(R"(,"@context":)"));
}

TEST_F(NotificationBehaviour, as_geo_json) {
  subscribe("", R"("format":"keyValues",)", R"(,"accept":"application/geo+json")");
  put("30", R"(,"location":{"type":"GeoProperty","value":{"type":"Point","coordinates":[7.6,43.73]}})");
  const auto told = receiver_.wait_for(1);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].content_type, "application/geo+json");
  EXPECT_THAT(
      told[0].body,
      HasSubstr(
          R"("data":{"type":"FeatureCollection","features":[{"id":"urn:v:1","type":"Feature","geometry":{"type":"Point")"));
}

TEST_F(NotificationBehaviour, in_the_words_of_jsonldContext) {
  node_.remote["https://ctx.example/b.jsonld"] =
      R"({"@context":{"tempo":"https://uri.etsi.org/ngsi-ld/default-context/speed"}})";
  subscribe(R"(,"jsonldContext":"https://ctx.example/b.jsonld")", R"("format":"keyValues",)");
  put("30");
  EXPECT_EQ(data(1), R"([{"id":"urn:v:1","type":"Vehicle","tempo":30}])");
  EXPECT_THAT(receiver_.told()[0].link, StartsWith("<https://ctx.example/b.jsonld>"));
}

TEST_F(NotificationBehaviour, with_what_the_receiver_needs_to_let_it_in) {
  subscribe("", "", R"(,"receiverInfo":[{"key":"X-Key","value":"let me in"}])");
  put("30");
  ASSERT_EQ(receiver_.wait_for(1).size(), 1u);
  EXPECT_EQ(receiver_.told()[0].key, "let me in");
}

TEST_F(NotificationBehaviour, of_a_tenant_with_its_name) {
  ASSERT_EQ(node_.ask(net::Method::post, "/subscriptions", document(), {.tenant = "city2"}).status, 201);
  put("30");
  ASSERT_EQ(node_
                .ask(net::Method::post, "/entities",
                     R"({"id":"urn:v:2","type":"Vehicle","speed":{"type":"Property","value":1}})", {.tenant = "city2"})
                .status,
            201);
  ASSERT_EQ(receiver_.wait_for(1).size(), 1u);
  EXPECT_EQ(receiver_.told()[0].tenant, "city2");
  EXPECT_THAT(data(1), HasSubstr("urn:v:2"));
}

TEST_F(NotificationBehaviour, a_deleted_attribute_is_null) {
  subscribe(R"(,"notificationTrigger":["attributeDeleted"])");
  put("30", R"(,"name":{"type":"LanguageProperty","languageMap":{"fr":"auto"}})");
  ASSERT_EQ(node_.remove("/entities/urn:v:1/attrs/speed").status, 204);
  EXPECT_THAT(data(1), HasSubstr(R"("speed":{"type":"Property","value":"urn:ngsi-ld:null"})"));
  ASSERT_EQ(node_.remove("/entities/urn:v:1/attrs/name").status, 204);
  EXPECT_THAT(data(2), HasSubstr(R"("name":{"type":"LanguageProperty","languageMap":{"@none":"urn:ngsi-ld:null"}})"));
}

TEST_F(NotificationBehaviour, a_deleted_entity_has_a_time_and_nothing_else) {
  subscribe(R"(,"notificationTrigger":["entityDeleted"])");
  put("30");
  node_.now_us += 1'000'000;
  ASSERT_EQ(node_.remove("/entities/urn:v:1").status, 204);
  EXPECT_EQ(data(1), R"([{"id":"urn:v:1","type":"Vehicle","deletedAt":"2020-09-13T12:26:41Z"}])");
}

TEST_F(NotificationBehaviour, changes_show_what_was_before) {
  subscribe(R"(,"notificationTrigger":["entityUpdated","entityDeleted"])", R"("showChanges":true,)");
  put("30");
  put("31");
  EXPECT_EQ(data(1), R"([{"id":"urn:v:1","type":"Vehicle","speed":{"type":"Property","value":31,"previousValue":30}}])");
  ASSERT_EQ(node_.remove("/entities/urn:v:1").status, 204);
  EXPECT_EQ(data(2), R"([{"id":"urn:v:1","type":"Vehicle","deletedAt":"2020-09-13T12:26:40Z",)"
                     R"("speed":{"type":"Property","value":"urn:ngsi-ld:null","previousValue":31}}])");
}

TEST_F(NotificationBehaviour, linked_entities_come_along) {
  ASSERT_EQ(node_.post("/entities", R"({"id":"urn:o:1","type":"Owner","name":{"type":"Property","value":"A"}})").status, 201);
  subscribe("", R"("join":"flat","format":"keyValues",)");
  put("30", R"(,"owner":{"type":"Relationship","object":"urn:o:1"})");
  EXPECT_EQ(data(1),
            R"([{"id":"urn:v:1","type":"Vehicle","speed":30,"owner":"urn:o:1"},{"id":"urn:o:1","type":"Owner","name":"A"}])");
}

TEST_F(NotificationBehaviour, throttled_ones_tell_the_newest_when_their_time_has_come) {
  subscribe(R"(,"throttling":5)", R"("format":"keyValues",)");
  put("1");
  put("2");
  put("3");
  steady_us_ += 5'000'000;
  book_.tick();
  EXPECT_EQ(data(1), R"([{"id":"urn:v:1","type":"Vehicle","speed":1}])");
  EXPECT_EQ(data(2), R"([{"id":"urn:v:1","type":"Vehicle","speed":3}])");
}

TEST_F(NotificationBehaviour, by_interval_all_that_matches_is_told_whether_it_changed_or_not) {
  subscribe(R"(,"timeInterval":10)", R"("format":"keyValues",)");
  put("1");
  put("2", "", "urn:v:2");
  steady_us_ += 10'000'000;
  book_.tick();
  EXPECT_EQ(data(1), R"([{"id":"urn:v:1","type":"Vehicle","speed":1},{"id":"urn:v:2","type":"Vehicle","speed":2}])");
}

TEST_F(NotificationBehaviour, paused_and_deleted_ones_are_not_told) {
  subscribe();
  ASSERT_EQ(node_.patch("/subscriptions/urn:s:1", R"({"isActive":false})").status, 204);
  put("1");
  ASSERT_EQ(node_.patch("/subscriptions/urn:s:1", R"({"isActive":true})").status, 204);
  put("2");
  EXPECT_THAT(data(1), HasSubstr(R"("value":2)"));
  ASSERT_EQ(node_.remove("/subscriptions/urn:s:1").status, 204);
  put("3");
  EXPECT_EQ(notifier_.counts().due, 1u);
}

TEST_F(NotificationBehaviour, is_counted_where_it_arrives_and_where_it_does_not) {
  subscribe();
  EXPECT_THAT(got(), Not(HasSubstr("timesSent")));
  put("1");
  EXPECT_THAT(
      got_with("lastSuccess"),
      HasSubstr(
          R"("status":"ok","timesSent":1,"lastNotification":"2020-09-13T12:26:40Z","lastSuccess":"2020-09-13T12:26:40Z")"));
  receiver_.set_status(500);
  node_.now_us += 1'000'000;
  put("2");
  EXPECT_THAT(got_with("timesFailed"),
              HasSubstr(R"("status":"failed","timesSent":2,"timesFailed":1,)"
                        R"("lastNotification":"2020-09-13T12:26:41Z","lastFailure":"2020-09-13T12:26:41Z")"));
}

TEST_F(NotificationBehaviour, of_a_batch_is_one_for_what_changed_together) {
  subscribe("", R"("format":"keyValues",)");
  std::string batch = "[";
  for (int i = 0; i < 3; ++i)
    batch += fmt::format(R"({}{{"id":"urn:v:{}","type":"Vehicle","speed":{{"type":"Property","value":{}}}}})", i > 0 ? "," : "",
                         i, i);
  ASSERT_EQ(node_.post("/entityOperations/create", batch + "]").status, 201);
  node_.store.flush();
  std::string all;
  for (std::size_t number = 1; all.find("urn:v:2") == std::string::npos && number <= 3; ++number) all += data(number);
  EXPECT_THAT(all, HasSubstr("urn:v:0"));
  EXPECT_THAT(all, HasSubstr("urn:v:1"));
}

}  // namespace
}  // namespace citiverse::api::ngsi_ld
