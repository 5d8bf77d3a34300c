// All conditions of one query together, and what indexes can do for it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "twin/query/geo_query.h"
#include "twin/query/pattern.h"
#include "twin/query/q_expression.h"
#include "twin/query/q_match.h"
#include "twin/query/scope_query.h"
#include "twin/query/type_selection.h"
#include "twin/store.h"

namespace citiverse::twin {

/// ETSI GS CIM 009 V1.9.1, 5.2.33: an entity fits when it fits every member that is set.
struct EntitySelector {
  std::vector<std::string> ids;       ///< One of these.
  std::optional<Pattern> id_pattern;  ///< Found anywhere in the id, unless it has anchors (IEEE 1003.2).
  std::optional<TypeSelection> types;
};

/// An entity matches when it fits one of the selectors, when there are any, and everything else that is set.
struct EntityQuery {
  std::vector<EntitySelector> selectors;
  std::vector<NameId> attributes;  ///< Has at least one of these (5.7.2.4).
  std::optional<QExpression> q;
  std::optional<GeoQuery> geo;
  std::optional<ScopeQuery> scope;

  bool matches(const Entity& entity, const QSurroundings& surroundings) const;

  /// What every match has, for indexes. Nothing at all matches when this says nothing.
  std::optional<Narrowing> narrowing() const;
};

/// Attributes of which every match of an expression has at least one; empty when that cannot be said.
std::vector<NameId> attributes_needed(const QExpression& expression);

}  // namespace citiverse::twin
