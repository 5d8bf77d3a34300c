// Cheap conditions first; and an index is used for the narrowest thing that each condition says for certain.
#include "twin/query/entity_query.h"

#include <algorithm>
#include <utility>

namespace citiverse::twin {
namespace {

bool fits(const EntitySelector& selector, const Entity& entity) {
  if (!selector.ids.empty() && std::ranges::find(selector.ids, entity.id) == selector.ids.end()) return false;
  if (selector.types && !selector.types->matches(entity)) return false;
  return !selector.id_pattern || selector.id_pattern->finds_in(entity.id);
}

template <class T>
void sort_and_unite(std::vector<T>& all) {
  std::ranges::sort(all);
  all.erase(std::ranges::unique(all).begin(), all.end());
}

// Names that nothing bears cannot be found; a list in which all are such matches nothing.
bool drop_unknown(std::vector<NameId>& names) {
  if (names.empty()) return true;
  std::erase(names, kNoName);
  return !names.empty();
}

}  // namespace

std::vector<NameId> attributes_needed(const QExpression& expression) {
  if (expression.kind == QExpression::Kind::term) {
    const QPath& path = expression.term.path;
    if (!path.links.empty()) return {path.links.front().relationship};
    if (path.steps.front().kind == QStep::Kind::attribute) return {path.steps.front().name};
    return {};
  }
  std::vector<NameId> needed;
  for (const QExpression& part : expression.parts) {
    auto of_part = attributes_needed(part);
    if (expression.kind == QExpression::Kind::any) {
      if (of_part.empty()) return {};
      needed.insert(needed.end(), of_part.begin(), of_part.end());
    } else if (!of_part.empty() && (needed.empty() || of_part.size() < needed.size())) {
      needed = std::move(of_part);
    }
  }
  sort_and_unite(needed);
  return needed;
}

bool EntityQuery::matches(const Entity& entity, const QSurroundings& surroundings) const {
  const auto has = [&](NameId name) { return !entity.instances(name).empty(); };
  if (!selectors.empty() && std::ranges::none_of(selectors, [&](const auto& each) { return fits(each, entity); })) return false;
  if (!attributes.empty() && std::ranges::none_of(attributes, has)) return false;
  if (geo && !geo->matches(entity)) return false;
  if (scope && !scope->matches(entity, surroundings.names)) return false;
  return !q || twin::matches(*q, entity, surroundings);
}

std::optional<Narrowing> EntityQuery::narrowing() const {
  Narrowing narrowing;
  bool all_have_ids = !selectors.empty();
  bool all_have_types = !selectors.empty();
  for (const EntitySelector& each : selectors) {
    all_have_ids = all_have_ids && !each.ids.empty();
    all_have_types = all_have_types && each.types.has_value();
    narrowing.ids.insert(narrowing.ids.end(), each.ids.begin(), each.ids.end());
    if (!each.types) continue;
    const auto types = each.types->narrowing();
    narrowing.types.insert(narrowing.types.end(), types.begin(), types.end());
  }
  if (!all_have_ids) narrowing.ids.clear();
  if (!all_have_types) narrowing.types.clear();
  sort_and_unite(narrowing.ids);
  sort_and_unite(narrowing.types);
  if (!drop_unknown(narrowing.types)) return std::nullopt;
  narrowing.attributes = attributes;
  if (q) {
    auto needed = attributes_needed(*q);
    if (!drop_unknown(needed)) return std::nullopt;
    if (!needed.empty() && (attributes.empty() || needed.size() < attributes.size())) narrowing.attributes = std::move(needed);
  }
  if (!drop_unknown(narrowing.attributes)) return std::nullopt;
  if (geo) {
    if (geo->property() == kNoName) return std::nullopt;
    narrowing.box = geo->box();
    narrowing.box_attribute = geo->property();
  }
  return narrowing;
}

}  // namespace citiverse::twin
