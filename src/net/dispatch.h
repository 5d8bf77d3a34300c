// A request to its route: methods, origin, gate, and the ways of answering. Knows no socket.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "net/origin.h"
#include "net/router.h"

namespace citiverse::net {

/// Who stands at the door of every request: who may ask, and from which pages.
struct Doorway {
  Gate* gate = nullptr;  ///< Absent: only what is open to all is let in.
  OwnOrigin origin;
  /// Tells a 404, 405, 413 or 415 of dispatch() in the words of the standard that is spoken at this address; nothing, or
  /// absent: it is a problem document (RFC 9457).
  std::function<std::optional<Reply>(const Request& request, int status, std::string_view detail)> tell_refusal = {};
};

/// Where a request stands after dispatch(): answered, a WebSocket, or `route` must make the answer on a worker.
struct Dispatched {
  std::uint32_t route = Router::kNoRoute;
  std::optional<Reply> reply;
  std::optional<std::uint64_t> ticket;  ///< Of a WebSocket that may begin; the 101 is still to be said.
  Router::Match match;
  Visitor visitor;
};

/// In this order: 404 for what no pattern knows, 405 with Allow for methods that it does not take, 204 with Allow for OPTIONS;
/// of unsafe methods and handshakes 403 `cross_origin` for other origins than ours, unless they bring a token, 413 and 415 for
/// bodies that the route does not take; 426 or 400 for what should be a handshake and is none; the gate's refusal; then the
/// route's quick answer, or none.
Dispatched dispatch(const Router& router, const Doorway& doorway, const Request& request);

/// What is guarded is for the one who asked, whatever the route forgot to say: of a reply that was given later, too.
void make_personal(const Route& route, Reply& reply);

/// The route's slow answer. A route that throws is answered with 500 and logged: one request must not end the program.
Reply make_reply(const Router& router, const Dispatched& dispatched, const Request& request);

}  // namespace citiverse::net
