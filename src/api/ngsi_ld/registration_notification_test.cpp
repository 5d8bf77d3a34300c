// ETSI GS CIM 009 V1.9.1, 5.11 (subscriptions to registrations), 5.3.2 and 5.3.3, 6.12 and 6.13, against a receiver of its own.
#include <filesystem>

#include <gmock/gmock.h>

#include "api/ngsi_ld/test_registry.h"

namespace citiverse::api::ngsi_ld {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class RegistrationNotification : public Registry {
 protected:
  net::Reply want_sources(std::string_view more = "", std::string_view notification = "") {
    return node_.post("/csourceSubscriptions", document(more, notification));
  }
  // The message of this number, from 1, after a tick.
  std::string message(std::size_t number) {
    told_of_sources_.tick();
    const auto told = receiver_.wait_for(number);
    return told.size() < number ? "nothing came" : told[number - 1].body;
  }
  std::size_t messages() const { return receiver_.told().size(); }
  static std::string reason(std::string_view name) { return "\"triggerReason\":\"" + std::string(name) + "\""; }
};

TEST_F(RegistrationNotification, subscriptions_are_made_read_changed_and_deleted_as_others_are) {  // 5.11.2 to 5.11.6
  const auto made = want_sources(R"(,"csf":"quality>4","temporalQ":{"timerel":"after","timeAt":"2020-01-01T00:00:00Z"})");
  EXPECT_EQ(made.status, 201) << made.body;
  EXPECT_THAT(made.fields, HasSubstr("Location: /ngsi-ld/v1/csourceSubscriptions/urn:s:1\r\n"));
  const auto body = node_.get("/csourceSubscriptions/urn:s:1").body;
  EXPECT_THAT(body, HasSubstr(R"("entities":[{"type":"Vehicle"}],"csf":"quality>4")"));
  EXPECT_THAT(body, Not(HasSubstr("notificationTrigger")));
  EXPECT_EQ(node_.get("/subscriptions/urn:s:1").status, 404) << "it is no subscription to entities";
  EXPECT_EQ(error_type(want_sources()), "AlreadyExists");
  EXPECT_EQ(node_.patch("/csourceSubscriptions/urn:s:1", R"({"isActive":false})").status, 204);
  EXPECT_EQ(told_of_sources_.active(), 0u);
  EXPECT_THAT(node_.get("/csourceSubscriptions").body, HasSubstr(R"("status":"paused")"));
  EXPECT_EQ(node_.remove("/csourceSubscriptions/urn:s:1").status, 204);
  EXPECT_EQ(node_.remove("/csourceSubscriptions/urn:s:1").status, 404);
}

TEST_F(RegistrationNotification, what_the_data_type_does_not_allow_is_refused) {  // 5.11.2.4, 5.2.21
  for (const char* more : {R"(,"csf":"quality>")", R"(,"temporalQ":{"timerel":"after"})",
                           R"(,"temporalQ":{"timerel":"around","timeAt":"2020-01-01T00:00:00Z"})",
                           R"(,"temporalQ":{"timerel":"between","timeAt":"2020-01-01T00:00:00Z"})"})
    EXPECT_EQ(error_type(want_sources(more)), "BadRequestData") << more;
  EXPECT_EQ(error_of(R"(,"temporalQ":{"timerel":"after","timeAt":"2020-01-01T00:00:00Z"})"), "BadRequestData")
      << "not of entities";
}

TEST_F(RegistrationNotification, the_first_tells_of_all_that_fits) {  // 5.11.7
  register_source("", "urn:r:1");
  register_source("", "urn:r:2", R"([{"entities":[{"type":"Tree"}]},{"entities":[{"type":"Vehicle"}]}])");
  register_source("", "urn:r:3", R"([{"entities":[{"type":"Tree"}]}])");
  ASSERT_EQ(want_sources().status, 201);
  const std::string first = message(1);
  EXPECT_THAT(first, StartsWith(R"({"id":"urn:ngsi-ld:Notification:)"));
  EXPECT_THAT(first, HasSubstr(R"("type":"ContextSourceNotification","subscriptionId":"urn:s:1","notifiedAt":)"));
  EXPECT_THAT(first, HasSubstr(reason("newlyMatching")));
  EXPECT_THAT(first, HasSubstr(R"("id":"urn:r:1")"));
  EXPECT_THAT(first, HasSubstr(R"("information":[{"entities":[{"type":"Vehicle"}]}])")) << "only what fits of each";
  EXPECT_THAT(first, Not(HasSubstr("urn:r:3")));
}

TEST_F(RegistrationNotification, sources_that_come_change_and_go_are_told_with_the_reason) {  // 5.3.3
  ASSERT_EQ(want_sources().status, 201);
  told_of_sources_.tick();
  register_source();
  EXPECT_THAT(message(1), HasSubstr(reason("newlyMatching")));
  node_.patch("/csourceRegistrations/urn:r:1", R"({"description":"better"})");
  const std::string updated = message(2);
  EXPECT_THAT(updated, HasSubstr(reason("updated")));
  EXPECT_THAT(updated, HasSubstr(R"("description":"better")"));
  node_.patch("/csourceRegistrations/urn:r:1", R"({"information":[{"entities":[{"type":"Tree"}]}]})");
  EXPECT_THAT(message(3), HasSubstr(reason("noLongerMatching")));
  node_.patch("/csourceRegistrations/urn:r:1", R"({"information":[{"entities":[{"type":"Vehicle"}]}]})");
  EXPECT_THAT(message(4), HasSubstr(reason("newlyMatching")));
  node_.remove("/csourceRegistrations/urn:r:1");
  const std::string gone = message(5);
  EXPECT_THAT(gone, HasSubstr(reason("noLongerMatching")));
  EXPECT_THAT(gone, HasSubstr(R"("id":"urn:r:1")"));
  register_source("", "urn:r:9", R"([{"entities":[{"type":"Tree"}]}])");
  register_source("", "urn:r:2");
  EXPECT_THAT(message(6), HasSubstr("urn:r:2")) << "what never fitted is not told";
  EXPECT_EQ(messages(), 6u);
}

TEST_F(RegistrationNotification, what_came_before_the_first_is_told_once) {  // 5.11.7
  ASSERT_EQ(want_sources().status, 201);
  register_source();
  EXPECT_THAT(message(1), HasSubstr(reason("newlyMatching")));
  register_source("", "urn:r:2");
  EXPECT_THAT(message(2), HasSubstr("urn:r:2"));
  EXPECT_EQ(messages(), 2u);
}

TEST_F(RegistrationNotification, one_that_expires_no_longer_matches) {  // 5.9.2.4, 5.11.7
  ASSERT_EQ(want_sources().status, 201);
  told_of_sources_.tick();
  register_source(R"(,"expiresAt":"2020-09-13T12:27:00Z")");
  message(1);
  node_.now_us += 20'000'000;
  registrations_.tick();
  EXPECT_THAT(message(2), HasSubstr(reason("noLongerMatching")));
}

TEST_F(RegistrationNotification, by_interval_all_that_fits_is_told_again_and_again) {  // 5.11.7
  register_source();
  ASSERT_EQ(want_sources(R"(,"timeInterval":10)").status, 201);
  EXPECT_THAT(message(1), HasSubstr(reason("newlyMatching")));
  register_source("", "urn:r:2");
  told_of_sources_.tick();
  steady_us_ += 10'000'000;
  const std::string second = message(2);
  EXPECT_THAT(second, HasSubstr("urn:r:1"));
  EXPECT_THAT(second, HasSubstr("urn:r:2"));
  EXPECT_EQ(messages(), 2u) << "and changes between are not";
}

TEST_F(RegistrationNotification, attributes_of_the_notification_are_what_is_asked_for) {  // 5.12
  register_source("", "urn:r:1", R"([{"propertyNames":["speed"]}])");
  register_source("", "urn:r:2", R"([{"propertyNames":["colour"]}])");
  ASSERT_EQ(want_sources("", R"("attributes":["colour"],)").status, 201);
  const std::string first = message(1);
  EXPECT_THAT(first, HasSubstr("urn:r:2"));
  EXPECT_THAT(first, Not(HasSubstr("urn:r:1")));
}

TEST_F(RegistrationNotification, csf_and_time_choose_sources) {  // 5.11.2.4
  register_source(R"(,"quality":5)", "urn:r:1");
  register_source(R"(,"quality":3)", "urn:r:2");
  ASSERT_EQ(want_sources(R"(,"csf":"quality>4")").status, 201);
  const std::string first = message(1);
  EXPECT_THAT(first, HasSubstr("urn:r:1"));
  EXPECT_THAT(first, Not(HasSubstr("urn:r:2")));
  register_source(R"(,"quality":9,"observationInterval":{"startAt":"2020-01-01T00:00:00Z"})", "urn:r:3");
  ASSERT_EQ(node_.patch("/csourceSubscriptions/urn:s:1", R"({"temporalQ":{"timerel":"after","timeAt":"2020-06-01T00:00:00Z"}})")
                .status,
            204);
  EXPECT_THAT(message(2), HasSubstr("urn:r:3")) << "csf still means the same";
}

TEST_F(RegistrationNotification, is_counted) {  // 5.11.7
  register_source();
  ASSERT_EQ(want_sources().status, 201);
  message(1);
  std::string body;
  for (int i = 0; i < 12'000 && !body.contains("lastSuccess"); ++i) {
    body = node_.get("/csourceSubscriptions/urn:s:1").body;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_THAT(body, HasSubstr(R"("status":"ok","timesSent":1,"lastNotification":)"));
}

TEST_F(RegistrationNotification, who_was_told_is_not_told_again_when_the_node_starts) {
  const auto folder = std::filesystem::temp_directory_path() / "citiverse_registration_subscriptions_test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  register_source();
  const auto open_book = [&](twin::SubscriptionRecords& records) {
    return std::make_unique<RegistrationSubscriptionBook>(SubscriptionBook::Options{.now_us = [this] { return node_.now_us; },
                                                                                    .steady_us = [this] { return steady_us_; },
                                                                                    .origin = "",
                                                                                    .records = &records},
                                                          node_.store, node_.contexts, notifier_, registrations_);
  };
  const auto records = twin::SubscriptionRecords::open(folder / "subscriptions.db");
  ASSERT_TRUE(records);
  {
    const auto book = open_book(**records);
    SubscriptionDocument wanted{{{"entities", R"([{"type":"https://uri.etsi.org/ngsi-ld/default-context/Vehicle"}])"},
                                 {"notification", R"({"endpoint":{"uri":")" + receiver_.url() + R"("}})"}},
                                {},
                                "{}"};
    const auto id = book->add(twin::kDefaultTenant, wanted);
    ASSERT_TRUE(id) << id.error().message;
    book->tick();
    ASSERT_EQ(receiver_.wait_for(1).size(), 1u);
  }
  const auto book = open_book(**records);
  ASSERT_TRUE(book->load());
  EXPECT_EQ(book->active(), 1u);
  book->tick();
  register_source("", "urn:r:2");
  book->on_change({.sequence = registrations_.sequence(),
                   .before = nullptr,
                   .after = registrations_.find(twin::kDefaultTenant, "urn:r:2")});
  book->tick();
  const auto told = receiver_.wait_for(2);
  ASSERT_EQ(told.size(), 2u);
  EXPECT_THAT(told[1].body, HasSubstr("urn:r:2"));
  EXPECT_THAT(told[1].body, Not(HasSubstr("urn:r:1")));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace citiverse::api::ngsi_ld
