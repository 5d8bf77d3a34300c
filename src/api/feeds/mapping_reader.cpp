// Each failure names the file, the path of the member, and what it should be.
#include "api/feeds/mapping_reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"

namespace citiverse::api::feeds {

using base::JsonValue;

namespace {

constexpr std::size_t kPlainNameBytesMax = 64;

bool is_plain_name(std::string_view name) {
  return std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

}  // namespace

MappingObject::MappingObject(JsonValue object, std::string place, Failure& failure)
    : object_(object), place_(std::move(place)), failure_(&failure) {
  if (!object_.is_object() && !failure_->first)
    failure_->first = base::Error{base::ErrorCode::bad_input, place_ + ": an object in braces is needed"};
}

JsonValue MappingObject::value(std::string_view name) {
  asked_.push_back(name);
  return object_.find(name);
}

bool MappingObject::has(std::string_view name) { return !value(name).is_absent(); }

std::string MappingObject::place_of(std::string_view name) const {
  const bool is_plain = !name.empty() && std::ranges::all_of(name, [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
  });
  return is_plain ? fmt::format("{}.{}", place_, name) : fmt::format("{}['{}']", place_, base::clean_text(name, 80));
}

void MappingObject::fail(std::string_view name, std::string_view why) {
  if (!failure_->first) failure_->first = base::Error{base::ErrorCode::bad_input, fmt::format("{}: {}", place_of(name), why)};
}

std::string MappingObject::text(std::string_view name, std::size_t bytes_max) {
  if (!has(name)) fail(name, "it is missing");
  return text_or(name, bytes_max, "");
}

std::string MappingObject::text_or(std::string_view name, std::size_t bytes_max, std::string usual) {
  const JsonValue found = value(name);
  if (found.is_absent()) return usual;
  const auto text = found.text();
  if (!text || text->empty() || text->size() > bytes_max || base::clean_text(*text, bytes_max) != *text) {
    fail(name, fmt::format("a text of 1 to {} bytes without control characters is needed", bytes_max));
    return usual;
  }
  return std::string(*text);
}

bool MappingObject::boolean_or(std::string_view name, bool usual) {
  const JsonValue found = value(name);
  if (found.is_absent()) return usual;
  if (!found.boolean()) fail(name, "true or false is needed");
  return found.boolean().value_or(usual);
}

double MappingObject::number_or(std::string_view name, double usual) {
  const JsonValue found = value(name);
  if (found.is_absent()) return usual;
  if (!found.number() || !std::isfinite(*found.number())) fail(name, "a number is needed");
  return found.number().value_or(usual);
}

std::int64_t MappingObject::integer_or(std::string_view name, std::int64_t least, std::int64_t most, std::int64_t usual) {
  const JsonValue found = value(name);
  if (found.is_absent()) return usual;
  const auto whole = found.integer();
  if (!whole || *whole < least || *whole > most) {
    fail(name, fmt::format("a whole number from {} to {} is needed", least, most));
    return usual;
  }
  return *whole;
}

std::size_t MappingObject::choice_or(std::string_view name, std::vector<std::string_view> choices, std::size_t usual) {
  const JsonValue found = value(name);
  if (found.is_absent()) return usual;
  const auto at = std::ranges::find(choices, found.text().value_or(""));
  if (at == choices.end()) {
    fail(name, fmt::format("one of these is needed: {}", fmt::join(choices, ", ")));
    return usual;
  }
  return static_cast<std::size_t>(at - choices.begin());
}

ValueTemplate MappingObject::needed_template(std::string_view name, const std::vector<std::string>& names) {
  if (!has(name)) fail(name, "it is missing");
  return any_template(name, names).value_or(ValueTemplate{});
}

std::optional<ValueTemplate> MappingObject::any_template(std::string_view name, const std::vector<std::string>& names) {
  const JsonValue found = value(name);
  if (found.is_absent()) return std::nullopt;
  auto made = ValueTemplate::parse(found, names);
  if (made) return *std::move(made);
  fail(name, made.error().message);
  return std::nullopt;
}

std::optional<formats::JsonPath> MappingObject::path(std::string_view name) {
  const JsonValue found = value(name);
  if (found.is_absent()) return std::nullopt;
  auto made = formats::JsonPath::parse(found.text().value_or(""));
  if (made) return *std::move(made);
  fail(name, made.error().message);
  return std::nullopt;
}

std::vector<MappingObject> MappingObject::objects(std::string_view name, std::size_t count_max) {
  std::vector<MappingObject> found;
  const JsonValue array = value(name);
  if (array.is_absent()) return found;
  if (!array.is_array() || array.size() > count_max) {
    fail(name, fmt::format("an array of at most {} objects is needed", count_max));
    return found;
  }
  for (std::size_t i = 0; i < array.size(); ++i)
    found.emplace_back(array[i], fmt::format("{}.{}[{}]", place_, name, i), *failure_);
  return found;
}

MappingObject MappingObject::object(std::string_view name) { return {value(name), place_of(name), *failure_}; }

void MappingObject::finish() {
  for (std::size_t i = 0; i < object_.size() && object_.is_object(); ++i) {
    const std::string_view name = object_.member(i).first;
    if (std::ranges::find(asked_, name) != asked_.end() || name == "comment") continue;
    std::ranges::sort(asked_);
    asked_.erase(std::ranges::unique(asked_).begin(), asked_.end());
    fail(name, fmt::format("nothing of this name is known here; there are {}, and comment", fmt::join(asked_, ", ")));
    return;
  }
}

std::string plain_name(MappingObject& object, std::string_view member) {
  std::string name = object.text(member, kPlainNameBytesMax);
  if (!is_plain_name(name)) object.fail(member, "letters, digits, '-' and '_' are needed: it is part of addresses and metrics");
  return name;
}

std::string place_in_json_text(std::string_view text, std::string_view message) {
  constexpr std::string_view kAtByte = "at byte ";
  std::size_t byte = 0;
  const std::size_t at = message.find(kAtByte);
  if (at == std::string_view::npos) return "";
  std::from_chars(message.data() + at + kAtByte.size(), message.data() + message.size(), byte);
  const std::string_view before = text.substr(0, byte);
  const std::size_t line_begin = before.rfind('\n') + 1;
  return fmt::format(" line {}, column {}:", 1 + std::ranges::count(before, '\n'), before.size() - line_begin + 1);
}

}  // namespace citiverse::api::feeds
