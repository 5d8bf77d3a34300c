// /entityOperations: many entities in one request, each with its own fate (ETSI GS CIM 009 V1.9.1, 5.6.7
// to 5.6.10, 5.6.20, 6.14 to 6.17, 6.31). Everything is read first; then the store is asked once.
#include <algorithm>

#include "api/ngsi_ld/asked.h"
#include "api/ngsi_ld/entity_edits.h"
#include "api/ngsi_ld/errors.h"
#include "base/json_writer.h"

namespace citiverse::api::ngsi_ld {
namespace {

enum class BatchOperation : std::uint8_t { create, upsert_replace, upsert_update, update, update_no_overwrite, merge };

struct Failure {
  std::string id;
  ErrorType type;
  std::string detail;
};

// What comes of a batch (BatchOperationResult, 5.2.16).
struct Results {
  std::vector<std::string> succeeded;
  std::vector<std::string> created;
  std::vector<Failure> failed;
};

struct Item {
  EntityInput input;
  ContextPtr context;
  std::string id;
  Outcome outcome;
};

void append_ids(std::string& out, const std::vector<std::string>& ids) {
  base::JsonWriter json(out);
  json.begin_array();
  for (const std::string& id : ids) json.text(id);
  json.end_array();
}

net::Reply multi_status(const Asked& asked, const Results& results) {
  net::Reply reply = done(asked, 207);
  std::string& out = reply.body;
  out += "{\"success\":";
  append_ids(out, results.succeeded);
  out += ",\"errors\":[";
  for (std::size_t i = 0; i < results.failed.size(); ++i) {
    out += i > 0 ? ",{\"entityId\":" : "{\"entityId\":";
    base::JsonWriter(out).text(results.failed[i].id);
    out += ",\"error\":";
    append_problem(out, results.failed[i].type, results.failed[i].detail);
    out += '}';
  }
  out += "]}";
  return reply;
}

ReadRules rules_of(BatchOperation doing) {
  ReadRules rules;
  rules.takes_null =
      doing == BatchOperation::update || doing == BatchOperation::upsert_update || doing == BatchOperation::merge;
  rules.takes_null_inside = rules.may_be_partial = doing == BatchOperation::merge;
  return rules;
}

// An id that may be shown, of an item that could not be read.
std::string id_of(base::JsonValue item) {
  const auto id = item.find("id").text() ? item.find("id").text() : item.find("@id").text();
  return id && check_uri("id", *id) ? std::string(*id) : std::string();
}

// Fails as a whole only where nothing can be said of single items (5.6.7.4).
Answered<std::vector<Item>> read_items(const NgsiLdApi& api, const AskedWithBody& request, BatchOperation doing,
                                       Results& results) {
  const base::JsonValue root = request.body.root();
  if (root.size() == 0 || root.size() > kLiveBatchItemsMax)
    return std::unexpected(problem(ErrorType::bad_request_data, "the array holds 1 to 10000 entities"));
  ReadRules rules = rules_of(doing);
  // An update may leave out the type of what is there already.
  const bool may_lack_type =
      doing == BatchOperation::update || doing == BatchOperation::update_no_overwrite || doing == BatchOperation::merge;
  rules.needs_id = !may_lack_type;
  std::vector<Item> items;
  items.reserve(root.size());
  for (std::size_t i = 0; i < root.size(); ++i) {
    if (root[i].is_null()) return std::unexpected(problem(ErrorType::bad_request_data, "the array holds null"));
    auto context = context_of_item(api, request, root[i]);
    if (!context) {
      const bool is_remote =
          context.error().code == base::ErrorCode::unavailable || context.error().code == base::ErrorCode::denied;
      results.failed.push_back({id_of(root[i]), is_remote ? ErrorType::ld_context_not_available : ErrorType::bad_request_data,
                                context.error().message});
      continue;
    }
    auto input = read_entity(root[i], **context, api.store.names(), rules);
    if (input && input->id.empty()) input = base::fail(base::ErrorCode::bad_input, "id: every entity has one");
    if (!input) {
      results.failed.push_back({id_of(root[i]), type_of(input.error()), input.error().message});
      continue;
    }
    items.push_back({std::move(*input), std::move(*context), {}, {}});
    items.back().id = items.back().input.id;
  }
  return items;
}

EntityResult apply(BatchOperation doing, Item& item, const twin::EntityPtr& before, twin::TimeUs now_us) {
  switch (doing) {
    case BatchOperation::create: return create_entity(before, std::move(item.input), now_us);
    case BatchOperation::upsert_replace:
      return is_gone(before, now_us) ? create_entity(before, std::move(item.input), now_us)
                                     : replace_entity(before, std::move(item.input), now_us);
    case BatchOperation::upsert_update:
      if (!is_gone(before, now_us)) return update_attributes(before, std::move(item.input), now_us, item.outcome);
      for (const AttributeInput& each : item.input.attributes)
        if (each.is_null())
          return base::fail(base::ErrorCode::bad_input, "urn:ngsi-ld:null in an entity that is not there yet (5.5.4)");
      return create_entity(before, std::move(item.input), now_us);
    case BatchOperation::update: return update_attributes(before, std::move(item.input), now_us, item.outcome);
    case BatchOperation::update_no_overwrite:
      return append_attributes(before, std::move(item.input), false, now_us, item.outcome);
    case BatchOperation::merge: return merge_entity(before, std::move(item.input), {}, *item.context, now_us, item.outcome);
  }
  return before;
}

void collect(const base::Result<twin::Written>& written, const std::string& id, bool was_there, Results& results) {
  if (!written) {
    results.failed.push_back({id, type_of(written.error()), written.error().message});
    return;
  }
  results.succeeded.push_back(id);
  if (!was_there) results.created.push_back(id);
}

void collect_item(const NgsiLdApi& api, const Item& item, const base::Result<twin::Written>& written, BatchOperation doing,
                  twin::TimeUs now_us, Results& results) {
  collect(written, item.id, written && !is_gone(written->before, now_us), results);
  if (!written || doing != BatchOperation::update) return;
  for (const auto& [name, reason] : item.outcome.not_updated)
    results.failed.push_back({item.id, ErrorType::bad_request_data, std::string(api.store.names().text(name)) + ": " + reason});
}

net::Reply batch_reply(const Asked& asked, const Results& results) {
  if (!results.failed.empty()) return multi_status(asked, results);
  if (results.created.empty()) return done(asked, 204);
  net::Reply reply = done(asked, 201);
  append_ids(reply.body, results.created);
  return reply;
}

net::Reply run(const NgsiLdApi& api, const net::Call& call, BatchOperation doing) {
  const bool makes =
      doing == BatchOperation::create || doing == BatchOperation::upsert_replace || doing == BatchOperation::upsert_update;
  auto request = ask_with_body(api, call, BodyShape::array, {.makes_tenant = makes});
  if (!request) return std::move(request.error());
  if (doing == BatchOperation::upsert_replace && request->asked.has_option("update")) doing = BatchOperation::upsert_update;
  if (doing == BatchOperation::update && request->asked.has_option("noOverwrite")) doing = BatchOperation::update_no_overwrite;
  Results results;
  auto items = read_items(api, *request, doing, results);
  if (!items) return std::move(items.error());
  const twin::TimeUs now_us = api.store.now_us();
  std::vector<twin::Write> writes;
  writes.reserve(items->size());
  for (Item& item : *items)
    writes.push_back(
        {item.id, [&item, doing, now_us](const twin::EntityPtr& before) { return apply(doing, item, before, now_us); }});
  return write_and_answer(
      api.twin, request->asked.tenant, writes,
      [&](WriteResults written) {
        for (std::size_t i = 0; i < items->size(); ++i) collect_item(api, (*items)[i], written[i], doing, now_us, results);
        return batch_reply(request->asked, results);
      },
      store_problem);
}

net::Reply remove_batch_reply(const NgsiLdApi& api, const net::Call& call) {
  auto request = ask_with_body(api, call, BodyShape::array);
  if (!request) return std::move(request.error());
  const base::JsonValue root = request->body.root();
  if (root.size() == 0 || root.size() > kLiveBatchItemsMax)
    return problem(ErrorType::bad_request_data, "the array holds 1 to 10000 ids");
  Results results;
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < root.size(); ++i) {
    const auto id = root[i].text();
    const auto checked =
        id ? check_uri("id", *id) : base::Result<void>(base::fail(base::ErrorCode::bad_input, "an id is a text"));
    if (checked)
      ids.emplace_back(*id);
    else
      results.failed.push_back({"", ErrorType::bad_request_data, checked.error().message});
  }
  const twin::TimeUs now_us = api.store.now_us();
  const twin::Edit away = [now_us](const twin::EntityPtr& before) -> EntityResult {
    if (is_gone(before, now_us)) return base::fail(base::ErrorCode::not_found, "there is no such entity");
    return twin::EntityPtr();
  };
  std::vector<twin::Write> writes;
  for (const std::string& id : ids) writes.push_back({id, away});
  return write_and_answer(
      api.twin, request->asked.tenant, writes,
      [&](WriteResults written) {
        for (std::size_t i = 0; i < ids.size(); ++i) collect(written[i], ids[i], true, results);
        return batch_reply(request->asked, results);
      },
      store_problem);
}

}  // namespace

void add_batch_routes(net::Router& router, const NgsiLdApi& api) {
  constexpr bool kIsBatch = true;
  using net::Call;
  add_ngsi_route(
      router, api, net::Method::post, "/entityOperations/upsert",
      [](const NgsiLdApi& a, const Call& call) { return run(a, call, BatchOperation::upsert_replace); }, kIsBatch);
  add_ngsi_route(
      router, api, net::Method::post, "/entityOperations/update",
      [](const NgsiLdApi& a, const Call& call) { return run(a, call, BatchOperation::update); }, kIsBatch);
  add_ngsi_route(
      router, api, net::Method::post, "/entityOperations/create",
      [](const NgsiLdApi& a, const Call& call) { return run(a, call, BatchOperation::create); }, kIsBatch);
  add_ngsi_route(
      router, api, net::Method::post, "/entityOperations/merge",
      [](const NgsiLdApi& a, const Call& call) { return run(a, call, BatchOperation::merge); }, kIsBatch);
  add_ngsi_route(router, api, net::Method::post, "/entityOperations/delete", remove_batch_reply, kIsBatch);
}

}  // namespace citiverse::api::ngsi_ld
