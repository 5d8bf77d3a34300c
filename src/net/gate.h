// Who asks and who may: what net asks of a room that knows accounts. Net itself knows none.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>

#include "net/reply.h"
#include "net/request.h"

namespace citiverse::net {

/// Who asks, as plain numbers. All 0: nobody is signed in.
struct Visitor {
  std::uint64_t account = 0;
  std::uint64_t session = 0;
  std::uint32_t roles = 0;
  std::uint64_t machine = 0;  ///< A program that acts for somebody, by a token: neither account nor session then.
};

/// How a request counts against limits of its sender.
enum class Pace : std::uint8_t {
  of_address,  ///< As any other of its address.
  granted,     ///< Within the sender's own, which the gate keeps.
  too_often,
};

/// What a route demands: a number that only the Gate understands.
using AccessRule = std::uint16_t;
inline constexpr AccessRule kOpenToAll = 0;
/// A route that names no rule is refused when it is added: nothing is open because nobody thought of it.
inline constexpr AccessRule kUnnamedAccess = 0xFFFF;

/// Decides on every request that reaches a route, whatever the route, before any of its code runs. Where a server has no gate,
/// only kOpenToAll is let in. Threads: called from all connections' threads. Cost: microseconds.
class Gate {
 public:
  virtual ~Gate() = default;
  /// The Visitor, or the answer that is given instead. `is_unsafe`: the method may change something, or a WebSocket is asked
  /// for; of such a request net has checked the origin before (net/origin.h).
  virtual std::expected<Visitor, Reply> admit(const Request& request, AccessRule access, bool is_unsafe) = 0;
  /// Asked once a request, before anything else, of those with an Authorization field. `now` is of any steady clock.
  virtual Pace pace_of(const Request&, std::chrono::nanoseconds) { return Pace::of_address; }
};

}  // namespace citiverse::net
