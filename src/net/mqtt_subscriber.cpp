// One thread, one loop, three coroutines a connection: reading, writing, and watching that the broker is there.
#include "net/mqtt_subscriber.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <openssl/ssl.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "base/file.h"
#include "base/log.h"
#include "net/mqtt_packet.h"
#include "net/outgoing_tls.h"

namespace citiverse::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
constexpr auto kMqttAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kReadBytes = 64 * 1024;
constexpr std::uint16_t kSubscribeId = 1;
constexpr milliseconds kOfferPauseLeast{5};
constexpr milliseconds kOfferPauseMost{500};
constexpr milliseconds kWatchPeriod{500};

using Course = asio::awaitable<void>;

// One connection from its first byte to its last. Everything happens on the loop's thread.
class MqttSession : public std::enable_shared_from_this<MqttSession> {
 public:
  MqttSession(std::shared_ptr<asio::io_context> io, asio::ssl::context& tls, const MqttOptions& options,
              const MqttSubscriber::Take& take, MqttFigures& figures)
      : io_(std::move(io)),
        stream_(*io_, tls),
        wake_writer_(*io_),
        wake_reader_(*io_),
        watch_(*io_),
        ended_(*io_),
        options_(options),
        take_(take),
        figures_(figures) {}

  // Gives why it ended.
  asio::awaitable<std::string> run(std::string password) {
    deadline_ = steady_clock::now() + options_.connect_time;
    asio::co_spawn(*io_, keep([](MqttSession& me) { return me.watch_loop(); }), asio::detached);
    co_await connect();
    if (!is_over_) {
      append_mqtt_connect(out_, {.client_id = options_.client_id,
                                 .user = options_.user,
                                 .password = password,
                                 .keep_alive_s = static_cast<std::uint16_t>(options_.keep_alive.count())});
      asio::co_spawn(*io_, keep([](MqttSession& me) { return me.write_loop(); }), asio::detached);
      asio::co_spawn(*io_, keep([](MqttSession& me) { return me.read_loop(); }), asio::detached);
    }
    while (loops_ > 0) {
      ended_.expires_at(steady_clock::time_point::max());
      co_await ended_.async_wait(kMqttAwait);
    }
    co_return why_;
  }

  void end(std::string why) {
    if (is_over_) return;
    is_over_ = true;
    why_ = std::move(why);
    figures_.is_connected = false;
    boost::system::error_code ignored;
    resolver_.cancel();
    stream_.next_layer().close(ignored);
    for (asio::steady_timer* timer : {&wake_writer_, &wake_reader_, &watch_, &ended_}) timer->cancel();
  }

  bool was_subscribed() const { return is_subscribed_; }

 private:
  // A loop that holds the session and says when it is over.
  template <class Loop>
  Course keep(Loop loop) {
    const auto self = shared_from_this();
    ++loops_;
    co_await loop(*self);
    --loops_;
    ended_.cancel();
  }

  Course connect() {
    auto [resolve_error, found] = co_await resolver_.async_resolve(options_.host, std::to_string(options_.port), kMqttAwait);
    if (resolve_error) co_return end("the name of the broker is not known: " + resolve_error.message());
    auto [connect_error, endpoint] = co_await asio::async_connect(stream_.next_layer(), found, kMqttAwait);
    if (connect_error) co_return end("no connection: " + connect_error.message());
    boost::system::error_code ignored;
    stream_.next_layer().set_option(tcp::no_delay(true), ignored);
    if (!options_.is_tls) co_return;
    SSL_set_tlsext_host_name(stream_.native_handle(), options_.host.c_str());
    stream_.set_verify_callback(asio::ssl::host_name_verification(options_.host));
    auto [tls_error] = co_await stream_.async_handshake(asio::ssl::stream_base::client, kMqttAwait);
    if (tls_error) end("TLS failed: " + outgoing_tls_reason(stream_.native_handle(), tls_error));
  }

  Course write_loop() {
    while (!is_over_) {
      if (out_.empty()) {
        wake_writer_.expires_at(steady_clock::time_point::max());
        co_await wake_writer_.async_wait(kMqttAwait);
        continue;
      }
      const std::string sending = std::exchange(out_, {});
      boost::system::error_code error;
      if (options_.is_tls)
        std::tie(error, std::ignore) = co_await asio::async_write(stream_, asio::buffer(sending), kMqttAwait);
      else
        std::tie(error, std::ignore) = co_await asio::async_write(stream_.next_layer(), asio::buffer(sending), kMqttAwait);
      last_sent_ = steady_clock::now();
      if (error) end("sending failed: " + error.message());
    }
  }

  Course read_loop() {
    std::vector<char> buffer(kReadBytes);
    while (!is_over_) {
      is_reading_ = true;
      boost::system::error_code error;
      std::size_t size = 0;
      if (options_.is_tls)
        std::tie(error, size) = co_await stream_.async_read_some(asio::buffer(buffer), kMqttAwait);
      else
        std::tie(error, size) = co_await stream_.next_layer().async_read_some(asio::buffer(buffer), kMqttAwait);
      is_reading_ = false;
      if (error) co_return end("the broker ended the connection: " + error.message());
      last_received_ = steady_clock::now();
      in_.append(buffer.data(), size);
      co_await take_packets();
      last_received_ = steady_clock::now();  // Whatever held up reading was our own.
    }
  }

  // Whole packets from what was read; the rest stays.
  Course take_packets() {
    std::size_t at = 0;
    std::vector<MqttMessage> messages;
    std::vector<std::uint16_t> ids;
    while (!is_over_) {
      const auto read = read_mqtt_packet(std::string_view(in_).substr(at));
      if (!read) co_return end(read.error().message);
      if (read->bytes == 0) break;
      at += read->bytes;
      const MqttPacket& packet = read->packet;
      if (packet.kind == MqttPacket::Kind::publish) {
        messages.push_back({std::string(packet.topic), std::string(packet.payload), packet.is_retained});
        if (packet.quality > 0) ids.push_back(packet.packet_id);
        if (messages.size() == kMqttBatchMax) co_await hand_on(messages, ids);
      } else {
        on_answer(packet);
      }
    }
    in_.erase(0, at);
    if (!messages.empty()) co_await hand_on(messages, ids);
  }

  void on_answer(const MqttPacket& packet) {
    if (packet.kind == MqttPacket::Kind::connack) {
      if (packet.return_code != 0) return end(std::string(mqtt_return_text(packet.return_code)));
      append_mqtt_subscribe(out_, kSubscribeId, options_.filters);
      wake_writer_.cancel();
    } else if (packet.kind == MqttPacket::Kind::suback) {
      const auto refused = packet.granted.find('\x80');
      if (refused != std::string_view::npos && refused < options_.filters.size())
        return end(fmt::format("the broker refuses the topic {}", options_.filters[refused]));
      is_subscribed_ = true;
      figures_.is_connected = true;
      figures_.connections.fetch_add(1, std::memory_order_relaxed);
      base::log(base::LogLevel::info, "mqtt_connected",
                {{"broker", std::string_view(options_.name)}, {"topics", static_cast<std::int64_t>(options_.filters.size())}});
    }
  }

  Course hand_on(std::vector<MqttMessage>& messages, std::vector<std::uint16_t>& ids) {
    std::size_t bytes = 0;
    for (const MqttMessage& each : messages) bytes += each.topic.size() + each.payload.size();
    while (!is_over_ && waiting_ > 0 &&
           (waiting_ + messages.size() > kMqttWaitingMax || waiting_bytes_ + bytes > kMqttWaitingBytesMax)) {
      wake_reader_.expires_at(steady_clock::time_point::max());
      co_await wake_reader_.async_wait(kMqttAwait);
    }
    waiting_ += messages.size();
    waiting_bytes_ += bytes;
    const std::size_t count = messages.size();
    // The answer may come when this session, or the subscriber, is gone.
    const auto done = [io = io_, weak = weak_from_this(), ids = std::move(ids), count, bytes](bool is_kept) {
      asio::post(*io, [weak, ids, count, bytes, is_kept] {
        if (const auto self = weak.lock()) self->on_kept(ids, count, bytes, is_kept);
      });
    };
    for (milliseconds pause = kOfferPauseLeast; !is_over_; pause = std::min(pause * 2, kOfferPauseMost)) {
      if (take_(messages, done)) {
        figures_.messages.fetch_add(count, std::memory_order_relaxed);
        break;
      }
      wake_reader_.expires_after(pause);
      co_await wake_reader_.async_wait(kMqttAwait);
    }
    messages.clear();
    ids.clear();
  }

  void on_kept(const std::vector<std::uint16_t>& ids, std::size_t count, std::size_t bytes, bool is_kept) {
    waiting_ -= count;
    waiting_bytes_ -= bytes;
    if (is_over_) return;
    if (!is_kept) return end("messages could not be kept; the broker sends them again");
    for (const std::uint16_t id : ids) append_mqtt_puback(out_, id);
    figures_.acknowledged.fetch_add(ids.size(), std::memory_order_relaxed);
    wake_writer_.cancel();
    wake_reader_.cancel();
  }

  Course watch_loop() {
    while (!is_over_) {
      watch_.expires_after(std::min<milliseconds>(kWatchPeriod, options_.connect_time));
      co_await watch_.async_wait(kMqttAwait);
      const auto now = steady_clock::now();
      if (!is_subscribed_) {
        if (now > deadline_) end("the broker did not answer in time");
        continue;
      }
      if (is_reading_ && now - last_received_ > options_.keep_alive * 3 / 2) end("the broker is silent");
      if (now - last_sent_ > options_.keep_alive / 2 && out_.empty()) {
        append_mqtt_ping(out_);
        wake_writer_.cancel();
      }
    }
  }

  std::shared_ptr<asio::io_context> io_;
  asio::ssl::stream<tcp::socket> stream_;
  tcp::resolver resolver_{*io_};
  asio::steady_timer wake_writer_, wake_reader_, watch_, ended_;
  const MqttOptions& options_;
  const MqttSubscriber::Take& take_;
  MqttFigures& figures_;
  std::string in_, out_;
  std::string why_;
  std::size_t waiting_ = 0;
  std::size_t waiting_bytes_ = 0;
  int loops_ = 0;
  bool is_over_ = false;
  bool is_subscribed_ = false;
  bool is_reading_ = false;
  steady_clock::time_point deadline_;
  steady_clock::time_point last_received_ = steady_clock::now();
  steady_clock::time_point last_sent_ = steady_clock::now();
};

base::Result<std::string> first_line_of(const std::filesystem::path& file) {
  if (file.empty()) return std::string();
  auto text = base::read_file(file, kMqttPasswordBytesMax);
  if (text) text->erase(std::ranges::find_if(*text, [](char c) { return c == '\n' || c == '\r'; }), text->end());
  return text;
}

}  // namespace

struct MqttSubscriber::Data {
  MqttOptions options;
  Take take;
  MqttFigures figures;
  std::shared_ptr<asio::io_context> io = std::make_shared<asio::io_context>(1);
  asio::steady_timer pause{*io};
  std::shared_ptr<MqttSession> session;
  bool is_ending = false;

  // One connection after another; only what got as far as a subscription begins with the short pause again.
  Course connect_again_and_again() {
    milliseconds wait = options.pause_least;
    while (!is_ending) {
      std::string why;
      bool was_subscribed = false;
      const auto password = first_line_of(options.password_file);
      auto tls = outgoing_tls(options.authorities);
      if (!password || !tls) {
        why = !password ? password.error().message : tls.error().message;
      } else {
        session = std::make_shared<MqttSession>(io, *tls, options, take, figures);
        why = co_await session->run(*password);
        was_subscribed = session->was_subscribed();
        session.reset();
      }
      if (is_ending) co_return;
      if (was_subscribed) wait = options.pause_least;
      base::log(base::LogLevel::warning, "mqtt_lost",
                {{"broker", std::string_view(options.name)}, {"reason", std::string_view(why)}, {"again_in_ms", wait.count()}});
      pause.expires_after(wait);
      co_await pause.async_wait(kMqttAwait);
      wait = std::min(wait * 2, options.pause_most);
    }
  }
};

MqttSubscriber::MqttSubscriber(MqttOptions options, Take take) : data_(std::make_shared<Data>()) {
  data_->options = std::move(options);
  data_->take = std::move(take);
  thread_ = std::jthread([data = data_.get()] {
    asio::co_spawn(*data->io, data->connect_again_and_again(), asio::detached);
    data->io->run();
  });
}

MqttSubscriber::~MqttSubscriber() {
  asio::post(*data_->io, [data = data_.get()] {
    data->is_ending = true;
    if (data->session) data->session->end("this node stops");
    data->pause.cancel();
  });
  thread_.join();
}

const MqttFigures& MqttSubscriber::figures() const { return data_->figures; }

}  // namespace citiverse::net
