// Real sockets through a real server into the sweep: what honest, slow and hostile clients see.
#include "net/web_socket_driver.h"

#include <deque>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/server.h"
#include "net/web_socket_frame.h"
#include "testing/web_socket_client.h"

namespace citiverse::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using ::testing::StartsWith;

using SocketClient = testing_fixtures::WebSocketClient;

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

/// Says messages back, and does what a message that begins with '!' tells it.
class Echo : public WebSocketApp {
 public:
  void opened(SocketId socket, std::uint64_t ticket, nanoseconds) override {
    tickets[socket] = ticket;
    opened_count.fetch_add(1);
  }
  void received(SocketId socket, std::span<const std::byte> message, nanoseconds) override {
    const std::string_view text = text_of(message);
    if (text == "!close")
      driver->close(socket, CloseCode::banned, "until tomorrow");
    else if (text == "!stream")
      streaming[socket] = 0;
    else if (text == "!rarely")
      driver->set_cadence(socket, 4);
    else if (text == "!fill")
      while (driver->send(socket, std::as_bytes(std::span(filler)))) {
      }
    else
      driver->send(socket, message);
  }
  void closed(SocketId socket, CloseCode code) override {
    tickets.erase(socket);
    streaming.erase(socket);
    last_code.store(code);
    closed_count.fetch_add(1);
    closed_count.notify_all();
  }
  void swept(std::uint32_t phase, std::span<const SocketId> sockets, nanoseconds due, nanoseconds now) override {
    EXPECT_LE(due, now);
    for (const SocketId socket : sockets) {
      EXPECT_EQ(driver->phase_of(socket), phase);
      turns[socket] += 1;
      const auto stream = streaming.find(socket);
      if (stream == streaming.end()) continue;
      const std::string number = std::to_string(stream->second) + std::string(1000, ' ');
      std::ranges::copy(bytes_of(number), driver->space().begin());
      if (driver->send_latest(socket, driver->space().first(number.size()))) ++sent;
      ++stream->second;
      ++composed;
    }
  }
  void wait_until_closed(int count) {
    for (int seen = closed_count.load(); seen < count; seen = closed_count.load()) closed_count.wait(seen);
  }

  WebSocketDriver* driver = nullptr;
  std::map<SocketId, std::uint64_t> tickets;
  std::map<SocketId, int> streaming;
  std::map<SocketId, int> turns;
  std::string filler = std::string(1000, 'f');
  std::atomic<int> opened_count{0}, closed_count{0}, sent{0}, composed{0};
  std::atomic<CloseCode> last_code{CloseCode::done};
};

/// Each with io_uring, where the system has it, and without.
class WebSockets : public ::testing::TestWithParam<bool> {
 protected:
  void start() {
    sockets_.period = milliseconds(10);
    sockets_.phases = 2;
    sockets_.may_use_ring = GetParam();
    options_.port = 0;
    options_.threads = 1;
    options_.limits.requests_per_second = 0;
    options_.limits.linger_time = milliseconds(200);
    sockets_.limits = options_.limits;
    driver_ = std::make_unique<WebSocketDriver>(app_, metrics_, sockets_);
    app_.driver = driver_.get();
    Route route;
    route.pattern = "/socket";
    route.access = kOpenToAll;
    route.upgrade = [](const Call&) -> std::expected<std::uint64_t, Reply> { return 42; };
    router_.add(std::move(route));
    options_.web_sockets = driver_.get();
    server_ = std::make_unique<Server>(router_, metrics_, options_);
    ASSERT_TRUE(server_->start().has_value());
  }
  std::unique_ptr<SocketClient> enter() {
    auto client = std::make_unique<SocketClient>(server_->port());
    EXPECT_THAT(client->shake_hands(), StartsWith("HTTP/1.1 101 "));
    return client;
  }

  Echo app_;
  Router router_;
  Metrics metrics_;
  ServerOptions options_;
  WebSocketOptions sockets_;
  std::unique_ptr<WebSocketDriver> driver_;
  std::unique_ptr<Server> server_;
};

INSTANTIATE_TEST_SUITE_P(BothWays, WebSockets, ::testing::Bool(),
                         [](const auto& way) { return std::string(way.param ? "with_io_uring" : "without"); });

TEST_P(WebSockets, messages_come_back_in_order_whole_or_in_fragments) {
  start();
  const auto client = enter();
  client->send("one");
  client->send("tw", 0x02);
  client->send("ping", 0x89);
  client->send("o", 0x80);
  client->send(std::string(10'000, 'x'));
  EXPECT_EQ(client->next(), "bone");
  EXPECT_EQ(client->next(), "oping") << "a ping between fragments is answered at once (RFC 6455, 5.4)";
  EXPECT_EQ(client->next(), "btwo");
  EXPECT_EQ(client->next(), "b" + std::string(10'000, 'x'));
}

TEST_P(WebSockets, a_frame_may_come_with_the_handshake_or_byte_by_byte) {
  start();
  SocketClient eager(server_->port());
  EXPECT_THAT(eager.shake_hands(SocketClient::frame("early")), StartsWith("HTTP/1.1 101 "));
  EXPECT_EQ(eager.next(), "bearly");
  const auto dripping = enter();
  for (const char c : SocketClient::frame(std::string(300, 'd'))) dripping->send_bytes(std::string_view(&c, 1));
  EXPECT_EQ(dripping->next(), "b" + std::string(300, 'd'));
}

TEST_P(WebSockets, what_breaks_the_protocol_ends_with_the_right_code) {
  start();
  const std::vector<std::pair<std::string, std::string>> cases = {
      {std::string("\x82\x01x", 3), "c1002"},                             // No mask.
      {SocketClient::frame("x", 0xC2), "c1002"},                          // Reserved bit.
      {SocketClient::frame("x", 0x83), "c1002"},                          // Unknown opcode.
      {SocketClient::frame("x", 0x80), "c1002"},                          // Nothing to continue.
      {SocketClient::frame("text", 0x81), "c1003 binary messages only"},  // Text.
      {SocketClient::frame(std::string(20'000, 'x')), "c1009"},           // Too big, by its header.
      {SocketClient::frame("x", 0x88), "c1002"},                          // Half a close code.
      {SocketClient::frame("\x03\xED", 0x88), "c1002"},                   // 1005 may not travel.
      {SocketClient::frame("\x03\xE8\xFF", 0x88), "c1007"},               // A reason that is no UTF-8.
      {SocketClient::frame("\x03\xE8okay", 0x88), "c1000"},               // A good close is answered in kind,
      {SocketClient::frame("\x0F\xA0", 0x88), "c4000"},
      {SocketClient::frame("", 0x88), "c1000"},  // also one without a code.
      {SocketClient::frame("!close"), "c4002 until tomorrow"},
  };
  for (const auto& [bytes, answer] : cases) {
    const auto client = enter();
    client->send_bytes(bytes);
    EXPECT_EQ(client->next(), answer);
    EXPECT_EQ(client->next(), "end");
  }
  app_.wait_until_closed(static_cast<int>(cases.size()));
  EXPECT_EQ(app_.opened_count.load(), app_.closed_count.load());
}

TEST_P(WebSockets, a_flood_is_cut_off_and_others_are_not) {
  options_.limits.web_socket_messages_per_second = 10;
  options_.limits.web_socket_messages_burst = 20;
  start();
  const auto honest = enter();
  const auto flooder = enter();
  std::string flood;
  for (int i = 0; i < 500; ++i) flood += SocketClient::frame("x");
  flooder->send_bytes(flood);
  EXPECT_EQ(flooder->next_control(), "c4004 too many messages a second");
  honest->send("still here");
  EXPECT_EQ(honest->next(), "bstill here");
}

TEST_P(WebSockets, too_many_bytes_are_a_flood_too) {
  options_.limits.web_socket_bytes_per_second = 1024;
  start();
  const auto client = enter();
  client->send(std::string(8000, 'x'));
  EXPECT_EQ(client->next_control(), "c4004 too many bytes a second");
}

TEST_P(WebSockets, a_slow_client_gets_fewer_messages_and_never_an_older_one_after_a_newer) {
  start();
  SocketClient slow(server_->port(), "127.0.0.1", 4096);
  EXPECT_THAT(slow.shake_hands(), StartsWith("HTTP/1.1 101 "));
  slow.send("!stream");
  while (app_.composed.load() < app_.sent.load() + 50) std::this_thread::sleep_for(milliseconds(5));
  int last = -1;
  bool skipped = false;
  // Once it reads again, what was on the way comes first, then a gap, then what is new.
  for (int i = 0; i < 1000 && !skipped; ++i) {
    const std::string message = slow.next();
    ASSERT_EQ(message[0], 'b');
    const int number = std::stoi(message.substr(1));
    EXPECT_GT(number, last);
    skipped = number > last + 1;
    last = number;
  }
  EXPECT_TRUE(skipped);
}

TEST_P(WebSockets, who_does_not_take_what_must_not_be_missed_is_ended) {
  start();
  SocketClient stuck(server_->port(), "127.0.0.1", 4096);
  EXPECT_THAT(stuck.shake_hands(), StartsWith("HTTP/1.1 101 "));
  stuck.send("!fill");
  app_.wait_until_closed(1);
  EXPECT_EQ(app_.last_code.load(), CloseCode::try_later);
  const auto other = enter();
  other->send("hello");
  EXPECT_EQ(other->next(), "bhello");
}

TEST_P(WebSockets, a_quiet_client_is_asked_for_a_sign_of_life_and_then_given_up) {
  options_.limits.web_socket_quiet_time = milliseconds(30);
  options_.limits.web_socket_lost_time = milliseconds(200);
  start();
  const auto client = enter();
  EXPECT_EQ(client->next(), "i");
  client->send("", 0x8A);
  EXPECT_EQ(client->next(), "i") << "asked again after its answer";
  EXPECT_EQ(client->next(), "end");
  app_.wait_until_closed(1);
  EXPECT_EQ(app_.last_code.load(), CloseCode::lost);
}

TEST_P(WebSockets, a_socket_of_slower_cadence_has_fewer_turns) {
  start();
  const auto often = enter();
  const auto rarely = enter();
  rarely->send("!rarely");
  rarely->send("ready");
  EXPECT_EQ(rarely->next(), "bready");
  std::this_thread::sleep_for(milliseconds(400));
  often->send("x");
  EXPECT_EQ(often->next(), "bx");
  server_.reset();
  ASSERT_EQ(app_.turns.size(), 2u);
  const auto [less, more] = std::minmax(app_.turns.begin()->second, app_.turns.rbegin()->second);
  EXPECT_LT(less * 2, more);
}

TEST_P(WebSockets, jobs_run_on_the_sockets_thread) {
  start();
  const auto client = enter();
  client->send("x");
  EXPECT_EQ(client->next(), "bx");
  EXPECT_TRUE(driver_->post([&] { driver_->close(app_.tickets.begin()->first, CloseCode::signed_out); }));
  EXPECT_EQ(client->next(), "c4001");
}

TEST_P(WebSockets, when_all_places_are_taken_that_is_said_before_the_handshake) {
  options_.limits.web_sockets_max = 2;
  start();
  const auto first = enter();
  auto second = enter();
  SocketClient third(server_->port());
  EXPECT_THAT(third.shake_hands(), StartsWith("HTTP/1.1 503 "));
  second.reset();
  app_.wait_until_closed(1);
  // Its place is free as soon as its connection has ended.
  for (;;) {
    SocketClient fourth(server_->port());
    if (fourth.shake_hands().starts_with("HTTP/1.1 101 ")) break;
  }
}

TEST_P(WebSockets, stopping_says_going_away_to_all) {
  start();
  const auto one = enter();
  const auto two = enter();
  one->send("x");
  two->send("x");
  EXPECT_EQ(one->next(), "bx");
  EXPECT_EQ(two->next(), "bx");
  std::thread stopping([&] { server_.reset(); });
  EXPECT_THAT(one->next(), StartsWith("c1001 "));
  EXPECT_THAT(two->next(), StartsWith("c1001 "));
  stopping.join();
  EXPECT_EQ(app_.closed_count.load(), 2);
}

TEST_P(WebSockets, half_open_connections_make_room_for_those_who_ask) {
  options_.limits.connections_max = 20;
  options_.limits.connections_per_address_max = 1000;
  start();
  std::deque<std::unique_ptr<SocketClient>> half_open;
  for (int i = 0; i < 10'000; ++i) {
    half_open.push_back(std::make_unique<SocketClient>(server_->port(), "127.0.0.2"));
    half_open.back()->send_bytes("GET /socket HTTP/1.1\r\nHost:");
    if (half_open.size() > 200) half_open.pop_front();  // Ended by the server long since.
    if (i % 500 != 0) continue;
    const auto honest = enter();
    honest->send("hello");
    EXPECT_EQ(honest->next(), "bhello");
  }
}

}  // namespace
}  // namespace citiverse::net
