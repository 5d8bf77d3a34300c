// The hot path of every answer: prepared names, no document in between.
#include "api/ngsi_ld/entity_json.h"

#include <algorithm>

#include "api/ngsi_ld/attribute_reader.h"
#include "api/ngsi_ld/entity_reader.h"
#include "api/ngsi_ld/json_value_text.h"
#include "base/json_writer.h"
#include "twin/moment.h"

namespace citiverse::api::ngsi_ld {
namespace {

using twin::Attribute;
using twin::AttributeKind;
using twin::AttributePtr;

void append_text(std::string& out, std::string_view text) { base::JsonWriter(out).text(text); }

// Members of one object: a comma before each but the first.
class Members {
 public:
  explicit Members(std::string& out) : out_(out) { out_ += '{'; }
  std::string& key(std::string_view quoted) {
    if (has_any_) out_ += ',';
    has_any_ = true;
    out_.append(quoted);
    out_ += ':';
    return out_;
  }
  void time(std::string_view quoted, twin::TimeUs time_us) {
    if (time_us == twin::kNoTime) return;
    key(quoted) += '"';
    twin::append_moment(out_, time_us);
    out_ += '"';
  }
  void text(std::string_view quoted, std::string_view value) { append_text(key(quoted), value); }
  void end() { out_ += '}'; }

 private:
  std::string& out_;
  bool has_any_ = false;
};

bool is_shown(const Attribute& attribute, const EntityForm& form, const twin::Names& names, twin::TimeUs now_us) {
  if (attribute.expires_us != twin::kNoTime && attribute.expires_us <= now_us) return false;
  if (form.projection != nullptr && !form.projection->shows(attribute.name)) return false;
  if (form.datasets.empty()) return true;
  const std::string_view dataset = attribute.dataset == twin::kNoName ? "@none" : names.text(attribute.dataset);
  return std::ranges::find(form.datasets, dataset) != form.datasets.end();
}

constexpr std::string_view quoted_kind(AttributeKind kind) {
  switch (kind) {
    case AttributeKind::property: return "\"Property\"";
    case AttributeKind::geo_property: return "\"GeoProperty\"";
    case AttributeKind::relationship: return "\"Relationship\"";
    case AttributeKind::language_property: return "\"LanguageProperty\"";
    case AttributeKind::vocab_property: return "\"VocabProperty\"";
    case AttributeKind::json_property: return "\"JsonProperty\"";
    case AttributeKind::list_property: return "\"ListProperty\"";
    case AttributeKind::list_relationship: return "\"ListRelationship\"";
  }
  return "";
}

constexpr std::string_view quoted_member(AttributeKind kind) {
  switch (kind) {
    case AttributeKind::property:
    case AttributeKind::geo_property: return "\"value\"";
    case AttributeKind::relationship: return "\"object\"";
    case AttributeKind::language_property: return "\"languageMap\"";
    case AttributeKind::vocab_property: return "\"vocab\"";
    case AttributeKind::json_property: return "\"json\"";
    case AttributeKind::list_property: return "\"valueList\"";
    case AttributeKind::list_relationship: return "\"objectList\"";
  }
  return "";
}

constexpr std::string_view quoted_previous(AttributeKind kind) {
  switch (kind) {
    case AttributeKind::property:
    case AttributeKind::geo_property: return "\"previousValue\"";
    case AttributeKind::relationship: return "\"previousObject\"";
    case AttributeKind::language_property: return "\"previousLanguageMap\"";
    case AttributeKind::vocab_property: return "\"previousVocab\"";
    case AttributeKind::json_property: return "\"previousJson\"";
    case AttributeKind::list_property: return "\"previousValueList\"";
    case AttributeKind::list_relationship: return "\"previousObjectList\"";
  }
  return "";
}

bool is_relationship(const Attribute& attribute) {
  return attribute.kind == AttributeKind::relationship || attribute.kind == AttributeKind::list_relationship;
}

// Such as notifications show what was deleted (5.8.6).
bool is_null_marker(const Attribute& attribute) {
  const auto* text = std::get_if<std::string>(&attribute.value);
  const auto* json = std::get_if<twin::Json>(&attribute.value);
  return (text != nullptr && *text == kNgsiLdNull) || (json != nullptr && attribute.kind == AttributeKind::language_property &&
                                                       json->text == "{\"@none\":\"" + std::string(kNgsiLdNull) + "\"}");
}

// Concisely, a property of which nothing else is said is its value; one that would read as something else keeps its members.
bool is_value_alone(const Attribute& attribute, const EntityForm& form) {
  const bool has_plain_value =
      attribute.kind == AttributeKind::geo_property ||
      (attribute.kind == AttributeKind::property && !std::holds_alternative<twin::Json>(attribute.value));
  return has_plain_value && attribute.about.empty() && attribute.dataset == twin::kNoName && attribute.unit == twin::kNoName &&
         attribute.observed_us == twin::kNoTime && attribute.expires_us == twin::kNoTime && !form.shows_system_attributes;
}

void write_instance(std::string& out, const Attribute& attribute, const twin::Names& names, const Context& context,
                    const EntityForm& form, const Attribute* before) {
  if (form.form == Form::concise && before == nullptr && is_value_alone(attribute, form) &&
      !(attribute.kind == AttributeKind::language_property))
    return write_value(out, attribute, context, false);
  Members members(out);
  const bool is_reduced = attribute.kind == AttributeKind::language_property && !form.language.empty();
  if (form.form == Form::normalized) members.key("\"type\"") += is_reduced ? "\"Property\"" : quoted_kind(attribute.kind);
  if (is_reduced) {
    const auto* map = std::get_if<twin::Json>(&attribute.value);
    const LanguageChoice choice = choose_language(map == nullptr ? "{}" : map->text, form.language);
    members.key("\"value\"") += choice.json;
    members.text("\"lang\"", choice.language);
  } else {
    write_value(members.key(quoted_member(attribute.kind)), attribute, context, false);
  }
  if (before != nullptr && before->kind == attribute.kind && before->value != attribute.value)
    write_value(members.key(quoted_previous(attribute.kind)), *before, context, false);
  if (attribute.unit != twin::kNoName) members.text("\"unitCode\"", names.text(attribute.unit));
  if (attribute.object_type != twin::kNoName) {
    std::string spare;
    members.key("\"objectType\"").append(context.quoted(attribute.object_type, spare));
  }
  members.time("\"observedAt\"", attribute.observed_us);
  if (attribute.dataset != twin::kNoName) members.text("\"datasetId\"", names.text(attribute.dataset));
  members.time("\"expiresAt\"", attribute.expires_us);
  if (form.shows_system_attributes) {
    members.time("\"createdAt\"", attribute.created_us);
    members.time("\"modifiedAt\"", attribute.modified_us);
    if (form.deleted_us != twin::kNoTime && is_null_marker(attribute)) members.time("\"deletedAt\"", form.deleted_us);
  }
  const auto& about = attribute.about;
  std::string spare;
  for (std::size_t i = 0; i < about.size();) {
    std::size_t end = i + 1;
    while (end < about.size() && about[end].name == about[i].name) ++end;
    members.key(context.quoted(about[i].name, spare));
    if (end - i > 1) out += '[';
    for (std::size_t k = i; k < end; ++k) {
      if (k > i) out += ',';
      write_instance(out, about[k], names, context, form, nullptr);
    }
    if (end - i > 1) out += ']';
    i = end;
  }
  if (form.linked && is_relationship(attribute)) {
    const std::string linked = form.linked(attribute);
    if (!linked.empty()) members.key(linked.front() == '{' ? "\"entity\"" : "\"entityList\"") += linked;
  }
  members.end();
}

void write_simplified(std::string& out, const Attribute& attribute, const Context& context, const EntityForm& form) {
  if (attribute.kind == AttributeKind::language_property && !form.language.empty()) {
    const auto* map = std::get_if<twin::Json>(&attribute.value);
    out += choose_language(map == nullptr ? "{}" : map->text, form.language).json;
    return;
  }
  if (form.linked && is_relationship(attribute)) {
    const std::string linked = form.linked(attribute);
    if (!linked.empty()) {
      out += linked;
      return;
    }
  }
  write_value(out, attribute, context, true);
}

void write_instances(std::string& out, std::span<const AttributePtr> shown, const twin::Names& names, const Context& context,
                     const EntityForm& form) {
  const bool is_many = shown.size() > 1;
  if (form.form == Form::simplified) {
    // One instance with a datasetId alone reads as itself; several, by their datasets (4.5.4).
    if (!is_many) return write_simplified(out, *shown[0], context, form);
    out += "{\"dataset\":";
    Members datasets(out);
    for (const AttributePtr& each : shown) {
      std::string name;
      append_text(name, each->dataset == twin::kNoName ? "@none" : names.text(each->dataset));
      write_simplified(datasets.key(name), *each, context, form);
    }
    datasets.end();
    out += '}';
    return;
  }
  if (is_many) out += '[';
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (i > 0) out += ',';
    const Attribute* before = form.before == nullptr ? nullptr : form.before->find(shown[i]->name, shown[i]->dataset);
    write_instance(out, *shown[i], names, context, form, before == shown[i].get() ? nullptr : before);
  }
  if (is_many) out += ']';
}

void write_attributes(Members& members, std::string& out, const twin::Entity& entity, const twin::Names& names,
                      const Context& context, const EntityForm& form, twin::TimeUs now_us) {
  std::string spare;
  std::vector<AttributePtr> some;
  const std::span<const AttributePtr> all(entity.attributes);
  for (std::size_t i = 0; i < all.size();) {
    std::size_t end = i + 1;
    while (end < all.size() && all[end]->name == all[i]->name) ++end;
    std::span<const AttributePtr> shown = all.subspan(i, end - i);
    i = end;
    const auto fits = [&](const AttributePtr& each) { return is_shown(*each, form, names, now_us); };
    if (!std::ranges::all_of(shown, fits)) {
      some.clear();
      std::ranges::copy_if(shown, std::back_inserter(some), fits);
      if (some.empty()) continue;
      shown = some;
    }
    members.key(context.quoted(shown[0]->name, spare));
    write_instances(out, shown, names, context, form);
  }
}

void write_types(Members& members, std::string& out, const twin::Entity& entity, const Context& context) {
  std::string spare;
  members.key("\"type\"");
  if (entity.types.size() != 1) out += '[';
  for (std::size_t i = 0; i < entity.types.size(); ++i) {
    if (i > 0) out += ',';
    out.append(context.quoted(entity.types[i], spare));
  }
  if (entity.types.size() != 1) out += ']';
}

void write_head(Members& members, std::string& out, const twin::Entity& entity, const twin::Names& names,
                const EntityForm& form) {
  if (!entity.scopes.empty() && (form.projection == nullptr || form.projection->scope)) {
    members.key("\"scope\"");
    if (entity.scopes.size() != 1) out += '[';
    for (std::size_t i = 0; i < entity.scopes.size(); ++i) {
      if (i > 0) out += ',';
      append_text(out, names.text(entity.scopes[i]));
    }
    if (entity.scopes.size() != 1) out += ']';
  }
  members.time("\"expiresAt\"", entity.expires_us);
  if (form.is_deleted) members.time("\"deletedAt\"", form.deleted_us);
  if (!form.shows_system_attributes) return;
  members.time("\"createdAt\"", entity.created_us);
  members.time("\"modifiedAt\"", entity.modified_us);
}

}  // namespace

bool Projection::shows(twin::NameId name) const { return (std::ranges::find(names, name) != names.end()) == only; }

void write_attribute(std::string& out, const Attribute& attribute, const twin::Names& names, const Context& context,
                     const EntityForm& form, const Attribute* before) {
  if (form.form == Form::simplified)
    write_simplified(out, attribute, context, form);
  else
    write_instance(out, attribute, names, context, form, before);
}

void write_entity(std::string& out, const twin::Entity& entity, const twin::Names& names, const Context& context,
                  const EntityForm& form, twin::TimeUs now_us, bool with_context) {
  Members members(out);
  if (form.projection == nullptr || form.projection->id) members.text("\"id\"", entity.id);
  if (form.projection == nullptr || form.projection->type) write_types(members, out, entity, context);
  write_head(members, out, entity, names, form);
  write_attributes(members, out, entity, names, context, form, now_us);
  if (with_context) members.key("\"@context\"") += context.json();
  members.end();
}

void write_feature(std::string& out, const twin::Entity& entity, const twin::Names& names, const Context& context,
                   const EntityForm& form, twin::NameId geometry_property, twin::TimeUs now_us, bool with_context) {
  Members feature(out);
  feature.text("\"id\"", entity.id);
  feature.key("\"type\"") += "\"Feature\"";
  feature.key("\"geometry\"");
  const twin::NameId dataset =
      form.geometry_property_dataset.empty() ? twin::kNoName : names.find(form.geometry_property_dataset);
  const bool has_dataset = form.geometry_property_dataset.empty() || dataset != twin::kNoName;
  const Attribute* place = has_dataset ? entity.find(geometry_property, dataset) : nullptr;
  const bool is_place = place != nullptr && place->kind == AttributeKind::geo_property && is_shown(*place, form, names, now_us);
  out += is_place && std::holds_alternative<twin::Json>(place->value) ? std::get<twin::Json>(place->value).text : "null";
  Members properties(feature.key("\"properties\""));
  if (form.projection == nullptr || form.projection->type) write_types(properties, out, entity, context);
  write_head(properties, out, entity, names, form);
  write_attributes(properties, out, entity, names, context, form, now_us);
  properties.end();
  if (with_context) feature.key("\"@context\"") += context.json();
  feature.end();
}

}  // namespace citiverse::api::ngsi_ld
