// What a node needs to be a living twin: the store of what lives now, and the doors to it.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "api/live/alert_routes.h"
#include "api/live/live_hub.h"
#include "api/ngsi_ld/entity_maps.h"
#include "api/ngsi_ld/ngsi_ld_api.h"
#include "api/ngsi_ld/registration_subscriptions.h"
#include "api/ngsi_ld/snapshots.h"
#include "api/ngsi_ld/subscription_book.h"
#include "api/rules/rules_file.h"
#include "api/sensor_things/sensor_things_api.h"
#include "api/twin_api.h"
#include "base/result.h"
#include "identity/identity.h"
#include "net/metrics.h"
#include "net/notifier.h"
#include "net/router.h"
#include "twin/expiry.h"
#include "twin/history/feed.h"
#include "twin/history/history.h"
#include "twin/rules/deriver.h"
#include "twin/store.h"

namespace citiverse {

struct TwinOptions {
  std::filesystem::path folder;  ///< "<state folder>/twin".
  twin::Durability durability = twin::Durability::batched;
  std::vector<std::string> context_hosts;  ///< Hosts of remote JSON-LD contexts; none: the usual ones.
  twin::history::Retention retention;
  net::NotifierOptions notifier;
  std::string public_origin;    ///< The node's own address, where it is known before it listens.
  std::filesystem::path rules;  ///< File of derived values; may be empty.
};

/// Stays where it is: routes and listeners point into it.
class NodeTwin {
 public:
  /// Whatever is passed must outlive it.
  static base::Result<std::unique_ptr<NodeTwin>> open(const TwinOptions& options, const city::City& city,
                                                      identity::Identity& people, net::Metrics& metrics);

  void add_routes(net::Router& router);
  /// Begins to derive; when the node serves.
  void start();
  const api::TwinApi& api() const { return *api_; }
  api::sensor_things::SensorThingsApi& sensor_things() { return *sensor_things_; }

 private:
  NodeTwin() = default;
  void start_ticking(net::Metrics& metrics);
  base::Result<void> open_subscriptions(const TwinOptions& options, net::Metrics& metrics);
  base::Result<void> open_registrations(const TwinOptions& options, net::Metrics& metrics);
  base::Result<void> open_alerts(const TwinOptions& options, identity::Identity& people);
  base::Result<void> open_rules(const TwinOptions& options, const city::City& city, net::Metrics& metrics);
  void feed_history(net::Metrics& metrics);

  std::unique_ptr<api::LiveHub> live_;               // Before the store, whose thread tells it until that has ended.
  std::unique_ptr<twin::history::History> history_;  // As well.
  std::unique_ptr<twin::Expiry> expiry_;             // As well.
  std::unique_ptr<net::Notifier> notifier_;          // As well, with the two that follow.
  std::unique_ptr<twin::SubscriptionRecords> records_;
  std::unique_ptr<api::ngsi_ld::SubscriptionBook> subscriptions_;
  std::unique_ptr<twin::SubscriptionRecords> registration_records_;  // Context sources, and who wants to know of them.
  std::unique_ptr<api::ngsi_ld::RegistrationBook> registrations_;
  std::unique_ptr<twin::SubscriptionRecords> registration_subscription_records_;
  std::unique_ptr<api::ngsi_ld::RegistrationSubscriptionBook> registration_subscriptions_;
  std::unique_ptr<twin::rules::Deriver> deriver_;  // As well.
  std::unique_ptr<twin::Store> store_;
  std::optional<api::TwinApi> api_;
  std::unique_ptr<twin::AlertBook> alert_book_;
  std::optional<api::PersonalAlerts> alerts_;
  std::optional<api::ngsi_ld::ContextStore> contexts_;
  std::optional<api::ngsi_ld::EntityMaps> entity_maps_;
  std::optional<api::ngsi_ld::Snapshots> snapshots_;
  std::optional<api::ngsi_ld::NgsiLdApi> ngsi_ld_;
  std::optional<api::sensor_things::SensorThingsApi> sensor_things_;
  std::jthread ticking_;  // Last, with the next: they end before what they call.
  std::jthread deriving_;
};

}  // namespace citiverse
