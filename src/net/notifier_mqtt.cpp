// Publishing over a kept connection: a message is told as delivered when the broker has it.
#include <algorithm>
#include <array>
#include <tuple>

#include <fmt/format.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "net/mqtt_publishing.h"
#include "net/notifier_connection.h"

namespace citiverse::net {
namespace {

namespace asio = boost::asio;
constexpr auto kAwaitPublished = asio::as_tuple(asio::use_awaitable);

class MqttNotifierConnection final : public NotifierConnection {
 public:
  MqttNotifierConnection(NotifierSurroundings around, const NotifierAddress& address, bool is_trusted, std::uint64_t number)
      : NotifierConnection(around, address, is_trusted), client_id_(fmt::format("{}n{}", around.client_id, number)) {}

 protected:
  asio::awaitable<int> speak(const Delivery& delivery, const std::string& target) override {
    if (!is_welcome_) {
      const int status = co_await greet();
      if (status != 200) {
        close();
        co_return status;
      }
      is_welcome_ = true;
    }
    const auto quality = std::min(delivery.mqtt_quality, quality_most_);
    const std::uint16_t id = next_id();
    std::string out;
    const auto written = append_mqtt_publish(out, address_.version, {target, delivery.body, quality, id});
    if (!written || (packet_bytes_max_ > 0 && out.size() > packet_bytes_max_)) co_return 413;
    // Nothing answers to QoS 0; but brokers take packets in order, so that an answer to a ping behind it shows that it came.
    if (quality == 0) out.append("\xC0\x00", 2);
    if (!co_await send(out)) co_return 0;
    using Kind = MqttAnswer::Kind;
    const Kind first = quality == 0 ? Kind::ping_answer : quality == 1 ? Kind::taken : Kind::received;
    const int status = co_await hear(first, id);
    if (quality < 2 || status != 200) co_return status;
    out.clear();
    append_mqtt_release(out, id);
    if (!co_await send(out)) co_return 0;
    co_return co_await hear(Kind::completed, id);
  }
  void forget() override {
    in_.clear();
    is_welcome_ = false;
  }

 private:
  static constexpr std::size_t kReadBytes = 4 * 1024;

  asio::awaitable<int> greet() {
    std::string out;
    append_mqtt_hello(out, address_.version, client_id_, address_.user, address_.password);
    if (!co_await send(out)) co_return 0;
    co_return co_await hear(MqttAnswer::Kind::welcome, 0);
  }

  asio::awaitable<bool> send(const std::string& out) {
    boost::system::error_code error;
    if (tls_)
      std::tie(error, std::ignore) = co_await asio::async_write(*tls_, asio::buffer(out), kAwaitPublished);
    else
      std::tie(error, std::ignore) = co_await asio::async_write(*plain_, asio::buffer(out), kAwaitPublished);
    co_return !error;
  }

  // The status of the next answer, which must be of this kind; the connection ends after any other, and after a goodbye.
  asio::awaitable<int> hear(MqttAnswer::Kind kind, std::uint16_t id) {
    std::array<char, kReadBytes> buffer;
    while (true) {
      const auto read = read_mqtt_answer(in_, address_.version);
      if (!read) co_return 0;
      if (read->bytes > 0) {
        const MqttAnswer answer = read->answer;
        in_.erase(0, read->bytes);
        const bool is_expected = answer.kind == kind && answer.packet_id == id;
        const bool has_no_id = kind == MqttAnswer::Kind::ping_answer && answer.kind == kind;
        if (!is_expected && !has_no_id) {
          const bool says_why = answer.kind == MqttAnswer::Kind::goodbye;
          close();
          co_return says_why ? mqtt_status(answer, address_.version) : 0;
        }
        if (kind == MqttAnswer::Kind::welcome) {
          quality_most_ = answer.quality_most;
          packet_bytes_max_ = answer.packet_bytes;
        }
        co_return mqtt_status(answer, address_.version);
      }
      boost::system::error_code error;
      std::size_t size = 0;
      if (tls_)
        std::tie(error, size) = co_await tls_->async_read_some(asio::buffer(buffer), kAwaitPublished);
      else
        std::tie(error, size) = co_await plain_->async_read_some(asio::buffer(buffer), kAwaitPublished);
      if (error) co_return 0;
      in_.append(buffer.data(), size);
    }
  }

  std::uint16_t next_id() {
    if (++last_id_ == 0) ++last_id_;
    return last_id_;
  }

  const std::string client_id_;
  std::string in_;
  std::uint32_t packet_bytes_max_ = 0;
  std::uint16_t last_id_ = 0;
  std::uint8_t quality_most_ = 2;
  bool is_welcome_ = false;
};

}  // namespace

std::unique_ptr<NotifierConnection> make_mqtt_connection(NotifierSurroundings around, const NotifierAddress& address,
                                                         bool is_trusted, std::uint64_t number) {
  return std::make_unique<MqttNotifierConnection>(around, address, is_trusted, number);
}

}  // namespace citiverse::net
