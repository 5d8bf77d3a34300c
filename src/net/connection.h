// One client's connection: bytes in, requests out to the routes, answers back, never more time or memory than the limits say.
// Private to the room: this header includes Asio.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "net/dispatch.h"
#include "net/event_stream.h"
#include "net/later_replies.h"
#include "net/limits.h"
#include "net/metrics.h"
#include "net/outgoing.h"
#include "net/rate_limit.h"
#include "net/request_reader.h"
#include "net/web_socket_driver.h"
#include "net/worker_pool.h"

namespace citiverse::net {

/// What all connections of a server share.
struct Shared {
  const Router& router;
  const Doorway& doorway;
  WebSocketDriver* web_sockets;
  Metrics& metrics;
  const Limits& limits;
  WorkerPool& brief;
  WorkerPool& long_;
  bool logs_requests;
  AddressBook* book = nullptr;
  std::atomic<std::size_t> large_bodies_bytes{0};  // kLargeBodiesBytesMax holds them.
  std::atomic<bool> stopping{false};
};

/// One event loop: its connections, its clock that ticks once a second, its Date field. Used by its own thread only.
class Loop;

/// Lives as long as one of its operations waits. Threads: its loop's.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Clock = std::chrono::steady_clock;

  Connection(Shared& shared, Loop& loop, boost::asio::ip::tcp::socket socket, std::shared_ptr<AddressAccount> account,
             std::uint64_t address, bool is_proxy);
  ~Connection();

  void start() { advance(); }
  /// Called once a second: ends what takes longer than the limits allow.
  void check_time(Clock::time_point now);
  /// Closes at once when nothing runs, otherwise after the answer that is on its way.
  void stop_soon();
  /// True until its first request has come whole: such a connection makes room for others first.
  bool is_half_open() const { return doing_ == Doing::reading && !has_asked_; }
  void close();

 private:
  enum class Doing : std::uint8_t { reading, working, writing, streaming, lingering, closed };

  void advance();
  void read_more();
  void answer();
  void work_on(Dispatched dispatched);
  void send_later(LaterReply& later);
  std::expected<std::size_t, ReadFailure> may_send_large_body(const Request& request, std::uint64_t bytes);
  void let_go_of_large_body();
  void begin_web_socket(const Dispatched& dispatched);
  void hand_over();
  bool is_within_rate();
  void refuse(Reply reply);
  void send(Reply reply, bool closes);
  void write_some();
  bool write_file_some(boost::system::error_code& error);
  void sent();
  void begin_events();
  void watch_for_end();
  void send_events();
  void check_events(Clock::time_point now);
  void linger();
  void fail_slow_request();

  Shared& shared_;
  Loop& loop_;
  boost::asio::ip::tcp::socket socket_;
  std::shared_ptr<AddressAccount> account_;
  RequestReader reader_;
  Outgoing out_;
  std::size_t piece_ = 0;  // The next to be sent.
  std::uint32_t route_ = Router::kNoRoute;
  Clock::time_point request_begin_;
  Clock::time_point deadline_;
  std::uint64_t lingered_bytes_ = 0;
  std::size_t large_body_bytes_ = 0;  // Its part of Shared::large_bodies_bytes.
  Doing doing_ = Doing::reading;
  bool had_begun_ = false;
  bool was_in_body_ = false;
  bool has_asked_ = false;
  const bool is_proxy_;
  std::shared_ptr<EventStream> events_;
  bool is_event_waiting_ = false;        // For room in the socket.
  std::optional<std::uint64_t> ticket_;  // Of the WebSocket that this becomes when its 101 has been sent.
};

class Loop {
 public:
  Loop() : io(1), later(io) {}

  boost::asio::io_context io;
  LaterReplies later;
  std::string date_field;  // "Date: …\r\n"
  std::vector<std::weak_ptr<Connection>> connections;
  std::deque<std::weak_ptr<Connection>> half_open;  // The oldest first.
};

}  // namespace citiverse::net
