// A node that notifies a real receiver, for tests of subscriptions.
#pragma once

#include <string>
#include <string_view>

#include "api/ngsi_ld/subscription_book.h"
#include "api/ngsi_ld/test_node.h"
#include "net/test_receiver.h"

namespace citiverse::api::ngsi_ld {

class Subscriber : public testing::Test {
 protected:
  explicit Subscriber(twin::SubscriptionRecords* records = nullptr)
      : notifier_([] {
          net::NotifierOptions options;
          options.allows_private = true;
          options.attempts_max = 1;
          return options;
        }()),
        book_({.now_us = [this] { return node_.now_us; },
               .steady_us = [this] { return steady_us_; },
               .origin = "https://city.example",
               .records = records},
              node_.store, node_.contexts, notifier_) {
    node_.store.listen([this](std::span<const twin::Change> changes) { book_.on_changes(changes); });
    node_.api.subscriptions = &book_;
    add_subscription_routes(node_.router, node_.api);
  }
  // A subscription to vehicles, with more members and more of its notification.
  std::string document(std::string_view more = "", std::string_view notification = "", std::string_view endpoint = "") const {
    return fmt::format(R"({{"id":"urn:s:1","type":"Subscription","entities":[{{"type":"Vehicle"}}]{},)"
                       R"("notification":{{{}"endpoint":{{"uri":"{}"{}}}}}}})",
                       more, notification, receiver_.url(), endpoint);
  }
  void subscribe(std::string_view more = "", std::string_view notification = "", std::string_view endpoint = "") {
    const auto reply = node_.post("/subscriptions", document(more, notification, endpoint));
    ASSERT_EQ(reply.status, 201) << reply.body;
  }
  std::string error_of(std::string_view more, std::string_view notification = "", std::string_view endpoint = "") {
    const auto reply = node_.post("/subscriptions", document(more, notification, endpoint));
    return reply.status == 201 ? "it was taken" : error_type(reply);
  }
  void put(std::string_view speed, std::string_view more = "", std::string_view id = "urn:v:1") {
    const auto body =
        fmt::format(R"([{{"id":"{}","type":"Vehicle","speed":{{"type":"Property","value":{}}}{}}}])", id, speed, more);
    const auto reply = node_.post("/entityOperations/upsert", body);
    ASSERT_LT(reply.status, 300) << reply.body;
    node_.store.flush();
  }
  // The "data" of the notification of this number, from 1.
  std::string data(std::size_t number) {
    const auto told = receiver_.wait_for(number);
    if (told.size() < number) return "nothing came";
    const std::string& body = told[number - 1].body;
    const std::size_t begin = body.find("\"data\":") + 7;
    return body.substr(begin, body.size() - begin - 1);
  }

  net::TestReceiver receiver_;
  TestNode node_;
  twin::TimeUs steady_us_ = 1'000'000;
  net::Notifier notifier_;
  SubscriptionBook book_;

  // The store's thread tells until it has told all.
  void TearDown() override { node_.store.flush(); }
};

}  // namespace citiverse::api::ngsi_ld
