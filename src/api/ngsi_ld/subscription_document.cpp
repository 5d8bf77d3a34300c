// Names are expanded once, when a subscription comes: later nobody need ask another machine what they mean.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "api/fresh_id.h"
#include "api/ngsi_ld/entity_reader.h"
#include "api/ngsi_ld/json_value_text.h"
#include "api/ngsi_ld/subscription.h"
#include "base/json_writer.h"
#include "twin/query/q_parser.h"

namespace citiverse::api::ngsi_ld {
namespace {

using base::JsonValue;

constexpr std::array<std::string_view, 23> kMembers{"id",
                                                    "subscriptionName",
                                                    "description",
                                                    "entities",
                                                    "watchedAttributes",
                                                    "notificationTrigger",
                                                    "timeInterval",
                                                    "q",
                                                    "geoQ",
                                                    "scopeQ",
                                                    "csf",
                                                    "isActive",
                                                    "expiresAt",
                                                    "throttling",
                                                    "lang",
                                                    "datasetId",
                                                    "expandValues",
                                                    "jsonKeys",
                                                    "localOnly",
                                                    "splitEntities",
                                                    "jsonldContext",
                                                    "temporalQ",
                                                    "notification"};
constexpr std::array<std::string_view, 6> kPassedOver{"type", "@context", "status", "createdAt", "modifiedAt", "deletedAt"};
constexpr std::array<std::string_view, 6> kCounted{"status",           "timesSent",   "timesFailed",
                                                   "lastNotification", "lastSuccess", "lastFailure"};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

std::string quoted_json(std::string_view text) {
  std::string out;
  base::JsonWriter(out).text(text);
  return out;
}

std::string json_of(JsonValue value) {
  std::string out;
  append_json(out, value);
  return out;
}

bool is_removal(JsonValue value) { return value.is_null() || value.text() == kNgsiLdNull; }

base::Result<std::string> expand_name(std::string_view what, std::string_view name, const Context& context) {
  if (auto checked = check_name(name); !checked)
    return base::fail(base::ErrorCode::bad_input, fmt::format("{}: {}", what, checked.error().message));
  return context.terms().expand(name);
}

// "(A;B)|C": each name between the operators of 4.17.
std::string expand_selection(std::string_view text, const Context& context) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("();|, "), text.size());
    const std::string_view name = text.substr(0, end);
    out += name.empty() || name == "*" ? std::string(name) : context.terms().expand(name);
    text.remove_prefix(end);
    if (text.empty()) break;
    if (text.front() != ' ') out += text.front();
    text.remove_prefix(1);
  }
  return out;
}

base::Result<std::string> expand_names(std::string_view what, JsonValue list, const Context& context, bool may_be_member) {
  const auto wrong = [&] {
    return base::fail(base::ErrorCode::bad_input,
                      fmt::format("{}: an array of 1 to {} names is needed", what, kSubscriptionNamesMax));
  };
  if (!list.is_array() || list.size() == 0 || list.size() > kSubscriptionNamesMax) return wrong();
  std::string out = "[";
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto name = list[i].text();
    if (!name) return wrong();
    if (i > 0) out += ',';
    const bool is_member = *name == "id" || *name == "type" || *name == "scope";
    if (is_member && what == "attributes")
      return base::fail(base::ErrorCode::bad_input, "attributes: names of attributes only; see pick (5.2.14)");
    if (may_be_member && is_member) {
      out += quoted_json(*name);
      continue;
    }
    auto iri = expand_name(what, *name, context);
    if (!iri) return std::unexpected(iri.error());
    out += quoted_json(*iri);
  }
  return out + "]";
}

base::Result<std::string> canonical_entities(JsonValue list, const Context& context) {
  if (!list.is_array() || list.size() == 0 || list.size() > kSelectorsMax)
    return base::fail(base::ErrorCode::bad_input, fmt::format("entities: an array of 1 to {} selectors", kSelectorsMax));
  std::string out = "[";
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (!list[i].is_object()) return base::fail(base::ErrorCode::bad_input, "entities: each is an object");
    out += i > 0 ? ",{" : "{";
    for (std::size_t k = 0; k < list[i].size(); ++k) {
      const auto [name, value] = list[i].member(k);
      if (name != "id" && name != "idPattern" && name != "type")
        return base::fail(base::ErrorCode::bad_input, "entities: a selector has id, idPattern and type (5.2.33)");
      const auto type = name == "type" ? value.text() : std::nullopt;
      out += fmt::format("{}{}:{}", k > 0 ? "," : "", quoted_json(name),
                         type ? quoted_json(expand_selection(*type, context)) : json_of(value));
    }
    out += '}';
  }
  return out + "]";
}

base::Result<std::string> canonical_notification(JsonValue value, const Context& context) {
  constexpr std::array<std::string_view, 9> kKnown{"attributes", "pick", "omit",      "format",  "showChanges",
                                                   "sysAttrs",   "join", "joinLevel", "endpoint"};
  if (!value.is_object()) return base::fail(base::ErrorCode::bad_input, "notification: an object is needed (5.2.14)");
  std::string out = "{";
  for (std::size_t i = 0; i < value.size(); ++i) {
    const auto [name, member] = value.member(i);
    if (is_one_of(kCounted, name)) continue;
    if (!is_one_of(kKnown, name))
      return base::fail(base::ErrorCode::bad_input, fmt::format("notification: no member '{}' is known (5.2.14)", name));
    if (out.size() > 1) out += ',';
    out += quoted_json(name) + ":";
    const bool is_list = name == "attributes" || name == "pick" || name == "omit";
    if (!is_list) {
      append_json(out, member);
      continue;
    }
    auto names = expand_names(name, member, context, name != "attributes");
    if (!names) return names;
    out += *names;
  }
  return out + "}";
}

base::Result<std::string> canonical_geo_query(JsonValue value, const Context& context) {
  if (!value.is_object()) return base::fail(base::ErrorCode::bad_input, "geoQ: an object is needed (5.2.13)");
  std::string out = "{";
  for (std::size_t i = 0; i < value.size(); ++i) {
    const auto [name, member] = value.member(i);
    out += (i > 0 ? "," : "") + quoted_json(name) + ":";
    const auto property = name == "geoproperty" ? member.text() : std::nullopt;
    if (!property) {
      append_json(out, member);
      continue;
    }
    auto iri = expand_name(name, *property, context);
    if (!iri) return iri;
    out += quoted_json(*iri);
  }
  if (value.find("geoproperty").is_absent()) out += ",\"geoproperty\":" + quoted_json(context.terms().expand("location"));
  return out + "}";
}

base::Result<std::string> canonical_member(std::string_view name, JsonValue value, const Context& context) {
  if (is_removal(value)) return "null";
  if (name == "entities") return canonical_entities(value, context);
  if (name == "watchedAttributes") return expand_names(name, value, context, false);
  if (name == "notification") return canonical_notification(value, context);
  if (name == "geoQ") return canonical_geo_query(value, context);
  return json_of(value);
}

// Remembers what each name was expanded to.
class RecordingTerms : public twin::Terms {
 public:
  RecordingTerms(const Context& context, twin::Names& names, std::map<std::string, std::string>& seen)
      : context_(context), names_(names), seen_(seen) {}
  std::string expand(std::string_view term) const override {
    std::string iri = context_.terms().expand(term);
    if (iri != term) seen_.emplace(term, iri);
    return iri;
  }
  twin::NameId name(std::string_view term) const override { return names_.intern(expand(term)); }

 private:
  const Context& context_;
  twin::Names& names_;
  std::map<std::string, std::string>& seen_;
};

}  // namespace

base::Result<JsonMembers> canonical_members(JsonValue body, const Context& context) {
  JsonMembers members;
  for (std::size_t i = 0; i < body.size(); ++i) {
    const auto [name, value] = body.member(i);
    if (name == "type" && value.text() != "Subscription")
      return base::fail(base::ErrorCode::bad_input, "type: \"Subscription\" is needed (5.2.12)");
    if (is_one_of(kPassedOver, name)) continue;
    if (!is_one_of(kMembers, name))
      return base::fail(base::ErrorCode::bad_input,
                        fmt::format("'{}': no such member of a Subscription is known (5.2.12)", name));
    auto json = canonical_member(name, value, context);
    if (!json) return std::unexpected(json.error());
    members.emplace_back(name, *std::move(json));
  }
  return members;
}

void replace_members(JsonMembers& members, const JsonMembers& fragment) {
  for (const auto& [name, json] : fragment) {
    const auto known = std::ranges::find(members, name, &JsonMembers::value_type::first);
    if (json == "null") {
      if (known != members.end()) members.erase(known);
    } else if (known != members.end()) {
      known->second = json;
    } else {
      members.emplace_back(name, json);
    }
  }
}

const std::string* find_member(const JsonMembers& members, std::string_view name) {
  const auto known = std::ranges::find(members, name, &JsonMembers::value_type::first);
  return known == members.end() ? nullptr : &known->second;
}

base::Result<std::string> id_of_new(JsonMembers& members, std::string_view type) {
  if (const std::string* given = find_member(members, "id")) {
    const auto text = base::JsonDocument::parse(*given);
    std::string id(text ? text->root().text().value_or("") : "");
    if (auto checked = check_uri("id", id); !checked) return std::unexpected(checked.error());
    return id;
  }
  std::string id = fresh_id(type);
  members.emplace(members.begin(), "id", "\"" + id + "\"");
  return id;
}

base::Result<std::map<std::string, std::string>> terms_of_q(const JsonMembers& members, const Context& context,
                                                            twin::Names& names) {
  std::map<std::string, std::string> all;
  std::vector<std::string> expanded;
  if (const std::string* list = find_member(members, "expandValues")) {
    const auto read = base::JsonDocument::parse(*list);
    std::string_view rest = read ? read->root().text().value_or("") : "";
    while (!rest.empty()) {
      expanded.emplace_back(rest.substr(0, rest.find(',')));
      rest.remove_prefix(std::min(expanded.back().size() + 1, rest.size()));
    }
  }
  for (const std::string_view name : {"q", "csf"}) {
    const std::string* json = find_member(members, name);
    if (json == nullptr || *json == "null") continue;
    const auto text = base::JsonDocument::parse(*json);
    if (!text || !text->root().text())
      return base::fail(base::ErrorCode::bad_input, fmt::format("{}: a text is needed (4.9)", name));
    std::map<std::string, std::string> seen;
    const auto parsed = twin::parse_q(*text->root().text(), RecordingTerms(context, names, seen), expanded);
    if (!parsed) return base::fail(base::ErrorCode::bad_input, (name == "csf" ? "csf: " : "") + parsed.error().message);
    for (auto& [term, iri] : seen) all.emplace((name == "csf" ? std::string(kCsfTerm) : "") + term, std::move(iri));
  }
  return all;
}

void replace_terms(std::map<std::string, std::string>& terms, const JsonMembers& fragment,
                   const std::map<std::string, std::string>& of_fragment) {
  const auto drop = [&](bool is_csf) {
    std::erase_if(terms, [&](const auto& each) { return each.first.starts_with(kCsfTerm) == is_csf; });
  };
  if (find_member(fragment, "q") != nullptr) drop(false);
  if (find_member(fragment, "csf") != nullptr) drop(true);
  terms.insert(of_fragment.begin(), of_fragment.end());
}

std::string SubscriptionDocument::text() const {
  std::string out = "{\"members\":{";
  for (std::size_t i = 0; i < members.size(); ++i)
    out += (i > 0 ? "," : "") + quoted_json(members[i].first) + ":" + members[i].second;
  out += "},\"terms\":{";
  bool is_first = true;
  for (const auto& [term, iri] : terms) {
    out += (std::exchange(is_first, false) ? "" : ",") + quoted_json(term) + ":" + quoted_json(iri);
  }
  return out + "},\"context\":" + context + "}";
}

base::Result<SubscriptionDocument> SubscriptionDocument::parse(std::string_view text) {
  const auto read = base::JsonDocument::parse(text, kEntityJsonDepthMax + 4);
  if (!read) return base::fail(base::ErrorCode::corrupt, "a kept subscription does not read: " + read.error().message);
  SubscriptionDocument document;
  const JsonValue members = read->root().find("members");
  for (std::size_t i = 0; i < members.size(); ++i)
    document.members.emplace_back(members.member(i).first, json_of(members.member(i).second));
  const JsonValue terms = read->root().find("terms");
  for (std::size_t i = 0; i < terms.size(); ++i)
    document.terms.emplace(terms.member(i).first, terms.member(i).second.text().value_or(""));
  document.context = json_of(read->root().find("context"));
  return document;
}

}  // namespace citiverse::api::ngsi_ld
