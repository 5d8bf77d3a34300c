// Names, then ids and types, then what only few questions ask: place, scope, time and the source's own properties.
#include "api/ngsi_ld/registration_match.h"

#include <algorithm>

#include "api/ngsi_ld/entity_reader.h"
#include "api/ngsi_ld/errors.h"
#include "api/ngsi_ld/query_request.h"
#include "api/ngsi_ld/temporal_request.h"
#include "twin/query/q_match.h"
#include "twin/query/q_parser.h"

namespace citiverse::api::ngsi_ld {
namespace {

bool have_one_in_common(const auto& a, const auto& b) {
  return std::ranges::any_of(a, [&](const auto& each) { return std::ranges::find(b, each) != b.end(); });
}

// 5.12: one of five conditions holds, or nothing was said of ids at all.
bool ids_fit(const twin::EntitySelector& selector, const EntityInfo& info) {
  if (info.id.empty() && !info.id_pattern) return true;
  if (selector.ids.empty() && !selector.id_pattern) return true;
  if (!info.id.empty())
    return std::ranges::find(selector.ids, info.id) != selector.ids.end() ||
           (selector.id_pattern && selector.id_pattern->finds_in(info.id));
  if (selector.id_pattern) return true;  // Two patterns: nobody can say that no id fits both.
  return std::ranges::any_of(selector.ids, [&](const std::string& id) { return info.id_pattern->finds_in(id); });
}

bool selector_fits(const twin::EntitySelector& selector, const EntityInfo& info) {
  if (!ids_fit(selector, info)) return false;
  if (!selector.types) return true;
  twin::Entity of_these_types;
  of_these_types.types = info.types;
  return selector.types->matches(of_these_types);
}

bool information_fits(const RegistrationInfo& info, const RegistrationQuestion& question) {
  if (!question.names.empty() && !info.names.empty() && !have_one_in_common(question.names, info.names)) return false;
  if (question.selectors.empty() || info.entities.empty()) return true;
  return std::ranges::any_of(question.selectors, [&](const twin::EntitySelector& selector) {
    return std::ranges::any_of(info.entities, [&](const EntityInfo& each) { return selector_fits(selector, each); });
  });
}

bool times_fit(const Registration& registration, const std::optional<TemporalQuestion>& asked) {
  if (!asked) return !registration.observation && !registration.management;
  const auto& interval = asked->is_of_management ? registration.management : registration.observation;
  return interval && interval->start_us <= asked->until_us && interval->end_us >= asked->from_us;
}

void add_names_of(const twin::QExpression& expression, std::vector<twin::NameId>& names) {
  for (const twin::QExpression& part : expression.parts) add_names_of(part, names);
  if (expression.kind != twin::QExpression::Kind::term) return;
  const twin::QPath& path = expression.term.path;
  if (!path.links.empty())
    names.push_back(path.links.front().relationship);
  else if (!path.steps.empty() && path.steps.front().kind == twin::QStep::Kind::attribute)
    names.push_back(path.steps.front().name);
}

bool id_is_claimed(const RegistrationInfo& info, std::string_view id, std::span<const twin::NameId> types) {
  return std::ranges::any_of(info.entities, [&](const EntityInfo& each) {
    if (!each.id.empty()) return each.id == id;
    if (each.id_pattern && !each.id_pattern->finds_in(id)) return false;
    return types.empty() ||
           std::ranges::all_of(each.types, [&](twin::NameId type) { return std::ranges::find(types, type) != types.end(); });
  });
}

bool information_claims_the_same(const RegistrationInfo& exclusive, const RegistrationInfo& other) {
  if (!other.names.empty() && !have_one_in_common(exclusive.names, other.names)) return false;
  if (other.entities.empty()) return true;
  return std::ranges::any_of(exclusive.entities,
                             [&](const EntityInfo& each) { return id_is_claimed(other, each.id, each.types); });
}

bool claims_what(const Registration& exclusive, const Registration& other) {
  if (exclusive.mode != RegistrationMode::exclusive) return false;
  if (other.mode != RegistrationMode::exclusive && other.mode != RegistrationMode::redirect) return false;
  return std::ranges::any_of(exclusive.information, [&](const RegistrationInfo& mine) {
    return std::ranges::any_of(other.information,
                               [&](const RegistrationInfo& theirs) { return information_claims_the_same(mine, theirs); });
  });
}

}  // namespace

std::vector<std::size_t> fitting_information(const Registration& registration, const RegistrationQuestion& question,
                                             const twin::Names& names) {
  std::vector<std::size_t> fitting;
  if (!times_fit(registration, question.temporal)) return fitting;
  if (!question.datasets.empty() && !registration.datasets.empty() &&
      !have_one_in_common(question.datasets, registration.datasets))
    return fitting;
  for (std::size_t i = 0; i < registration.information.size(); ++i)
    if (information_fits(registration.information[i], question)) fitting.push_back(i);
  if (fitting.empty()) return fitting;
  const twin::Entity& properties = registration.properties;
  const bool is_wanted = (!question.geo || question.geo->may_match(properties)) &&
                         (!question.scope || question.scope->matches(properties, names)) &&
                         (!question.csf || twin::matches(*question.csf, properties, {names, {}}));
  if (!is_wanted) fitting.clear();
  return fitting;
}

bool claim_the_same(const Registration& a, const Registration& b) { return claims_what(a, b) || claims_what(b, a); }

bool is_claimed(const RegistrationInfo& info, const twin::Entity& entity) {
  const bool has_name =
      info.names.empty() || std::ranges::any_of(info.names, [&](twin::NameId name) { return !entity.instances(name).empty(); });
  return has_name && (info.entities.empty() || id_is_claimed(info, entity.id, entity.types));
}

twin::Narrowing narrowing_of(const RegistrationInfo& info) {
  twin::Narrowing narrowing;
  narrowing.attributes = info.names;
  const bool all_have_ids = std::ranges::none_of(info.entities, &std::string::empty, &EntityInfo::id);
  for (const EntityInfo& each : info.entities) {
    if (all_have_ids) narrowing.ids.push_back(each.id);
    if (!all_have_ids) narrowing.types.push_back(each.types.front());
  }
  std::ranges::sort(narrowing.ids);
  std::ranges::sort(narrowing.types);
  return narrowing;
}

Answered<RegistrationSearch> read_registration_search(const NgsiLdApi& api, const Asked& asked) {
  const auto is_there = [&](std::string_view name) { return asked.find(name) != nullptr; };
  if (!is_there("type") && !is_there("attrs") && !is_there("q") && !is_there("georel"))
    return std::unexpected(
        problem(ErrorType::bad_request_data, "type: say at least one of type, attrs, q and georel (5.10.2.4)"));
  Asked plain = asked;
  auto temporal = take_temporal_request(plain);
  if (!temporal) return std::unexpected(std::move(temporal.error()));
  auto request = read_query_request(api, plain, {});
  if (!request) return std::unexpected(std::move(request.error()));
  RegistrationSearch search{.question = {}, .limit = request->limit, .offset = request->offset, .counts = request->counts};
  RegistrationQuestion& question = search.question;
  question.selectors = std::move(request->query.selectors);
  for (const twin::EntitySelector& each : question.selectors)
    for (const std::string& id : each.ids)
      if (auto checked = check_uri("id", id); !checked) return std::unexpected(problem(checked.error()));
  question.names = std::move(request->query.attributes);
  if (request->query.q) add_names_of(*request->query.q, question.names);
  if (request->query.geo && is_there("geoproperty")) question.names.push_back(request->query.geo->property());
  question.geo = std::move(request->query.geo);
  question.scope = std::move(request->query.scope);
  question.datasets = asked.list("datasetId");
  if (temporal->has_query)
    question.temporal = TemporalQuestion{.is_of_management = temporal->property != TimeProperty::observed_at,
                                         .from_us = temporal->from_us.value_or(INT64_MIN),
                                         .until_us = temporal->until_us.value_or(INT64_MAX)};
  if (const std::string* csf = asked.find("csf")) {
    auto expression = twin::parse_q(*csf, ContextTerms(*asked.context, api.store.names()), {});
    if (!expression) return std::unexpected(problem(ErrorType::bad_request_data, "csf: " + expression.error().message));
    question.csf = *std::move(expression);
  }
  return search;
}

RegistrationQuestion question_of(Subscription& subscription) {
  RegistrationQuestion question;
  twin::EntityQuery& query = subscription.watch.query;
  question.selectors = std::move(query.selectors);
  // 5.12: without attributes in the notification, no attribute was asked for.
  const auto& projection = subscription.form.projection;
  if (projection && projection->only && !projection->names.empty()) {
    question.names = projection->names;
    question.names.insert(question.names.end(), subscription.watch.watched.begin(), subscription.watch.watched.end());
  }
  question.geo = std::move(query.geo);
  question.scope = std::move(query.scope);
  question.csf = std::move(subscription.csf);
  question.temporal = subscription.temporal;
  question.datasets = subscription.form.datasets;
  return question;
}

}  // namespace citiverse::api::ngsi_ld
