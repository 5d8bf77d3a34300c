// Origins are compared as browsers serialise them: lower case, no default port, no path (RFC 6454, 6.2).
#include "net/origin.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace citiverse::net {
namespace {

struct Parts {
  std::string_view scheme;
  std::string host;  // Lower case; every name of the loopback interface is "localhost".
  std::uint16_t port = 0;
  friend bool operator==(const Parts&, const Parts&) = default;
};

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '[' || c == ']' || c == ':' ||
         c == '_';
}

std::optional<Parts> parts_of(std::string_view origin) {
  Parts parts;
  for (const std::string_view scheme : {"http", "https"}) {
    if (origin.starts_with(scheme) && origin.substr(scheme.size()).starts_with("://")) parts.scheme = scheme;
  }
  if (parts.scheme.empty()) return std::nullopt;
  std::string_view authority = origin.substr(parts.scheme.size() + 3);
  parts.port = parts.scheme == "https" ? 443 : 80;
  const std::size_t colon = authority.rfind(':');
  const std::size_t bracket = authority.rfind(']');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    const std::string_view digits = authority.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), parts.port);
    if (error != std::errc() || end != digits.data() + digits.size() || parts.port == 0) return std::nullopt;
    authority = authority.substr(0, colon);
  }
  parts.host = authority;
  std::ranges::transform(parts.host, parts.host.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (parts.host.empty() || !std::ranges::all_of(parts.host, is_host_character)) return std::nullopt;
  if (parts.host == "127.0.0.1" || parts.host == "[::1]") parts.host = "localhost";
  return parts;
}

bool is_default_port(const Parts& parts) { return parts.port == (parts.scheme == "https" ? 443 : 80); }

}  // namespace

base::Result<OwnOrigin> OwnOrigin::parse(std::string_view origin) {
  const std::optional<Parts> parts = parts_of(origin);
  if (!parts) {
    return base::fail(base::ErrorCode::bad_input,
                      fmt::format("{}: not an origin; give scheme and host, such as https://city.example", origin));
  }
  // The host as it was written: of the loopback's names the one that was given stays.
  std::string host(origin.substr(parts->scheme.size() + 3));
  if (const std::size_t colon = host.rfind(':'); is_default_port(*parts) && host.find(']') == std::string::npos) {
    host = host.substr(0, colon);
  }
  OwnOrigin own;
  own.text_ = fmt::format("{}://{}", parts->scheme, host);
  std::ranges::transform(own.text_, own.text_.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return own;
}

bool OwnOrigin::is_from_own_page(const Request& request) const {
  if (request.origin.empty()) return request.sec_fetch_site == "same-origin";
  if (request.origin == text_) return true;
  const std::optional<Parts> theirs = parts_of(request.origin);
  if (!theirs) return false;
  if (!text_.empty()) return parts_of(text_) == theirs;
  if (request.host.empty()) return false;
  return parts_of(fmt::format("{}://{}", theirs->scheme, request.host)) == theirs;
}

}  // namespace citiverse::net
