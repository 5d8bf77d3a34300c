// What went is shown as an attribute whose value is NGSI-LD Null, so that one writer of entities serves both.
#include "api/ngsi_ld/notification_json.h"

#include <algorithm>
#include <map>

#include "api/ngsi_ld/entity_reader.h"
#include "api/ngsi_ld/linked_entities.h"
#include "base/json_writer.h"
#include "twin/moment.h"

namespace citiverse::api::ngsi_ld {
namespace {

using twin::AttributeKind;

twin::AttributePtr gone(const twin::Attribute& attribute, Form form) {
  auto marker = std::make_shared<twin::Attribute>();
  marker->name = attribute.name;
  marker->dataset = attribute.dataset;
  marker->kind = attribute.kind;
  marker->created_us = attribute.created_us;
  marker->modified_us = attribute.modified_us;
  // Of a language map, the default language (5.8.6); the simplified form has the null alone.
  if (form == Form::simplified) marker->kind = AttributeKind::property;
  if (marker->kind == AttributeKind::language_property)
    marker->value = twin::Json{"{\"@none\":\"" + std::string(kNgsiLdNull) + "\"}"};
  else
    marker->value = std::string(kNgsiLdNull);
  return marker;
}

bool is_watched(const NotificationLook& look, twin::NameId name) {
  return look.watched.empty() || std::ranges::find(look.watched, name) != look.watched.end();
}

EntityForm form_of(const NotificationForm& form) {
  return {.form = form.kind,
          .shows_system_attributes = form.shows_system_attributes,
          .language = form.language,
          .datasets = form.datasets,
          .projection = form.projection ? &*form.projection : nullptr};
}

}  // namespace

twin::Entity shown_entity(const NotificationLook& look, const twin::Noticed& noticed) {
  using namespace twin::trigger;
  const bool tells_attributes = (look.triggers & (kAttributeDeleted | kEntityUpdated)) != 0;
  if (noticed.after != nullptr) {
    twin::Entity shown = *noticed.after;
    if (noticed.before == nullptr || noticed.before == noticed.after || !tells_attributes) return shown;
    for (const twin::AttributePtr& each : noticed.before->attributes)
      if (noticed.after->find(each->name, each->dataset) == nullptr) shown.put(gone(*each, look.form.kind));
    return shown;
  }
  twin::Entity shown;
  shown.id = noticed.before->id;
  shown.types = noticed.before->types;
  shown.created_us = noticed.before->created_us;
  shown.modified_us = noticed.before->modified_us;
  if (!look.form.shows_changes && (look.triggers & kAttributeDeleted) == 0) return shown;
  for (const twin::AttributePtr& each : noticed.before->attributes)
    if (look.form.shows_changes || is_watched(look, each->name)) shown.put(gone(*each, look.form.kind));
  return shown;
}

std::string notification_data(const NotificationLook& look, std::span<const twin::Noticed> noticed, twin::TimeUs now_us) {
  const bool is_geo_json = look.form.accept == MediaType::geo_json;
  const twin::NameId location = look.names.find(look.context.terms().expand("location"));
  LinkedEntities linked(look.find, look.form.join_level, {});
  std::string out = is_geo_json ? R"({"type":"FeatureCollection","features":[)" : "[";
  std::vector<twin::EntityPtr> linking;
  const auto write = [&](const twin::Entity& entity, const EntityForm& form) {
    if (out.back() != '[') out += ',';
    if (is_geo_json)
      write_feature(out, entity, look.names, look.context, form, location, now_us);
    else
      write_entity(out, entity, look.names, look.context, form, now_us);
  };
  for (const twin::Noticed& each : noticed) {
    EntityForm form = form_of(look.form);
    const EntityForm inner = form;
    if (look.form.join == Join::inline_)
      form.linked = [&, inner](const twin::Attribute& relationship) {
        return linked.inlined(relationship, look.names, look.context, inner, now_us);
      };
    if (look.form.shows_changes) form.before = each.before.get();
    form.deleted_us = each.at_us;
    form.is_deleted = each.after == nullptr;
    // Most entities are shown as they are, and need no copy.
    const bool may_differ = each.after == nullptr || look.triggers != twin::trigger::kDefault;
    write(may_differ ? shown_entity(look, each) : *each.after, form);
    if (each.after != nullptr) linking.push_back(each.after);
  }
  if (look.form.join == Join::flat)
    for (const twin::EntityPtr& each : linked.flat(linking)) write(*each, form_of(look.form));
  return out + (is_geo_json ? "]}" : "]");
}

std::string notification_body(const NotificationHead& head, const NotificationForm& form, const Context& context,
                              std::string_view data) {
  std::string out;
  out.reserve(data.size() + 512);
  base::JsonWriter json(out);
  json.begin_object().member("id", head.id).member("type", "Notification").member("subscriptionId", head.subscription_id);
  json.member("notifiedAt", twin::moment_text(head.notified_us)).key("data").raw(data);
  if (!form.has_link) json.key("@context").raw(context.json());
  json.end_object();
  return out;
}

std::string mqtt_message(std::string_view content_type, std::string_view fields, std::string_view notification) {
  std::map<std::string_view, std::string_view> metadata;  // Of a key that is there twice, the last: JSON has one.
  while (!fields.empty()) {
    const std::string_view line = fields.substr(0, fields.find("\r\n"));
    fields.remove_prefix(std::min(line.size() + 2, fields.size()));
    const std::size_t colon = line.find(": ");
    if (colon != std::string_view::npos) metadata[line.substr(0, colon)] = line.substr(colon + 2);
  }
  std::string out;
  out.reserve(notification.size() + 512);
  base::JsonWriter json(out);
  json.begin_object().key("metadata").begin_object().member("Content-Type", content_type);
  for (const auto& [key, value] : metadata) json.member(key, value);
  json.end_object().key("body").raw(notification).end_object();
  return out;
}

}  // namespace citiverse::api::ngsi_ld
