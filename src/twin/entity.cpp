// Attributes in one sorted row: entities have few, and a binary search touches one cache line or two.
#include "twin/entity.h"

#include <algorithm>
#include <utility>

namespace citiverse::twin {
namespace {

using Key = std::pair<NameId, NameId>;

Key key_of(const AttributePtr& attribute) { return {attribute->name, attribute->dataset}; }

}  // namespace

std::span<const AttributePtr> Entity::instances(NameId name) const {
  const auto first = std::ranges::lower_bound(attributes, name, {}, [](const AttributePtr& each) { return each->name; });
  auto last = first;
  while (last != attributes.end() && (*last)->name == name) ++last;
  return {first, last};
}

const Attribute* Entity::find(NameId name, NameId dataset) const {
  const auto at = std::ranges::lower_bound(attributes, Key{name, dataset}, {}, key_of);
  return at != attributes.end() && key_of(*at) == Key{name, dataset} ? at->get() : nullptr;
}

void Entity::put(AttributePtr attribute) {
  const Key key = key_of(attribute);
  const auto at = std::ranges::lower_bound(attributes, key, {}, key_of);
  if (at != attributes.end() && key_of(*at) == key)
    *at = std::move(attribute);
  else
    attributes.insert(at, std::move(attribute));
}

bool Entity::remove(NameId name, NameId dataset) {
  const Key key{name, dataset};
  const auto at = std::ranges::lower_bound(attributes, key, {}, key_of);
  if (at == attributes.end() || key_of(*at) != key) return false;
  attributes.erase(at);
  return true;
}

}  // namespace citiverse::twin
