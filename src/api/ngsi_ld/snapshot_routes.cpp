// /snapshots, /snapshots/{snapshotId} and /snapshots/{snapshotId}/clone (ETSI GS CIM 009 V1.9.1, 5.16, 6.36 to 6.38). Who reads
// them needs the right to write, since receiverInfo holds what opens other systems.
#include <algorithm>

#include <fmt/format.h>

#include "api/ngsi_ld/asked.h"
#include "api/ngsi_ld/entity_reader.h"
#include "api/ngsi_ld/entity_search.h"
#include "api/ngsi_ld/errors.h"
#include "api/ngsi_ld/json_value_text.h"
#include "api/ngsi_ld/linked_entities.h"
#include "api/ngsi_ld/snapshots.h"
#include "api/ngsi_ld/subscription.h"
#include "net/notifier_address.h"
#include "twin/moment.h"
#include "twin/query/q_match.h"
#include "twin/query/q_parser.h"

namespace citiverse::api::ngsi_ld {
namespace {

using base::ErrorCode;
using base::JsonValue;

constexpr std::size_t kSnapshotQueriesMax = 16;

bool is_ngsi_null(JsonValue value) { return value.is_null() || value.text() == "urn:ngsi-ld:null"; }

base::Result<void> read_endpoint(JsonValue value, SnapshotSettings& settings) {
  settings.endpoint.clear();
  if (is_ngsi_null(value)) return {};
  const auto address = net::parse_notifier_address(value.text().value_or(""));
  if (!address || address->is_mqtt)
    return base::fail(ErrorCode::bad_input, "endpoint: the address of a receiver is needed, http or https (5.2.41)");
  settings.endpoint = *value.text();
  return {};
}

base::Result<void> read_receiver_info(JsonValue value, SnapshotSettings& settings) {
  settings.receiver_info.clear();
  settings.fields.clear();
  if (is_ngsi_null(value)) return {};
  auto fields = receiver_fields(value);
  if (!fields) return std::unexpected(fields.error());
  settings.fields = *std::move(fields);
  append_json(settings.receiver_info, value);
  return {};
}

base::Result<void> read_setting(std::string_view name, JsonValue value, SnapshotSettings& settings) {
  if (name == "endpoint") return read_endpoint(value, settings);
  if (name == "receiverInfo") return read_receiver_info(value, settings);
  if (name == "snapshotPriority") {
    const auto priority = value.integer();
    if (!priority || *priority < SnapshotSettings::kPriorityMin || *priority > SnapshotSettings::kPriorityMax)
      return base::fail(ErrorCode::bad_input, "snapshotPriority: a whole number from 1 to 10 is needed (5.2.41)");
    settings.priority = static_cast<int>(*priority);
    return {};
  }
  if (name == "snapshotLifetime") {
    const auto lifetime = twin::parse_duration(value.text().value_or(""));
    if (!lifetime || lifetime->is_zero())
      return base::fail(ErrorCode::bad_input, "snapshotLifetime: a duration such as PT2H is needed (ISO 8601)");
    settings.lifetime = *value.text();
    return {};
  }
  return base::fail(ErrorCode::bad_input, fmt::format("{}: cannot be said here (5.2.41)", name));
}

// What is there before it is known what it holds: id and settings.
base::Result<Snapshot> read_new_snapshot(JsonValue body, const Asked& asked, bool may_have_queries) {
  Snapshot snapshot;
  snapshot.tenant_name = asked.tenant_name;
  if (body.find("type").text() != "Snapshot") return base::fail(ErrorCode::bad_input, "type: \"Snapshot\" is needed (5.2.41)");
  for (std::size_t i = 0; i < body.size(); ++i) {
    const auto& [name, value] = body.member(i);
    if (name == "type" || name == "@context" || (may_have_queries && name == "snapshotQueries")) continue;
    if (name == "id") {
      snapshot.id = value.text().value_or("");
      if (auto checked = check_uri("id", snapshot.id); !checked) return std::unexpected(checked.error());
      if (!std::ranges::all_of(snapshot.id, [](char c) { return c > ' ' && c <= '~'; }))
        return base::fail(ErrorCode::bad_input, "id: letters of ASCII only, since a field of HTTP names it (6.3.22)");
    } else if (auto read = read_setting(name, value, snapshot.settings); !read) {
      return std::unexpected(read.error());
    }
  }
  return snapshot;
}

struct SnapshotQuery {
  Asked asked;
  QueryRequest request;
};

Answered<std::vector<SnapshotQuery>> read_queries(const NgsiLdApi& api, JsonValue list, const Asked& asked) {
  const auto refuse = [](std::string_view detail) { return std::unexpected(problem(ErrorType::bad_request_data, detail)); };
  if (!list.is_array() || list.size() == 0 || list.size() > kSnapshotQueriesMax)
    return refuse(fmt::format("snapshotQueries: an array of 1 to {} queries is needed (5.2.41)", kSnapshotQueriesMax));
  std::vector<SnapshotQuery> queries;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (!list[i].is_object() || !list[i].find("temporalQ").is_absent())
      return refuse("snapshotQueries: queries of entities, without temporalQ (5.2.41)");
    Asked each = asked;
    each.query.clear();
    auto selectors = take_query_body(api, list[i], each);
    if (!selectors) return std::unexpected(std::move(selectors.error()));
    auto request = read_query_request(api, each, std::move(*selectors));
    if (!request) return std::unexpected(std::move(request.error()));
    queries.push_back({std::move(each), *std::move(request)});
  }
  return queries;
}

// As the query would have shown it: only what it picks.
twin::EntityPtr picked(const twin::EntityPtr& entity, const QueryRequest& request) {
  if (!request.form.projection) return entity;
  const auto goes = [&](const twin::AttributePtr& each) { return !request.form.projection->shows(each->name); };
  auto left = std::make_shared<twin::Entity>(*entity);
  std::erase_if(left->attributes, goes);
  return left->attributes.size() == entity->attributes.size() ? entity : left;
}

SnapshotQueryResult run_query(const NgsiLdApi& api, const SnapshotQuery& query, SnapshotWorld& world) {
  auto found = EntitySearch(api, query.asked.tenant, query.request).all(Snapshots::kEntitiesMax, "a snapshot");
  if (!found) return {SnapshotStatus::failure, found.error().body};
  const std::size_t own = found->size();
  if (query.request.join.join != Join::none) {
    const auto find = [&](std::string_view id) { return api.store.find(query.asked.tenant, id); };
    const auto more = LinkedEntities(find, query.request.join.level, query.request.join.contained_by).flat(*found);
    found->insert(found->end(), more.begin(), more.end());
  }
  for (std::size_t i = 0; i < own; ++i) (*found)[i] = picked((*found)[i], query.request);
  world.add(*found);
  return {own == 0 ? SnapshotStatus::empty : SnapshotStatus::success, {}};
}

net::Reply snapshot_problem(const base::Error& error) {
  if (error.code == ErrorCode::denied) return problem(ErrorType::bad_request_data, "endpoint: " + error.message);
  return store_problem(error);
}

net::Reply add_snapshot(const NgsiLdApi& api, const Asked& asked, Snapshot snapshot) {
  const auto id = api.snapshots->add(asked.tenant, std::move(snapshot));
  return id ? done(asked, 201, location_field("/snapshots/", *id)) : snapshot_problem(id.error());
}

net::Reply create_snapshot_reply(const NgsiLdApi& api, const net::Call& call) {
  auto body = ask_with_body(api, call, BodyShape::object);
  if (!body) return std::move(body.error());
  const JsonValue root = body->body.root();
  if (!root.find("snapshotTemporalQueries").is_absent())
    return problem(ErrorType::operation_not_supported, "snapshotTemporalQueries: snapshots hold entities, without history");
  auto snapshot = read_new_snapshot(root, body->asked, true);
  if (!snapshot) return problem(snapshot.error());
  const auto queries = read_queries(api, root.find("snapshotQueries"), body->asked);
  if (!queries) return queries.error();
  append_json(snapshot->queries, root.find("snapshotQueries"));
  snapshot->world = std::make_shared<SnapshotWorld>(api, body->asked.tenant_name);
  for (const SnapshotQuery& each : *queries) snapshot->results.push_back(run_query(api, each, *snapshot->world));
  return add_snapshot(api, body->asked, *std::move(snapshot));
}

net::Reply clone_snapshot_reply(const NgsiLdApi& api, const net::Call& call) {
  const auto id = uri_in_path("snapshotId", call.parameters[0]);
  if (!id) return id.error();
  auto body = ask_with_body(api, call, BodyShape::object);
  if (!body) return std::move(body.error());
  auto snapshot = read_new_snapshot(body->body.root(), body->asked, false);
  if (!snapshot) return problem(snapshot.error());
  const auto original = api.snapshots->use(body->asked.tenant, *id);
  if (!original) return problem(ErrorType::resource_not_found, "there is no such snapshot");
  snapshot->queries = original->queries;
  snapshot->results = original->results;
  snapshot->world = std::make_shared<SnapshotWorld>(api, body->asked.tenant_name);
  snapshot->world->add(original->world->entities());
  return add_snapshot(api, body->asked, *std::move(snapshot));
}

net::Reply retrieve_snapshot_reply(const NgsiLdApi& api, const net::Call& call) {
  const auto id = uri_in_path("snapshotId", call.parameters[0]);
  if (!id) return id.error();
  const auto asked = ask(api, call);
  if (!asked) return asked.error();
  const auto snapshot = api.snapshots->find(asked->tenant, *id);
  if (!snapshot) return problem(ErrorType::resource_not_found, "there is no such snapshot");
  std::string body;
  write_snapshot(body, *snapshot, asked->accept == MediaType::ld_json ? asked->context->json() : std::string_view());
  return answer(api, *asked, std::move(body));
}

net::Reply change_snapshot_reply(const NgsiLdApi& api, const net::Call& call) {
  const auto id = uri_in_path("snapshotId", call.parameters[0]);
  if (!id) return id.error();
  auto body = ask_with_body(api, call, BodyShape::object);
  if (!body) return std::move(body.error());
  const auto snapshot = api.snapshots->find(body->asked.tenant, *id);
  if (!snapshot) return problem(ErrorType::resource_not_found, "there is no such snapshot");
  SnapshotSettings settings = snapshot->settings;
  bool says_something = false;
  for (std::size_t i = 0; i < body->body.root().size(); ++i) {
    const auto& [name, value] = body->body.root().member(i);
    if (name == "@context" || (name == "type" && value.text() == "Snapshot") || (name == "id" && value.text() == *id)) continue;
    if (auto read = read_setting(name, value, settings); !read) return problem(read.error());
    says_something = true;
  }
  if (!says_something) return problem(ErrorType::bad_request_data, "the body: says nothing that could be changed");
  const auto changed = api.snapshots->change(body->asked.tenant, *id, std::move(settings));
  return changed ? done(body->asked, 204) : snapshot_problem(changed.error());
}

net::Reply remove_snapshot_reply(const NgsiLdApi& api, const net::Call& call) {
  const auto id = uri_in_path("snapshotId", call.parameters[0]);
  if (!id) return id.error();
  const auto asked = ask(api, call);
  if (!asked) return asked.error();
  const auto removed = api.snapshots->remove(asked->tenant, *id);
  return removed ? done(*asked, 204) : problem(removed.error());
}

// The members of a Snapshot that a purge may ask for (5.16.7.4), as the names of properties.
class SnapshotTerms final : public twin::Terms {
 public:
  SnapshotTerms() {
    for (const char* each : {"id", "snapshotPriority", "snapshotStatus", "snapshotLifetime", "endpoint", "lastUsedAt"})
      names_.intern(each);
  }
  std::string expand(std::string_view term) const override { return std::string(term); }
  twin::NameId name(std::string_view term) const override {
    const twin::NameId name = names_.find(term);
    if (name == twin::kNoName) unknown_ = term;
    return name;
  }
  const std::string& unknown() const { return unknown_; }
  const twin::Names& names() const { return names_; }

 private:
  twin::Names names_;
  mutable std::string unknown_;
};

twin::Entity members_of(const Snapshot& snapshot, const twin::Names& names) {
  twin::Entity members;
  members.created_us = snapshot.created_us;
  members.modified_us = snapshot.modified_us;
  members.expires_us = snapshot.expires_us;
  const auto put = [&](std::string_view name, twin::Value value) {
    auto attribute = std::make_shared<twin::Attribute>();
    attribute->name = names.find(name);
    attribute->value = std::move(value);
    members.put(std::move(attribute));
  };
  put("id", snapshot.id);
  put("snapshotPriority", static_cast<std::int64_t>(snapshot.settings.priority));
  put("snapshotStatus", std::string(text_of(snapshot.status())));
  put("lastUsedAt", twin::moment_text(snapshot.used_us));
  if (!snapshot.settings.lifetime.empty()) put("snapshotLifetime", snapshot.settings.lifetime);
  if (!snapshot.settings.endpoint.empty()) put("endpoint", snapshot.settings.endpoint);
  return members;
}

net::Reply purge_snapshots_reply(const NgsiLdApi& api, const net::Call& call) {
  const auto asked = ask(api, call);
  if (!asked) return asked.error();
  const std::string* q = asked->find("q");
  if (q == nullptr) return problem(ErrorType::bad_request_data, "q: says which snapshots go (5.16.7.4)");
  const SnapshotTerms terms;
  const auto expression = twin::parse_q(*q, terms);
  if (!expression) return problem(expression.error());
  if (!terms.unknown().empty())
    return problem(ErrorType::bad_request_data, fmt::format("q: {} is no member of a Snapshot (5.16.7.4)", terms.unknown()));
  api.snapshots->remove_if(asked->tenant, [&](const Snapshot& each) {
    return twin::matches(*expression, members_of(each, terms.names()), {terms.names(), {}});
  });
  return done(*asked, 204);
}

}  // namespace

void add_snapshot_routes(net::Router& router, const NgsiLdApi& api) {
  using net::Method;
  const auto add = [&](Method method, std::string_view path, Maker make) {
    add_guarded_ngsi_route(router, api, method, path, make);
  };
  add(Method::post, "/snapshots", create_snapshot_reply);
  add(Method::delete_, "/snapshots", purge_snapshots_reply);
  add(Method::get, "/snapshots/{id}", retrieve_snapshot_reply);
  add(Method::patch, "/snapshots/{id}", change_snapshot_reply);
  add(Method::delete_, "/snapshots/{id}", remove_snapshot_reply);
  add(Method::post, "/snapshots/{id}/clone", clone_snapshot_reply);
}

}  // namespace citiverse::api::ngsi_ld
