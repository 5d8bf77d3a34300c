// What the routes that write share: the selection of types, and results that are more than done or not.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "api/ngsi_ld/asked.h"
#include "api/ngsi_ld/entity_edits.h"
#include "twin/query/type_selection.h"

namespace citiverse::api::ngsi_ld {

/// The parameter `type` of operations on one entity: one of another type is not there (4.17).
Answered<std::optional<twin::TypeSelection>> type_selection(const NgsiLdApi& api, const Asked& asked);

/// An edit on the entity that is there, if it is of the selected types.
using EntityEdit = std::function<EntityResult(const twin::EntityPtr& before)>;
/// `succeed` answers where it was done; the answer waits until what was written is durable.
net::Reply write_one(const NgsiLdApi& api, const Asked& asked, std::string_view id,
                     const std::optional<twin::TypeSelection>& types, const EntityEdit& edit,
                     const std::function<net::Reply()>& succeed);

/// 204, or 207 with an UpdateResult where something was not updated (5.2.18); names are IRIs (6.3.6).
net::Reply updated(const NgsiLdApi& api, const Asked& asked, const Outcome& outcome);

}  // namespace citiverse::api::ngsi_ld
