// The NGSI-LD doors of the node (ETSI GS CIM 009 V1.9.1, clause 6): what their routes share, and the routes, a file a group.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "api/ngsi_ld/context_store.h"
#include "api/twin_api.h"
#include "net/router.h"
#include "twin/history/history.h"
#include "twin/store.h"

namespace citiverse::api::ngsi_ld {

class EntityMaps;
class RegistrationBook;
class Snapshots;
class SubscriptionBook;

/// Must outlive the router.
struct NgsiLdApi {
  const TwinApi& twin;
  ContextStore& contexts;
  twin::history::History* history = nullptr;  ///< Null: nothing is kept, and there are no temporal routes.
  twin::Store& store = twin.store;
  SubscriptionBook* subscriptions = nullptr;               ///< Null: there are no routes of subscriptions.
  RegistrationBook* registrations = nullptr;               ///< Null: there are no routes of context sources.
  SubscriptionBook* registration_subscriptions = nullptr;  ///< Likewise of subscriptions to them.
  EntityMaps* entity_maps = nullptr;                       ///< Null: queries are not tied to maps.
  Snapshots* snapshots = nullptr;                          ///< Null: there are none.
  std::string node_name = "citiverse";                     ///< A token (RFC 9110, 5.6.2) that no other node has.
  std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
};

inline constexpr std::string_view kBase = "/ngsi-ld/v1";

void add_entity_routes(net::Router& router, const NgsiLdApi& api);
void add_attribute_routes(net::Router& router, const NgsiLdApi& api);
void add_batch_routes(net::Router& router, const NgsiLdApi& api);
void add_context_routes(net::Router& router, const NgsiLdApi& api);
void add_query_routes(net::Router& router, const NgsiLdApi& api);
void add_purge_routes(net::Router& router, const NgsiLdApi& api);
void add_discovery_routes(net::Router& router, const NgsiLdApi& api);
/// Both only where there is a history.
void add_temporal_query_routes(net::Router& router, const NgsiLdApi& api);
void add_temporal_write_routes(net::Router& router, const NgsiLdApi& api);
/// `api.subscriptions` must be there.
void add_subscription_routes(net::Router& router, const NgsiLdApi& api);
/// Likewise `api.registration_subscriptions`.
void add_registration_subscription_routes(net::Router& router, const NgsiLdApi& api);
/// Likewise `api.registrations`.
void add_registration_routes(net::Router& router, const NgsiLdApi& api);
/// Likewise `api.entity_maps`.
void add_entity_map_routes(net::Router& router, const NgsiLdApi& api);
/// Likewise `api.snapshots`.
void add_snapshot_routes(net::Router& router, const NgsiLdApi& api);
void add_source_identity_routes(net::Router& router, const NgsiLdApi& api);
/// All of the above.
void add_ngsi_ld_routes(net::Router& router, const NgsiLdApi& api);

}  // namespace citiverse::api::ngsi_ld
