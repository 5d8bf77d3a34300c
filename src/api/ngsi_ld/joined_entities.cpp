// What stands inside of another entity is written in the same form.
#include "api/ngsi_ld/joined_entities.h"

namespace citiverse::api::ngsi_ld {

JoinedEntities::JoinedEntities(const NgsiLdApi& api, const Asked& asked, const ChosenForm& form, const JoinRequest& join)
    : api_(api),
      asked_(asked),
      chosen_(form),
      join_(join.join),
      now_us_(api.store.now_us()),
      linked_([&api, tenant = asked.tenant](std::string_view id) { return api.store.find(tenant, id); }, join.level,
              join.contained_by),
      form_(form.form()) {
  if (join_ != Join::inline_) return;
  form_.linked = [this, inner = form_](const twin::Attribute& each) {
    return linked_.inlined(each, api_.store.names(), *asked_.context, inner, now_us_);
  };
}

std::string JoinedEntities::body(const net::Call& call, std::vector<twin::EntityPtr> entities) {
  if (join_ == Join::flat) {
    auto more = linked_.flat(entities);
    entities.insert(entities.end(), more.begin(), more.end());
  }
  const twin::Names& names = api_.store.names();
  const bool is_geo_json = asked_.accept == MediaType::geo_json;
  std::string text = is_geo_json ? R"({"type":"FeatureCollection","features":[)" : "[";
  for (std::size_t i = 0; i < entities.size(); ++i) {
    if (i > 0) text += ',';
    if (is_geo_json)
      write_feature(text, *entities[i], names, *asked_.context, form_, chosen_.geometry_property, now_us_);
    else
      write_entity(text, *entities[i], names, *asked_.context, form_, now_us_, asked_.accept == MediaType::ld_json);
  }
  text += ']';
  if (is_geo_json && !call.request.field("Prefer").contains("body=json")) text += ",\"@context\":" + asked_.context->json();
  if (is_geo_json) text += '}';
  return text;
}

}  // namespace citiverse::api::ngsi_ld
