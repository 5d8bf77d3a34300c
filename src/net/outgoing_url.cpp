// A deny list of networks, as the registries have it; what is not understood is refused.
#include "net/outgoing_url.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace citiverse::net {
namespace {

using base::ErrorCode;
using base::fail;

bool is_name_character(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; }

// RFC 3986, 3.3 and 3.4: pchar, "/" and "?"; '%' passes, since the other side decodes.
bool is_target_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~!$&'()*+,;=:@/?%").contains(c);
}

struct Network {
  std::uint32_t address;
  int bits;
};

constexpr std::uint32_t ipv4(std::uint32_t a, std::uint32_t b, std::uint32_t c) { return a << 24 | b << 16 | c << 8; }

// IANA IPv4 Special-Purpose Address Registry, and multicast (RFC 5771) and reserved space (RFC 1112) at its end.
constexpr Network kSpecialIpv4[] = {
    {ipv4(0, 0, 0), 8},       {ipv4(10, 0, 0), 8},      {ipv4(100, 64, 0), 10},   {ipv4(127, 0, 0), 8},
    {ipv4(169, 254, 0), 16},  {ipv4(172, 16, 0), 12},   {ipv4(192, 0, 0), 24},    {ipv4(192, 0, 2), 24},
    {ipv4(192, 31, 196), 24}, {ipv4(192, 52, 193), 24}, {ipv4(192, 88, 99), 24},  {ipv4(192, 168, 0), 16},
    {ipv4(192, 175, 48), 24}, {ipv4(198, 18, 0), 15},   {ipv4(198, 51, 100), 24}, {ipv4(203, 0, 113), 24},
    {ipv4(224, 0, 0), 3},
};

}  // namespace

std::string OutgoingUrl::authority() const { return fmt::format("{}:{}", host, port); }

base::Result<OutgoingUrl> parse_outgoing_url(std::string_view text) {
  if (text.size() > kOutgoingUrlBytesMax)
    return fail(ErrorCode::bad_input,
                fmt::format("a URL of {} bytes; at most {} are taken", text.size(), kOutgoingUrlBytesMax));
  OutgoingUrl url;
  if (text.starts_with("https://")) {
    text.remove_prefix(8);
  } else if (text.starts_with("http://")) {
    text.remove_prefix(7);
    url.is_tls = false;
    url.port = 80;
  } else {
    return fail(ErrorCode::bad_input, "a URL that does not begin with https://");
  }
  const std::size_t authority_end = std::min(text.find_first_of("/?#"), text.size());
  std::string_view authority = text.substr(0, authority_end);
  const std::string_view target = text.substr(authority_end);
  if (const std::size_t colon = authority.find(':'); colon != std::string_view::npos) {
    const std::string_view digits = authority.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), url.port);
    if (error != std::errc{} || end != digits.data() + digits.size() || url.port == 0)
      return fail(ErrorCode::bad_input,
                  "a URL whose port is not a number from 1 to 65535, or that names a user or an IPv6 address");
    authority = authority.substr(0, colon);
  }
  url.host = authority;
  std::ranges::transform(url.host, url.host.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (url.host.empty() || url.host.size() > 253 || !std::ranges::all_of(url.host, is_name_character) ||
      url.host.front() == '.' || url.host.front() == '-')
    return fail(ErrorCode::bad_input, "a URL whose host is not a name of letters, digits, hyphens and dots");
  if (!std::ranges::all_of(target, is_target_character))
    return fail(ErrorCode::bad_input, "a URL with a fragment, or with characters that must be percent-encoded");
  url.target = target.starts_with('/') ? std::string(target) : "/" + std::string(target);
  return url;
}

bool is_public_ipv4(std::uint32_t address) {
  return std::ranges::none_of(kSpecialIpv4,
                              [&](const Network& network) { return (address ^ network.address) >> (32 - network.bits) == 0; });
}

bool is_public_ipv6(const std::array<std::uint8_t, 16>& a) {
  // Global unicast is 2000::/3 (RFC 4291, 2.4); everything else is local, mapped, translated, multicast or unassigned.
  if ((a[0] & 0xE0) != 0x20) return false;
  if (a[0] == 0x20 && a[1] == 0x01 && a[2] < 0x02) return false;                   // 2001::/23: protocol assignments, Teredo
  if (a[0] == 0x20 && a[1] == 0x01 && a[2] == 0x0D && a[3] == 0xB8) return false;  // 2001:db8::/32: documentation
  if (a[0] == 0x20 && a[1] == 0x02) return false;                                  // 2002::/16: 6to4
  if (a[0] == 0x3F && a[1] == 0xFF && a[2] < 0x10) return false;                   // 3fff::/20: documentation (RFC 9637)
  return true;
}

}  // namespace citiverse::net
