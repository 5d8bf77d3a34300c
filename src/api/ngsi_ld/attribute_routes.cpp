// /entities/{entityId}/attrs and /attrs/{attrId} (ETSI GS CIM 009 V1.9.1, 6.6 and 6.7).
#include "api/ngsi_ld/asked.h"
#include "api/ngsi_ld/errors.h"
#include "api/ngsi_ld/write_replies.h"

namespace citiverse::api::ngsi_ld {
namespace {

enum class AttributeOperation : std::uint8_t { append, update };

net::Reply write_attributes(const NgsiLdApi& api, const net::Call& call, AttributeOperation doing) {
  const auto id = uri_in_path("entityId", call.parameters[0]);
  if (!id) return id.error();
  auto request = ask_with_body(api, call, BodyShape::object);
  if (!request) return std::move(request.error());
  const auto types = type_selection(api, request->asked);
  if (!types) return types.error();
  auto input = read_entity(request->body.root(), *request->asked.context, api.store.names(),
                           {.needs_id = false, .takes_null = doing == AttributeOperation::update});
  if (!input) return problem(input.error());
  if (!input->id.empty() && input->id != *id)
    return problem(ErrorType::bad_request_data, "id: another one than in the address");
  const bool overwrites = !request->asked.has_option("noOverwrite");
  Outcome outcome;
  const EntityEdit edit = [&](const twin::EntityPtr& before) {
    const twin::TimeUs now_us = api.store.now_us();
    if (doing == AttributeOperation::append) return append_attributes(before, std::move(*input), overwrites, now_us, outcome);
    return update_attributes(before, std::move(*input), now_us, outcome);
  };
  return write_one(api, request->asked, *id, *types, edit, [&] { return updated(api, request->asked, outcome); });
}

// The one instance that a body describes.
Answered<AttributeInput> read_one(const NgsiLdApi& api, const AskedWithBody& request, std::string_view name,
                                  const ReadRules& rules) {
  auto inputs = read_attribute(name, request.body.root(), *request.asked.context, api.store.names(), rules);
  if (!inputs) return std::unexpected(problem(inputs.error()));
  return std::move(inputs->front());
}

net::Reply write_attribute_instance(const NgsiLdApi& api, const net::Call& call, const ReadRules& rules,
                                    EntityResult (*edit)(const twin::EntityPtr&, AttributeInput, twin::TimeUs)) {
  const auto id = uri_in_path("entityId", call.parameters[0]);
  if (!id) return id.error();
  auto request = ask_with_body(api, call, BodyShape::object);
  if (!request) return std::move(request.error());
  const auto types = type_selection(api, request->asked);
  if (!types) return types.error();
  auto input = read_one(api, *request, call.parameters[1], rules);
  if (!input) return std::move(input.error());
  return write_one(
      api, request->asked, *id, *types,
      [&](const twin::EntityPtr& before) { return edit(before, std::move(*input), api.store.now_us()); },
      [&] { return done(request->asked, 204); });
}

net::Reply remove_attribute_reply(const NgsiLdApi& api, const net::Call& call) {
  const auto id = uri_in_path("entityId", call.parameters[0]);
  if (!id) return id.error();
  auto asked = ask(api, call);
  if (!asked) return std::move(asked.error());
  const auto types = type_selection(api, *asked);
  if (!types) return types.error();
  if (auto checked = check_name(call.parameters[1]); !checked) return problem(checked.error());
  const twin::Names& names = api.store.names();
  const twin::NameId name = ContextTerms(*asked->context, names).name(call.parameters[1]);
  twin::NameId dataset = twin::kNoName;
  bool is_known = name != twin::kNoName;
  if (const std::string* uri = asked->find("datasetId"); uri != nullptr && *uri != "@none") {
    if (auto checked = check_uri("datasetId", *uri); !checked) return problem(checked.error());
    dataset = names.find(*uri);
    is_known = is_known && dataset != twin::kNoName;
  }
  const bool all = asked->is_true("deleteAll");
  const EntityEdit edit = [&](const twin::EntityPtr& before) -> EntityResult {
    if (!is_gone(before, api.store.now_us()) && !is_known && !(all && name != twin::kNoName))
      return base::fail(base::ErrorCode::not_found, "the entity has no such attribute instance");
    return delete_attribute(before, name, dataset, all, api.store.now_us());
  };
  return write_one(api, *asked, *id, *types, edit, [&] { return done(*asked, 204); });
}

net::Reply append(const NgsiLdApi& api, const net::Call& call) {
  return write_attributes(api, call, AttributeOperation::append);
}
net::Reply update(const NgsiLdApi& api, const net::Call& call) {
  return write_attributes(api, call, AttributeOperation::update);
}
net::Reply update_partially(const NgsiLdApi& api, const net::Call& call) {
  const ReadRules rules{.needs_id = false, .takes_null = true, .may_be_partial = true, .is_attribute_fragment = true};
  return write_attribute_instance(api, call, rules, update_attribute_partially);
}
net::Reply replace_attribute_reply(const NgsiLdApi& api, const net::Call& call) {
  return write_attribute_instance(api, call, {.needs_id = false}, replace_attribute);
}

}  // namespace

void add_attribute_routes(net::Router& router, const NgsiLdApi& api) {
  using net::Method;
  add_ngsi_route(router, api, Method::post, "/entities/{id}/attrs", append);
  add_ngsi_route(router, api, Method::patch, "/entities/{id}/attrs", update);
  add_ngsi_route(router, api, Method::patch, "/entities/{id}/attrs/{name}", update_partially);
  add_ngsi_route(router, api, Method::put, "/entities/{id}/attrs/{name}", replace_attribute_reply);
  add_ngsi_route(router, api, Method::delete_, "/entities/{id}/attrs/{name}", remove_attribute_reply);
}

}  // namespace citiverse::api::ngsi_ld
