// One kept connection over which notifications leave, and the policy of where it may lead. Private to the room: it speaks Asio.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>

#include "net/name_lookups.h"
#include "net/notifier.h"
#include "net/notifier_address.h"

namespace citiverse::net {

/// What all connections of a notifier share.
struct NotifierSurroundings {
  boost::asio::io_context& io;
  boost::asio::ssl::context& tls;
  NameLookups& names;
  const std::string& client_id;  ///< Of MQTT, but for the number of the connection.
};

/// Threads: the loop's.
class NotifierConnection {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::size_t kAnswerBytesMax = 16 * 1024;

  /// `is_trusted`: it may lead to any address. The address must outlive it.
  NotifierConnection(NotifierSurroundings around, const NotifierAddress& address, bool is_trusted)
      : around_(around), address_(address), is_trusted_(is_trusted) {}
  virtual ~NotifierConnection() = default;
  NotifierConnection(const NotifierConnection&) = delete;
  NotifierConnection& operator=(const NotifierConnection&) = delete;

  /// The status of the answer, or 0 where there was none by `deadline`. A kept connection that the other side had closed is
  /// opened anew once.
  boost::asio::awaitable<int> post(const Delivery& delivery, const std::string& target, Clock::time_point deadline);
  /// Ends whatever waits for the other side past its deadline. To be called a few times a second.
  void end_if_late(Clock::time_point now);
  void close();

 protected:
  using TlsStream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;
  /// Over a connection that is open; 0 where it ended without an answer.
  virtual boost::asio::awaitable<int> speak(const Delivery& delivery, const std::string& target) = 0;
  /// What was read and not used belongs to a connection that is gone.
  virtual void forget() = 0;

  NotifierSurroundings around_;
  const NotifierAddress& address_;
  std::optional<boost::asio::ip::tcp::socket> plain_;
  std::optional<TlsStream> tls_;

 private:
  boost::asio::awaitable<int> exchange(const Delivery& delivery, const std::string& target);
  boost::asio::awaitable<void> open();  // is_open_, where it worked.
  boost::asio::awaitable<NameLookups::Endpoints> look_up();
  boost::asio::ip::tcp::socket& socket() { return tls_ ? tls_->next_layer() : *plain_; }

  const bool is_trusted_;
  Clock::time_point deadline_{};
  bool is_busy_ = false;
  bool is_open_ = false;
};

/// One that speaks what the address asks for; `number` tells those of one notifier apart.
std::unique_ptr<NotifierConnection> make_notifier_connection(NotifierSurroundings around, const NotifierAddress& address,
                                                             bool is_trusted, std::uint64_t number);
std::unique_ptr<NotifierConnection> make_mqtt_connection(NotifierSurroundings around, const NotifierAddress& address,
                                                         bool is_trusted, std::uint64_t number);

}  // namespace citiverse::net
