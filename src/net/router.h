// Which code answers which address, who may ask, and how long it may take: one table.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "net/reply.h"
#include "net/request.h"

namespace citiverse::net {

/// Who may use a route. Every route names one; nothing is open because nobody thought of it.
enum class Access : std::uint8_t { everyone };

/// How long a route takes: brief answers and long makings wait in separate queues, so that a tile never delays a search.
enum class Work : std::uint8_t { brief, long_ };

inline constexpr std::size_t kPathParametersMax = 4;

struct Call {
  const Request& request;
  std::array<std::string_view, kPathParametersMax> parameters{};  ///< In the order of the pattern.
};

struct Route {
  std::string pattern;  ///< "/a/{b}/c": {b} is one segment; a last "{b*}" is all that is left, which may be several.
  Access access = Access::everyone;
  Work work = Work::brief;
  /// Answers on the connection's own thread if that takes microseconds; nothing: ask `make`. May be absent.
  std::function<std::optional<Reply>(const Call&)> quick;
  /// Answers on a worker's thread. May be absent when `quick` always answers.
  std::function<Reply(const Call&)> make;
};

/// GET, HEAD and OPTIONS for each route. Filled before the server runs. Threads: reading is safe.
class Router {
 public:
  static constexpr std::uint32_t kNoRoute = 0xFFFFFFFFu;

  /// The first route that matches answers: add what is asked for most first.
  void add(Route route);
  std::span<const Route> routes() const { return routes_; }

  struct Match {
    std::uint32_t route = kNoRoute;
    std::array<std::string_view, kPathParametersMax> parameters{};
  };
  Match match(std::string_view path) const;

 private:
  struct Segment {
    std::string text;
    enum class Kind : std::uint8_t { literal, one, rest } kind = Kind::literal;
  };
  static bool matches(std::span<const Segment> pattern, std::string_view path, Match& match);

  std::vector<Route> routes_;
  std::vector<std::vector<Segment>> patterns_;
};

/// True when the policy lets this request in.
bool is_allowed(Access access, const Request& request);

}  // namespace citiverse::net
