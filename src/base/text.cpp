// A small UTF-8 decoder and the cleaning rules built on it.
#include "base/text.h"

#include <cstdint>

namespace citiverse::base {
namespace {

struct Decoded {
  char32_t code_point;
  std::size_t length;  // 0: malformed here.
};

Decoded decode(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(at);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
  if (length == 0 || lead > 0xF4 || at + length > text.size()) return {0, 0};
  char32_t code_point = lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return {0, 0};
    code_point = (code_point << 6) | (byte(at + i) & 0x3Fu);
  }
  constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  if (code_point < least[length] || code_point > 0x10FFFF || surrogate) return {0, 0};
  return {code_point, length};
}

// Controls, bidirectional overrides and isolates, zero-width joiners at large, and the byte-order mark: they have no place in a
// name, and let one text pass as another (Unicode TR 36).
bool is_dropped(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200B ||
         c == 0x200E || c == 0x200F || c == 0xFEFF;
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const Decoded d = decode(text, at);
    if (d.length == 0) return false;
    at += d.length;
  }
  return true;
}

std::string clean_text(std::string_view text, std::size_t bytes_max) {
  std::string clean;
  for (std::size_t at = 0; at < text.size();) {
    const Decoded d = decode(text, at);
    const std::string_view piece = d.length == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(at, d.length);
    at += d.length == 0 ? 1 : d.length;
    const bool white = d.length != 0 && (d.code_point == ' ' || (d.code_point >= '\t' && d.code_point <= '\r'));
    if (white) {
      if (clean.empty() || clean.back() == ' ') continue;
      if (clean.size() + 1 > bytes_max) break;
      clean += ' ';
      continue;
    }
    if (d.length != 0 && is_dropped(d.code_point)) continue;
    if (clean.size() + piece.size() > bytes_max) break;
    clean += piece;
  }
  while (!clean.empty() && clean.back() == ' ') clean.pop_back();
  return clean;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace citiverse::base
