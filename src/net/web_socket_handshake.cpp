// SHA-1 is what the handshake asks for; it proves no more than that the other side read RFC 6455.
#include "net/web_socket_handshake.h"

#include <openssl/evp.h>

#include <array>

#include <fmt/format.h>

#include "base/check.h"

namespace citiverse::net {
namespace {

constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // RFC 6455, 1.3.
constexpr std::size_t kKeyCharacters = 24;                                  // 16 bytes in base64.

bool is_key(std::string_view key) {
  if (key.size() != kKeyCharacters || !key.ends_with("==")) return false;
  for (const char c : key.substr(0, kKeyCharacters - 2)) {
    const bool known = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
    if (!known) return false;
  }
  return true;
}

Reply upgrade_required(std::string_view detail) {
  Reply reply = problem(426, "upgrade_required", detail);
  reply.fields = "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
  return reply;
}

}  // namespace

std::optional<Reply> refuse_handshake(const Request& request, std::string_view subprotocol) {
  if (request.method != Method::get || !list_holds(request.field("Upgrade"), "websocket")) {
    return upgrade_required("this address speaks WebSocket (RFC 6455); ask with Upgrade: websocket");
  }
  if (request.is_http_1_0 || !list_holds(request.field("Connection"), "upgrade")) {
    return problem(400, "bad_handshake", "a WebSocket needs HTTP/1.1 and Connection: Upgrade");
  }
  if (request.field("Sec-WebSocket-Version") != "13") return upgrade_required("this address speaks WebSocket version 13");
  if (!is_key(request.field("Sec-WebSocket-Key"))) {
    return problem(400, "bad_handshake", "Sec-WebSocket-Key must be 16 bytes in base64");
  }
  if (!request.body.empty()) return problem(400, "bad_handshake", "a WebSocket's handshake has no body");
  if (!subprotocol.empty() && !list_holds(request.field("Sec-WebSocket-Protocol"), subprotocol)) {
    return problem(400, "bad_handshake", fmt::format("this address speaks the subprotocol {}; offer it", subprotocol));
  }
  return std::nullopt;
}

std::string accept_of(std::string_view key) {
  const std::string text = std::string(key) + std::string(kGuid);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  const int done = EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr);
  CITIVERSE_CHECK(done == 1, "OpenSSL has SHA-1");
  std::array<unsigned char, 64> base64{};
  const int length = EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(size));
  return {base64.begin(), base64.begin() + length};
}

std::string handshake_answer(const Request& request, std::string_view subprotocol) {
  std::string answer = fmt::format(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {}\r\n",
      accept_of(request.field("Sec-WebSocket-Key")));
  if (!subprotocol.empty()) fmt::format_to(std::back_inserter(answer), "Sec-WebSocket-Protocol: {}\r\n", subprotocol);
  answer += "\r\n";
  return answer;
}

}  // namespace citiverse::net
