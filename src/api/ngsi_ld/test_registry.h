// A node at which context sources register, for tests, and a subscriber who is told of them.
#pragma once

#include <string>
#include <string_view>

#include "api/ngsi_ld/registration_subscriptions.h"
#include "api/ngsi_ld/test_subscriber.h"

namespace citiverse::api::ngsi_ld {

class Registry : public Subscriber {
 protected:
  Registry() {
    registrations_.listen([this](const RegistrationChange& change) { told_of_sources_.on_change(change); });
    node_.api.registrations = &registrations_;
    node_.api.registration_subscriptions = &told_of_sources_;
    add_registration_routes(node_.router, node_.api);
    add_registration_subscription_routes(node_.router, node_.api);
  }
  static std::string source(std::string_view more, std::string_view id = "urn:r:1",
                            std::string_view information = R"([{"entities":[{"type":"Vehicle"}],"propertyNames":["speed"]}])") {
    return fmt::format(
        R"({{"id":"{}","type":"ContextSourceRegistration","endpoint":"https://source.example/ngsi","information":{}{}}})", id,
        information, more);
  }
  net::Reply register_source(
      std::string_view more = "", std::string_view id = "urn:r:1",
      std::string_view information = R"([{"entities":[{"type":"Vehicle"}],"propertyNames":["speed"]}])") {
    return node_.post("/csourceRegistrations", source(more, id, information));
  }
  std::string refusal(std::string_view more, std::string_view information = R"([{"entities":[{"type":"Vehicle"}]}])") {
    const auto reply = register_source(more, "urn:r:refused", information);
    return reply.status == 201 ? "it was taken" : error_type(reply);
  }
  // The ids of the sources that fit, each after a blank.
  std::string found(std::string_view query) {
    const auto reply = node_.get("/csourceRegistrations", query);
    if (reply.status != 200) return error_type(reply);
    const auto read = base::JsonDocument::parse(reply.body);
    std::string ids;
    for (std::size_t i = 0; read && i < read->root().size(); ++i)
      ids.append(" ").append(read->root()[i].find("id").text().value_or(""));
    return ids;
  }

  RegistrationBook registrations_{{.now_us = [this] { return node_.now_us; }}, node_.store};
  RegistrationSubscriptionBook told_of_sources_{
      {.now_us = [this] { return node_.now_us; }, .steady_us = [this] { return steady_us_; }, .origin = "https://city.example"},
      node_.store,
      node_.contexts,
      notifier_,
      registrations_};
};

}  // namespace citiverse::api::ngsi_ld
