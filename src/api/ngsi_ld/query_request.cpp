// Members of a body become parameters, so that both ways of asking are read by the same code.
#include "api/ngsi_ld/query_request.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "api/ngsi_ld/errors.h"
#include "api/ngsi_ld/json_value_text.h"
#include "twin/query/q_parser.h"

namespace citiverse::api::ngsi_ld {
namespace {

std::unexpected<net::Reply> wrong(std::string_view detail) {
  return std::unexpected(problem(ErrorType::bad_request_data, detail));
}

Answered<std::size_t> read_number(const Asked& asked, std::string_view name, std::size_t otherwise) {
  const std::string* text = asked.find(name);
  if (text == nullptr) return otherwise;
  std::size_t number = 0;
  const auto read = std::from_chars(text->data(), text->data() + text->size(), number);
  if (read.ec != std::errc() || read.ptr != text->data() + text->size())
    return wrong(fmt::format("{}: a whole number of 0 or more is needed", name));
  return number;
}

Answered<void> read_paging(const Asked& asked, QueryRequest& request) {
  const auto limit = read_number(asked, "limit", kPageDefault);
  const auto offset = read_number(asked, "offset", 0);
  if (!limit) return std::unexpected(limit.error());
  if (!offset) return std::unexpected(offset.error());
  request.limit = *limit;
  request.offset = *offset;
  request.counts = asked.is_true("count") || asked.has_option("count");
  if (request.limit > kPageMax)
    return std::unexpected(problem(ErrorType::too_many_results, fmt::format("limit: at most {}; follow the links", kPageMax)));
  if (request.offset > kOffsetMax)
    return std::unexpected(problem(ErrorType::too_many_results, fmt::format("offset: at most {}", kOffsetMax)));
  if (request.limit == 0 && !request.counts) return wrong("limit: 0 goes with count=true only (6.3.13)");
  return {};
}

Answered<void> read_joining(const Asked& asked, QueryRequest& request) {
  auto join = read_join(asked);
  if (!join) return std::unexpected(std::move(join.error()));
  request.join = *std::move(join);
  return {};
}

Answered<void> read_geo(const Asked& asked, const twin::Terms& terms, QueryRequest& request) {
  const std::string* georel = asked.find("georel");
  const std::string* geometry = asked.find("geometry");
  const std::string* coordinates = asked.find("coordinates");
  if (georel == nullptr && geometry == nullptr && coordinates == nullptr) return {};
  if (georel == nullptr || geometry == nullptr || coordinates == nullptr)
    return wrong("georel: goes together with geometry and coordinates (4.10)");
  const std::string* property = asked.find("geoproperty");
  auto geo =
      twin::GeoQuery::parse({*georel, *geometry, *coordinates, terms.name(property == nullptr ? "location" : *property)});
  if (!geo) return std::unexpected(problem(geo.error()));
  request.query.geo = std::move(*geo);
  return {};
}

Answered<void> read_order(const Asked& asked, const twin::Terms& terms, QueryRequest& request) {
  const std::string* order_by = asked.find("orderBy");
  if (order_by == nullptr) return {};
  std::optional<twin::LonLat> from;
  if (const std::string* coordinates = asked.find("orderFrom")) {
    const std::string* geometry = asked.find("orderGeometry");
    if (geometry != nullptr && *geometry != "Point") return wrong("orderGeometry: distances are measured from a Point");
    std::string compact = *coordinates;
    std::erase(compact, ' ');
    const std::string point = fmt::format(R"({{"type":"Point","coordinates":{}}})", compact);
    from = twin::point_of(std::string_view(point));
    if (!from) return wrong("orderFrom: a position such as [8,40] is needed");
  }
  const std::string* collation = asked.find("collation");
  auto order = twin::EntityOrder::parse(*order_by, terms, from, collation == nullptr ? std::string_view() : *collation);
  if (!order) return std::unexpected(problem(order.error()));
  request.order = std::move(*order);
  return {};
}

Answered<void> read_selector_parameters(const Asked& asked, const twin::Terms& terms, QueryRequest& request) {
  twin::EntitySelector selector;
  selector.ids = asked.list("id");
  if (selector.ids.size() > kSelectorIdsMax) return wrong(fmt::format("id: at most {}", kSelectorIdsMax));
  if (const std::string* pattern = asked.find("idPattern")) {
    auto compiled = twin::Pattern::compile("idPattern", *pattern);
    if (!compiled) return std::unexpected(problem(compiled.error()));
    selector.id_pattern = std::move(*compiled);
  }
  const std::string* type = asked.find("type");
  if (type == nullptr) type = asked.find("typeSelection");
  if (type != nullptr && *type != "*") {
    auto types = twin::TypeSelection::parse(*type, terms);
    if (!types) return std::unexpected(problem(types.error()));
    selector.types = std::move(*types);
  }
  if (!selector.ids.empty() || selector.id_pattern || selector.types) request.query.selectors.push_back(std::move(selector));
  return {};
}

Answered<void> read_conditions(const Asked& asked, const twin::Terms& terms, QueryRequest& request) {
  if (const std::string* q = asked.find("q")) {
    auto expression = twin::parse_q(*q, terms, asked.list("expandValues"));
    if (!expression) return std::unexpected(problem(expression.error()));
    request.query.q = std::move(*expression);
  }
  if (const std::string* scope = asked.find("scopeQ")) {
    auto query = twin::ScopeQuery::parse(*scope);
    if (!query) return std::unexpected(problem(query.error()));
    request.query.scope = std::move(*query);
  }
  return {};
}

// 5.2.23, with what a temporal query may say beside it (5.7.4).
constexpr std::array<std::string_view, 24> kQueryMembers{"aggrMethods",   "aggrPeriodDuration",
                                                         "aggrParams",    "attrs",
                                                         "containedBy",   "csf",
                                                         "datasetId",     "entityMap",
                                                         "expandValues",  "geometryProperty",
                                                         "join",          "joinLevel",
                                                         "jsonKeys",      "lang",
                                                         "lastN",         "local",
                                                         "omit",          "options",
                                                         "pick",          "q",
                                                         "scopeQ",        "temporalQ",
                                                         "typeSelection", "format"};

// 5.2.43 as parameters.
Answered<void> take_ordering(base::JsonValue ordering, Asked& asked) {
  if (!ordering.is_object()) return wrong("ordering: an object with orderBy is needed (5.2.43)");
  for (std::size_t i = 0; i < ordering.size(); ++i) {
    const auto& [name, value] = ordering.member(i);
    if (name == "orderBy" && value.is_array()) {
      std::string list;
      for (std::size_t k = 0; k < value.size(); ++k) {
        const auto text = value[k].text();
        if (!text) return wrong("ordering: orderBy: an array of texts such as \"speed;desc\" is needed (5.2.43)");
        if (k > 0) list += ',';
        list += *text;
      }
      asked.query.emplace_back("orderBy", std::move(list));
    } else if (name == "orderBy" || name == "collation" || name == "geometry") {
      const auto text = value.text();
      if (!text) return wrong(fmt::format("ordering: {}: a text is needed (5.2.43)", name));
      asked.query.emplace_back(name == "geometry" ? "orderGeometry" : name, *text);
    } else if (name == "coordinates") {
      std::string coordinates;
      append_json(coordinates, value);
      asked.query.emplace_back("orderFrom", value.text().value_or(coordinates));
    } else {
      return wrong(fmt::format("ordering: {}: no such member; it has orderBy, collation, geometry, coordinates", name));
    }
  }
  if (asked.find("orderBy") == nullptr) return wrong("ordering: orderBy is needed (5.2.43)");
  return {};
}

std::string joined(base::JsonValue list) {
  std::string text;
  for (std::size_t i = 0; i < list.size(); ++i) text += (i > 0 ? "," : "") + std::string(list[i].text().value_or(""));
  return text;
}

}  // namespace

Answered<JoinRequest> read_join(const Asked& asked) {
  JoinRequest request;
  const std::string* join = asked.find("join");
  if (join != nullptr && *join != "@none") {
    if (*join != "flat" && *join != "inline") return wrong("join: one of flat, inline, @none");
    request.join = *join == "flat" ? Join::flat : Join::inline_;
  }
  const auto level = read_number(asked, "joinLevel", 1);
  if (!level) return std::unexpected(level.error());
  if (*level < 1 || *level > kJoinLevelMax) return wrong(fmt::format("joinLevel: 1 to {}", kJoinLevelMax));
  request.level = *level;
  request.contained_by = asked.list("containedBy");
  return request;
}

Answered<QueryRequest> read_query_request(const NgsiLdApi& api, const Asked& asked,
                                          std::vector<twin::EntitySelector> selectors) {
  const ContextTerms terms(*asked.context, api.store.names());
  QueryRequest request;
  request.query.selectors = std::move(selectors);
  auto form = read_form(api, asked);
  if (!form) return std::unexpected(std::move(form.error()));
  request.form = std::move(*form);
  for (const auto& done :
       {read_paging(asked, request), read_joining(asked, request), read_selector_parameters(asked, terms, request),
        read_conditions(asked, terms, request), read_geo(asked, terms, request), read_order(asked, terms, request)})
    if (!done) return std::unexpected(done.error());
  const auto& query = request.query;
  const bool says_something = !query.selectors.empty() || query.q || query.geo || query.scope || request.form.needs_attribute ||
                              asked.find("type") != nullptr || asked.is_true("local");
  if (!says_something)
    return wrong("type: say at least one of type, id, idPattern, attrs, q, georel, scopeQ, or local=true (5.7.2)");
  if (request.form.needs_attribute) request.query.attributes = request.form.needed;
  return request;
}

base::Result<twin::EntitySelector> read_selector(base::JsonValue json, const twin::Terms& terms) {
  using base::ErrorCode;
  twin::EntitySelector selector;
  if (!json.is_object()) return base::fail(ErrorCode::bad_input, "entities: an array of objects with type, id or idPattern");
  const auto id = json.find("id");
  if (const auto text = id.text()) selector.ids.emplace_back(*text);
  for (std::size_t i = 0; id.is_array() && i < std::min(id.size(), kSelectorIdsMax); ++i)
    if (const auto text = id[i].text()) selector.ids.emplace_back(*text);
  if (!id.is_absent() && selector.ids.empty()) return base::fail(ErrorCode::bad_input, "entities: id: a URI is needed");
  if (const auto pattern = json.find("idPattern").text()) {
    auto compiled = twin::Pattern::compile("idPattern", *pattern);
    if (!compiled) return std::unexpected(compiled.error());
    selector.id_pattern = std::move(*compiled);
  }
  const auto type = json.find("type").text();
  if (!type) return base::fail(ErrorCode::bad_input, "entities: type: a name or a selection of types is needed (5.2.33)");
  if (*type == "*") return selector;
  auto types = twin::TypeSelection::parse(*type, terms);
  if (!types) return std::unexpected(types.error());
  selector.types = std::move(*types);
  return selector;
}

base::Result<twin::GeoQuery> read_geo_query(base::JsonValue json, const twin::Terms& terms) {
  std::string coordinates;
  if (const auto text = json.find("coordinates").text())
    coordinates = *text;
  else if (!json.find("coordinates").is_absent())
    append_json(coordinates, json.find("coordinates"));
  const auto georel = json.find("georel").text();
  const auto geometry = json.find("geometry").text();
  if (!georel || !geometry || coordinates.empty())
    return base::fail(base::ErrorCode::bad_input, "geoQ: georel, geometry and coordinates are needed (5.2.13)");
  return twin::GeoQuery::parse(
      {*georel, *geometry, coordinates, terms.name(json.find("geoproperty").text().value_or("location"))});
}

Answered<std::vector<twin::EntitySelector>> take_query_body(const NgsiLdApi& api, base::JsonValue body, Asked& asked) {
  if (body.find("type").text() != "Query") return wrong("type: \"Query\" is needed (5.2.23)");
  const ContextTerms terms(*asked.context, api.store.names());
  std::vector<twin::EntitySelector> selectors;
  for (std::size_t i = 0; i < body.size(); ++i) {
    const auto& [name, value] = body.member(i);
    if (name == "type" || name == "@context") continue;
    if (name == "entities") {
      if (!value.is_array() || value.size() == 0 || value.size() > kSelectorsMax)
        return wrong(fmt::format("entities: an array of 1 to {} selectors", kSelectorsMax));
      for (std::size_t k = 0; k < value.size(); ++k) {
        auto selector = read_selector(value[k], terms);
        if (!selector) return std::unexpected(problem(selector.error()));
        selectors.push_back(std::move(*selector));
      }
    } else if (name == "geoQ") {
      for (const char* member : {"georel", "geometry", "geoproperty"})
        if (const auto text = value.find(member).text()) asked.query.emplace_back(member, *text);
      std::string coordinates;
      append_json(coordinates, value.find("coordinates"));
      asked.query.emplace_back("coordinates", value.find("coordinates").text().value_or(coordinates));
    } else if (name == "ordering") {
      if (auto taken = take_ordering(value, asked); !taken) return std::unexpected(std::move(taken.error()));
    } else if (std::ranges::find(kQueryMembers, name) == kQueryMembers.end()) {
      return wrong(fmt::format("{}: a Query has no such member (5.2.23)", name));
    } else if (value.is_array()) {
      asked.query.emplace_back(name, joined(value));
    } else if (const auto text = value.text()) {
      asked.query.emplace_back(name, *text);
    } else {
      std::string plain;
      append_json(plain, value);
      asked.query.emplace_back(name, std::move(plain));
    }
  }
  return selectors;
}

}  // namespace citiverse::api::ngsi_ld
