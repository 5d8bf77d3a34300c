// How an HTTP connection becomes a WebSocket: RFC 6455, section 4.2.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "net/reply.h"
#include "net/request.h"

namespace citiverse::net {

/// What is answered to a request that is no handshake we can accept: 426 when it asks for no WebSocket or for another version
/// than 13, 400 for a malformed one or one that does not offer `subprotocol` (RFC 6455, 4.2.1 and 4.4). Nothing when it is one.
std::optional<Reply> refuse_handshake(const Request& request, std::string_view subprotocol);

/// Sec-WebSocket-Accept for a Sec-WebSocket-Key (RFC 6455, 4.2.2, step 5.4).
std::string accept_of(std::string_view key);

/// The whole answer 101, its empty line included.
std::string handshake_answer(const Request& request, std::string_view subprotocol);

}  // namespace citiverse::net
