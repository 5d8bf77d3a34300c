// The one place where a method is refused and an exception of a handler ends.
#include "net/dispatch.h"

#include <exception>

#include <fmt/format.h>

#include "base/log.h"
#include "net/target.h"
#include "net/web_socket_handshake.h"

namespace citiverse::net {
namespace {

// Reading is open to any site's pages; what changes something is for our own, so a preflight never allows more.
Reply options_reply(std::string_view allowed) {
  Reply reply;
  reply.status = 204;
  reply.media_type = {};
  reply.cache_control = "max-age=86400";
  reply.fields = fmt::format(
      "Allow: {}\r\nAccess-Control-Allow-Methods: GET, HEAD, OPTIONS\r\nAccess-Control-Allow-Headers: If-None-Match, Range\r\n"
      "Access-Control-Max-Age: 86400\r\n",
      allowed);
  return reply;
}

// A browser never adds Authorization to what another site's page asks: that needs a preflight, which allows nothing.
std::optional<Reply> refuse_by_origin(const Doorway& doorway, const Request& request) {
  if (!request.authorization.empty()) return std::nullopt;
  if (doorway.origin.is_from_own_page(request)) return std::nullopt;
  return problem(403, "cross_origin", "only this node's own pages may ask this; send Origin with this node's address");
}

Reply refusal(const Doorway& doorway, const Request& request, int status, std::string_view code, std::string_view detail) {
  std::optional<Reply> told;
  if (doorway.tell_refusal) told = doorway.tell_refusal(request, status, detail);
  return told ? *std::move(told) : problem(status, code, detail);
}

std::optional<Reply> refuse_by_body(const Route& route, const Doorway& doorway, const Request& request) {
  if (request.body.size() > route.body_bytes_max)
    return refusal(doorway, request, 413, "body_too_large",
                   fmt::format("this address takes bodies of at most {} bytes", route.body_bytes_max));
  if (request.body.empty()) return std::nullopt;
  const std::string_view media_type = request.content_type.substr(0, request.content_type.find(';'));
  const std::size_t end = media_type.find_last_not_of(" \t");
  if (list_holds(route.body_media_types, media_type.substr(0, end + 1))) return std::nullopt;
  return refusal(doorway, request, 415, "unsupported_media_type",
                 fmt::format("this address takes bodies as {}", route.body_media_types));
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

std::optional<Reply> refuse(const Route& route, const Doorway& doorway, const Request& request) {
  if (route.upgrade) {
    if (auto refusal = refuse_handshake(request, route.subprotocol)) return refusal;
    return refuse_by_origin(doorway, request);
  }
  if (is_safe(request.method)) return std::nullopt;
  if (!route.only_reads) {
    if (auto refusal = refuse_by_origin(doorway, request)) return refusal;
  }
  return refuse_by_body(route, doorway, request);
}

void admit(const Route& route, const Doorway& doorway, const Request& request, Dispatched& dispatched) {
  if (doorway.gate == nullptr) {
    if (route.access != kOpenToAll) dispatched.reply = problem(403, "denied", "this address is not open to you");
    return;
  }
  auto admitted = doorway.gate->admit(request, route.access, route.upgrade || !is_safe(request.method));
  if (admitted)
    dispatched.visitor = *admitted;
  else
    dispatched.reply = std::move(admitted.error());
}

void answer(const Route& route, const Request& request, Dispatched& dispatched) {
  const Call call{request, dispatched.match.parameters, dispatched.visitor};
  if (route.upgrade) {
    auto asked = guarded(route, [&]() -> std::optional<Reply> {
      auto ticket = route.upgrade(call);
      if (!ticket) return std::move(ticket.error());
      dispatched.ticket = *ticket;
      return std::nullopt;
    });
    dispatched.reply = std::move(asked);
  } else if (route.quick) {
    dispatched.reply = guarded(route, [&]() -> std::optional<Reply> { return route.quick(call); });
  }
}

}  // namespace

void make_personal(const Route& route, Reply& reply) {
  if (route.access != kOpenToAll && reply.audience == Audience::open_data) reply.audience = Audience::personal;
}

Dispatched dispatch(const Router& router, const Doorway& doorway, const Request& request) {
  Dispatched dispatched;
  if (request.asks_for_all) {
    dispatched.reply = options_reply("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    return dispatched;
  }
  dispatched.match = router.match(request.path);
  if (dispatched.match.place == Router::kNoRoute) {
    dispatched.reply = refusal(doorway, request, 404, "not_found", "nothing is at this address");
    return dispatched;
  }
  if (request.method == Method::options) {
    dispatched.reply = options_reply(router.allowed(dispatched.match));
    return dispatched;
  }
  dispatched.route = router.route_of(dispatched.match, request.method);
  if (dispatched.route == Router::kNoRoute) {
    const std::string allowed = router.allowed(dispatched.match);
    dispatched.reply = refusal(doorway, request, 405, "method_not_allowed", fmt::format("this address takes {}", allowed));
    dispatched.reply->fields += fmt::format("Allow: {}\r\n", allowed);
    return dispatched;
  }
  const Route& route = router.routes()[dispatched.route];
  if (!route.takes_escaped_slashes && request.path.contains(kEscapedSlash)) {
    dispatched.reply = refusal(doorway, request, 400, "bad_input", "the path holds an escaped '/'; write the path without %2F");
    return dispatched;
  }
  dispatched.reply = refuse(route, doorway, request);
  if (!dispatched.reply) admit(route, doorway, request, dispatched);
  if (!dispatched.reply) answer(route, request, dispatched);
  if (dispatched.reply) make_personal(route, *dispatched.reply);
  return dispatched;
}

Reply make_reply(const Router& router, const Dispatched& dispatched, const Request& request) {
  const Route& route = router.routes()[dispatched.route];
  Reply reply =
      guarded(route, [&]() -> Reply { return route.make(Call{request, dispatched.match.parameters, dispatched.visitor}); });
  make_personal(route, reply);
  return reply;
}

}  // namespace citiverse::net
