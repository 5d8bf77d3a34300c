// /jsonldContexts: store, list, serve, delete and reload (ETSI GS CIM 009 V1.9.1, 5.13, 6.29 and 6.30).
#include <algorithm>

#include "api/ngsi_ld/asked.h"
#include "api/ngsi_ld/errors.h"
#include "base/json_writer.h"
#include "twin/moment.h"

namespace citiverse::api::ngsi_ld {
namespace {

using Entry = ContextStore::Entry;
std::string_view word_of(ContextStore::Kind kind) {
  if (kind == ContextStore::Kind::cached) return "Cached";
  return kind == ContextStore::Kind::implicit ? "ImplicitlyCreated" : "Hosted";
}

void append_details(base::JsonWriter& json, const Entry& entry) {
  const auto time = [](twin::TimeUs time_us) {
    std::string out;
    twin::append_moment(out, time_us);
    return out;
  };
  json.begin_object().member("URL", entry.url).member("localId", entry.id).member("kind", word_of(entry.kind));
  json.member("createdAt", time(entry.created_us));
  if (entry.used_us != 0) json.member("lastUsage", time(entry.used_us));
  json.key("numberOfHits").integer(entry.hits).end_object();
}

net::Reply add(const NgsiLdApi& api, const net::Call& call) {
  const auto body = base::JsonDocument::parse(call.request.body);
  if (!body) return problem(ErrorType::invalid_request, "the body is " + body.error().message);
  auto id = api.contexts.add(call.request.body);
  if (!id) return context_problem(id.error());
  net::Reply reply{.status = 201};
  reply.fields = location_field("/jsonldContexts/", *id);
  return reply;
}

net::Reply list(const NgsiLdApi& api, const net::Call& call) {
  auto asked = ask(api, call);
  if (!asked) return std::move(asked.error());
  const std::string* kind = asked->find("kind");
  if (kind != nullptr && *kind != "Cached" && *kind != "Hosted" && *kind != "ImplicitlyCreated")
    return problem(ErrorType::bad_request_data, "kind: one of Cached, Hosted, ImplicitlyCreated");
  const bool details = asked->is_true("details");
  net::Reply reply;
  base::JsonWriter json(reply.body);
  json.begin_array();
  for (const Entry& entry : api.contexts.list()) {
    if (kind != nullptr && *kind != word_of(entry.kind)) continue;
    if (details)
      append_details(json, entry);
    else
      json.text(entry.url);
  }
  json.end_array();
  return reply;
}

net::Reply serve(const NgsiLdApi& api, const net::Call& call) {
  auto asked = ask(api, call);
  if (!asked) return std::move(asked.error());
  const auto entry = api.contexts.find(call.parameters[0]);
  if (!entry) return problem(ErrorType::resource_not_found, "there is no such @context");
  net::Reply reply;
  if (asked->is_true("details")) {
    base::JsonWriter json(reply.body);
    append_details(json, *entry);
    return reply;
  }
  if (entry->kind == ContextStore::Kind::cached)
    return problem(ErrorType::operation_not_supported,
                   "a context of another machine is not served from here; ask where it came from");
  reply.media_type = "application/ld+json";
  reply.cache_control = "public, max-age=3600";
  reply.body = *entry->document;
  reply.has_etag = true;
  return reply;
}

net::Reply remove_context_reply(const NgsiLdApi& api, const net::Call& call) {
  auto asked = ask(api, call);
  if (!asked) return std::move(asked.error());
  const auto result =
      asked->is_true("reload") ? api.contexts.reload(call.parameters[0]) : api.contexts.remove(call.parameters[0]);
  return result ? net::Reply{.status = 204} : context_problem(result.error());
}

}  // namespace

void add_context_routes(net::Router& router, const NgsiLdApi& api) {
  using net::Method;
  add_ngsi_route(router, api, Method::post, "/jsonldContexts", add);
  add_ngsi_route(router, api, Method::get, "/jsonldContexts", list);
  add_ngsi_route(router, api, Method::get, "/jsonldContexts/{id}", serve);
  add_ngsi_route(router, api, Method::delete_, "/jsonldContexts/{id}", remove_context_reply);
}

}  // namespace citiverse::api::ngsi_ld
