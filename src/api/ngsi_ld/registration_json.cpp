// Kept with names in full; written with those of the reader.
#include "api/ngsi_ld/registration_json.h"

#include <algorithm>

#include "api/ngsi_ld/entity_reader.h"
#include "api/ngsi_ld/json_value_text.h"
#include "twin/moment.h"

namespace citiverse::api::ngsi_ld {
namespace {

using base::JsonValue;

void write_as_kept(base::JsonWriter& json, JsonValue value) {
  std::string plain;
  append_json(plain, value);
  json.raw(plain);
}

// One name as a text where `may_be_text`, else an array of names.
void write_registered_names(base::JsonWriter& json, JsonValue list, const Context& context, bool may_be_text) {
  if (may_be_text && list.size() == 1) {
    json.text(context.terms().compact(list[0].text().value_or("")));
    return;
  }
  json.begin_array();
  for (std::size_t i = 0; i < list.size(); ++i) json.text(context.terms().compact(list[i].text().value_or("")));
  json.end_array();
}

void write_registered_information(base::JsonWriter& json, JsonValue info, const Context& context) {
  json.begin_object();
  for (std::size_t i = 0; i < info.size(); ++i) {
    const auto [name, value] = info.member(i);
    json.key(name);
    if (name != "entities") {
      write_registered_names(json, value, context, false);
      continue;
    }
    json.begin_array();
    for (std::size_t k = 0; k < value.size(); ++k) {
      json.begin_object();
      for (std::size_t m = 0; m < value[k].size(); ++m) {
        const auto [member, inner] = value[k].member(m);
        json.key(member);
        if (member == "type")
          write_registered_names(json, inner, context, true);
        else
          write_as_kept(json, inner);
      }
      json.end_object();
    }
    json.end_array();
  }
  json.end_object();
}

}  // namespace

void write_registration(std::string& out, const KeptRegistration& registration,
                        std::optional<std::span<const std::size_t>> information, const RegistrationForm& form) {
  base::JsonWriter json(out);
  json.begin_object().member("id", registration.id).member("type", "ContextSourceRegistration");
  for (const auto& [name, text] : registration.document.members) {
    const auto read = base::JsonDocument::parse(text, kEntityJsonDepthMax);
    if (name == "id" || !read) continue;
    json.key(name.contains(':') ? form.context.terms().compact(name) : name);
    if (name != "information") {
      write_as_kept(json, read->root());
      continue;
    }
    json.begin_array();
    for (std::size_t i = 0; i < read->root().size(); ++i)
      if (!information || std::ranges::find(*information, i) != information->end())
        write_registered_information(json, read->root()[i], form.context);
    json.end_array();
  }
  if (form.shows_system_attributes) {
    json.member("createdAt", twin::moment_text(registration.created_us));
    json.member("modifiedAt", twin::moment_text(registration.modified_us));
  }
  if (form.has_context) json.key("@context").raw(form.context.json());
  json.end_object();
}

std::string registration_notification(const NotificationHead& head, TriggerReason reason,
                                      std::span<const FittingRegistration> registrations, const NotificationForm& form,
                                      const Context& context) {
  constexpr std::array<std::string_view, 3> kReasons{"newlyMatching", "updated", "noLongerMatching"};
  std::string out;
  base::JsonWriter json(out);
  json.begin_object().member("id", head.id).member("type", "ContextSourceNotification");
  json.member("subscriptionId", head.subscription_id).member("notifiedAt", twin::moment_text(head.notified_us));
  json.member("triggerReason", kReasons.at(static_cast<std::size_t>(reason))).key("data").begin_array();
  for (const FittingRegistration& each : registrations) {
    std::string one;
    write_registration(one, *each.registration, std::span<const std::size_t>(each.information),
                       {.context = context, .shows_system_attributes = form.shows_system_attributes});
    json.raw(one);
  }
  json.end_array();
  if (!form.has_link) json.key("@context").raw(context.json());
  json.end_object();
  return out;
}

}  // namespace citiverse::api::ngsi_ld
