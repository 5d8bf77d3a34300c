// Which code answers which address, who may ask, and how long it may take: one table.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "net/gate.h"
#include "net/limits.h"
#include "net/reply.h"
#include "net/request.h"

namespace citiverse::net {

/// How long a route takes: brief answers and long makings wait in separate queues, so that a tile never delays a search.
enum class Work : std::uint8_t { brief, long_ };

inline constexpr std::size_t kPathParametersMax = 4;

struct Call {
  const Request& request;
  std::array<std::string_view, kPathParametersMax> parameters{};  ///< In the order of the pattern.
  Visitor visitor{};                                              ///< As the gate admitted it.
};

struct Route {
  std::string pattern;          ///< "/a/{b}/c": {b} is one segment; a last "{b*}" is all that is left, which may be several.
  Method method = Method::get;  ///< get answers HEAD too; OPTIONS is answered by net.
  AccessRule access = kUnnamedAccess;
  Work work = Work::brief;
  /// Answers on the connection's own thread if that takes microseconds; nothing: ask `make`. May be absent.
  std::function<std::optional<Reply>(const Call&)> quick;
  /// Answers on a worker's thread. May be absent when `quick` always answers.
  std::function<Reply(const Call&)> make;
  /// Of unsafe methods. Above kBodyBytesMax, at most kLargeBodyBytesMax, the gate decides before the body is read.
  std::size_t body_bytes_max = kRouteBodyBytesMax;
  /// What a body must be, one of a comma-separated list; a request without a body needs none.
  std::string_view body_media_types = "application/json";
  bool only_reads = false;             ///< Its method may change something, and the route does not: any page may ask it.
  bool takes_escaped_slashes = false;  ///< Its parameters may hold kEscapedSlash; other routes' requests are refused then.

  /// For WebSockets (RFC 6455) instead of `quick` and `make`: asked when a handshake comes that net found well-formed, from our
  /// own page and admitted. With a ticket net answers 101 and hands the socket to the server's WebSocketDriver, which shows the
  /// ticket to its app; what is no handshake is answered with 426. On the connection's own thread: well under a millisecond.
  std::function<std::expected<std::uint64_t, Reply>(const Call&)> upgrade;
  std::string_view subprotocol;  ///< Which the client must offer (RFC 6455, 4.2.2); empty: none is spoken.
};

/// Filled before the server runs. Threads: reading is safe.
class Router {
 public:
  static constexpr std::uint32_t kNoRoute = 0xFFFFFFFFu;

  /// One pattern may be added once a method; the names of its parameters do not tell patterns apart. The first pattern that
  /// matches a path answers, by the method's route: add what is asked for most first, and what takes everything last.
  void add(Route route);
  std::span<const Route> routes() const { return routes_; }

  /// The pattern that matches a path, and its routes.
  struct Match {
    std::uint32_t place = kNoRoute;
    std::array<std::string_view, kPathParametersMax> parameters{};
  };
  Match match(std::string_view path) const;
  /// The route of a matched place for a method (HEAD is answered by GET's), or kNoRoute.
  std::uint32_t route_of(const Match& match, Method method) const;
  /// What may be asked there, as the Allow field says it: "GET, HEAD, OPTIONS".
  std::string allowed(const Match& match) const;

 private:
  struct Segment {
    std::string text;
    enum class Kind : std::uint8_t { literal, one, rest } kind = Kind::literal;
    friend bool operator==(const Segment&, const Segment&) = default;
  };
  static constexpr std::size_t kMethods = static_cast<std::size_t>(Method::other);
  struct Place {
    std::vector<Segment> pattern;
    std::array<std::uint32_t, kMethods> routes;
  };
  static std::vector<Segment> parse(std::string_view pattern);
  static bool matches(std::span<const Segment> pattern, std::string_view path, Match& match);

  std::vector<Route> routes_;
  std::vector<Place> places_;
};

}  // namespace citiverse::net
