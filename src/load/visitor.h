// One visitor's socket: hello and moves out, welcome and ticks in, and what can be told of their times.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "load/percentiles.h"
#include "load/walkers.h"
#include "presence/client_messages.h"
#include "presence/server_messages.h"

namespace citiverse::load {

/// What all visitors saw in the time that is measured.
struct Seen {
  Percentiles tick_to_client;  ///< From when a tick was due by the node's clock to when it had been read here.
  Percentiles input_age;       ///< Of a move, since it was due, when the tick was due that first acknowledges it.
  std::uint64_t ticks = 0;
  std::uint64_t bytes_down = 0;
  std::uint64_t bytes_up = 0;
  std::uint64_t moves = 0;
  std::uint64_t moves_blocked = 0;  ///< Not sent because the node does not read.
  std::uint64_t moving_neighbours = 0;
  std::uint64_t moving_bytes = 0;  ///< Of their records.
  std::uint64_t corrections = 0;
  std::uint64_t tells = 0;
  std::uint64_t protocol_errors = 0;
  std::uint64_t slots_filled = 0;  ///< Sum over `slots_looked_at`.
  std::uint64_t slots_looked_at = 0;
};

struct VisitorWishes {
  std::uint8_t rate_hz = 10;
  std::uint8_t slots = 32;
  std::uint16_t radius_m = 100;
  std::chrono::nanoseconds move_period{100'000'000};
};

/// Threads: one owner. Memory: about 100 bytes, and a table of slots where `is_checked`.
class Visitor {
 public:
  enum class State : std::uint8_t { away, greeting, here };

  State state() const { return state_; }
  int socket() const { return socket_; }
  const presence::Welcome* welcome() const { return welcome_.get(); }
  /// When the newest tick was due: the node takes this visitor's moves at such times, a tick's period apart.
  std::chrono::nanoseconds turn() const { return tick_due_; }
  /// Why it ended: a close code, or 1006.
  std::uint16_t close_code() const { return close_code_; }

  /// Takes a joined socket and says hello. `is_checked`: every tick is held against the protocol with a table of slots.
  void greet(int socket, const Step& at, const VisitorWishes& wishes, bool is_checked);
  /// Sends the move that was due at `due`.
  void move(const Step& step, std::chrono::nanoseconds due, const VisitorWishes& wishes, Seen& seen);
  void say(std::string_view json, Seen& seen);
  /// Reads all that has come into `space` and takes it apart. Returns true when the node corrected the visitor's place.
  /// Afterwards state() is `away` when the socket has ended: it is closed then.
  bool read(std::span<std::uint8_t> space, std::chrono::nanoseconds now, const VisitorWishes& wishes, Seen& seen);
  void leave();

 private:
  bool send_frame(std::uint8_t opcode, std::span<const std::uint8_t> payload, Seen* seen);
  bool take_message(std::span<const std::uint8_t> message, std::chrono::nanoseconds now, const VisitorWishes& wishes,
                    Seen& seen);
  bool take_tick(std::span<const std::uint8_t> message, std::chrono::nanoseconds now, const VisitorWishes& wishes, Seen& seen);

  int socket_ = -1;
  State state_ = State::away;
  bool is_checked_ = false;
  std::uint16_t close_code_ = 0;
  std::uint16_t sequence_ = 0;  // Of the newest move.
  std::uint16_t acknowledged_ = 0;
  std::uint16_t last_tick_ = 0;
  std::chrono::nanoseconds move_due_{0};  // When the newest move was due.
  std::chrono::nanoseconds tick_due_{0};  // When the last tick was due.
  std::chrono::nanoseconds tick_time_{0};
  std::vector<std::uint8_t> partial_;  // The beginning of a frame.
  std::unique_ptr<presence::Welcome> welcome_;
  std::unique_ptr<presence::SlotTable> table_;
};

}  // namespace citiverse::load
