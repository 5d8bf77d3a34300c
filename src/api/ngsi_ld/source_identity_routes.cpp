// GET /info/sourceIdentity: who this node is to brokers that register it (ETSI GS CIM 009 V1.9.1, 5.15.1, 5.2.40 and 6.33).
#include <fmt/format.h>

#include "api/ngsi_ld/asked.h"
#include "base/json_writer.h"
#include "twin/moment.h"

namespace citiverse::api::ngsi_ld {
namespace {

net::Reply source_identity_reply(const NgsiLdApi& api, const net::Call& call) {
  auto asked = ask(api, call);
  if (!asked) return std::move(asked.error());
  // A tenant is a source of its own; no name of a tenant holds a dot.
  const std::string alias = api.node_name + (asked->tenant_name.empty() ? "" : "." + asked->tenant_name);
  const auto uptime = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - api.started);
  std::string body;
  base::JsonWriter json(body);
  json.begin_object().member("id", "urn:ngsi-ld:ContextSourceIdentity:" + alias).member("type", "ContextSourceIdentity");
  json.member("contextSourceAlias", alias).member("contextSourceUptime", fmt::format("PT{}S", uptime.count()));
  json.member("contextSourceTimeAt", twin::moment_text(api.store.now_us()));
  if (asked->accept == MediaType::ld_json) json.key("@context").raw(asked->context->json());
  json.end_object();
  return answer(api, *asked, std::move(body));
}

}  // namespace

void add_source_identity_routes(net::Router& router, const NgsiLdApi& api) {
  add_ngsi_route(router, api, net::Method::get, "/info/sourceIdentity", source_identity_reply);
}

}  // namespace citiverse::api::ngsi_ld
