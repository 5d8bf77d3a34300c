// Ids as text that is read aloud and copied without slips: lower case, no signs.
#include "identity/ids.h"

namespace citiverse::identity {
namespace {
constexpr std::string_view kIdLetters = "abcdefghijklmnopqrstuvwxyz234567";  // RFC 4648, section 6, in lower case.
}

std::string id_text(std::uint64_t value) {
  std::string text(kIdCharacters, 'a');
  for (std::size_t i = kIdCharacters; i-- > 0; value >>= 5) text[i] = kIdLetters[value & 31];
  return text;
}

std::optional<std::uint64_t> parse_id_text(std::string_view text) {
  if (text.size() != kIdCharacters) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    const std::size_t digit = kIdLetters.find(c);
    if (digit == std::string_view::npos || value >> (kIdBits - 5) != 0) return std::nullopt;
    value = value << 5 | digit;
  }
  return value != 0 ? std::optional(value) : std::nullopt;
}

}  // namespace citiverse::identity
