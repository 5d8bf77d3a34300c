// Writes are tried at once on the socket, and waited for only when it is full; reads always wait, which costs the event loop no
// system call of its own. So an answer from memory takes one receive and one send.
#include "net/connection.h"

#include <sys/sendfile.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>

#include "base/log.h"
#include "net/peer_address.h"
#include "net/web_socket_handshake.h"

namespace citiverse::net {

namespace asio = boost::asio;
using boost::system::error_code;

Connection::Connection(Shared& shared, Loop& loop, asio::ip::tcp::socket socket, std::shared_ptr<AddressAccount> account,
                       std::uint64_t address, bool is_proxy)
    : shared_(shared),
      loop_(loop),
      socket_(std::move(socket)),
      account_(std::move(account)),
      reader_(address, [this](const Request& request, std::uint64_t bytes) { return may_send_large_body(request, bytes); }),
      deadline_(Clock::now() + shared.limits.header_time),
      is_proxy_(is_proxy) {
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
  shared_.metrics.connections_open.fetch_add(1, std::memory_order_relaxed);
}

Connection::~Connection() {
  if (events_ != nullptr) events_->end();
  let_go_of_large_body();
  if (account_ != nullptr) AddressBook::close(*account_);
  shared_.metrics.connections_open.fetch_sub(1, std::memory_order_relaxed);
}

void Connection::close() {
  if (doing_ == Doing::closed) return;
  doing_ = Doing::closed;
  error_code ignored;
  socket_.close(ignored);
  if (events_ != nullptr) events_->end();
}

void Connection::stop_soon() {
  if ((doing_ == Doing::reading && !reader_.has_begun()) || doing_ == Doing::streaming) close();
}

void Connection::check_time(Clock::time_point now) {
  if (doing_ == Doing::closed || doing_ == Doing::working || now < deadline_) return;
  if (doing_ == Doing::reading && reader_.has_begun()) return fail_slow_request();
  if (doing_ == Doing::streaming) return check_events(now);
  close();
}

void Connection::fail_slow_request() {
  refuse(problem(408, "timeout", "the request did not arrive in time; send it without pauses"));
}

// Reads until a request is whole, then answers it; pipelined requests are answered one after another.
void Connection::advance() {
  switch (reader_.parse()) {
    case RequestReader::State::need_more: return read_more();
    case RequestReader::State::ready: return answer();
    case RequestReader::State::failed: {
      const ReadFailure& failure = reader_.failure();
      return refuse(problem(failure.status, failure.code, failure.detail));
    }
  }
}

void Connection::read_more() {
  const bool begun = reader_.has_begun();
  const bool in_body = reader_.in_body();
  if (!begun && shared_.stopping.load(std::memory_order_relaxed)) return close();
  // A deadline is set when a phase begins, not with every byte: dripping bytes gain nothing.
  if (doing_ != Doing::reading || begun != had_begun_ || in_body != was_in_body_) {
    const Limits& limits = shared_.limits;
    deadline_ = Clock::now() + (in_body ? limits.body_time : begun ? limits.header_time : limits.idle_time);
  }
  doing_ = Doing::reading;
  had_begun_ = begun;
  was_in_body_ = in_body;
  const std::span<char> space = reader_.space();
  socket_.async_read_some(asio::buffer(space.data(), space.size()),
                          [self = shared_from_this()](const error_code& error, std::size_t bytes) {
                            if (self->doing_ != Doing::reading) return;
                            if (error) return self->close();
                            self->reader_.filled(bytes);
                            self->advance();
                          });
}

void Connection::answer() {
  has_asked_ = true;
  request_begin_ = Clock::now();
  route_ = Router::kNoRoute;
  if (!is_within_rate()) {
    Reply reply = problem(429, "too_many_requests", "this address asks too often; wait a second");
    reply.fields = "Retry-After: 1\r\n";
    return send(std::move(reply), false);
  }
  const Request& request = reader_.request();
  Dispatched dispatched = dispatch(shared_.router, shared_.doorway, request);
  route_ = dispatched.route;
  if (dispatched.reply && dispatched.reply->later) {
    doing_ = Doing::working;
    return send_later(*dispatched.reply->later);
  }
  if (dispatched.reply) return send(std::move(*dispatched.reply), false);
  if (dispatched.ticket) return begin_web_socket(dispatched);
  work_on(std::move(dispatched));
}

// Large bodies are for those who may use the route, and only as many as memory was set aside for.
std::expected<std::size_t, ReadFailure> Connection::may_send_large_body(const Request& request, std::uint64_t bytes) {
  const Router::Match match = shared_.router.match(request.path);
  const std::uint32_t place = shared_.router.route_of(match, request.method);
  if (place == Router::kNoRoute) return kBodyBytesMax;
  const Route& route = shared_.router.routes()[place];
  if (route.body_bytes_max <= kBodyBytesMax || bytes > route.body_bytes_max)
    return std::max(route.body_bytes_max, kBodyBytesMax);
  if (shared_.doorway.gate != nullptr) {
    if (const auto admitted = shared_.doorway.gate->admit(request, route.access, true); !admitted)
      return std::unexpected(ReadFailure{admitted.error().status, admitted.error().status == 401 ? "sign_in_needed" : "denied",
                                         "bodies of this size are taken from those only who may use this address"});
  }
  const std::size_t share = bytes == 0 ? route.body_bytes_max : bytes;
  if (shared_.large_bodies_bytes.fetch_add(share) + share > kLargeBodiesBytesMax) {
    shared_.large_bodies_bytes.fetch_sub(share);
    return std::unexpected(ReadFailure{503, "limit", "too many large bodies come in at this moment; try again in a second"});
  }
  large_body_bytes_ = share;
  return route.body_bytes_max;
}

void Connection::let_go_of_large_body() {
  if (large_body_bytes_ > 0) shared_.large_bodies_bytes.fetch_sub(std::exchange(large_body_bytes_, 0));
}

// A proxy brings the requests of many people: each of them has an account.
bool Connection::is_within_rate() {
  const auto now = request_begin_.time_since_epoch();
  if (!reader_.request().authorization.empty() && shared_.doorway.gate != nullptr) {
    const Pace pace = shared_.doorway.gate->pace_of(reader_.request(), now);
    if (pace != Pace::of_address) return pace == Pace::granted;
  }
  if (is_proxy_) {
    if (const auto address = forwarded_key(reader_.request().field("X-Forwarded-For"))) {
      reader_.set_address(*address);
      const auto account = shared_.book->find(*address, now);
      return account != nullptr && account->take(now, shared_.limits);
    }
  }
  return account_->take(now, shared_.limits);
}

void Connection::begin_web_socket(const Dispatched& dispatched) {
  if (shared_.web_sockets == nullptr || !shared_.web_sockets->has_room() || shared_.stopping.load(std::memory_order_relaxed)) {
    Reply reply = problem(503, "limit", "no more visitors fit on this node now; try again in a moment");
    reply.fields = "Retry-After: 5\r\n";
    return send(std::move(reply), false);
  }
  if (is_proxy_) {
    // The socket counts for the person, not for the proxy.
    auto person = shared_.book->open(reader_.request().address, request_begin_.time_since_epoch());
    if (person == nullptr) {
      Reply reply = problem(503, "limit", "too many visitors come from this address; try again in a moment");
      reply.fields = "Retry-After: 5\r\n";
      return send(std::move(reply), false);
    }
    AddressBook::close(*std::exchange(account_, std::move(person)));
  }
  ticket_ = dispatched.ticket;
  out_ = {};
  out_.status = 101;
  out_.head = handshake_answer(reader_.request(), shared_.router.routes()[route_].subprotocol);
  out_.pieces[0] = out_.head;
  doing_ = Doing::writing;
  deadline_ = Clock::now() + shared_.limits.write_stall_time;
  piece_ = 0;
  write_some();
}

void Connection::hand_over() {
  doing_ = Doing::closed;
  error_code error;
  const int descriptor = socket_.release(error);
  if (error) return;
  shared_.web_sockets->adopt(descriptor, *ticket_, reader_.rest(), std::move(account_));
}

void Connection::work_on(Dispatched dispatched) {
  doing_ = Doing::working;
  WorkerPool& pool = shared_.router.routes()[dispatched.route].work == Work::brief ? shared_.brief : shared_.long_;
  // The reader is not touched while a worker reads the request's windows: nothing is read until the answer is sent.
  const bool queued = pool.post([self = shared_from_this(), dispatched = std::move(dispatched)] {
    auto reply = std::make_shared<Reply>(make_reply(self->shared_.router, dispatched, self->reader_.request()));
    asio::io_context& io = self->loop_.io;
    asio::post(io, [self, reply] {
      if (self->doing_ != Doing::working) return;
      if (reply->later) return self->send_later(*reply->later);
      self->send(std::move(*reply), false);
    });
  });
  if (queued) return;
  Reply reply = problem(503, "limit", "too many requests wait; try again in a moment");
  reply.fields = "Retry-After: 1\r\n";
  send(std::move(reply), false);
}

// No thread waits; the loop hears of the answer from whoever gives it.
void Connection::send_later(LaterReply& later) {
  loop_.later.wait_for(later, shared_from_this(), [](Connection& self, Reply reply) {
    if (self.doing_ != Doing::working) return;
    make_personal(self.shared_.router.routes()[self.route_], reply);
    self.send(std::move(reply), false);
  });
}

void Connection::refuse(Reply reply) {
  request_begin_ = Clock::now();
  route_ = Router::kNoRoute;
  send(std::move(reply), true);
}

void Connection::send(Reply reply, bool closes) {
  const Request& request = reader_.request();
  closes = closes || !request.keeps_alive || reply.events != nullptr || shared_.stopping.load(std::memory_order_relaxed);
  if (!request.is_head()) events_ = reply.events;
  compose(std::move(reply), request, loop_.date_field, closes, out_);
  doing_ = Doing::writing;
  deadline_ = Clock::now() + shared_.limits.write_stall_time;
  piece_ = 0;
  write_some();
}

void Connection::write_some() {
  error_code error;
  while (!error && piece_ < out_.pieces.size()) {
    std::array<asio::const_buffer, std::tuple_size_v<decltype(out_.pieces)>> buffers;
    for (std::size_t i = 0; i < buffers.size(); ++i) {
      if (i >= piece_) buffers[i] = asio::const_buffer(out_.pieces[i].data(), out_.pieces[i].size());
    }
    std::size_t written = 0;
    // The fields leave with the first bytes of the file, not as a packet of their own.
    const int flags = out_.file >= 0 ? MSG_MORE : 0;
    if (asio::buffer_size(buffers) > 0) written = socket_.send(buffers, flags, error);
    while (piece_ < out_.pieces.size() && written >= out_.pieces[piece_].size()) written -= out_.pieces[piece_++].size();
    if (piece_ < out_.pieces.size()) out_.pieces[piece_].remove_prefix(written);
  }
  while (!error && out_.file >= 0 && out_.file_part.count > 0) {
    if (!write_file_some(error)) break;
  }
  if (error == asio::error::would_block || error == asio::error::try_again) {
    socket_.async_wait(asio::ip::tcp::socket::wait_write, [self = shared_from_this()](const error_code& failure) {
      if (self->doing_ != Doing::writing) return;
      if (failure) return self->close();
      self->deadline_ = Clock::now() + self->shared_.limits.write_stall_time;
      self->write_some();
    });
    return;
  }
  if (error) return close();
  sent();
}

bool Connection::write_file_some(error_code& error) {
  off_t offset = static_cast<off_t>(out_.file_part.first);
  const std::size_t want = std::min<std::uint64_t>(out_.file_part.count, kSendfileBytes);
  const ssize_t count = ::sendfile(socket_.native_handle(), out_.file, &offset, want);
  if (count <= 0) {
    // A file that has become shorter cannot be answered any more; the length is already said, so the connection ends.
    error = count == 0 ? error_code(asio::error::eof) : error_code(errno, boost::system::system_category());
    return false;
  }
  out_.file_part.first += static_cast<std::uint64_t>(count);
  out_.file_part.count -= static_cast<std::uint64_t>(count);
  return true;
}

void Connection::sent() {
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - request_begin_);
  shared_.metrics.count(route_, out_.status, took, out_.body_bytes);
  if (shared_.logs_requests) {
    const bool known = route_ != Router::kNoRoute;
    base::log(base::LogLevel::info, "request",
              {{"route", known ? std::string_view(shared_.router.routes()[route_].pattern) : std::string_view("none")},
               {"status", static_cast<std::int64_t>(out_.status)},
               {"bytes", static_cast<std::int64_t>(out_.body_bytes)},
               {"ms", static_cast<double>(took.count()) / 1000.0}});
  }
  out_.asset.reset();
  if (ticket_) return hand_over();
  if (events_ != nullptr) return begin_events();
  if (out_.closes) return linger();
  reader_.next();
  let_go_of_large_body();
  // Through the loop, not the stack: a thousand pipelined requests must not nest a thousand calls, nor starve the others.
  if (!reader_.has_begun()) return read_more();
  asio::post(loop_.io, [self = shared_from_this()] {
    if (self->doing_ == Doing::writing) self->advance();
  });
}

// Closing while bytes of the client are unread would reset the connection, and the answer could be lost (RFC 9112, 9.6).
void Connection::linger() {
  if (doing_ != Doing::lingering) {
    error_code ignored;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    doing_ = Doing::lingering;
    deadline_ = Clock::now() + shared_.limits.linger_time;
  }
  out_.body.resize(kReadBufferBytes);
  socket_.async_read_some(asio::buffer(out_.body.data(), out_.body.size()),
                          [self = shared_from_this()](const error_code& error, std::size_t bytes) {
                            if (self->doing_ != Doing::lingering) return;
                            self->lingered_bytes_ += bytes;
                            if (error || self->lingered_bytes_ > kLingerBytesMax) return self->close();
                            self->linger();
                          });
}

}  // namespace citiverse::net
