// How a query, of what is or of what was, goes by an EntityMap (ETSI GS CIM 009 V1.9.1, 5.5.14, 5.14.4, 5.14.5).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api/ngsi_ld/asked.h"
#include "api/ngsi_ld/entity_maps.h"

namespace citiverse::api::ngsi_ld {

/// The map that a query goes by.
struct MapInUse {
  EntityMapPtr map;  ///< Null: none.
  bool is_new = false;
};

/// The ids of all entities that a query finds, EntityMaps::kIdsMax at most, in its order.
using FindIds = std::function<Answered<std::vector<std::string>>()>;

/// A new map, with the lifetime that was asked for. Fails as BadRequestData, or as `find_ids` does.
Answered<MapInUse> make_entity_map(const NgsiLdApi& api, const Asked& asked, const FindIds& find_ids);
/// The map that the request names, a new one where that is gone or where one is asked for, or none.
Answered<MapInUse> choose_entity_map(const NgsiLdApi& api, const net::Call& call, const Asked& asked, const FindIds& find_ids);
/// What tells of the map in the answer to a query.
void tell_of_map(net::Reply& reply, const MapInUse& in_use);
/// The answer to an operation that makes a map.
net::Reply new_map_reply(const NgsiLdApi& api, const Asked& asked, const FindIds& find_ids);

}  // namespace citiverse::api::ngsi_ld
