// Every address is checked before it is connected to, so that a name cannot lead into the city's own network.
#include "net/notifier_connection.h"

#include <algorithm>
#include <array>
#include <memory>

#include <fmt/format.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace citiverse::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
constexpr auto kAwaitNotified = asio::as_tuple(asio::use_awaitable);

bool is_public_endpoint(const tcp::endpoint& endpoint) {
  const auto address = endpoint.address();
  return address.is_v4() ? is_public_ipv4(address.to_v4().to_uint()) : is_public_ipv6(address.to_v6().to_bytes());
}

// HTTP/1.1, an answer after each request.
class HttpNotifierConnection final : public NotifierConnection {
 public:
  using NotifierConnection::NotifierConnection;

 protected:
  asio::awaitable<int> speak(const Delivery& delivery, const std::string& target) override {
    return tls_ ? talk(*tls_, delivery, target) : talk(*plain_, delivery, target);
  }
  void forget() override { buffer_.clear(); }

 private:
  template <class Stream>
  asio::awaitable<int> talk(Stream& stream, const Delivery& delivery, const std::string& target);

  boost::beast::flat_buffer buffer_;
};

}  // namespace

asio::awaitable<int> NotifierConnection::post(const Delivery& delivery, const std::string& target, Clock::time_point deadline) {
  deadline_ = deadline;
  is_busy_ = true;
  const bool was_open = is_open_;
  int status = co_await exchange(delivery, target);
  if (status == 0 && was_open && Clock::now() < deadline) status = co_await exchange(delivery, target);
  is_busy_ = false;
  co_return status;
}

void NotifierConnection::end_if_late(Clock::time_point now) {
  if (!is_busy_ || now < deadline_ || !(plain_ || tls_)) return;
  boost::system::error_code ignored;
  socket().close(ignored);
}

void NotifierConnection::close() {
  boost::system::error_code ignored;
  if (plain_ || tls_) socket().close(ignored);
  plain_.reset();
  tls_.reset();
  forget();
  is_open_ = false;
}

asio::awaitable<int> NotifierConnection::exchange(const Delivery& delivery, const std::string& target) {
  if (!is_open_) co_await open();
  int status = 0;
  if (is_open_) status = co_await speak(delivery, target);
  if (status == 0) close();
  co_return status;
}

asio::awaitable<NameLookups::Endpoints> NotifierConnection::look_up() {
  // The coroutine may be gone, or not wait any more, when the answer comes.
  struct Answer {
    NameLookups::Endpoints found;
    bool is_there = false;
    asio::steady_timer* waits = nullptr;
  };
  const auto answer = std::make_shared<Answer>();
  asio::steady_timer timer(around_.io, deadline_);
  answer->waits = &timer;
  around_.names.find(address_.url.host, address_.url.port, [answer, &io = around_.io](NameLookups::Endpoints found) {
    asio::post(io, [answer, found = std::move(found)]() mutable {
      answer->found = std::move(found);
      answer->is_there = true;
      if (answer->waits != nullptr) answer->waits->cancel();
    });
  });
  if (!answer->is_there) co_await timer.async_wait(kAwaitNotified);
  answer->waits = nullptr;
  co_return std::move(answer->found);
}

asio::awaitable<void> NotifierConnection::open() {
  close();
  const auto found = co_await look_up();
  if (found.empty() || (!is_trusted_ && !std::ranges::all_of(found, is_public_endpoint))) co_return;
  if (address_.url.is_tls)
    tls_.emplace(around_.io, around_.tls);
  else
    plain_.emplace(around_.io);
  auto [connect_error, connected] = co_await asio::async_connect(socket(), found, kAwaitNotified);
  if (connect_error) co_return;
  boost::system::error_code ignored;
  socket().set_option(tcp::no_delay(true), ignored);
  if (tls_) {
    SSL_set_tlsext_host_name(tls_->native_handle(), address_.url.host.c_str());
    tls_->set_verify_callback(asio::ssl::host_name_verification(address_.url.host));
    auto [tls_error] = co_await tls_->async_handshake(asio::ssl::stream_base::client, kAwaitNotified);
    if (tls_error) co_return;
  }
  is_open_ = true;
}

template <class Stream>
asio::awaitable<int> HttpNotifierConnection::talk(Stream& stream, const Delivery& delivery, const std::string& target) {
  const bool has_usual_port = address_.url.port == (address_.url.is_tls ? 443 : 80);
  const std::string head =
      fmt::format("POST {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: citiverse\r\nContent-Type: {}\r\nContent-Length: {}\r\n{}\r\n",
                  target, has_usual_port ? address_.url.host : address_.url.authority(), delivery.content_type,
                  delivery.body.size(), delivery.fields);
  const std::array<asio::const_buffer, 2> out{asio::buffer(head), asio::buffer(delivery.body)};
  auto [write_error, written] = co_await asio::async_write(stream, out, kAwaitNotified);
  if (write_error) co_return 0;
  boost::beast::http::response_parser<boost::beast::http::string_body> parser;
  parser.body_limit(kAnswerBytesMax);
  auto [read_error, read] = co_await boost::beast::http::async_read(stream, buffer_, parser, kAwaitNotified);
  // The status counts even where what follows it is too long to be read.
  const int status = parser.is_header_done() ? static_cast<int>(parser.get().result_int()) : 0;
  if (read_error || !parser.keep_alive()) close();
  co_return status;
}

std::unique_ptr<NotifierConnection> make_notifier_connection(NotifierSurroundings around, const NotifierAddress& address,
                                                             bool is_trusted, std::uint64_t number) {
  if (address.is_mqtt) return make_mqtt_connection(around, address, is_trusted, number);
  return std::make_unique<HttpNotifierConnection>(around, address, is_trusted);
}

}  // namespace citiverse::net
