// A misspelt member must not pass unseen: whoever wrote "pasword" learns so, and is not signed up without one.
#include "api/json_body.h"

#include <fmt/format.h>

#include "base/text.h"

namespace citiverse::api {
namespace {

std::size_t characters_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

JsonBody::JsonBody(std::string_view body) {
  auto document = base::JsonDocument::parse(body.empty() ? "{}" : body);
  if (!document) {
    failure_ = {"", document.error().message};
    return;
  }
  if (!document->root().is_object()) {
    failure_ = {"", "the body must be a JSON object"};
    return;
  }
  document_ = *std::move(document);
  used_.assign(document_->root().size(), false);
}

base::JsonValue JsonBody::find(std::string_view name) {
  if (!document_) return {};
  for (std::size_t i = 0; i < used_.size(); ++i) {
    const auto [member, value] = document_->root().member(i);
    if (member != name) continue;
    used_[i] = true;
    return value;
  }
  return {};
}

void JsonBody::fail(std::string_view name, std::string message) {
  if (!failure_) failure_ = {std::string(name), std::move(message)};
}

std::optional<std::string> JsonBody::checked(std::string_view name, base::JsonValue value, std::size_t characters_min,
                                             std::size_t characters_max) {
  const auto text = value.text();
  const std::size_t characters = text ? characters_of(*text) : 0;
  if (text && characters >= characters_min && characters <= characters_max) return std::string(*text);
  fail(name, fmt::format("{} is text of {} to {} characters", name, characters_min, characters_max));
  return std::nullopt;
}

std::optional<std::string> JsonBody::text(std::string_view name, std::size_t characters_min, std::size_t characters_max) {
  const base::JsonValue value = find(name);
  return value.is_absent() ? std::nullopt : checked(name, value, characters_min, characters_max);
}

std::string JsonBody::required_text(std::string_view name, std::size_t characters_min, std::size_t characters_max) {
  if (!has(name)) fail(name, fmt::format("{} is missing", name));
  return text(name, characters_min, characters_max).value_or(std::string());
}

std::optional<bool> JsonBody::boolean(std::string_view name) {
  const base::JsonValue value = find(name);
  if (!value.is_absent() && !value.boolean()) fail(name, fmt::format("{} is true or false", name));
  return value.boolean();
}

bool JsonBody::required_boolean(std::string_view name) {
  if (!has(name)) fail(name, fmt::format("{} is missing", name));
  return boolean(name).value_or(false);
}

std::optional<std::int64_t> JsonBody::integer(std::string_view name, std::int64_t least, std::int64_t most) {
  const base::JsonValue value = find(name);
  const auto number = value.integer();
  if (!value.is_absent() && (!number || *number < least || *number > most)) {
    fail(name, fmt::format("{} is a whole number from {} to {}", name, least, most));
    return std::nullopt;
  }
  return number;
}

std::optional<std::vector<std::string>> JsonBody::texts(std::string_view name, std::size_t items_max,
                                                        std::size_t characters_max) {
  const base::JsonValue value = find(name);
  if (value.is_absent()) return std::nullopt;
  if (!value.is_array() || value.size() > items_max) {
    fail(name, fmt::format("{} is a list of at most {} texts", name, items_max));
    return std::nullopt;
  }
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < value.size(); ++i)
    if (auto text = checked(name, value[i], 1, characters_max)) texts.push_back(*std::move(text));
  return texts;
}

const std::optional<Parameters::Failure>& JsonBody::failure() {
  for (std::size_t i = 0; !failure_ && i < used_.size(); ++i) {
    const std::string_view name = document_->root().member(i).first;
    if (!used_[i]) fail(base::clean_text(name, 60), "this address takes no such member");
  }
  return failure_;
}

}  // namespace citiverse::api
