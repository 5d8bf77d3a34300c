// The way from each older form of a saved plan to the one after it. A step is never changed once plans were saved by it.
#include <fmt/format.h>

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "plan/saved_plan.h"

namespace citiverse::plan {
namespace {

using base::ErrorCode;
using base::fail;
using base::JsonValue;
using base::JsonWriter;
using base::Result;

// Any JSON value as it was read.
void copy_json(JsonWriter& json, JsonValue value) {
  if (value.is_object()) {
    json.begin_object();
    for (std::size_t i = 0; i < value.size(); ++i) {
      const auto [name, member] = value.member(i);
      json.key(name);
      copy_json(json, member);
    }
    json.end_object();
  } else if (value.is_array()) {
    json.begin_array();
    for (std::size_t i = 0; i < value.size(); ++i) copy_json(json, value[i]);
    json.end_array();
  } else if (const auto text = value.text()) {
    json.text(*text);
  } else if (const auto truth = value.boolean()) {
    json.boolean(*truth);
  } else if (const auto whole = value.integer()) {
    json.integer(*whole);
  } else if (const auto number = value.number()) {
    json.number(*number, 9);
  } else {
    json.null();
  }
}

// Form 1: a street's strips were "lanes", and said by "to" where they lead.
void upgrade_lanes(JsonWriter& json, JsonValue lanes) {
  json.key("section").begin_array();
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    json.begin_object();
    for (std::size_t m = 0; m < lanes[i].size(); ++m) {
      const auto [name, member] = lanes[i].member(m);
      json.key(name == "to" ? "direction" : name);
      copy_json(json, member);
    }
    json.end_object();
  }
  json.end_array();
}

void upgrade_edit(JsonWriter& json, JsonValue edit) {
  json.begin_object();
  for (std::size_t i = 0; i < edit.size(); ++i) {
    const auto [name, member] = edit.member(i);
    if (name == "time_s") continue;  // Of the entry now.
    json.key(name);
    if (name != "set" || !member.is_object()) {
      copy_json(json, member);
      continue;
    }
    json.begin_object();
    for (std::size_t p = 0; p < member.size(); ++p) {
      const auto [property, value] = member.member(p);
      if (property == "lanes" && value.is_array()) {
        upgrade_lanes(json, value);
        continue;
      }
      json.key(property);
      copy_json(json, value);
    }
    json.end_object();
  }
  json.end_object();
}

// Form 1 had no entries: each edit stood alone, in "edits", and nothing was undone but left out.
std::string from_form_1(JsonValue root) {
  std::string text;
  JsonWriter json(text);
  json.begin_object();
  for (std::size_t i = 0; i < root.size(); ++i) {
    const auto [name, member] = root.member(i);
    if (name == "form") {
      json.key("form").integer(2);
    } else if (name == "edits") {
      json.key("log").begin_array();
      for (std::size_t e = 0; e < member.size(); ++e) {
        json.begin_object().key("by").integer(1);
        if (const auto time = member[e].find("time_s").integer()) json.key("time_s").integer(*time);
        json.key("edits").begin_array();
        upgrade_edit(json, member[e]);
        json.end_array().end_object();
      }
      json.end_array();
    } else {
      json.key(name);
      copy_json(json, member);
    }
  }
  json.end_object();
  return text;
}

using Step = std::string (*)(JsonValue);
constexpr Step kSteps[] = {from_form_1};
static_assert(std::size(kSteps) + 1 == kSavedForm, "every form but the newest has a step to the next");

}  // namespace

Result<std::string> in_newest_form(std::string_view text) {
  std::string newest(text);
  while (true) {
    auto document = base::JsonDocument::parse(newest);
    if (!document) return std::unexpected(document.error());
    const JsonValue root = document->root();
    if (root.find("format").text().value_or("") != kSavedFormat)
      return fail(ErrorCode::bad_input, fmt::format("format: this is no saved plan; one says \"{}\"", kSavedFormat));
    const std::int64_t form = root.find("form").integer().value_or(0);
    if (form == kSavedForm) return newest;
    if (form < 1 || form > kSavedForm)
      return fail(ErrorCode::bad_input, fmt::format("form: {}; this program reads forms 1 to {}", form, kSavedForm));
    newest = kSteps[form - 1](root);
  }
}

}  // namespace citiverse::plan
