// A WebSocket client with frames made by hand, for tests of whatever stands behind a server's sockets.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace citiverse::testing_fixtures {

/// A client with frames made by hand. Reading waits at most 10 s, so that a hang is a failure.
class WebSocketClient {
 public:
  explicit WebSocketClient(std::uint16_t port, const char* own_address = "127.0.0.1", int receive_bytes = 0)
      : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval patience{10, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (receive_bytes > 0) ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    ::inet_pton(AF_INET, own_address, &address.sin_addr);
    ::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    origin_ = "http://127.0.0.1:" + std::to_string(port);
  }
  ~WebSocketClient() { ::close(socket_); }
  WebSocketClient(const WebSocketClient&) = delete;
  WebSocketClient& operator=(const WebSocketClient&) = delete;

  void send_bytes(std::string_view bytes) { (void)!::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }

  /// The answer's head; what comes after it stays for messages. `fields`: further ones, each with CRLF.
  std::string shake_hands(std::string_view more = "", std::string_view path = "/socket", std::string_view fields = "") {
    send_bytes("GET " + std::string(path) + " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nOrigin: " +
               origin_ + "\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
               std::string(fields) + "\r\n" + std::string(more));
    while (buffer_.find("\r\n\r\n") == std::string::npos && read_some()) {
    }
    const std::size_t end = std::min(buffer_.size(), buffer_.find("\r\n\r\n") + 4);
    std::string head = buffer_.substr(0, end);
    buffer_.erase(0, end);
    return head;
  }

  static std::string frame(std::string_view payload, int first_byte = 0x82) {
    std::string bytes(1, static_cast<char>(first_byte));
    if (payload.size() < 126) {
      bytes += static_cast<char>(0x80 | payload.size());
    } else {
      bytes += static_cast<char>(0x80 | 126);
      bytes += static_cast<char>(payload.size() >> 8);
      bytes += static_cast<char>(payload.size() & 0xFF);
    }
    const std::string mask = "\x12\x34\x56\x78";
    bytes += mask;
    for (std::size_t i = 0; i < payload.size(); ++i) bytes += static_cast<char>(payload[i] ^ mask[i % 4]);
    return bytes;
  }
  void send(std::string_view payload, int first_byte = 0x82) { send_bytes(frame(payload, first_byte)); }

  /// The next frame: its opcode as a letter (b, c, i, o), then its payload; a close as "c1002 reason". "end" at the end.
  std::string next() {
    while (buffer_.size() < 2 || buffer_.size() < frame_bytes()) {
      if (!read_some()) return "end";
    }
    const std::size_t header = header_bytes();
    const std::size_t size = frame_bytes();
    std::string payload = buffer_.substr(header, size - header);
    const int opcode = buffer_[0] & 0x0F;
    buffer_.erase(0, size);
    if (opcode == 8 && payload.size() >= 2) {
      const int code = static_cast<unsigned char>(payload[0]) << 8 | static_cast<unsigned char>(payload[1]);
      return "c" + std::to_string(code) + (payload.size() > 2 ? " " + payload.substr(2) : "");
    }
    return std::string(1, opcode == 2 ? 'b' : opcode == 8 ? 'c' : opcode == 9 ? 'i' : opcode == 10 ? 'o' : '?') + payload;
  }
  /// The next frame that is no binary message.
  std::string next_control() {
    std::string frame = next();
    while (frame.starts_with('b')) frame = next();
    return frame;
  }

 private:
  std::size_t header_bytes() const { return (buffer_[1] & 0x7F) < 126 ? 2 : 4; }
  std::size_t frame_bytes() const {
    const std::size_t length = static_cast<unsigned char>(buffer_[1]) & 0x7F;
    if (length < 126) return 2 + length;
    if (buffer_.size() < 4) return 4;
    return 4u +
           (static_cast<std::size_t>(static_cast<unsigned char>(buffer_[2])) << 8 | static_cast<unsigned char>(buffer_[3]));
  }
  bool read_some() {
    char bytes[65536];
    const ssize_t count = ::recv(socket_, bytes, sizeof bytes, 0);
    EXPECT_FALSE(count < 0 && errno == EAGAIN) << "the server neither answered nor closed";
    if (count > 0) buffer_.append(bytes, static_cast<std::size_t>(count));
    return count > 0;
  }

  int socket_;
  std::string origin_;
  std::string buffer_;
};

}  // namespace citiverse::testing_fixtures
