// Allowed characters are listed; anything else, and there is no link.
#include "api/contact.h"

namespace citiverse::api {
namespace {

bool is_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool starts_with_ignoring_case(std::string_view text, std::string_view lower) {
  if (text.size() < lower.size()) return false;
  for (std::size_t i = 0; i < lower.size(); ++i) {
    const char c = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] + 32) : text[i];
    if (c != lower[i]) return false;
  }
  return true;
}

// A host is letters, digits, '-' and '.', with a dot inside; a port may follow. No user name: it could pose as the host.
bool has_sound_host(std::string_view rest) {
  std::size_t end = 0;
  bool dot = false;
  while (end < rest.size() && (is_alphanumeric(rest[end]) || rest[end] == '-' || rest[end] == '.')) {
    dot = dot || (rest[end] == '.' && end > 0);
    ++end;
  }
  if (!dot || rest[0] == '.') return false;
  if (end < rest.size() && rest[end] == ':') {
    ++end;
    while (end < rest.size() && rest[end] >= '0' && rest[end] <= '9') ++end;
  }
  return end == rest.size() || rest[end] == '/' || rest[end] == '?' || rest[end] == '#';
}

}  // namespace

std::string checked_website(std::string_view text) {
  constexpr std::string_view allowed = "-._~:/?#[]@!$&'()*+,;=%";
  constexpr std::size_t kBytesMax = 500;
  if (text.empty() || text.size() > kBytesMax) return {};
  for (const char c : text) {
    if (!is_alphanumeric(c) && allowed.find(c) == std::string_view::npos) return {};
  }
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!starts_with_ignoring_case(text, scheme)) continue;
    const std::string_view rest = text.substr(scheme.size());
    return has_sound_host(rest) ? std::string(scheme) + std::string(rest) : std::string();
  }
  if (starts_with_ignoring_case(text, "www.") && has_sound_host(text)) return "https://" + std::string(text);
  return {};
}

std::string checked_phone(std::string_view text) {
  constexpr std::size_t kDigitsMax = 20;
  constexpr std::size_t kDigitsMin = 3;
  std::string number;
  std::size_t digits = 0;
  for (const char c : text) {
    if (c == ';' || c == ',' || c == '/') break;
    if (c >= '0' && c <= '9') {
      number += c;
      ++digits;
    } else if (c == '+') {
      if (!number.empty()) return {};
      number = "+";
    } else if (c != ' ' && c != '-' && c != '.' && c != '(' && c != ')') {
      return {};
    }
  }
  return digits < kDigitsMin || digits > kDigitsMax ? std::string() : "tel:" + number;
}

}  // namespace citiverse::api
