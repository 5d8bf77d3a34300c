// A request to its route: methods, policy, and the two ways of answering. Knows no socket.
#pragma once

#include <optional>

#include "net/router.h"

namespace citiverse::net {

/// Where a request stands after dispatch(): answered, or `route` must make the answer on a worker.
struct Dispatched {
  std::uint32_t route = Router::kNoRoute;
  std::optional<Reply> reply;
  Router::Match match;
};

/// 404 for what no route knows, 405 with Allow for methods that it does not take, 204 with Allow for OPTIONS, 403 by policy;
/// otherwise the route's quick answer, or none.
Dispatched dispatch(const Router& router, const Request& request);

/// The route's slow answer. A route that throws is answered with 500 and logged: one request must not end the program.
Reply make_reply(const Router& router, const Dispatched& dispatched, const Request& request);

}  // namespace citiverse::net
