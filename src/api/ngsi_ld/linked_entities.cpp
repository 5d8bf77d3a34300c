// Breadth first, so that a limit cuts off what is farthest; what was met is not followed again, so that circles end.
#include "api/ngsi_ld/linked_entities.h"

#include <algorithm>

#include "twin/json_view.h"

namespace citiverse::api::ngsi_ld {

void each_object(const twin::Attribute& attribute, const std::function<void(std::string_view id)>& on_id) {
  if (attribute.kind != twin::AttributeKind::relationship && attribute.kind != twin::AttributeKind::list_relationship) return;
  if (const auto* id = std::get_if<std::string>(&attribute.value)) return on_id(*id);
  const auto* json = std::get_if<twin::Json>(&attribute.value);
  if (json == nullptr) return;
  std::string scratch;
  twin::any_json_item(json->text, [&](std::string_view item) {
    if (item.starts_with("{")) item = twin::json_member(item, "object");
    if (const auto id = twin::json_string(item, scratch)) on_id(*id);
    return false;
  });
}

std::vector<twin::EntityPtr> LinkedEntities::flat(const std::vector<twin::EntityPtr>& linking) {
  std::vector<twin::EntityPtr> all;
  for (const auto& entity : linking) known_.insert(entity->id);
  std::vector<twin::EntityPtr> level = linking;
  for (std::size_t depth = 0; depth < levels_ && !level.empty(); ++depth) {
    std::vector<twin::EntityPtr> next;
    for (const auto& entity : level)
      for (const auto& attribute : entity->attributes)
        each_object(*attribute, [&](std::string_view id) {
          if (all.size() >= kLinkedEntitiesMax || !known_.insert(std::string(id)).second) return;
          if (auto found = find_(id)) {
            all.push_back(found);
            next.push_back(std::move(found));
          }
        });
    level = std::move(next);
  }
  return all;
}

std::string LinkedEntities::inlined(const twin::Attribute& relationship, const twin::Names& names, const Context& context,
                                    const EntityForm& form, twin::TimeUs now_us, std::size_t level) {
  std::vector<std::string> written;
  each_object(relationship, [&](std::string_view id) {
    if (found_ >= kLinkedEntitiesMax || known_.contains(std::string(id))) return;
    const auto entity = find_(id);
    if (entity == nullptr) return;
    ++found_;
    EntityForm inner = form;
    inner.projection = nullptr;
    inner.linked = nullptr;
    // Not back to whom this one is within: a circle ends where it closes.
    known_.insert(entity->id);
    if (level < levels_)
      inner.linked = [&](const twin::Attribute& each) { return inlined(each, names, context, form, now_us, level + 1); };
    write_entity(written.emplace_back(), *entity, names, context, inner, now_us);
    known_.erase(entity->id);
  });
  if (written.empty()) return {};
  if (relationship.kind == twin::AttributeKind::relationship && written.size() == 1 &&
      std::holds_alternative<std::string>(relationship.value))
    return std::move(written.front());
  std::string list = "[";
  for (std::size_t i = 0; i < written.size(); ++i) list += (i > 0 ? "," : "") + written[i];
  return list + "]";
}

}  // namespace citiverse::api::ngsi_ld
