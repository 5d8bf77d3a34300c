// The part of a connection that goes on telling: server-sent events after an answer's head.
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>

#include "net/connection.h"

namespace citiverse::net {

namespace asio = boost::asio;
using boost::system::error_code;

void Connection::begin_events() {
  doing_ = Doing::streaming;
  deadline_ = Clock::now() + kEventPulse;
  out_.body.clear();
  out_.pieces = {};
  events_->begin([weak = weak_from_this(), &io = loop_.io] {
    asio::post(io, [weak] {
      if (const auto self = weak.lock()) self->send_events();
    });
  });
  watch_for_end();
  send_events();
}

// A client says nothing more; that it has gone is seen as the end of what it sends. This wait keeps the connection alive.
void Connection::watch_for_end() {
  out_.tail.resize(kReadBufferBytes);
  socket_.async_read_some(asio::buffer(out_.tail.data(), out_.tail.size()),
                          [self = shared_from_this()](const error_code& error, std::size_t bytes) {
                            if (self->doing_ != Doing::streaming) return;
                            self->lingered_bytes_ += bytes;
                            if (error || self->lingered_bytes_ > kLingerBytesMax) return self->close();
                            self->watch_for_end();
                          });
}

void Connection::send_events() {
  if (doing_ != Doing::streaming || is_event_waiting_) return;
  while (true) {
    if (out_.pieces[0].empty()) {
      out_.body.clear();
      events_->take_again(out_.body);
      if (out_.body.empty()) break;
      out_.pieces[0] = out_.body;
    }
    error_code error;
    const std::size_t written = socket_.send(asio::buffer(out_.pieces[0].data(), out_.pieces[0].size()), 0, error);
    out_.pieces[0].remove_prefix(written);
    if (error == asio::error::would_block || error == asio::error::try_again) break;
    if (error) return close();
  }
  deadline_ = Clock::now() + (out_.pieces[0].empty() ? Clock::duration(kEventPulse) : shared_.limits.write_stall_time);
  if (out_.pieces[0].empty()) return;
  is_event_waiting_ = true;
  socket_.async_wait(asio::ip::tcp::socket::wait_write, [self = shared_from_this()](const error_code& failure) {
    self->is_event_waiting_ = false;
    if (self->doing_ != Doing::streaming) return;
    if (failure) return self->close();
    self->send_events();
  });
}

// A client that takes nothing for too long goes; one that has nothing to take gets a sign of life.
void Connection::check_events(Clock::time_point now) {
  if (is_event_waiting_) return close();
  deadline_ = now + kEventPulse;
  out_.body = ":\n\n";
  out_.pieces[0] = out_.body;
  send_events();
}

}  // namespace citiverse::net
