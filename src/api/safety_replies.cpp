// One place decides how refusals of these routes look.
#include "api/safety_replies.h"

#include <algorithm>

#include "api/problem.h"
#include "base/text.h"

namespace citiverse::api {

net::Reply refusal(const base::Error& error) {
  const std::size_t colon = error.message.find(": ");
  const std::string_view name = std::string_view(error.message).substr(0, colon == std::string::npos ? 0 : colon);
  const bool is_name = std::ranges::all_of(
      name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '[' || c == ']'; });
  if (error.code == base::ErrorCode::limit) return net::problem(429, "too_many_requests", error.message, is_name ? name : "");
  return problem_from(error, is_name ? name : "");
}

base::Result<std::uint64_t> id_in_path(const net::Call& call) {
  const auto id = identity::parse_id_text(call.parameters[0]);
  if (!id) return base::fail(base::ErrorCode::not_found, "id: there is nothing of this id");
  return *id;
}

std::string clean_text_of(JsonBody& body, std::string_view name, std::size_t characters_max) {
  const std::string text = body.required_text(name, 1, characters_max);
  std::string clean = base::clean_text(text, text.size());
  if (clean.empty()) body.fail(name, std::string(name) + ": there is nothing to read in it");
  return clean;
}

std::string language_of(JsonBody& body) {
  std::string lang = body.text("lang", 2, 35).value_or("");
  const auto is_tag_character = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  };
  if (!std::ranges::all_of(lang, is_tag_character)) body.fail("lang", "lang must be a language tag such as fr or pt-BR");
  return lang;
}

}  // namespace citiverse::api
