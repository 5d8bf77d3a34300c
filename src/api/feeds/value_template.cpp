// Read once when the node starts; finding copies only what becomes part of a text.
#include "api/feeds/value_template.h"

#include <algorithm>

#include <fmt/format.h>

#include "api/ngsi_ld/json_value_text.h"
#include "base/text.h"

namespace citiverse::api::feeds {
namespace {

using base::ErrorCode;
using base::JsonValue;

// RFC 3986, 2.3.
bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view("-._~").contains(c);
}

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (is_unreserved(c))
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
}

}  // namespace

std::optional<std::string> text_of(JsonValue value) {
  if (const auto text = value.text()) return std::string(*text);
  if (const auto boolean = value.boolean()) return *boolean ? "true" : "false";
  if (const auto whole = value.integer()) return std::to_string(*whole);
  if (const auto number = value.number()) return fmt::format("{}", *number);
  return std::nullopt;
}

base::Result<ValueTemplate> ValueTemplate::parse(JsonValue said, std::span<const std::string> names) {
  ValueTemplate made;
  if (!said.is_array() || said.size() == 0) {
    const auto text = feeds::text_of(said);
    if (!text) return base::fail(ErrorCode::bad_input, "a text such as \"$.value\" is needed, or an array of them");
    auto choice = parse_choice(*text, names);
    if (!choice) return std::unexpected(choice.error());
    made.choices_.push_back(*std::move(choice));
    return made;
  }
  if (said.size() > kChoicesMax) return base::fail(ErrorCode::bad_input, fmt::format("at most {} choices", kChoicesMax));
  for (std::size_t i = 0; i < said.size(); ++i) {
    const auto text = feeds::text_of(said[i]);
    if (!text) return base::fail(ErrorCode::bad_input, "each choice is a text such as \"$.value\"");
    auto choice = parse_choice(*text, names);
    if (!choice) return std::unexpected(choice.error());
    made.choices_.push_back(*std::move(choice));
  }
  return made;
}

base::Result<ValueTemplate::Piece> ValueTemplate::parse_reference(std::string_view text, std::span<const std::string> names) {
  if (text.starts_with('$') || text.starts_with('^')) {
    const bool is_message = text[0] == '^';
    auto path = formats::JsonPath::parse("$" + std::string(text.substr(1)));
    if (!path) return std::unexpected(path.error());
    return Piece{is_message ? From::message : From::item, {}, *std::move(path)};
  }
  if (std::ranges::find(names, text) != names.end()) return Piece{From::topic, std::string(text), {}};
  return base::fail(
      ErrorCode::bad_input,
      fmt::format("{{{}}} is neither a path such as {{$.id}} nor a named level of the topic", base::clean_text(text, 80)));
}

base::Result<ValueTemplate::Choice> ValueTemplate::parse_choice(std::string_view text, std::span<const std::string> names) {
  if (text.size() > kTextBytesMax) return base::fail(ErrorCode::bad_input, fmt::format("at most {} bytes", kTextBytesMax));
  Choice choice;
  if (text.starts_with('$') || text.starts_with('^')) {
    auto piece = parse_reference(text, names);
    if (!piece) return std::unexpected(piece.error());
    choice.pieces.push_back(*std::move(piece));
    choice.is_whole_path = true;
    return choice;
  }
  std::string fixed;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool is_doubled = at + 1 < text.size() && text[at + 1] == text[at];
    if ((text[at] == '{' || text[at] == '}') && is_doubled) {
      fixed += text[at++];
    } else if (text[at] == '{') {
      const std::size_t end = text.find('}', at);
      if (end == std::string_view::npos)
        return base::fail(ErrorCode::bad_input, "a brace does not end; a plain { is written {{");
      if (!fixed.empty()) choice.pieces.push_back({From::text, std::exchange(fixed, {}), {}});
      auto piece = parse_reference(text.substr(at + 1, end - at - 1), names);
      if (!piece) return std::unexpected(piece.error());
      choice.pieces.push_back(*std::move(piece));
      at = end;
    } else if (text[at] == '}') {
      return base::fail(ErrorCode::bad_input, "a brace ends that did not begin; a plain } is written }}");
    } else {
      fixed += text[at];
    }
  }
  if (!fixed.empty() || choice.pieces.empty()) choice.pieces.push_back({From::text, std::move(fixed), {}});
  return choice;
}

std::optional<std::string> ValueTemplate::text_of(const Choice& choice, const Scope& scope, bool escapes) {
  std::string out;
  for (const Piece& piece : choice.pieces) {
    std::optional<std::string> part;
    if (piece.from == From::text) {
      out += piece.text;
      continue;
    }
    if (piece.from == From::topic) {
      const auto found = std::ranges::find(scope.captures, piece.text, [](const auto& each) { return each.first; });
      if (found != scope.captures.end()) part = std::string(found->second);
    } else {
      part = feeds::text_of(piece.path->find(piece.from == From::item ? scope.item : scope.message));
    }
    if (!part || part->empty()) return std::nullopt;
    if (escapes && !choice.is_whole_path)
      append_escaped(out, *part);
    else
      out += *part;
    if (out.size() > kTextBytesMax) return std::nullopt;
  }
  return out;
}

ValueTemplate::Found ValueTemplate::find(const Scope& scope) const {
  for (const Choice& choice : choices_) {
    if (choice.is_whole_path) {
      const Piece& piece = choice.pieces.front();
      const JsonValue value = piece.path->find(piece.from == From::item ? scope.item : scope.message);
      if (!value.is_absent() && !value.is_null()) return value;
    } else if (auto text = text_of(choice, scope, false)) {
      return *std::move(text);
    }
  }
  return {};
}

std::optional<std::string> ValueTemplate::text(const Scope& scope, bool escapes) const {
  for (const Choice& choice : choices_)
    if (auto text = text_of(choice, scope, escapes)) return text;
  return std::nullopt;
}

std::string_view ValueTemplate::fixed_beginning() const {
  std::string_view beginning;
  for (std::size_t i = 0; i < choices_.size(); ++i) {
    const Piece& first = choices_[i].pieces.front();
    const std::string_view text = first.from == From::text ? std::string_view(first.text) : std::string_view();
    if (i == 0) beginning = text;
    const auto differs = std::ranges::mismatch(beginning, text).in1;
    beginning = beginning.substr(0, static_cast<std::size_t>(differs - beginning.begin()));
  }
  return beginning;
}

std::optional<std::string_view> ValueTemplate::fixed_text() const {
  if (choices_.size() != 1 || choices_[0].pieces.size() != 1 || choices_[0].pieces[0].from != From::text) return std::nullopt;
  return choices_[0].pieces[0].text;
}

}  // namespace citiverse::api::feeds
