// How a visitor comes in: as a guest, then through the handshake of the presence socket.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace citiverse::load {

/// Where the visitors go.
struct Entrance {
  std::string host = "127.0.0.1";  ///< Numeric, IPv4.
  std::uint16_t port = 8080;
  std::string origin;  ///< As the node's pages have it; empty: http://HOST:PORT.
  std::string path = "/api/v1/presence?space=city";
  bool signs_in = true;  ///< As a guest first, since the node asks for a session.
  /// Visitors come from so many addresses of the loopback network in turn, when the node is on it: a node limits an address.
  std::uint32_t source_addresses = 1;

  std::string own_origin() const;
};

inline constexpr std::chrono::seconds kJoinPatience{20};

/// A blocking connection of one visitor, whose time-out is kJoinPatience. Closes itself unless released.
class Doorstep {
 public:
  static base::Result<Doorstep> connect(const Entrance& entrance, std::uint32_t visitor);
  Doorstep(Doorstep&& other) noexcept;
  Doorstep& operator=(Doorstep&& other) noexcept;
  ~Doorstep();

  /// Sends a request and reads the answer's head and body. Fails: unavailable.
  base::Result<std::string> ask(std::string_view request);
  bool say(std::string_view bytes);
  int get() const { return socket_; }
  int release();

 private:
  explicit Doorstep(int socket) : socket_(socket) {}
  int socket_ = -1;
};

/// A connected, non-blocking presence socket. `cookie` is "name=value" of a session: used when there is one, otherwise filled
/// by signing in. Fails: denied with what the node said, unavailable.
base::Result<int> join(const Entrance& entrance, std::uint32_t visitor, std::string& cookie);

/// The request of the handshake, up to its empty line.
std::string handshake_request(const Entrance& entrance, std::string_view cookie, std::string_view origin);

}  // namespace citiverse::load
