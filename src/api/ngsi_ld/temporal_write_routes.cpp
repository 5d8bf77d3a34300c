// Writing into what was: /temporal/entities with its attributes and their instances (ETSI GS CIM 009 V1.9.1, 5.6.11 to 5.6.16,
// 6.18.3.1, 6.19.3.2, 6.20 to 6.22). What lives now stays as it is.
#include <algorithm>

#include <fmt/format.h>

#include "api/ngsi_ld/attribute_reader.h"
#include "api/ngsi_ld/entity_reader.h"
#include "api/ngsi_ld/errors.h"
#include "api/ngsi_ld/temporal_instances.h"

namespace citiverse::api::ngsi_ld {
namespace {

namespace history = twin::history;

net::Reply kept_reply(const NgsiLdApi& api, const base::Result<std::uint64_t>& position, net::Reply reply) {
  if (!position) return store_problem(position.error());
  if (auto durable = api.history->wait(*position); !durable) return store_problem(durable.error());
  return reply;
}

std::vector<twin::NameId> united(std::vector<twin::NameId> names, const std::vector<twin::NameId>& more) {
  for (const twin::NameId each : more)
    if (std::ranges::find(names, each) == names.end()) names.push_back(each);
  return names;
}

std::vector<history::Sample> samples_of(std::vector<AttributeInput> inputs, twin::TimeUs now_us) {
  std::vector<history::Sample> samples;
  samples.reserve(inputs.size());
  for (AttributeInput& each : inputs) samples.push_back({.attribute = make_attribute(std::move(each), now_us)});
  return samples;
}

// Adds all instances to what is known of the entity, or to nothing.
base::Result<std::uint64_t> add_instances(const NgsiLdApi& api, const Asked& asked, std::string_view id, EntityInput input,
                                          const std::optional<history::KeptEntity>& known) {
  api.store.flush();  // What was written before comes before in history, too.
  const twin::TimeUs now_us = api.store.now_us();
  history::EntityFacts facts{.tenant = asked.tenant_name, .id = id, .created_us = now_us};
  if (known) {
    facts.types = known->types;
    facts.scopes = known->scopes;
    facts.created_us = known->created_us;
    facts.deleted_us = known->deleted_us;
  }
  facts.types = united(std::move(facts.types), input.types);
  if (input.scopes) facts.scopes = *input.scopes;
  return api.history->record(facts, samples_of(std::move(input.attributes), now_us));
}

net::Reply upsert_evolution(const NgsiLdApi& api, const net::Call& call) {
  auto request = ask_with_body(api, call, BodyShape::object, {.makes_tenant = true});
  if (!request) return std::move(request.error());
  const Asked& asked = request->asked;
  auto input = read_entity(request->body.root(), *asked.context, api.store.names(), {.is_temporal = true});
  if (!input) return problem(input.error());
  if (input->attributes.empty())
    return problem(ErrorType::bad_request_data, "an evolution has at least one instance of an attribute (5.2.20)");
  const std::string id = input->id;
  const auto known = api.history->find_entity(asked.tenant_name, id);
  const auto position = add_instances(api, asked, id, std::move(*input), known);
  return kept_reply(api, position, known ? done(asked, 204) : done(asked, 201, location_field("/temporal/entities/", id)));
}

std::unexpected<net::Reply> no_evolution() {
  return std::unexpected(problem(ErrorType::resource_not_found, "there is no such entity, and there was none"));
}

Answered<history::KeptEntity> known_entity(const NgsiLdApi& api, const Asked& asked, const net::Call& call) {
  const auto id = uri_in_path("entityId", call.parameters[0]);
  if (!id) return std::unexpected(id.error());
  auto known = api.history->find_entity(asked.tenant_name, *id);
  if (!known) return no_evolution();
  return std::move(*known);
}

net::Reply add_to_evolution(const NgsiLdApi& api, const net::Call& call) {
  auto request = ask_with_body(api, call, BodyShape::object);
  if (!request) return std::move(request.error());
  const Asked& asked = request->asked;
  const auto known = known_entity(api, asked, call);
  if (!known) return known.error();
  auto input = read_entity(request->body.root(), *asked.context, api.store.names(), {.needs_id = false, .is_temporal = true});
  if (!input) return problem(input.error());
  if (!input->id.empty() && input->id != known->id)
    return problem(ErrorType::bad_request_data, "id: another one than in the address");
  return kept_reply(api, add_instances(api, asked, known->id, std::move(*input), *known), done(asked, 204));
}

net::Reply remove_evolution(const NgsiLdApi& api, const net::Call& call) {
  const auto asked = ask(api, call);
  if (!asked) return asked.error();
  const auto known = known_entity(api, *asked, call);
  if (!known) return known.error();
  api.store.flush();
  return kept_reply(api, api.history->erase_entity(asked->tenant_name, known->id), done(*asked, 204));
}

// The series of the attribute that the address names; none is an answer.
Answered<std::vector<history::SeriesFacts>> series_in_path(const NgsiLdApi& api, const Asked& asked,
                                                           const history::KeptEntity& known, std::string_view name) {
  if (auto checked = check_name(name); !checked) return std::unexpected(problem(checked.error()));
  const twin::NameId attribute = ContextTerms(*asked.context, api.store.names()).name(name);
  std::vector<history::SeriesFacts> found;
  for (const history::SeriesFacts& each : known.series) {
    if (attribute == twin::kNoName || each.attribute != attribute) continue;
    const auto has_any = has_instances(*api.history, each.series);
    if (!has_any) return std::unexpected(problem(has_any.error()));
    if (*has_any) found.push_back(each);
  }
  return found;
}

net::Reply remove_attribute_evolution(const NgsiLdApi& api, const net::Call& call) {
  const auto asked = ask(api, call);
  if (!asked) return asked.error();
  api.store.flush();
  const auto known = known_entity(api, *asked, call);
  if (!known) return known.error();
  auto series = series_in_path(api, *asked, *known, call.parameters[1]);
  if (!series) return std::move(series.error());
  std::string dataset;
  if (const std::string* uri = asked->find("datasetId"); uri != nullptr && *uri != "@none") {
    if (auto checked = check_uri("datasetId", *uri); !checked) return problem(checked.error());
    dataset = *uri;
  }
  if (!asked->is_true("deleteAll"))
    std::erase_if(*series, [&](const history::SeriesFacts& each) { return api.store.names().text(each.dataset) != dataset; });
  if (series->empty()) return problem(ErrorType::resource_not_found, "nothing is kept of this attribute");
  base::Result<std::uint64_t> position = 0;
  for (const history::SeriesFacts& each : *series) {
    position = api.history->erase(each.series);
    if (!position) break;
  }
  return kept_reply(api, position, done(*asked, 204));
}

// The instance that the address names, of the entity and attribute that it names.
struct TargetInstance {
  history::SeriesFacts series;
  InstanceName name;
  history::Sample sample;
};
Answered<TargetInstance> instance_in_path(const NgsiLdApi& api, const Asked& asked, const net::Call& call) {
  api.store.flush();
  const auto known = known_entity(api, asked, call);
  if (!known) return std::unexpected(known.error());
  const auto uri = uri_in_path("instanceId", call.parameters[2]);
  if (!uri) return std::unexpected(uri.error());
  const auto series = series_in_path(api, asked, *known, call.parameters[1]);
  if (!series) return std::unexpected(series.error());
  if (series->empty()) return std::unexpected(problem(ErrorType::resource_not_found, "nothing is kept of this attribute"));
  const auto name = parse_instance_uri(*uri);
  for (const history::SeriesFacts& each : *series) {
    if (!name || each.series != name->series) continue;
    auto sample = find_instance(*api.history, *name);
    if (!sample) return std::unexpected(problem(sample.error()));
    if (*sample) return TargetInstance{each, *name, std::move(**sample)};
  }
  return std::unexpected(problem(ErrorType::resource_not_found, "the attribute has no such instance"));
}

net::Reply modify_instance(const NgsiLdApi& api, const net::Call& call) {
  auto request = ask_with_body(api, call, BodyShape::object);
  if (!request) return std::move(request.error());
  const Asked& asked = request->asked;
  const auto target = instance_in_path(api, asked, call);
  if (!target) return target.error();
  auto input = read_entity(request->body.root(), *asked.context, api.store.names(), {.needs_id = false, .is_temporal = true});
  if (!input) return problem(input.error());
  if (input->attributes.size() != 1 || input->attributes.front().attribute.name != target->series.attribute)
    return problem(ErrorType::bad_request_data,
                   "the body holds exactly one instance, of the attribute in the address (5.6.14)");
  if (input->attributes.front().attribute.dataset != target->series.dataset)
    return problem(ErrorType::bad_request_data, "datasetId: an instance stays in its dataset");
  history::Sample sample{.attribute = make_attribute(std::move(input->attributes.front()), api.store.now_us())};
  sample.attribute.created_us = target->sample.attribute.created_us;
  return kept_reply(api, api.history->correct(target->series.series, target->name.instance, sample), done(asked, 204));
}

net::Reply remove_instance(const NgsiLdApi& api, const net::Call& call) {
  const auto asked = ask(api, call);
  if (!asked) return asked.error();
  const auto target = instance_in_path(api, *asked, call);
  if (!target) return target.error();
  return kept_reply(api, api.history->remove(target->series.series, target->name.instance), done(*asked, 204));
}

}  // namespace

void add_temporal_write_routes(net::Router& router, const NgsiLdApi& api) {
  using net::Method;
  add_ngsi_route(router, api, Method::post, "/temporal/entities", upsert_evolution, true);
  add_ngsi_route(router, api, Method::delete_, "/temporal/entities/{id}", remove_evolution);
  add_ngsi_route(router, api, Method::post, "/temporal/entities/{id}/attrs", add_to_evolution, true);
  add_ngsi_route(router, api, Method::delete_, "/temporal/entities/{id}/attrs/{name}", remove_attribute_evolution);
  add_ngsi_route(router, api, Method::patch, "/temporal/entities/{id}/attrs/{name}/{instance}", modify_instance);
  add_ngsi_route(router, api, Method::delete_, "/temporal/entities/{id}/attrs/{name}/{instance}", remove_instance);
}

}  // namespace citiverse::api::ngsi_ld
