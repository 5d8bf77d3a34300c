// Values by kind: what each may hold, and the form in which the twin keeps it.
#include <algorithm>

#include <fmt/format.h>

#include "api/ngsi_ld/attribute_reader.h"
#include "api/ngsi_ld/geometry_check.h"
#include "api/ngsi_ld/json_value_text.h"
#include "base/json_writer.h"
#include "base/text.h"

namespace citiverse::api::ngsi_ld {
namespace {

using base::ErrorCode;
using base::JsonValue;
using twin::AttributeKind;

constexpr std::size_t kLanguagesMax = 200;

std::unexpected<base::Error> wrong_value(std::string_view name, std::string_view what) {
  return base::fail(ErrorCode::bad_input, fmt::format("attribute '{}': {}", base::clean_text(name, 80), what));
}

// Whether null, or its stand-in, is somewhere in a value.
bool holds_null(JsonValue json, bool counts_stand_in) {
  if (json.is_null()) return true;
  if (counts_stand_in && json.text() == kNgsiLdNull) return true;
  for (std::size_t i = 0; i < json.size(); ++i)
    if (holds_null(json.is_array() ? json[i] : json.member(i).second, counts_stand_in)) return true;
  return false;
}

bool is_null_alone(JsonValue json) { return json.is_array() && json.size() == 1 && json[0].text() == kNgsiLdNull; }

// Letters, digits and hyphens as in RFC 5646, or "@none".
bool is_language(std::string_view tag) {
  if (tag == "@none") return true;
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !tag.empty() && tag.size() <= 64 && std::ranges::all_of(tag, fits);
}

base::Result<twin::Value> as_json(std::string_view name, JsonValue json) {
  twin::Json value;
  append_json(value.text, json);
  if (value.text.size() > kValueBytesMax) return wrong_value(name, fmt::format("a value has at most {} bytes", kValueBytesMax));
  return twin::Value(std::move(value));
}

base::Result<twin::Value> as_texts(std::string_view name, const std::vector<std::string>& texts) {
  if (texts.size() == 1) return twin::Value(texts[0]);
  twin::Json value;
  base::JsonWriter writer(value.text);
  writer.begin_array();
  for (const std::string& each : texts) writer.text(each);
  writer.end_array();
  if (value.text.size() > kValueBytesMax) return wrong_value(name, fmt::format("a value has at most {} bytes", kValueBytesMax));
  return twin::Value(std::move(value));
}

void say_value(AttributeInput& input) {
  input.said = static_cast<std::uint8_t>(input.said | 1u << static_cast<unsigned>(Said::value));
}

base::Result<void> put(AttributeInput& input, base::Result<twin::Value> value) {
  if (!value) return std::unexpected(std::move(value.error()));
  input.attribute.value = std::move(*value);
  say_value(input);
  return {};
}

}  // namespace

base::Result<void> AttributeReader::read_value(AttributeInput& input, std::string_view name, std::string_view, JsonValue json) {
  if (json.is_null()) return wrong_value(name, "null is no value (4.5.0)");
  if (json.text() == kNgsiLdNull && !(rules_.may_be_partial && input.attribute.kind == AttributeKind::json_property))
    return take_null(input, name);
  switch (input.attribute.kind) {
    case AttributeKind::property: return read_plain(input, name, json);
    case AttributeKind::geo_property:
      if (auto done = check_geometry(json); !done) return wrong_value(name, done.error().message);
      return put(input, as_json(name, json));
    case AttributeKind::relationship: return read_relationship(input, name, json);
    case AttributeKind::language_property: return read_languages(input, name, json);
    case AttributeKind::vocab_property: return read_vocabulary(input, name, json);
    case AttributeKind::json_property:
      if (!json.is_object() && !json.is_array()) return wrong_value(name, "json must be an object or an array (4.5.24)");
      return put(input, as_json(name, json));
    case AttributeKind::list_property:
      if (is_null_alone(json)) return take_null(input, name);
      if (!json.is_array()) return wrong_value(name, "valueList must be an array (4.5.21)");
      if (holds_null(json, !rules_.takes_null_inside)) return wrong_value(name, "null is no value (4.5.0)");
      return put(input, as_json(name, json));
    case AttributeKind::list_relationship: return read_object_list(input, name, json);
  }
  return {};
}

base::Result<void> AttributeReader::read_plain(AttributeInput& input, std::string_view name, JsonValue json) {
  say_value(input);
  if (const auto text = json.text()) {
    if (text->size() > kValueBytesMax) return wrong_value(name, fmt::format("a value has at most {} bytes", kValueBytesMax));
    input.attribute.value = std::string(*text);
  } else if (const auto boolean = json.boolean()) {
    input.attribute.value = *boolean;
  } else if (const auto integer = json.integer()) {
    input.attribute.value = *integer;
  } else if (const auto number = json.number()) {
    input.attribute.value = *number;
  } else {
    // A JSON literal of JSON-LD may hold null: it is not looked into (4.5.0).
    const bool is_literal = json.find("@type").text() == "@json";
    if (!is_literal && holds_null(json, false)) return wrong_value(name, "null is no value (4.5.0)");
    if (!is_literal && !rules_.takes_null_inside && holds_null(json, true))
      return wrong_value(name, "urn:ngsi-ld:null within a value deletes in merges only (5.5.4)");
    return put(input, as_json(name, json));
  }
  return {};
}

base::Result<void> AttributeReader::read_relationship(AttributeInput& input, std::string_view name, JsonValue json) {
  if (is_null_alone(json)) return take_null(input, name);
  std::vector<std::string> objects;
  const auto add = [&](JsonValue each) -> base::Result<void> {
    const auto uri = each.text();
    if (!uri) return wrong_value(name, "object must be a URI, or an array of URIs (4.5.3)");
    if (auto done = check_uri("object", *uri); !done) return wrong_value(name, done.error().message);
    objects.emplace_back(*uri);
    return {};
  };
  if (!json.is_array()) {
    if (auto done = add(json); !done) return done;
  } else if (json.size() == 0) {
    return wrong_value(name, "object must be a URI, or an array of URIs (4.5.3)");
  }
  for (std::size_t i = 0; json.is_array() && i < json.size(); ++i)
    if (auto done = add(json[i]); !done) return done;
  return put(input, as_texts(name, objects));
}

// Kept as an array of URIs, however it was written.
base::Result<void> AttributeReader::read_object_list(AttributeInput& input, std::string_view name, JsonValue json) {
  if (is_null_alone(json) || (json.is_array() && json.size() == 1 && json[0].find("object").text() == kNgsiLdNull))
    return take_null(input, name);
  if (!json.is_array()) return wrong_value(name, "objectList must be an array (4.5.22)");
  twin::Json value;
  base::JsonWriter writer(value.text);
  writer.begin_array();
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto uri = json[i].is_object() ? json[i].find("object").text() : json[i].text();
    if (!uri) return wrong_value(name, "objectList holds {\"object\": URI} or URIs (4.5.22)");
    if (auto done = check_uri("object", *uri); !done) return wrong_value(name, done.error().message);
    writer.text(*uri);
  }
  writer.end_array();
  if (value.text.size() > kValueBytesMax) return wrong_value(name, fmt::format("a value has at most {} bytes", kValueBytesMax));
  return put(input, twin::Value(std::move(value)));
}

base::Result<void> AttributeReader::read_languages(AttributeInput& input, std::string_view name, JsonValue json) {
  if (!json.is_object() || json.size() == 0 || json.size() > kLanguagesMax)
    return wrong_value(name, "languageMap must be an object of languages and texts (4.5.18)");
  if (json.size() == 1 && json.find("@none").text() == kNgsiLdNull) return take_null(input, name);
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [tag, value] = json.member(i);
    if (!is_language(tag)) return wrong_value(name, "the names in a languageMap are tags of RFC 5646, or @none");
    bool is_text = value.text().has_value() || (value.is_array() && value.size() > 0);
    for (std::size_t k = 0; value.is_array() && k < value.size(); ++k) is_text = is_text && value[k].text().has_value();
    if (!is_text || (value.text() == kNgsiLdNull && !rules_.takes_null_inside))
      return wrong_value(name, "each language of a languageMap has a text, or an array of texts (4.5.18)");
  }
  return put(input, as_json(name, json));
}

base::Result<void> AttributeReader::read_vocabulary(AttributeInput& input, std::string_view name, JsonValue json) {
  std::vector<std::string> terms;
  const auto add = [&](JsonValue each) -> base::Result<void> {
    const auto term = each.text();
    if (!term || term->empty() || term->size() > kIdBytesMax || base::clean_text(*term, kIdBytesMax) != *term)
      return wrong_value(name, "vocab must be a term, or an array of terms (4.5.20)");
    std::string iri = context_.terms().expand(*term);
    terms.push_back(iri.empty() ? std::string(*term) : std::move(iri));
    return {};
  };
  if (!json.is_array()) {
    if (auto done = add(json); !done) return done;
  } else if (json.size() == 0) {
    return wrong_value(name, "vocab must be a term, or an array of terms (4.5.20)");
  }
  for (std::size_t i = 0; json.is_array() && i < json.size(); ++i)
    if (auto done = add(json[i]); !done) return done;
  return put(input, as_texts(name, terms));
}

}  // namespace citiverse::api::ngsi_ld
