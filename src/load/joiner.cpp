// Plain blocking sockets, one visitor at a time: coming in is not what is measured.
#include "load/joiner.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "presence/wire.h"

namespace citiverse::load {
namespace {

constexpr std::uint32_t kFirstSourceAddress = 0x7F000102;  // 127.0.1.2

base::Error unavailable(std::string_view what, const Entrance& entrance) {
  return {base::ErrorCode::unavailable, fmt::format("{}:{}: {}: {}", entrance.host, entrance.port, what, std::strerror(errno))};
}

std::size_t content_length(std::string_view head) {
  const std::size_t at = head.find("\r\nContent-Length: ");
  return at == std::string_view::npos ? 0 : std::strtoul(head.data() + at + 18, nullptr, 10);
}

// The first session cookie that an answer sets, as "name=value".
std::string cookie_from(std::string_view head) {
  constexpr std::string_view kField = "\r\nSet-Cookie: ";
  const std::size_t at = head.find(kField);
  if (at == std::string_view::npos) return {};
  const std::string_view value = head.substr(at + kField.size());
  return std::string(value.substr(0, value.find_first_of(";\r")));
}

base::Result<void> sign_in(Doorstep& doorstep, const Entrance& entrance, std::uint32_t visitor, std::string& cookie) {
  const std::string body = fmt::format(R"({{"name":"Walker {}","minor":false}})", visitor);
  auto answer =
      doorstep.ask(fmt::format("POST /api/v1/sign-in/guest HTTP/1.1\r\nHost: {}:{}\r\nOrigin: {}\r\nContent-Type: "
                               "application/json\r\nContent-Length: {}\r\n\r\n{}",
                               entrance.host, entrance.port, entrance.own_origin(), body.size(), body));
  if (!answer) return std::unexpected(answer.error());
  cookie = cookie_from(*answer);
  if (cookie.empty())
    return base::fail(base::ErrorCode::denied, fmt::format("signing in as a guest was answered with: {}", *answer));
  return {};
}

}  // namespace

std::string Entrance::own_origin() const { return origin.empty() ? fmt::format("http://{}:{}", host, port) : origin; }

Doorstep::Doorstep(Doorstep&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
Doorstep& Doorstep::operator=(Doorstep&& other) noexcept {
  std::swap(socket_, other.socket_);
  return *this;
}
Doorstep::~Doorstep() {
  if (socket_ >= 0) ::close(socket_);
}
int Doorstep::release() { return std::exchange(socket_, -1); }

base::Result<Doorstep> Doorstep::connect(const Entrance& entrance, std::uint32_t visitor) {
  Doorstep doorstep(::socket(AF_INET, SOCK_STREAM, 0));
  if (doorstep.get() < 0) return std::unexpected(unavailable("no socket", entrance));
  const timeval patience{kJoinPatience.count(), 0};
  ::setsockopt(doorstep.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(doorstep.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  const int on = 1;
  ::setsockopt(doorstep.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  if (entrance.host.starts_with("127.") && entrance.source_addresses > 1) {
    address.sin_addr.s_addr = htonl(kFirstSourceAddress + visitor % entrance.source_addresses);
    ::setsockopt(doorstep.get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    ::bind(doorstep.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }
  address.sin_port = htons(entrance.port);
  if (::inet_pton(AF_INET, entrance.host.c_str(), &address.sin_addr) != 1) {
    return base::fail(base::ErrorCode::bad_input, fmt::format("{}: not a numeric IPv4 address", entrance.host));
  }
  if (::connect(doorstep.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return std::unexpected(unavailable("cannot connect", entrance));
  }
  return doorstep;
}

bool Doorstep::say(std::string_view bytes) {
  return ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
}

base::Result<std::string> Doorstep::ask(std::string_view request) {
  if (!say(request)) return base::fail(base::ErrorCode::unavailable, fmt::format("cannot send: {}", std::strerror(errno)));
  std::string answer;
  for (std::size_t size = std::string::npos; answer.size() < size;) {
    char bytes[4096];
    // A WebSocket's frames may follow a 101 at once and are not ours to take: the head is read by its end.
    const ssize_t seen = ::recv(socket_, bytes, sizeof bytes, MSG_PEEK);
    if (seen <= 0) return base::fail(base::ErrorCode::unavailable, "the node ended the connection without an answer");
    const std::size_t before = answer.size();
    answer.append(bytes, static_cast<std::size_t>(seen));
    const std::size_t end = answer.find("\r\n\r\n");
    if (end != std::string::npos) size = end + 4 + content_length(std::string_view(answer).substr(0, end + 2));
    answer.resize(std::min(answer.size(), size));
    if (::recv(socket_, bytes, answer.size() - before, 0) < 0)
      return base::fail(base::ErrorCode::unavailable, "cannot receive");
  }
  return answer;
}

std::string handshake_request(const Entrance& entrance, std::string_view cookie, std::string_view origin) {
  return fmt::format(
      "GET {} HTTP/1.1\r\nHost: {}:{}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nOrigin: {}\r\nSec-WebSocket-Version: "
      "13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: {}\r\n{}{}{}\r\n",
      entrance.path, entrance.host, entrance.port, origin, presence::kSubprotocol, cookie.empty() ? "" : "Cookie: ", cookie,
      cookie.empty() ? "" : "\r\n");
}

base::Result<int> join(const Entrance& entrance, std::uint32_t visitor, std::string& cookie) {
  auto doorstep = Doorstep::connect(entrance, visitor);
  if (!doorstep) return std::unexpected(doorstep.error());
  if (entrance.signs_in && cookie.empty()) {
    if (auto done = sign_in(*doorstep, entrance, visitor, cookie); !done) return std::unexpected(done.error());
  }
  auto answer = doorstep->ask(handshake_request(entrance, cookie, entrance.own_origin()));
  if (!answer) return std::unexpected(answer.error());
  if (!answer->starts_with("HTTP/1.1 101 ")) {
    return base::fail(base::ErrorCode::denied, fmt::format("the handshake was answered with: {}", *answer));
  }
  ::fcntl(doorstep->get(), F_SETFL, ::fcntl(doorstep->get(), F_GETFL) | O_NONBLOCK);
  return doorstep->release();
}

}  // namespace citiverse::load
