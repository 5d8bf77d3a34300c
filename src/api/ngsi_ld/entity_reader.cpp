// The members of an entity that are not attributes, and the step from what was written to what is kept.
#include "api/ngsi_ld/entity_reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "api/ngsi_ld/attribute_reader.h"
#include "api/ngsi_ld/date_time.h"
#include "base/text.h"

namespace citiverse::api::ngsi_ld {
namespace {

using base::ErrorCode;
using base::JsonValue;

std::unexpected<base::Error> wrong_entity(std::string message) { return base::fail(ErrorCode::bad_input, std::move(message)); }

// A text or an array of texts, each once.
template <class Add>
base::Result<void> each_text(std::string_view member, JsonValue json, const Add& add) {
  const auto one = [&](JsonValue each) -> base::Result<void> {
    const auto text = each.text();
    if (!text || text->empty()) return wrong_entity(fmt::format("{}: a text, or an array of texts, is needed", member));
    return add(*text);
  };
  if (!json.is_array()) return one(json);
  if (json.size() == 0 || json.size() > kTypesMax)
    return wrong_entity(fmt::format("{}: 1 to {} are needed", member, kTypesMax));
  for (std::size_t i = 0; i < json.size(); ++i)
    if (auto done = one(json[i]); !done) return done;
  return {};
}

base::Result<void> read_types(EntityInput& input, JsonValue json, const Context& context, twin::Names& names) {
  return each_text("type", json, [&](std::string_view text) -> base::Result<void> {
    if (auto done = check_name(text); !done) return done;
    const twin::NameId type = context.intern(text, names);
    if (type == twin::kNoName) return wrong_entity(fmt::format("type '{}': the @context does not let this be a name", text));
    if (std::ranges::find(input.types, type) == input.types.end()) input.types.push_back(type);
    return {};
  });
}

// "/a/b" (4.18): levels are names; the first '/' may be left out.
base::Result<void> read_scopes(EntityInput& input, JsonValue json, twin::Names& names) {
  input.scopes.emplace();
  return each_text("scope", json, [&](std::string_view text) -> base::Result<void> {
    const std::string scope = text.starts_with('/') ? std::string(text) : "/" + std::string(text);
    for (std::size_t at = 1; at <= scope.size();) {
      const std::size_t end = std::min(scope.find('/', at), scope.size());
      const std::string_view level = std::string_view(scope).substr(at, end - at);
      if (level.contains(':') || !check_name(level))
        return wrong_entity(fmt::format("scope '{}': levels are names (4.18)", base::clean_text(text, 80)));
      at = end + 1;
    }
    const twin::NameId number = names.intern(scope);
    if (std::ranges::find(*input.scopes, number) == input.scopes->end()) input.scopes->push_back(number);
    return {};
  });
}

class EntityReader {
 public:
  EntityReader(const Context& context, twin::Names& names, const ReadRules& rules)
      : context_(context), names_(names), rules_(rules), attributes_(context, names, rules) {}

  base::Result<EntityInput> read(JsonValue json) {
    if (!json.is_object()) return wrong_entity("an entity is a JSON object");
    for (std::size_t i = 0; i < json.size(); ++i) {
      const auto [name, value] = json.member(i);
      if (auto done = read_member(name, value); !done) return std::unexpected(std::move(done.error()));
    }
    if (rules_.needs_id && input_.id.empty()) return wrong_entity("id: every entity has one");
    if (rules_.needs_id && input_.types.empty()) return wrong_entity("type: every entity has one");
    return std::move(input_);
  }

 private:
  base::Result<void> read_member(std::string_view name, JsonValue value) {
    if (name == "id" || name == "@id") {
      const auto text = value.text();
      if (!text) return wrong_entity("id: a URI is needed");
      if (!input_.id.empty()) return wrong_entity("id: stands twice");
      input_.id = *text;
      return check_uri("id", *text);
    }
    if (name == "type" || name == "@type") return read_types(input_, value, context_, names_);
    if (name == "scope") return read_scopes(input_, value, names_);
    if (name == "expiresAt") {
      const auto time = value.text() ? parse_date_time(*value.text()) : std::nullopt;
      if (!time) return wrong_entity("expiresAt: a time such as 2018-08-07T12:00:00Z is needed (4.6.3)");
      input_.expires_us = *time;
      return {};
    }
    if (name == "@context" || name == "createdAt" || name == "modifiedAt" || name == "deletedAt") return {};
    if (is_reserved_member(name))
      return wrong_entity(
          fmt::format("'{}' is a member of attributes and cannot be the name of one", base::clean_text(name, 40)));
    auto instances = attributes_.read(name, value, 0);
    if (!instances) return std::unexpected(std::move(instances.error()));
    for (AttributeInput& each : *instances) input_.attributes.push_back(std::move(each));
    return {};
  }

  const Context& context_;
  twin::Names& names_;
  const ReadRules& rules_;
  AttributeReader attributes_;
  EntityInput input_;
};

}  // namespace

base::Result<EntityInput> read_entity(JsonValue json, const Context& context, twin::Names& names, const ReadRules& rules) {
  return EntityReader(context, names, rules).read(json);
}

base::Result<std::vector<AttributeInput>> read_attribute(std::string_view name, JsonValue json, const Context& context,
                                                         twin::Names& names, const ReadRules& rules) {
  if (is_reserved_member(name) || name == "scope")
    return wrong_entity(fmt::format("'{}' is no name of an attribute", base::clean_text(name, 40)));
  return AttributeReader(context, names, rules).read(name, json, 0);
}

twin::Attribute make_attribute(AttributeInput input, twin::TimeUs now_us) {
  twin::Attribute attribute = std::move(input.attribute);
  attribute.created_us = now_us;
  attribute.modified_us = now_us;
  for (AttributeInput& each : input.about)
    if (!each.is_null() && each.has(Said::value)) attribute.about.push_back(make_attribute(std::move(each), now_us));
  std::ranges::sort(attribute.about, [](const twin::Attribute& a, const twin::Attribute& b) {
    return std::pair(a.name, a.dataset) < std::pair(b.name, b.dataset);
  });
  return attribute;
}

}  // namespace citiverse::api::ngsi_ld
