// One living thing of the city, such as a sensor, a bus or a parking place, as a value that never changes once published.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "twin/attribute.h"

namespace citiverse::twin {

/// Whoever changes an entity publishes another one that shares what stayed. Threads: reading is safe.
struct Entity {
  std::string id;                        ///< A URI.
  std::vector<NameId> types;             ///< Expanded, at least one, in the order given.
  std::vector<NameId> scopes;            ///< "/a/b" (4.18), in the order given.
  std::vector<AttributePtr> attributes;  ///< Sorted by name, then dataset; default instance first; each pair once.
  TimeUs created_us = kNoTime;
  TimeUs modified_us = kNoTime;
  TimeUs expires_us = kNoTime;

  /// All instances of an attribute, one a dataset; empty when there is none.
  std::span<const AttributePtr> instances(NameId name) const;
  /// The instance of a dataset, or null.
  const Attribute* find(NameId name, NameId dataset = kNoName) const;
  /// Adds an instance or puts it in place of the one with its name and dataset. Only before publishing.
  void put(AttributePtr attribute);
  /// Takes an instance out. False when there was none. Only before publishing.
  bool remove(NameId name, NameId dataset = kNoName);
};

using EntityPtr = std::shared_ptr<const Entity>;

}  // namespace citiverse::twin
