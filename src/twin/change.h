// What a write did, for everybody who must know: history, subscriptions, live views.
#pragma once

#include <cstdint>
#include <vector>

#include "twin/entity.h"

namespace citiverse::twin {

/// A tenant's entities are its own (ETSI GS CIM 009, 4.14). The number is of one process only.
using TenantId = std::uint32_t;
inline constexpr TenantId kDefaultTenant = 0;

struct AttributeChange {
  enum class What : std::uint8_t { created, updated, deleted };
  NameId name = kNoName;
  NameId dataset = kNoName;
  What what = What::updated;
};

/// Changes of a tenant come in the order of their sequence, to every reader the same.
struct Change {
  std::uint64_t sequence = 0;  ///< Rising, over all tenants.
  TenantId tenant = kDefaultTenant;
  TimeUs at_us = kNoTime;
  EntityPtr before;  ///< Null: the entity was created.
  EntityPtr after;   ///< Null: the entity was deleted.
  std::vector<AttributeChange> attributes;
};

/// What a write did to attributes, by name and dataset: another value object is an update. Null: there is no entity.
std::vector<AttributeChange> difference(const Entity* before, const Entity* after);
/// The same where both were read from files, so that objects say nothing: an attribute that is equal to the last time and
/// member is no update.
std::vector<AttributeChange> difference_in_content(const Entity* before, const Entity* after);

}  // namespace citiverse::twin
