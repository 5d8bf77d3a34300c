// An entity is copied once an edit, its attributes are shared; what an edit touches is made anew.
#include "api/ngsi_ld/entity_edits.h"

#include <algorithm>

#include <fmt/format.h>

namespace citiverse::api::ngsi_ld {
namespace {

using base::ErrorCode;
using twin::Attribute;
using twin::AttributePtr;
using twin::Entity;

std::unexpected<base::Error> not_there() { return base::fail(ErrorCode::not_found, "there is no such entity"); }
std::unexpected<base::Error> no_such_attribute() {
  return base::fail(ErrorCode::not_found, "the entity has no such attribute instance");
}

std::shared_ptr<Entity> copied(const twin::EntityPtr& before, twin::TimeUs now_us) {
  auto after = std::make_shared<Entity>(*before);
  after->modified_us = now_us;
  return after;
}

void add_types(Entity& entity, const std::vector<twin::NameId>& types) {
  for (const twin::NameId type : types)
    if (std::ranges::find(entity.types, type) == entity.types.end()) entity.types.push_back(type);
}

void add_scopes(Entity& entity, const std::vector<twin::NameId>& scopes) {
  for (const twin::NameId scope : scopes)
    if (std::ranges::find(entity.scopes, scope) == entity.scopes.end()) entity.scopes.push_back(scope);
}

// With the time at which an attribute with this name and dataset was made first.
// What is published stays for long: without the room that its texts had to grow.
void shrink(Attribute& attribute) {
  if (auto* const text = std::get_if<std::string>(&attribute.value)) text->shrink_to_fit();
  if (auto* const json = std::get_if<twin::Json>(&attribute.value)) json->text.shrink_to_fit();
  attribute.about.shrink_to_fit();
  for (Attribute& each : attribute.about) shrink(each);
}

AttributePtr made(AttributeInput input, const Attribute* before, twin::TimeUs now_us) {
  Attribute attribute = make_attribute(std::move(input), now_us);
  if (before != nullptr) attribute.created_us = before->created_us;
  shrink(attribute);
  return std::make_shared<const Attribute>(std::move(attribute));
}

void fill(Entity& entity, EntityInput& input, const Entity* before, twin::TimeUs now_us) {
  entity.scopes = input.scopes.value_or(std::vector<twin::NameId>{});
  entity.expires_us = input.expires_us;
  entity.modified_us = now_us;
  entity.attributes.clear();
  entity.attributes.reserve(input.attributes.size());
  for (AttributeInput& each : input.attributes) {
    const Attribute* old = before == nullptr ? nullptr : before->find(each.attribute.name, each.attribute.dataset);
    entity.attributes.push_back(made(std::move(each), old, now_us));
  }
  const auto key = [](const AttributePtr& each) { return std::pair(each->name, each->dataset); };
  std::ranges::sort(entity.attributes, {}, key);
  // Two names of one IRI: the later one stays.
  const auto same = [&](const AttributePtr& a, const AttributePtr& b) { return key(a) == key(b); };
  entity.attributes.erase(std::ranges::unique(entity.attributes, same).begin(), entity.attributes.end());
}

}  // namespace

bool is_gone(const twin::EntityPtr& entity, twin::TimeUs now_us) {
  return entity == nullptr || (entity->expires_us != twin::kNoTime && entity->expires_us <= now_us);
}

EntityResult create_entity(const twin::EntityPtr& before, EntityInput input, twin::TimeUs now_us) {
  if (!is_gone(before, now_us)) return base::fail(ErrorCode::conflict, "there is an entity with this id already");
  auto entity = std::make_shared<Entity>();
  entity->id = std::move(input.id);
  entity->id.shrink_to_fit();
  entity->types = std::move(input.types);
  entity->types.shrink_to_fit();
  entity->created_us = now_us;
  fill(*entity, input, nullptr, now_us);
  return entity;
}

EntityResult replace_entity(const twin::EntityPtr& before, EntityInput input, twin::TimeUs now_us) {
  if (is_gone(before, now_us)) return not_there();
  auto entity = std::make_shared<Entity>();
  entity->id = before->id;
  entity->types = before->types;
  if (!input.types.empty()) entity->types = std::move(input.types);
  entity->created_us = before->created_us;
  fill(*entity, input, before.get(), now_us);
  return entity;
}

EntityResult append_attributes(const twin::EntityPtr& before, EntityInput input, bool overwrites, twin::TimeUs now_us,
                               Outcome& outcome) {
  if (is_gone(before, now_us)) return not_there();
  auto after = copied(before, now_us);
  add_types(*after, input.types);
  if (input.scopes && overwrites)
    after->scopes = std::move(*input.scopes);
  else if (input.scopes)
    add_scopes(*after, *input.scopes);
  if (input.expires_us != twin::kNoTime) after->expires_us = input.expires_us;
  bool changes = !input.types.empty() || input.scopes || input.expires_us != twin::kNoTime;
  for (AttributeInput& each : input.attributes) {
    const twin::NameId name = each.attribute.name;
    const Attribute* old = after->find(name, each.attribute.dataset);
    if (old != nullptr && !overwrites) {
      outcome.not_updated.emplace_back(name, "it is there already, and noOverwrite was asked for");
      continue;
    }
    after->put(made(std::move(each), old, now_us));
    outcome.updated.push_back(name);
    changes = true;
  }
  return changes ? EntityResult(std::move(after)) : EntityResult(before);
}

EntityResult update_attributes(const twin::EntityPtr& before, EntityInput input, twin::TimeUs now_us, Outcome& outcome) {
  if (is_gone(before, now_us)) return not_there();
  auto after = copied(before, now_us);
  add_types(*after, input.types);
  if (input.scopes && !before->scopes.empty()) after->scopes = std::move(*input.scopes);
  if (input.expires_us != twin::kNoTime) after->expires_us = input.expires_us;
  for (AttributeInput& each : input.attributes) {
    const twin::NameId name = each.attribute.name;
    if (each.is_null()) {
      if (after->remove(name, each.attribute.dataset))
        outcome.updated.push_back(name);
      else
        outcome.not_updated.emplace_back(name, "there is no such instance to be deleted");
      continue;
    }
    const Attribute* old = after->find(name, each.attribute.dataset);
    after->put(made(std::move(each), old, now_us));
    outcome.updated.push_back(name);
  }
  return after;
}

EntityResult merge_entity(const twin::EntityPtr& before, EntityInput input, const MergeRules& rules, const Context& context,
                          twin::TimeUs now_us, Outcome& outcome) {
  if (is_gone(before, now_us)) return not_there();
  auto after = copied(before, now_us);
  add_types(*after, input.types);
  if (input.scopes) after->scopes = std::move(*input.scopes);
  if (input.expires_us != twin::kNoTime) after->expires_us = input.expires_us;
  for (AttributeInput& each : input.attributes) {
    const twin::NameId name = each.attribute.name;
    const twin::NameId dataset = each.attribute.dataset;
    const Attribute* old = after->find(name, dataset);
    if (each.is_null()) {
      after->remove(name, dataset);
    } else if (old == nullptr) {
      if (!each.has(Said::value)) return base::fail(ErrorCode::bad_input, "an attribute that is not there yet needs its value");
      after->put(made(std::move(each), nullptr, now_us));
    } else {
      auto merged = merge_attribute(*old, std::move(each), rules, context, now_us);
      if (!merged) return std::unexpected(std::move(merged.error()));
      after->put(std::make_shared<const Attribute>(std::move(*merged)));
    }
    outcome.updated.push_back(name);
  }
  return after;
}

EntityResult update_attribute_partially(const twin::EntityPtr& before, AttributeInput input, twin::TimeUs now_us) {
  if (is_gone(before, now_us)) return not_there();
  const Attribute* old = before->find(input.attribute.name, input.attribute.dataset);
  if (old == nullptr) return no_such_attribute();
  if (input.has(Said::kind) && input.attribute.kind != old->kind)
    return base::fail(ErrorCode::bad_input, "the type of an attribute cannot be changed by a partial update (5.6.4)");
  if (input.is_null())
    return base::fail(ErrorCode::bad_input, "a partial update cannot delete the attribute itself (5.6.4); use DELETE");
  Attribute attribute = *old;
  attribute.modified_us = now_us;
  if (input.has(Said::value)) {
    if (!input.has(Said::kind) && old->kind != input.attribute.kind)
      return base::fail(ErrorCode::bad_input, "the value is not of the attribute's type (5.6.4)");
    attribute.value = std::move(input.attribute.value);
  }
  if (input.has(Said::observed_at)) attribute.observed_us = input.attribute.observed_us;
  if (input.has(Said::unit_code)) attribute.unit = input.attribute.unit;
  if (input.has(Said::object_type)) attribute.object_type = input.attribute.object_type;
  if (input.has(Said::expires_at)) attribute.expires_us = input.attribute.expires_us;
  for (AttributeInput& each : input.about) {
    const auto same = [&](const Attribute& other) {
      return other.name == each.attribute.name && other.dataset == each.attribute.dataset;
    };
    const auto found = std::ranges::find_if(attribute.about, same);
    const twin::TimeUs created_us = found == attribute.about.end() ? now_us : found->created_us;
    if (found != attribute.about.end()) attribute.about.erase(found);
    if (each.is_null()) continue;
    if (!each.has(Said::value)) return base::fail(ErrorCode::bad_input, "a sub-attribute needs its value");
    attribute.about.push_back(make_attribute(std::move(each), now_us));
    attribute.about.back().created_us = created_us;
  }
  std::ranges::sort(attribute.about, {}, [](const Attribute& each) { return std::pair(each.name, each.dataset); });
  auto after = copied(before, now_us);
  after->put(std::make_shared<const Attribute>(std::move(attribute)));
  return after;
}

EntityResult replace_attribute(const twin::EntityPtr& before, AttributeInput input, twin::TimeUs now_us) {
  if (is_gone(before, now_us)) return not_there();
  const Attribute* old = before->find(input.attribute.name, input.attribute.dataset);
  if (old == nullptr) return no_such_attribute();
  auto after = copied(before, now_us);
  after->put(made(std::move(input), old, now_us));
  return after;
}

EntityResult delete_attribute(const twin::EntityPtr& before, twin::NameId name, twin::NameId dataset, bool all,
                              twin::TimeUs now_us) {
  if (is_gone(before, now_us)) return not_there();
  if (all ? before->instances(name).empty() : before->find(name, dataset) == nullptr) return no_such_attribute();
  auto after = copied(before, now_us);
  if (all)
    for (const AttributePtr& each : before->instances(name)) after->remove(name, each->dataset);
  else
    after->remove(name, dataset);
  return after;
}

}  // namespace citiverse::api::ngsi_ld
