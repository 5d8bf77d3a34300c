// The one place where a method is refused and an exception of a handler ends.
#include "net/dispatch.h"

#include <exception>

#include "base/log.h"

namespace citiverse::net {
namespace {

constexpr std::string_view kAllow = "Allow: GET, HEAD, OPTIONS\r\n";

Reply options_reply() {
  Reply reply;
  reply.status = 204;
  reply.media_type = {};
  reply.cache_control = "max-age=86400";
  reply.fields = kAllow;
  reply.fields +=
      "Access-Control-Allow-Methods: GET, HEAD, OPTIONS\r\nAccess-Control-Allow-Headers: If-None-Match, Range\r\n"
      "Access-Control-Max-Age: 86400\r\n";
  return reply;
}

template <class Answer>
auto guarded(const Route& route, Answer&& answer) -> decltype(answer()) {
  try {
    return answer();
  } catch (const std::exception& error) {
    base::log(base::LogLevel::error, "route_failed", {{"route", route.pattern}, {"reason", std::string_view(error.what())}});
    return problem(500, "unavailable", "this request could not be answered; the reason is in the node's log");
  }
}

}  // namespace

Dispatched dispatch(const Router& router, const Request& request) {
  Dispatched dispatched;
  if (request.asks_for_all) {
    dispatched.reply = options_reply();
    return dispatched;
  }
  dispatched.match = router.match(request.path);
  dispatched.route = dispatched.match.route;
  if (dispatched.route == Router::kNoRoute) {
    dispatched.reply = problem(404, "not_found", "nothing is at this address");
    return dispatched;
  }
  const Route& route = router.routes()[dispatched.route];
  if (request.method == Method::options) {
    dispatched.reply = options_reply();
  } else if (request.method != Method::get && request.method != Method::head) {
    dispatched.reply = problem(405, "method_not_allowed", "this address takes GET, HEAD and OPTIONS");
    dispatched.reply->fields = kAllow;
  } else if (!is_allowed(route.access, request)) {
    dispatched.reply = problem(403, "denied", "this address is not open to you");
  } else if (route.quick) {
    dispatched.reply =
        guarded(route, [&]() -> std::optional<Reply> { return route.quick(Call{request, dispatched.match.parameters}); });
  }
  return dispatched;
}

Reply make_reply(const Router& router, const Dispatched& dispatched, const Request& request) {
  const Route& route = router.routes()[dispatched.route];
  return guarded(route, [&]() -> Reply { return route.make(Call{request, dispatched.match.parameters}); });
}

}  // namespace citiverse::net
