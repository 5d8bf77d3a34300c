// /types and /attributes: which types and attributes there are (ETSI GS CIM 009 V1.9.1, 5.7.5 to 5.7.10, 6.25 to 6.28).
#include <map>
#include <set>

#include <fmt/format.h>

#include "api/ngsi_ld/asked.h"
#include "api/ngsi_ld/attribute_reader.h"
#include "api/ngsi_ld/errors.h"
#include "base/json_writer.h"

namespace citiverse::api::ngsi_ld {
namespace {

using base::JsonWriter;

struct NameCount {
  std::size_t count = 0;
  std::map<std::string, std::set<std::string_view>> others;  // Short name of the other side → kinds of attributes.
};
struct Inventory {
  std::map<std::string, NameCount> by_name;  // Short names in order, so that the same state gives the same bytes.
};

// What is counted under which name: types with their attributes, or attributes with their types.
class Counting {
 public:
  Counting(const NgsiLdApi& api, const Asked& asked) : api_(api), asked_(asked) {}

  Inventory types(const twin::Narrowing& narrowing) {
    Inventory found;
    scan(narrowing, [&](const twin::Entity& entity) {
      for (const twin::NameId type : entity.types) {
        NameCount& kind = found.by_name[short_of(type)];
        ++kind.count;
        for (const auto& each : entity.attributes) kind.others[short_of(each->name)].insert(name_of(each->kind));
      }
    });
    return found;
  }
  Inventory attributes(const twin::Narrowing& narrowing) {
    Inventory found;
    scan(narrowing, [&](const twin::Entity& entity) {
      for (const auto& each : entity.attributes) {
        NameCount& kind = found.by_name[short_of(each->name)];
        ++kind.count;
        for (const twin::NameId type : entity.types) kind.others[short_of(type)].insert(name_of(each->kind));
      }
    });
    return found;
  }

 private:
  const std::string& short_of(twin::NameId name) {
    auto [place, is_new] = short_names_.try_emplace(name);
    if (is_new) place->second = asked_.context->terms().compact(api_.store.names().text(name));
    return place->second;
  }
  template <class OnEntity>
  void scan(const twin::Narrowing& narrowing, const OnEntity& on_entity) {
    api_.store.scan(asked_.tenant, narrowing, 0, [&](twin::Slot, const twin::EntityPtr& entity) {
      on_entity(*entity);
      return true;
    });
  }

  const NgsiLdApi& api_;
  const Asked& asked_;
  std::map<twin::NameId, std::string> short_names_;
};

std::string iri_of(const Asked& asked, std::string_view name) { return asked.context->terms().expand(name); }

void end_with_context(JsonWriter& json, const Asked& asked) {
  if (asked.accept == MediaType::ld_json) json.key("@context").raw(asked.context->json());
  json.end_object();
}

void write_names(JsonWriter& json, const std::map<std::string, std::set<std::string_view>>& names) {
  json.begin_array();
  for (const auto& [name, kinds] : names) json.text(name);
  json.end_array();
}

void write_kinds(JsonWriter& json, const std::map<std::string, std::set<std::string_view>>& others) {
  std::set<std::string_view> all;
  for (const auto& [name, kinds] : others) all.insert(kinds.begin(), kinds.end());
  json.begin_array();
  for (const std::string_view kind : all) json.text(kind);
  json.end_array();
}

// A list of names, or of what is known of each (details=true).
struct ListWords {
  std::string_view list_type, list_member, item_type, item_name, item_others;
};
constexpr ListWords kTypeWords{"EntityTypeList", "typeList", "EntityType", "typeName", "attributeNames"};
constexpr ListWords kAttributeWords{"AttributeList", "attributeList", "Attribute", "attributeName", "typeNames"};

net::Reply list_reply(const NgsiLdApi& api, const Asked& asked, const Inventory& found, const ListWords& words) {
  std::string body;
  JsonWriter json(body);
  if (asked.is_true("details")) {
    json.begin_array();
    for (const auto& [name, kind] : found.by_name) {
      json.begin_object().member("id", iri_of(asked, name)).member("type", words.item_type).member(words.item_name, name);
      json.key(words.item_others);
      write_names(json, kind.others);
      end_with_context(json, asked);
    }
    json.end_array();
  } else {
    json.begin_object().member("id", fmt::format("urn:ngsi-ld:{}:here", words.list_type)).member("type", words.list_type);
    json.key(words.list_member).begin_array();
    for (const auto& [name, kind] : found.by_name) json.text(name);
    json.end_array();
    end_with_context(json, asked);
  }
  return answer(api, asked, std::move(body));
}

net::Reply types(const NgsiLdApi& api, const net::Call& call) {
  const auto asked = ask(api, call);
  return asked ? list_reply(api, *asked, Counting(api, *asked).types({}), kTypeWords) : asked.error();
}

net::Reply attributes(const NgsiLdApi& api, const net::Call& call) {
  const auto asked = ask(api, call);
  return asked ? list_reply(api, *asked, Counting(api, *asked).attributes({}), kAttributeWords) : asked.error();
}

struct Named {
  Asked asked;
  std::string name;
  twin::NameId id = twin::kNoName;
};

Answered<Named> ask_for_name(const NgsiLdApi& api, const net::Call& call, std::string_view what) {
  auto asked = ask(api, call);
  if (!asked) return std::unexpected(std::move(asked.error()));
  if (auto checked = check_name(call.parameters[0]); !checked) return std::unexpected(problem(checked.error()));
  Named named{std::move(*asked), {}, twin::kNoName};
  named.id = ContextTerms(*named.asked.context, api.store.names()).name(call.parameters[0]);
  named.name = named.asked.context->terms().compact(iri_of(named.asked, call.parameters[0]));
  if (named.id == twin::kNoName)
    return std::unexpected(problem(ErrorType::resource_not_found, fmt::format("nothing here bears this {}", what)));
  return named;
}

net::Reply one_type(const NgsiLdApi& api, const net::Call& call) {
  const auto named = ask_for_name(api, call, "type");
  if (!named) return named.error();
  const auto found = Counting(api, named->asked).types({.types = {named->id}});
  const auto kind = found.by_name.find(named->name);
  if (kind == found.by_name.end()) return problem(ErrorType::resource_not_found, "nothing here bears this type");
  std::string body;
  JsonWriter json(body);
  json.begin_object().member("id", iri_of(named->asked, named->name)).member("type", "EntityTypeInfo");
  json.member("typeName", named->name).key("entityCount").integer(kind->second.count);
  json.key("attributeDetails").begin_array();
  for (const auto& [name, kinds] : kind->second.others) {
    json.begin_object().member("id", iri_of(named->asked, name)).member("type", "Attribute").member("attributeName", name);
    json.key("attributeTypes").begin_array();
    for (const std::string_view each : kinds) json.text(each);
    json.end_array().end_object();
  }
  json.end_array();
  end_with_context(json, named->asked);
  return answer(api, named->asked, std::move(body));
}

net::Reply one_attribute(const NgsiLdApi& api, const net::Call& call) {
  const auto named = ask_for_name(api, call, "attribute");
  if (!named) return named.error();
  const auto found = Counting(api, named->asked).attributes({.attributes = {named->id}});
  const auto kind = found.by_name.find(named->name);
  if (kind == found.by_name.end()) return problem(ErrorType::resource_not_found, "nothing here bears this attribute");
  std::string body;
  JsonWriter json(body);
  json.begin_object().member("id", iri_of(named->asked, named->name)).member("type", "Attribute");
  json.member("attributeName", named->name).key("attributeCount").integer(kind->second.count).key("typeNames");
  write_names(json, kind->second.others);
  json.key("attributeTypes");
  write_kinds(json, kind->second.others);
  end_with_context(json, named->asked);
  return answer(api, named->asked, std::move(body));
}

}  // namespace

void add_discovery_routes(net::Router& router, const NgsiLdApi& api) {
  add_ngsi_route(router, api, net::Method::get, "/types", types);
  add_ngsi_route(router, api, net::Method::get, "/types/{type}", one_type);
  add_ngsi_route(router, api, net::Method::get, "/attributes", attributes);
  add_ngsi_route(router, api, net::Method::get, "/attributes/{attribute}", one_attribute);
}

}  // namespace citiverse::api::ngsi_ld
