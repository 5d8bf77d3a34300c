// A path is read once, when the node starts, and walked for each message.
#include "formats/json_path.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace citiverse::formats {
namespace {

using base::ErrorCode;
using base::JsonValue;

std::unexpected<base::Error> path_is_wrong(std::string_view text, std::size_t at, std::string_view why) {
  return base::fail(ErrorCode::bad_input,
                    fmt::format("'{}': {} at character {}; a path is such as $.sensor.values[0] or $['my name']",
                                text.substr(0, 80), why, at + 1));
}

// RFC 9535, 2.5.1.1: member-name-shorthand.
bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

base::Result<JsonPath> JsonPath::parse(std::string_view text) {
  if (text.size() > kPathBytesMax) return path_is_wrong(text, kPathBytesMax, "it is too long");
  if (text.empty() || text[0] != '$') return path_is_wrong(text, 0, "it does not begin with $");
  JsonPath path;
  std::size_t at = 1;
  while (at < text.size()) {
    if (path.segments_.size() == kSegmentsMax) return path_is_wrong(text, at, "it has too many steps");
    if (text.substr(at).starts_with("[*]")) {
      path.segments_.emplace_back(Wildcard{});
      at += 3;
    } else if (text.substr(at) == ".*" || text.substr(at).starts_with(".*.") || text.substr(at).starts_with(".*[")) {
      path.segments_.emplace_back(Wildcard{});
      at += 2;
    } else if (text[at] == '.') {
      const auto end = std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(at) + 1, text.end(), is_name_byte);
      const std::string_view name(text.begin() + static_cast<std::ptrdiff_t>(at) + 1, end);
      if (name.empty()) return path_is_wrong(text, at + 1, "a name is missing");
      if (name[0] >= '0' && name[0] <= '9') return path_is_wrong(text, at + 1, "a name begins with a digit: write it as ['…']");
      path.segments_.emplace_back(std::string(name));
      at += 1 + name.size();
    } else if (text[at] == '[' && at + 1 < text.size() && (text[at + 1] == '\'' || text[at + 1] == '"')) {
      const std::size_t end = text.find(text[at + 1], at + 2);
      if (end == std::string_view::npos || !text.substr(end + 1).starts_with(']'))
        return path_is_wrong(text, at, "a name in brackets does not end");
      const std::string_view name = text.substr(at + 2, end - at - 2);
      if (name.contains('\\')) return path_is_wrong(text, at + 2, "a name with a backslash is not taken");
      path.segments_.emplace_back(std::string(name));
      at = end + 2;
    } else if (text[at] == '[') {
      std::size_t index = 0;
      const auto read = std::from_chars(text.data() + at + 1, text.data() + text.size(), index);
      if (read.ec != std::errc() || read.ptr == text.data() + text.size() || *read.ptr != ']')
        return path_is_wrong(text, at + 1, "a whole number and ] are needed");
      path.segments_.emplace_back(index);
      at = static_cast<std::size_t>(read.ptr - text.data()) + 1;
    } else {
      return path_is_wrong(text, at, "a point or a bracket is needed");
    }
  }
  return path;
}

bool JsonPath::is_singular() const {
  return std::ranges::none_of(segments_, [](const Segment& each) { return std::holds_alternative<Wildcard>(each); });
}

JsonValue JsonPath::find(JsonValue root) const {
  JsonValue found;
  each(root, [&](JsonValue value) {
    found = value;
    return false;
  });
  return found;
}

bool JsonPath::each(JsonValue root, const std::function<bool(JsonValue)>& on_value) const {
  return each_from(0, root, on_value);
}

bool JsonPath::each_from(std::size_t segment, JsonValue at, const std::function<bool(JsonValue)>& on_value) const {
  for (; segment < segments_.size() && !at.is_absent(); ++segment) {
    if (const auto* name = std::get_if<std::string>(&segments_[segment])) {
      at = at.find(*name);
    } else if (const auto* index = std::get_if<std::size_t>(&segments_[segment])) {
      at = at.is_array() ? at[*index] : JsonValue();
    } else {
      if (!at.is_array() && !at.is_object()) return true;
      for (std::size_t i = 0; i < at.size(); ++i)
        if (!each_from(segment + 1, at.is_array() ? at[i] : at.member(i).second, on_value)) return false;
      return true;
    }
  }
  return at.is_absent() || on_value(at);
}

}  // namespace citiverse::formats
