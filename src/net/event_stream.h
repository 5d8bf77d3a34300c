// An answer that does not end: what happens is told to a client as it happens, as server-sent events.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace citiverse::net {

inline constexpr std::size_t kEventBytesMax = 256 * 1024;  ///< What take() gives at once is at most about this long.
inline constexpr std::chrono::seconds kEventPulse{15};     ///< Without news, a comment keeps proxies from hanging up.

/// A route's Reply may carry one: the answer is then `text/event-stream` (WHATWG HTML, 9.2), and after its head come the bytes
/// that take() gives, as fast as the client takes them. Nothing is queued here: take() is asked when all before has left, and
/// tells the newest. Threads: wake() from any; take() and ended() on one of net's, never both at once.
class EventStream {
 public:
  virtual ~EventStream() = default;

  /// There is something to take. Cheap when it was said already.
  void wake();

  /// Appends whole events, or nothing when there is nothing to tell. Microseconds.
  virtual void take(std::string& out) = 0;
  /// The client has gone, or the node stops. Once, and last.
  virtual void ended() {}

  // For net.
  void begin(std::function<void()> wake);
  void end();
  void take_again(std::string& out);

 private:
  std::mutex mutex_;
  std::function<void()> wake_;
  std::atomic<bool> is_woken_{false};
  bool has_ended_ = false;
};

/// Appends one event. `name` and `data` have no line breaks: JSON on one line.
void append_event(std::string& out, std::string_view name, std::string_view data);

}  // namespace citiverse::net
