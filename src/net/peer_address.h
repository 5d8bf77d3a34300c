// Who is at the other end, as one number that limits are kept by. Private to the room: this header includes Asio.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <boost/asio/ip/address.hpp>

namespace citiverse::net {

/// An IPv4 address (also one mapped into IPv6) as it is; of an IPv6 address the network of 64 bits, which is one household.
std::uint64_t address_key(const boost::asio::ip::address& address);

/// The key of the last address of an X-Forwarded-For field: the one that the proxy next to us saw itself. Those before it are
/// what somebody said. With or without brackets and port. Nothing when it is no address.
std::optional<std::uint64_t> forwarded_key(std::string_view forwarded_for);

}  // namespace citiverse::net
