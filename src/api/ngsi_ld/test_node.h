// A node for tests of the NGSI-LD routes: everybody may write, tenants of the name "city…" may be used, nothing is fetched
// but what the test puts there.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "api/ngsi_ld/entity_maps.h"
#include "api/ngsi_ld/ngsi_ld_api.h"
#include "api/ngsi_ld/refusals.h"
#include "api/ngsi_ld/snapshots.h"
#include "base/json_reader.h"
#include "net/dispatch.h"

namespace citiverse::api::ngsi_ld {

inline constexpr std::string_view kContextLinkEnd =
    ">; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"";

class AdmitAll : public net::Gate {
 public:
  std::expected<net::Visitor, net::Reply> admit(const net::Request&, net::AccessRule, bool) override { return net::Visitor{}; }
};

class TestNode {
 public:
  explicit TestNode(std::filesystem::path folder = {})
      : store([this] { return now_us; }),
        contexts({.folder = std::move(folder),
                  .allowed_hosts = {"ctx.example"},
                  .fetch = [this](std::string_view url) -> base::Result<Fetched> {
                    ++fetches;
                    const auto found = remote.find(url);
                    if (found == remote.end()) return base::fail(base::ErrorCode::unavailable, "no such document");
                    return Fetched{found->second, std::chrono::seconds(3600)};
                  },
                  .now_us = [this] { return now_us; }},
                 store.names()),
        twin{store, [](const net::Visitor&, std::string_view tenant) { return tenant.starts_with("city"); }},
        maps([this] { return now_us; }),
        snapshots([this] { return now_us; }, nullptr),
        api{twin, contexts} {
    api.entity_maps = &maps;
    api.snapshots = &snapshots;
    add_ngsi_ld_routes(router, api);
    doorway.gate = &gate;
    doorway.tell_refusal = tell_refusal;
  }

  struct Headers {
    std::string content_type = "application/json";
    std::string link, tenant, accept, prefer, snapshot;
  };
  net::Reply ask(net::Method method, std::string_view path, std::string_view body, const Headers& headers,
                 std::string_view query = {}) {
    std::vector<net::Field> fields;
    const std::string link = headers.link.empty() ? "" : "<" + headers.link + std::string(kContextLinkEnd);
    if (!link.empty()) fields.push_back({"Link", link});
    if (!headers.tenant.empty()) fields.push_back({"NGSILD-Tenant", headers.tenant});
    if (!headers.accept.empty()) fields.push_back({"Accept", headers.accept});
    if (!headers.prefer.empty()) fields.push_back({"Prefer", headers.prefer});
    if (!headers.snapshot.empty()) fields.push_back({"NGSILD-Snapshot", headers.snapshot});
    const std::string whole = "/ngsi-ld/v1" + std::string(path);
    net::Request request{.method = method, .path = whole, .query = query, .fields = fields, .body = body};
    request.content_type = body.empty() ? "" : std::string_view(headers.content_type);
    request.authorization = "Bearer test";
    const net::Dispatched dispatched = net::dispatch(router, doorway, request);
    net::Reply reply = dispatched.reply ? *dispatched.reply : net::make_reply(router, dispatched, request);
    if (!reply.later) return reply;
    net::Reply given;
    reply.later->when_given([&](net::Reply each) { given = std::move(each); });
    return given;
  }
  net::Reply get(std::string_view path, std::string_view query = {}) { return ask(net::Method::get, path, {}, {}, query); }
  net::Reply post(std::string_view path, std::string_view body, std::string_view query = {}) {
    return ask(net::Method::post, path, body, {}, query);
  }
  net::Reply patch(std::string_view path, std::string_view body, std::string_view query = {}) {
    return ask(net::Method::patch, path, body, {}, query);
  }
  net::Reply put(std::string_view path, std::string_view body) { return ask(net::Method::put, path, body, {}); }
  net::Reply remove(std::string_view path, std::string_view query = {}) {
    return ask(net::Method::delete_, path, {}, {}, query);
  }

  // Simplified, which is what most tests look at.
  std::string values(std::string_view id) { return get("/entities/" + std::string(id), "options=keyValues").body; }

  twin::TimeUs now_us = 1'600'000'000'000'000;
  std::map<std::string, std::string, std::less<>> remote;
  int fetches = 0;
  twin::Store store;
  ContextStore contexts;
  TwinApi twin;
  EntityMaps maps;
  Snapshots snapshots;
  NgsiLdApi api;
  AdmitAll gate;
  net::Router router;
  net::Doorway doorway;
};

inline std::string error_type(const net::Reply& reply) {
  const auto read = base::JsonDocument::parse(reply.body);
  const std::string type(read ? read->root().find("type").text().value_or("") : "");
  return type.substr(type.rfind('/') + 1);
}

}  // namespace citiverse::api::ngsi_ld
