// A scanner that counts brackets and skips strings; what it is given was checked when it came in.
#include "twin/json_view.h"

#include <charconv>
#include <cstdint>
#include <utility>

namespace citiverse::twin {
namespace {

constexpr std::size_t kNowhere = std::string_view::npos;

std::size_t string_end(std::string_view text, std::size_t at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '"') return at + 1;
    if (text[at] == '\\') ++at;
  }
  return kNowhere;
}

std::optional<std::uint32_t> hex4(std::string_view text, std::size_t at) {
  if (at + 4 > text.size()) return std::nullopt;
  std::uint32_t value = 0;
  const auto read = std::from_chars(text.data() + at, text.data() + at + 4, value, 16);
  if (read.ec != std::errc() || read.ptr != text.data() + at + 4) return std::nullopt;
  return value;
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto continuation = [](std::uint32_t bits) { return static_cast<char>(0x80 | (bits & 0x3F)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += {static_cast<char>(0xC0 | code >> 6), continuation(code)};
  } else if (code < 0x10000) {
    out += {static_cast<char>(0xE0 | code >> 12), continuation(code >> 6), continuation(code)};
  } else {
    out += {static_cast<char>(0xF0 | code >> 18), continuation(code >> 12), continuation(code >> 6), continuation(code)};
  }
}

// Reads the escape whose letter is at `at`; gives the byte after it, or npos.
std::size_t append_escape(std::string& out, std::string_view text, std::size_t at) {
  switch (text[at]) {
    case 'b': out += '\b'; return at + 1;
    case 'f': out += '\f'; return at + 1;
    case 'n': out += '\n'; return at + 1;
    case 'r': out += '\r'; return at + 1;
    case 't': out += '\t'; return at + 1;
    case '"':
    case '\\':
    case '/': out += text[at]; return at + 1;
    case 'u': break;
    default: return kNowhere;
  }
  auto code = hex4(text, at + 1);
  if (!code) return kNowhere;
  at += 5;
  if (*code >= 0xD800 && *code < 0xDC00 && text.substr(at, 2) == "\\u") {
    const auto low = hex4(text, at + 2);
    if (!low || *low < 0xDC00 || *low > 0xDFFF) return kNowhere;
    code = 0x10000 + ((*code - 0xD800) << 10) + (*low - 0xDC00);
    at += 6;
  }
  if (*code >= 0xD800 && *code <= 0xDFFF) return kNowhere;
  append_utf8(out, *code);
  return at;
}

}  // namespace

std::size_t json_end(std::string_view text, std::size_t at) {
  if (at >= text.size()) return kNowhere;
  if (text[at] == '"') return string_end(text, at);
  if (text[at] != '{' && text[at] != '[') {
    const std::size_t end = text.find_first_of(",]}:", at);
    return end == kNowhere ? text.size() : end == at ? kNowhere : end;
  }
  for (std::size_t depth = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"') {
      at = string_end(text, at);
      if (at == kNowhere) return kNowhere;
      continue;
    }
    ++at;
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) return at;
  }
  return kNowhere;
}

bool any_json_item(std::string_view array, const std::function<bool(std::string_view)>& is_it) {
  if (array.size() < 3 || array.front() != '[') return false;
  for (std::size_t at = 1;;) {
    const std::size_t end = json_end(array, at);
    if (end == kNowhere || end >= array.size()) return false;
    if (is_it(array.substr(at, end - at))) return true;
    if (array[end] != ',') return false;
    at = end + 1;
  }
}

bool any_json_member(std::string_view object, const std::function<bool(std::string_view, std::string_view)>& is_it) {
  if (object.size() < 3 || object.front() != '{') return false;
  for (std::size_t at = 1;;) {
    if (at >= object.size() || object[at] != '"') return false;
    const std::size_t name_end = string_end(object, at);
    if (name_end == kNowhere || name_end >= object.size() || object[name_end] != ':') return false;
    const std::size_t end = json_end(object, name_end + 1);
    if (end == kNowhere || end >= object.size()) return false;
    if (is_it(object.substr(at, name_end - at), object.substr(name_end + 1, end - name_end - 1))) return true;
    if (object[end] != ',') return false;
    at = end + 1;
  }
}

std::string_view json_member(std::string_view object, std::string_view name) {
  std::string_view found;
  std::string scratch;
  any_json_member(object, [&](std::string_view quoted, std::string_view value) {
    const auto text = json_string(quoted, scratch);
    if (!text || *text != name) return false;
    found = value;
    return true;
  });
  return found;
}

std::optional<double> json_number(std::string_view value) {
  const std::size_t digit = value.starts_with('-') ? 1 : 0;  // Neither "inf" nor "nan" is a number of JSON.
  if (value.size() <= digit || value[digit] < '0' || value[digit] > '9') return std::nullopt;
  double number = 0;
  const auto read = std::from_chars(value.data(), value.data() + value.size(), number);
  if (read.ec != std::errc() || read.ptr != value.data() + value.size()) return std::nullopt;
  return number;
}

std::optional<std::string_view> json_string(std::string_view value, std::string& scratch) {
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return std::nullopt;
  const std::string_view inside = value.substr(1, value.size() - 2);
  std::size_t at = inside.find('\\');
  if (at == kNowhere) return inside;
  scratch.assign(inside.substr(0, at));
  while (at < inside.size()) {
    if (inside[at] != '\\') {
      scratch += inside[at++];
      continue;
    }
    if (at + 1 >= inside.size()) return std::nullopt;
    at = append_escape(scratch, inside, at + 1);
    if (at == kNowhere) return std::nullopt;
  }
  return scratch;
}

}  // namespace citiverse::twin
