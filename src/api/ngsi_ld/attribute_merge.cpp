// Merge patch (ETSI GS CIM 009 V1.9.1, 5.5.12): like RFC 7396, through attributes and into their values.
#include <algorithm>

#include "api/ngsi_ld/entity_edits.h"
#include "api/ngsi_ld/json_value_text.h"
#include "base/json_writer.h"

namespace citiverse::api::ngsi_ld {
namespace {

using base::ErrorCode;
using base::JsonValue;
using twin::Attribute;
using twin::AttributeKind;

void append_merged(std::string& out, JsonValue target, JsonValue patch) {
  if (!patch.is_object()) {
    append_json(out, patch);
    return;
  }
  out += '{';
  bool has_any = false;
  const auto key = [&](std::string_view name) {
    if (has_any) out += ',';
    has_any = true;
    base::JsonWriter(out).text(name);
    out += ':';
  };
  for (std::size_t i = 0; target.is_object() && i < target.size(); ++i) {
    const auto [name, old] = target.member(i);
    const JsonValue now = patch.find(name);
    if (now.text() == kNgsiLdNull) continue;
    key(name);
    if (now.is_absent())
      append_json(out, old);
    else
      append_merged(out, old, now);
  }
  for (std::size_t i = 0; i < patch.size(); ++i) {
    const auto [name, now] = patch.member(i);
    if (now.text() == kNgsiLdNull || !target.find(name).is_absent()) continue;
    key(name);
    append_merged(out, {}, now);
  }
  out += '}';
}

bool is_object_text(const twin::Value& value) {
  const auto* json = std::get_if<twin::Json>(&value);
  return json != nullptr && json->text.starts_with('{');
}

// A simplified value for an attribute whose kind stays (5.6.17).
base::Result<void> take_simplified(Attribute& attribute, AttributeInput& input, const MergeRules& rules,
                                   const Context& context) {
  const auto wrong = [](std::string_view what) { return base::fail(ErrorCode::bad_input, std::string(what)); };
  twin::Value& value = input.attribute.value;
  const auto* text = std::get_if<std::string>(&value);
  switch (attribute.kind) {
    case AttributeKind::relationship: {
      if (text == nullptr && !std::holds_alternative<twin::Json>(value)) return wrong("a relationship's object is a URI");
      if (text != nullptr)
        if (auto done = check_uri("object", *text); !done) return done;
      break;
    }
    case AttributeKind::vocab_property: {
      if (text == nullptr) return wrong("a VocabProperty takes a term");
      value = context.terms().expand(*text);
      break;
    }
    case AttributeKind::language_property: {
      if (text == nullptr || rules.language.empty())
        return wrong("a LanguageProperty takes a text together with the parameter lang (6.5.3.4)");
      std::string patch = "{";
      base::JsonWriter(patch).key(rules.language).text(*text);
      value = twin::Json{merge_json(std::get<twin::Json>(attribute.value).text, patch + "}")};
      break;
    }
    case AttributeKind::geo_property:
      if (input.attribute.kind != AttributeKind::geo_property) return wrong("a GeoProperty takes a geometry");
      break;
    case AttributeKind::property: break;
    default: return wrong("this kind of attribute is not merged from its simplified form; send it normalized");
  }
  attribute.value = std::move(value);
  return {};
}

}  // namespace

std::string merge_json(std::string_view target, std::string_view patch) {
  const auto old = base::JsonDocument::parse(target, kEntityJsonDepthMax + 2);
  const auto now = base::JsonDocument::parse(patch, kEntityJsonDepthMax + 2);
  std::string out;
  if (now) append_merged(out, old ? old->root() : JsonValue(), now->root());
  return out;
}

base::Result<Attribute> merge_attribute(const Attribute& before, AttributeInput input, const MergeRules& rules,
                                        const Context& context, twin::TimeUs now_us) {
  Attribute attribute = before;
  attribute.modified_us = now_us;
  const bool keeps_kind = rules.is_simplified || (input.is_simplified && !input.has(Said::kind));
  if (input.has(Said::value) && keeps_kind && before.kind != input.attribute.kind) {
    if (auto done = take_simplified(attribute, input, rules, context); !done) return std::unexpected(std::move(done.error()));
  } else if (input.has(Said::value)) {
    const bool merges = before.kind == input.attribute.kind && is_object_text(before.value) &&
                        is_object_text(input.attribute.value) && before.kind != AttributeKind::geo_property;
    if (merges)
      attribute.value =
          twin::Json{merge_json(std::get<twin::Json>(before.value).text, std::get<twin::Json>(input.attribute.value).text)};
    else if (is_object_text(input.attribute.value))
      attribute.value = twin::Json{merge_json("{}", std::get<twin::Json>(input.attribute.value).text)};
    else
      attribute.value = std::move(input.attribute.value);
    attribute.kind = input.attribute.kind;
  } else if (input.has(Said::kind) && input.attribute.kind != before.kind) {
    return base::fail(ErrorCode::bad_input, "another type of attribute needs its value");
  }
  if (input.has(Said::observed_at))
    attribute.observed_us = input.attribute.observed_us;
  else if (rules.observed_us != twin::kNoTime && before.observed_us != twin::kNoTime)
    attribute.observed_us = rules.observed_us;
  if (input.has(Said::unit_code)) attribute.unit = input.attribute.unit;
  if (input.has(Said::object_type)) attribute.object_type = input.attribute.object_type;
  if (input.has(Said::expires_at)) attribute.expires_us = input.attribute.expires_us;
  for (AttributeInput& each : input.about) {
    const auto same = [&](const Attribute& other) {
      return other.name == each.attribute.name && other.dataset == each.attribute.dataset;
    };
    const auto found = std::ranges::find_if(attribute.about, same);
    if (each.is_null()) {
      if (found != attribute.about.end()) attribute.about.erase(found);
    } else if (found != attribute.about.end()) {
      auto merged = merge_attribute(*found, std::move(each), {.language = rules.language}, context, now_us);
      if (!merged) return merged;
      *found = std::move(*merged);
    } else {
      if (!each.has(Said::value))
        return base::fail(ErrorCode::bad_input, "a sub-attribute that is not there yet needs its value");
      attribute.about.push_back(make_attribute(std::move(each), now_us));
    }
  }
  std::ranges::sort(attribute.about, {}, [](const Attribute& each) { return std::pair(each.name, each.dataset); });
  return attribute;
}

}  // namespace citiverse::api::ngsi_ld
