// Headers of a request, read by the letter of clause 6.3.
#include "api/ngsi_ld/asked.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "api/ngsi_ld/attribute_reader.h"
#include "api/ngsi_ld/errors.h"
#include "api/ngsi_ld/snapshots.h"
#include "base/text.h"

namespace citiverse::api::ngsi_ld {
namespace {

constexpr std::string_view kContextRelation = "http://www.w3.org/ns/json-ld#context";

// The next part up to a separator that stands outside of quotation marks and <>.
std::string_view take_part(std::string_view& rest, char separator) {
  bool is_quoted = false, is_address = false;
  std::size_t at = 0;
  for (; at < rest.size(); ++at) {
    const char c = rest[at];
    if (c == '"' && !is_address) is_quoted = !is_quoted;
    if (c == '<' && !is_quoted) is_address = true;
    if (c == '>' && !is_quoted) is_address = false;
    if (c == separator && !is_quoted && !is_address) break;
  }
  const std::string_view part = rest.substr(0, at);
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return base::trimmed(part);
}

// The target of the link to a context (RFC 8288; JSON-LD 1.1, 6.2); two of them are an error.
Answered<std::string_view> context_link(const net::Request& request) {
  std::string_view found;
  for (const net::Field& field : request.fields) {
    if (!net::equal_without_case(field.name, "Link")) continue;
    std::string_view links = field.value;
    while (!links.empty()) {
      std::string_view link = take_part(links, ',');
      const std::string_view target = take_part(link, ';');
      bool is_context = false;
      while (!link.empty()) {
        std::string_view parameter = take_part(link, ';');
        if (!net::equal_without_case(base::trimmed(parameter.substr(0, parameter.find('='))), "rel")) continue;
        std::string_view value = base::trimmed(parameter.substr(std::min(parameter.find('=') + 1, parameter.size())));
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
        is_context = value == kContextRelation;
      }
      if (!is_context) continue;
      if (target.size() < 3 || target.front() != '<' || target.back() != '>')
        return std::unexpected(
            problem(ErrorType::bad_request_data, "Link: the address of the @context stands between < and >"));
      if (!found.empty())
        return std::unexpected(problem(ErrorType::bad_request_data, "Link: two addresses of an @context; one is taken"));
      found = target.substr(1, target.size() - 2);
    }
  }
  return found;
}

double weight_of(std::string_view parameters) {
  double weight = 1;
  while (!parameters.empty()) {
    const std::string_view each = take_part(parameters, ';');
    if (each.starts_with("q=") || each.starts_with("Q=")) std::from_chars(each.data() + 2, each.data() + each.size(), weight);
  }
  return weight;
}

// The heaviest of the media types that are there, the first of equals (6.3.4); an exact range says more than "*/*".
std::optional<MediaType> choose_media_type(std::string_view accept, bool may_be_geo_json) {
  if (base::trimmed(accept).empty()) return MediaType::json;
  struct Offer {
    std::string_view type;
    double weight = 0;
    int exactness = -1;
  };
  std::array<Offer, 3> offers{{{"application/json"}, {"application/ld+json"}, {"application/geo+json"}}};
  while (!accept.empty()) {
    std::string_view range = take_part(accept, ',');
    const std::string_view type = take_part(range, ';');
    const double weight = weight_of(range);
    for (Offer& offer : offers) {
      const int exactness = net::equal_without_case(type, offer.type) ? 2
                            : type == "application/*"                 ? 1
                            : type == "*/*"                           ? 0
                                                                      : -1;
      if (exactness <= offer.exactness) continue;
      offer.exactness = exactness;
      offer.weight = weight;
    }
  }
  std::optional<MediaType> best;
  double best_weight = 0;
  for (std::size_t i = 0; i < (may_be_geo_json ? 3u : 2u); ++i) {
    if (offers[i].weight <= best_weight) continue;
    best = static_cast<MediaType>(i);
    best_weight = offers[i].weight;
  }
  return best;
}

Answered<void> ask_tenant(const NgsiLdApi& api, const net::Call& call, bool makes_tenant, Asked& asked) {
  const std::string_view name = call.request.field("NGSILD-Tenant");
  if (name.empty()) return {};
  const auto tenant =
      makes_tenant ? tenant_to_write(api.twin, call.visitor, name) : tenant_to_read(api.twin, call.visitor, name);
  if (!tenant) {
    const auto code = tenant.error().code;
    const bool is_hidden = code == base::ErrorCode::denied || code == base::ErrorCode::not_found;
    if (is_hidden) return std::unexpected(problem(ErrorType::nonexistent_tenant, "this tenant is not there, or not for you"));
    return std::unexpected(problem(tenant.error()));
  }
  asked.tenant = *tenant;
  asked.tenant_name = name;
  return {};
}

Answered<Asked> ask_all_but_context(const NgsiLdApi& api, const net::Call& call, AskRules rules) {
  Asked asked;
  auto query = net::parse_query(call.request.query);
  if (!query) return std::unexpected(problem(ErrorType::invalid_request, query.error().message));
  asked.query = std::move(*query);
  if (auto tenant = ask_tenant(api, call, rules.makes_tenant, asked); !tenant)
    return std::unexpected(std::move(tenant.error()));
  const auto accept = choose_media_type(call.request.field("Accept"), rules.may_be_geo_json);
  if (!accept)
    return std::unexpected(
        problem(ErrorType::not_acceptable, rules.may_be_geo_json
                                               ? "there are application/json, application/ld+json and application/geo+json"
                                               : "there are application/json and application/ld+json"));
  asked.accept = *accept;
  asked.context = api.contexts.core();
  return asked;
}

Answered<void> take_link(const NgsiLdApi& api, const net::Call& call, Asked& asked) {
  auto link = context_link(call.request);
  if (!link) return std::unexpected(std::move(link.error()));
  if (link->empty()) return {};
  auto context = api.contexts.by_url(*link);
  if (!context) return std::unexpected(context_problem(context.error()));
  asked.context = std::move(*context);
  return {};
}

bool is_ld_json(std::string_view content_type) {
  return net::equal_without_case(base::trimmed(content_type.substr(0, content_type.find(';'))), "application/ld+json");
}

}  // namespace

const std::string* Asked::find(std::string_view parameter) const {
  for (const auto& [name, value] : query)
    if (name == parameter) return &value;
  return nullptr;
}

bool Asked::is_true(std::string_view parameter) const {
  const std::string* value = find(parameter);
  return value != nullptr && *value == "true";
}

std::vector<std::string> Asked::list(std::string_view parameter) const {
  std::vector<std::string> items;
  const std::string* value = find(parameter);
  std::string_view rest = value == nullptr ? std::string_view() : *value;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    if (const std::string_view item = base::trimmed(rest.substr(0, end)); !item.empty()) items.emplace_back(item);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return items;
}

bool Asked::has_option(std::string_view option) const {
  const auto holds = [&](const std::vector<std::string>& words) { return std::ranges::find(words, option) != words.end(); };
  return holds(list("options")) || holds(list("format"));
}

Answered<Form> Asked::form() const {
  const auto of = [](std::string_view word) -> std::optional<Form> {
    if (word == "normalized") return Form::normalized;
    if (word == "concise") return Form::concise;
    if (word == "simplified" || word == "keyValues") return Form::simplified;
    return std::nullopt;
  };
  if (const std::string* format = find("format")) {
    if (const auto form = of(*format)) return *form;
    return std::unexpected(problem(ErrorType::invalid_request, "format: one of normalized, concise, simplified, keyValues"));
  }
  Form form = Form::normalized;
  for (const std::string& option : list("options"))
    if (const auto each = of(option)) form = *each;
  return form;
}

Answered<Asked> ask(const NgsiLdApi& api, const net::Call& call, AskRules rules) {
  auto asked = ask_all_but_context(api, call, rules);
  if (!asked) return asked;
  if (auto link = take_link(api, call, *asked); !link) return std::unexpected(std::move(link.error()));
  return asked;
}

Answered<AskedWithBody> ask_with_body(const NgsiLdApi& api, const net::Call& call, BodyShape shape, AskRules rules) {
  auto asked = ask_all_but_context(api, call, rules);
  if (!asked) return std::unexpected(std::move(asked.error()));
  auto body = base::JsonDocument::parse(call.request.body, kEntityJsonDepthMax);
  if (!body) return std::unexpected(problem(ErrorType::invalid_request, "the body is " + body.error().message));
  const base::JsonValue root = body->root();
  if (shape == BodyShape::object ? !root.is_object() : !root.is_array())
    return std::unexpected(problem(ErrorType::bad_request_data, shape == BodyShape::object ? "the body must be a JSON object"
                                                                                           : "the body must be a JSON array"));
  AskedWithBody request{std::move(*asked), std::move(*body), is_ld_json(call.request.content_type)};
  if (!request.is_ld_json) {
    if (!request.body.root().find("@context").is_absent())
      return std::unexpected(
          problem(ErrorType::bad_request_data,
                  "@context: not in a body of application/json; use a Link header, or application/ld+json (6.3.5)"));
    if (auto link = take_link(api, call, request.asked); !link) return std::unexpected(std::move(link.error()));
    return request;
  }
  auto link = context_link(call.request);
  if (!link) return std::unexpected(std::move(link.error()));
  if (!link->empty())
    return std::unexpected(
        problem(ErrorType::bad_request_data, "Link: not with application/ld+json, whose body holds the @context (6.3.5)"));
  if (shape == BodyShape::array) return request;
  auto context = context_of_item(api, request, request.body.root());
  if (!context) return std::unexpected(context_problem(context.error()));
  request.asked.context = std::move(*context);
  return request;
}

base::Result<ContextPtr> context_of_item(const NgsiLdApi& api, const AskedWithBody& request, base::JsonValue item) {
  const base::JsonValue context = item.find("@context");
  if (!request.is_ld_json) {
    if (context.is_absent()) return request.asked.context;
    return base::fail(base::ErrorCode::bad_input,
                      "@context: not in a body of application/json; use a Link header, or application/ld+json (6.3.5)");
  }
  if (context.is_absent())
    return base::fail(base::ErrorCode::bad_input, "@context: a body of application/ld+json has one (6.3.5)");
  return api.contexts.of_value(context);
}

net::Reply answer(const NgsiLdApi& api, const Asked& asked, std::string body) {
  net::Reply reply = done(asked, 200);
  reply.body = std::move(body);
  if (asked.accept == MediaType::ld_json) reply.media_type = "application/ld+json";
  if (asked.accept == MediaType::geo_json) reply.media_type = "application/geo+json";
  if (asked.accept != MediaType::json) return reply;
  const auto address = api.contexts.address_of(*asked.context);
  if (!address) return context_problem(address.error());
  reply.fields += fmt::format("Link: <{}>; rel=\"{}\"; type=\"application/ld+json\"\r\n", *address, kContextRelation);
  return reply;
}

net::Reply done(const Asked& asked, int status, std::string fields) {
  net::Reply reply{.status = status};
  reply.fields = std::move(fields);
  // The store lets only letters, digits, '_' and '-' be names of tenants.
  if (!asked.tenant_name.empty()) reply.fields += fmt::format("NGSILD-Tenant: {}\r\n", asked.tenant_name);
  return reply;
}

std::string location_field(std::string_view path, std::string_view id) {
  std::string out = fmt::format("Location: {}{}", kBase, path);
  for (const char c : id) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                          std::string_view("-._~:@!$&'()*+,;=").contains(c);
    if (is_plain)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out + "\r\n";
}

Answered<std::string_view> uri_in_path(std::string_view what, std::string_view id) {
  if (auto checked = check_uri(what, id); !checked) return std::unexpected(problem(checked.error()));
  return id;
}

void add_ngsi_route(net::Router& router, const NgsiLdApi& api, net::Method method, std::string_view path, Maker make,
                    bool is_batch) {
  add_live_route(router, {.method = method,
                          .pattern = std::string(kBase).append(path),
                          .answer = within_snapshots(api, path, make),
                          .is_batch = is_batch,
                          .takes_iris = path.contains('{'),
                          .body_media_types = method == net::Method::patch ? kJsonPatchBodies : kJsonLdBodies});
}

void add_guarded_ngsi_route(net::Router& router, const NgsiLdApi& api, net::Method method, std::string_view path, Maker make) {
  add_live_route(router, {.method = method,
                          .pattern = std::string(kBase).append(path),
                          .answer = [&api, make](const net::Call& call) { return make(api, call); },
                          .is_guarded = true,
                          .takes_iris = path.contains('{'),
                          .body_media_types = method == net::Method::patch ? kJsonPatchBodies : kJsonLdBodies});
}

void add_ngsi_ld_routes(net::Router& router, const NgsiLdApi& api) {
  add_entity_routes(router, api);
  add_attribute_routes(router, api);
  add_batch_routes(router, api);
  add_context_routes(router, api);
  add_query_routes(router, api);
  add_purge_routes(router, api);
  add_discovery_routes(router, api);
  add_source_identity_routes(router, api);
  if (api.subscriptions != nullptr) add_subscription_routes(router, api);
  if (api.entity_maps != nullptr) add_entity_map_routes(router, api);
  if (api.snapshots != nullptr) add_snapshot_routes(router, api);
  if (api.registrations != nullptr) add_registration_routes(router, api);
  if (api.registration_subscriptions != nullptr) add_registration_subscription_routes(router, api);
  if (api.history == nullptr) return;
  add_temporal_query_routes(router, api);
  add_temporal_write_routes(router, api);
}

}  // namespace citiverse::api::ngsi_ld
