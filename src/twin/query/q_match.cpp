// Walks the path to each value that it may mean and asks the operator of each; the first that agrees decides.
#include "twin/query/q_match.h"

#include <algorithm>

#include "twin/json_view.h"
#include "twin/query/q_value.h"

namespace citiverse::twin {
namespace {

using TargetTest = std::function<bool(const QTarget&)>;

TimeUs time_of_system(const Attribute& attribute, QStep::Kind kind) {
  switch (kind) {
    case QStep::Kind::created_at: return attribute.created_us;
    case QStep::Kind::modified_at: return attribute.modified_us;
    case QStep::Kind::observed_at: return attribute.observed_us;
    case QStep::Kind::expires_at: return attribute.expires_us;
    default: return kNoTime;
  }
}

TimeUs time_of_system(const Entity& entity, QStep::Kind kind) {
  switch (kind) {
    case QStep::Kind::created_at: return entity.created_us;
    case QStep::Kind::modified_at: return entity.modified_us;
    case QStep::Kind::expires_at: return entity.expires_us;
    default: return kNoTime;
  }
}

NameId name_of_system(const Attribute& attribute, QStep::Kind kind) {
  switch (kind) {
    case QStep::Kind::unit_code: return attribute.unit;
    case QStep::Kind::dataset_id: return attribute.dataset;
    case QStep::Kind::object_type: return attribute.object_type;
    default: return kNoName;
  }
}

bool descend(const QPath& path, std::size_t step, const Attribute& attribute, const Names& names, const TargetTest& is_it) {
  if (step == path.steps.size()) return is_it({.attribute = &attribute, .time_us = kNoTime, .text = {}});
  const QStep& next = path.steps[step];
  if (next.kind != QStep::Kind::attribute) {
    if (const TimeUs time = time_of_system(attribute, next.kind); time != kNoTime)
      return is_it({.attribute = &attribute, .time_us = time, .text = {}});
    const NameId name = name_of_system(attribute, next.kind);
    return name != kNoName && is_it({.attribute = &attribute, .time_us = kNoTime, .text = names.text(name)});
  }
  return std::ranges::any_of(attribute.about, [&](const Attribute& each) {
    return each.name == next.name && descend(path, step + 1, each, names, is_it);
  });
}

bool follow(const QPath& path, std::size_t link, const Entity& entity, const QSurroundings& around, const TargetTest& is_it);

bool follow_to(const QPath& path, std::size_t link, std::string_view id, const QSurroundings& around, const TargetTest& is_it) {
  const EntityPtr other = around.linked ? around.linked(id) : nullptr;
  if (other == nullptr) return false;
  const auto& types = path.links[link].types;
  const auto is_of = [&](NameId type) { return std::ranges::find(other->types, type) != other->types.end(); };
  return (types.empty() || std::ranges::any_of(types, is_of)) && follow(path, link + 1, *other, around, is_it);
}

// The ids in one object, an array of them, or an array of {"object": …}, as a ListRelationship has.
bool follow_each(const QPath& path, std::size_t link, std::string_view json, const QSurroundings& around,
                 const TargetTest& is_it) {
  std::string scratch;
  const auto follow_item = [&](std::string_view item) {
    if (item.starts_with("{")) item = json_member(item, "object");
    const auto id = json_string(item, scratch);
    return id && follow_to(path, link, *id, around, is_it);
  };
  return json.starts_with("[") ? any_json_item(json, follow_item) : follow_item(json);
}

bool follow(const QPath& path, std::size_t link, const Entity& entity, const QSurroundings& around, const TargetTest& is_it) {
  if (link == path.links.size()) {
    const QStep& first = path.steps.front();
    if (first.kind != QStep::Kind::attribute) {
      const TimeUs time = time_of_system(entity, first.kind);
      return time != kNoTime && is_it({.attribute = nullptr, .time_us = time, .text = {}});
    }
    return std::ranges::any_of(entity.instances(first.name),
                               [&](const AttributePtr& each) { return descend(path, 1, *each, around.names, is_it); });
  }
  return std::ranges::any_of(entity.instances(path.links[link].relationship), [&](const AttributePtr& each) {
    if (const auto* id = std::get_if<std::string>(&each->value)) return follow_to(path, link, *id, around, is_it);
    const auto* json = std::get_if<Json>(&each->value);
    return json != nullptr && follow_each(path, link, json->text, around, is_it);
  });
}

bool is_relationship(const Attribute& attribute) {
  return attribute.kind == AttributeKind::relationship || attribute.kind == AttributeKind::list_relationship;
}

bool equals_any(const QTerm& term, const QValue& value, bool expands) {
  if (term.is_range) {
    const auto low = compare(value, term.values[0], expands);
    const auto high = compare(value, term.values[1], expands);
    return low && high && *low >= 0 && *high <= 0;
  }
  return std::ranges::any_of(term.values, [&](const QLiteral& literal) {
    const auto order = compare(value, literal, expands);
    return order && *order == 0;
  });
}

bool is_equal(const QTerm& term, const QValue& value, bool expands) {
  if (value.type != QValue::Type::array) return equals_any(term, value, expands);
  std::string scratch;
  return any_json_item(value.text, [&](std::string_view item) {
    if (item.starts_with("{") && item.find("\"object\"") != std::string_view::npos) item = json_member(item, "object");
    return equals_any(term, QValue::of_json(item, scratch), expands);
  });
}

bool holds(const QTerm& term, const QValue& value, bool expands) {
  if (term.op == QOperator::equal) return is_equal(term, value, expands);
  if (term.op == QOperator::unequal) return !is_equal(term, value, expands);
  if (term.pattern) {
    if (value.type != QValue::Type::text) return false;
    return term.pattern->matches_whole(value.text) == (term.op == QOperator::matches);
  }
  const auto order = compare(value, term.values.front(), expands);
  if (!order) return false;
  switch (term.op) {
    case QOperator::greater: return *order > 0;
    case QOperator::greater_equal: return *order >= 0;
    case QOperator::less: return *order < 0;
    case QOperator::less_equal: return *order <= 0;
    default: return false;
  }
}

// `!=` of a language map without a language says that no language has the value; all else is content with one.
bool holds_in_languages(const QTerm& term, std::string_view map, std::string_view language) {
  std::string scratch;
  std::string name;
  const bool is_any = language.empty() || language == "*";
  const auto holds_here = [&](std::string_view value, const QTerm& asked) {
    return holds(asked, QValue::of_json(value, scratch), false);
  };
  if (!is_any) {
    const std::string_view value = json_member(map, language);
    return !value.empty() && (term.op == QOperator::exists || holds_here(value, term));
  }
  if (term.op == QOperator::exists) return true;
  if (term.op == QOperator::unequal)
    return !any_json_member(map, [&](auto, std::string_view value) { return !holds_here(value, term); });
  return any_json_member(map, [&](auto, std::string_view value) { return holds_here(value, term); });
}

bool holds_for(const QTerm& term, const QTarget& target) {
  const auto& members = term.path.members;
  QValue value;
  std::string scratch;
  if (target.time_us != kNoTime || !target.text.empty()) {
    if (!members.empty()) return false;
    value.type = target.text.empty() ? QValue::Type::time : QValue::Type::text;
    value.time_us = target.time_us;
    value.text = target.text;
    return term.op == QOperator::exists || holds(term, value, false);
  }
  const Attribute& attribute = *target.attribute;
  const auto* json = std::get_if<Json>(&attribute.value);
  if (attribute.kind == AttributeKind::language_property && json != nullptr && json->text.starts_with("{"))
    return holds_in_languages(term, json->text, members.empty() ? std::string_view() : std::string_view(members.front()));
  if (members.empty()) {
    if (term.op == QOperator::exists) return true;
    value = QValue::of(attribute.value, scratch);
  } else {
    std::string_view at = json == nullptr ? std::string_view() : std::string_view(json->text);
    for (const std::string& member : members) at = json_member(at, member);
    if (at.empty()) return false;
    if (term.op == QOperator::exists) return true;
    value = QValue::of_json(at, scratch);
  }
  const bool compares_only = term.op != QOperator::equal && term.op != QOperator::unequal;
  if (compares_only && is_relationship(attribute)) return false;
  return holds(term, value, term.expands_values || attribute.kind == AttributeKind::vocab_property);
}

}  // namespace

bool any_target(const QPath& path, const Entity& entity, const QSurroundings& surroundings, const TargetTest& is_it) {
  return follow(path, 0, entity, surroundings, is_it);
}

bool matches(const QExpression& expression, const Entity& entity, const QSurroundings& surroundings) {
  const auto fits = [&](const QExpression& part) { return matches(part, entity, surroundings); };
  switch (expression.kind) {
    case QExpression::Kind::all: return std::ranges::all_of(expression.parts, fits);
    case QExpression::Kind::any: return std::ranges::any_of(expression.parts, fits);
    case QExpression::Kind::term: break;
  }
  return follow(expression.term.path, 0, entity, surroundings,
                [&](const QTarget& target) { return holds_for(expression.term, target); });
}

}  // namespace citiverse::twin
