// One write on one entity, and its answer.
#include "api/ngsi_ld/write_replies.h"

#include <algorithm>

#include "api/ngsi_ld/errors.h"
#include "base/json_writer.h"

namespace citiverse::api::ngsi_ld {

Answered<std::optional<twin::TypeSelection>> type_selection(const NgsiLdApi& api, const Asked& asked) {
  const std::string* text = asked.find("type");
  if (text == nullptr) return std::optional<twin::TypeSelection>{};
  auto types = twin::TypeSelection::parse(*text, ContextTerms(*asked.context, api.store.names()));
  if (!types) return std::unexpected(problem(types.error()));
  return std::optional(std::move(*types));
}

net::Reply write_one(const NgsiLdApi& api, const Asked& asked, std::string_view id,
                     const std::optional<twin::TypeSelection>& types, const EntityEdit& edit,
                     const std::function<net::Reply()>& succeed) {
  const twin::Edit whole = [&](const twin::EntityPtr& before) -> EntityResult {
    if (before != nullptr && types && !types->matches(*before))
      return base::fail(base::ErrorCode::not_found, "there is no such entity of these types");
    return edit(before);
  };
  const twin::Write write{id, whole};
  return write_and_answer(
      api.twin, asked.tenant, {&write, 1},
      [&](WriteResults results) { return results.front() ? succeed() : problem(results.front().error()); }, store_problem);
}

net::Reply updated(const NgsiLdApi& api, const Asked& asked, const Outcome& outcome) {
  if (outcome.not_updated.empty()) return done(asked, 204);
  net::Reply reply = done(asked, 207);
  base::JsonWriter json(reply.body);
  json.begin_object().key("updated").begin_array();
  for (const twin::NameId name : outcome.updated) json.text(api.store.names().text(name));
  json.end_array().key("notUpdated").begin_array();
  for (const auto& [name, reason] : outcome.not_updated) {
    json.begin_object().key("attributeName").text(api.store.names().text(name));
    json.key("reason").text(reason).end_object();
  }
  json.end_array().end_object();
  return reply;
}

}  // namespace citiverse::api::ngsi_ld
