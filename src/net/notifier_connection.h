// One kept connection over which notifications leave, and the policy of where it may lead. Private to the room: it speaks Asio.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include "net/name_lookups.h"
#include "net/notifier.h"
#include "net/outgoing_url.h"

namespace citiverse::net {

/// What all connections of a notifier share.
struct NotifierSurroundings {
  boost::asio::io_context& io;
  boost::asio::ssl::context& tls;
  NameLookups& names;
};

/// Threads: the loop's.
class NotifierConnection {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::size_t kAnswerBytesMax = 16 * 1024;

  /// `is_trusted`: it may lead to any address.
  NotifierConnection(NotifierSurroundings around, const OutgoingUrl& endpoint, bool is_trusted)
      : around_(around), endpoint_(endpoint), is_trusted_(is_trusted) {}

  /// The status of the answer, or 0 where there was none by `deadline`. A kept connection that the other side had closed is
  /// opened anew once.
  boost::asio::awaitable<int> post(const Delivery& delivery, const std::string& target, Clock::time_point deadline);
  /// Ends whatever waits for the other side past its deadline. To be called a few times a second.
  void end_if_late(Clock::time_point now);
  void close();

 private:
  using TlsStream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;
  boost::asio::awaitable<int> exchange(const Delivery& delivery, const std::string& target);
  boost::asio::awaitable<void> open();  // is_open_, where it worked.
  boost::asio::awaitable<NameLookups::Endpoints> look_up();
  template <class Stream>
  boost::asio::awaitable<int> talk(Stream& stream, const Delivery& delivery, const std::string& target);
  boost::asio::ip::tcp::socket& socket() { return tls_ ? tls_->next_layer() : *plain_; }

  NotifierSurroundings around_;
  const OutgoingUrl& endpoint_;
  const bool is_trusted_;
  std::optional<boost::asio::ip::tcp::socket> plain_;
  std::optional<TlsStream> tls_;
  boost::beast::flat_buffer buffer_;
  Clock::time_point deadline_{};
  bool is_busy_ = false;
  bool is_open_ = false;
};

}  // namespace citiverse::net
