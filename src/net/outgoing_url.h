// Addresses that this node itself may call: a strict reading of https URLs, and which machines behind a name are off limits.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace citiverse::net {

/// An http or https URL (RFC 3986) without user information and fragment. IPv6 literals are not taken: a service has a name.
struct OutgoingUrl {
  bool is_tls = true;
  std::string host;  ///< Lower case: letters, digits, dots and hyphens.
  std::uint16_t port = 443;
  std::string target;  ///< Path and query, at least "/".

  /// "host:port", as an operator's list of allowed hosts has it.
  std::string authority() const;
};

inline constexpr std::size_t kOutgoingUrlBytesMax = 2048;

/// Fails: bad_input, naming what is wrong.
base::Result<OutgoingUrl> parse_outgoing_url(std::string_view text);

/// True for unicast addresses of the public Internet: nothing that the IANA special-purpose registries reserve (RFC 6890:
/// private, loopback, link-local, shared, documentation, benchmarking, multicast …), so that a name cannot lead into the city's
/// own network.
bool is_public_ipv4(std::uint32_t address);
/// Likewise; addresses that carry an IPv4 address (mapped, 6to4, NAT64, Teredo) are not taken at all.
bool is_public_ipv6(const std::array<std::uint8_t, 16>& address);

}  // namespace citiverse::net
