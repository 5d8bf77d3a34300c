// Addresses are compared as numbers: the same peer may be written in several ways.
#include "net/peer_address.h"

#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>

namespace citiverse::net {

namespace ip = boost::asio::ip;

std::uint64_t address_key(const ip::address& address) {
  if (address.is_v4()) return address.to_v4().to_uint();
  if (address.to_v6().is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, address.to_v6()).to_uint();
  std::uint64_t key = 0;
  const auto bytes = address.to_v6().to_bytes();
  for (std::size_t i = 0; i < 8; ++i) key = key << 8 | bytes[i];
  return key | 1ull << 63;
}

std::optional<std::uint64_t> forwarded_key(std::string_view forwarded_for) {
  std::string_view text = forwarded_for.substr(forwarded_for.rfind(',') + 1);  // npos + 1 is 0: the whole.
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    text = text.substr(1, end - 1);
  } else if (text.find(':') == text.rfind(':')) {
    text = text.substr(0, text.find(':'));  // IPv4 with a port: an IPv6 address has more than one colon.
  }
  boost::system::error_code error;
  const ip::address address = ip::make_address(std::string(text), error);
  if (error) return std::nullopt;
  return address_key(address);
}

}  // namespace citiverse::net
