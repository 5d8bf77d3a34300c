// Escaping copies runs of plain bytes at once; most names hold nothing else.
#include "base/json_writer.h"

#include <array>
#include <charconv>

#include "base/text.h"

namespace citiverse::base {
namespace {

bool is_plain(unsigned char c) { return c >= 0x20 && c != '"' && c != '\\' && c != '<' && c < 0x7F; }

void append_escape(std::string& out, unsigned char c) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  constexpr std::string_view digits = "0123456789abcdef";
  out += "\\u00";
  out += digits[c >> 4];
  out += digits[c & 15];
}

// Bytes of the well-formed character at `at`, or 0.
std::size_t character_bytes(std::string_view text, std::size_t at) {
  for (std::size_t count = 2; count <= 4 && at + count <= text.size(); ++count) {
    if (is_utf8(text.substr(at, count))) return count;
  }
  return 0;
}

}  // namespace

void JsonWriter::separate() {
  if (needs_comma_) out_ += ',';
  needs_comma_ = true;
}

JsonWriter& JsonWriter::open(char bracket) {
  separate();
  out_ += bracket;
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  out_ += bracket;
  needs_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  text(name);
  out_ += ':';
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
  separate();
  out_ += '"';
  for (std::size_t at = 0; at < value.size();) {
    std::size_t end = at;
    while (end < value.size() && is_plain(static_cast<unsigned char>(value[end]))) ++end;
    out_ += value.substr(at, end - at);
    at = end;
    if (at == value.size()) break;
    const auto c = static_cast<unsigned char>(value[at]);
    if (c < 0x80) {
      append_escape(out_, c);
      ++at;
    } else if (const std::size_t count = character_bytes(value, at); count > 0) {
      out_ += value.substr(at, count);
      at += count;
    } else {
      out_ += "\xEF\xBF\xBD";
      ++at;
    }
  }
  out_ += '"';
  return *this;
}

JsonWriter& JsonWriter::number(double value, int decimals) {
  if (!std::isfinite(value)) return null();
  separate();
  std::array<char, 400> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed, decimals).ptr;
  std::string_view text(digits.data(), static_cast<std::size_t>(end - digits.data()));
  if (text.find('.') != std::string_view::npos) {
    while (text.back() == '0') text.remove_suffix(1);
    if (text.back() == '.') text.remove_suffix(1);
  }
  out_ += text == "-0" ? "0" : text;
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  out_ += json;
  return *this;
}

JsonWriter& JsonWriter::signed_integer(std::int64_t value) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return raw({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

JsonWriter& JsonWriter::unsigned_integer(std::uint64_t value) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return raw({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

}  // namespace citiverse::base
