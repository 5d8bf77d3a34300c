// Real sockets through a real server into the city's space: who comes in, what they are told, why they are closed.
#include "api/presence_door.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "net/server.h"
#include "presence/bytes.h"
#include "presence/server_messages.h"
#include "testing/web_socket_client.h"

namespace citiverse::api {
namespace {

using namespace std::chrono_literals;
using presence::Hello;
using presence::PersonId;
using testing_fixtures::WebSocketClient;

// Everybody's cookie is the number of their account.
class NumberGate : public net::Gate {
 public:
  std::expected<net::Visitor, net::Reply> admit(const net::Request& request, net::AccessRule access, bool) override {
    if (access == net::kOpenToAll) return net::Visitor{};
    for (const net::Field& field : request.fields)
      if (field.name == "X-Account") return net::Visitor{.account = std::stoull(std::string(field.value)), .session = 7};
    return std::unexpected(net::problem(401, "sign_in_needed", "sign in"));
  }
};

class Accounts : public PresenceAccounts {
 public:
  std::expected<presence::Profile, net::Reply> profile(const net::Visitor& visitor) override {
    if (on_asked) on_asked(visitor.account);
    if (visitor.account == 13) return std::unexpected(net::problem(403, "time_out", "not today"));
    return presence::Profile{
        .account = visitor.account, .session = visitor.session, .name = "a" + std::to_string(visitor.account)};
  }
  std::function<void(std::uint64_t account)> on_asked;
  std::vector<std::uint64_t> apart_from(std::uint64_t account) override {
    return account == 5   ? std::vector<std::uint64_t>{6}
           : account == 6 ? std::vector<std::uint64_t>{5}
                          : std::vector<std::uint64_t>{};
  }
  base::Result<void> may_group(const presence::Profile&) override { return {}; }
  base::Result<void> may_invite(const presence::Profile&, const presence::Profile&) override { return {}; }
  bool is_muted(const presence::Profile&, const presence::Profile&) override { return false; }
  std::optional<geo::Vec2d> find_object(std::string_view) override { return std::nullopt; }
  std::string fresh_code() override { return "code000000000000"; }
};

class Free : public presence::TalkRules {
 public:
  presence::TalkLimits limits(const presence::Profile&) override { return {.messages_per_minute = 60}; }
  bool hears(const presence::Profile&, const presence::Profile&) override { return true; }
  base::Result<void> may_write(const presence::Profile&, const presence::Profile&, bool, bool) override { return {}; }
  bool may_speak_together(const presence::Profile&, const presence::Profile&, bool) override { return false; }
  presence::Witness witness(const presence::Profile&, presence::SayTo, std::string_view) override { return {"now", "proof"}; }
};

// One who comes in through the door; what was told meanwhile is kept apart from ticks.
class Guest {
 public:
  Guest(std::uint16_t port, std::uint64_t account, const std::string& space)
      : client_(port),
        head_(client_.shake_hands(
            "", "/api/v1/presence?space=" + space,
            "Sec-WebSocket-Protocol: citiverse.presence.1\r\nX-Account: " + std::to_string(account) + "\r\n")) {}

  const std::string& head() const { return head_; }
  const presence::Welcome& welcome() const { return welcome_; }
  PersonId id() const { return welcome_.person; }
  WebSocketClient& client() { return client_; }

  template <class Bytes>
  void send(const Bytes& bytes) {
    client_.send({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
  void say(std::string_view json) { client_.send("\x10" + std::string(json)); }
  void hello(const Hello& hello = {.slots = 8, .has_place = true}) {
    send(presence::hello_bytes(hello));
    const std::string frame = client_.next();
    const auto welcome = presence::read_welcome(bytes_of(frame));
    ASSERT_TRUE(welcome) << frame;
    welcome_ = *welcome;
  }
  /// Reads until the person is, or is not, seen.
  void wait_until_seen(PersonId person, bool is_seen = true) {
    while (table_.find(person).has_value() != is_seen) {
      const std::string frame = client_.next();
      ASSERT_TRUE(frame.starts_with('b')) << frame;
      take(frame);
    }
  }
  /// Reads until something is told, ticks beside.
  std::string next_tell() {
    for (;;) {
      const std::string frame = client_.next();
      if (!frame.starts_with('b')) return frame;
      if (frame[1] == '\x90') return frame.substr(2);
      take(frame);
    }
  }
  const presence::SlotTable& table() const { return table_; }

 private:
  static std::span<const std::uint8_t> bytes_of(const std::string& frame) {
    return {reinterpret_cast<const std::uint8_t*>(frame.data()) + 1, frame.size() - 1};
  }
  void take(const std::string& frame) {
    const auto tick = presence::read_tick(bytes_of(frame));
    if (tick) {
      EXPECT_TRUE(table_.apply(*tick));
    }
  }

  WebSocketClient client_;
  std::string head_;
  presence::Welcome welcome_;
  presence::SlotTable table_;
};

// Two halls of two people each; account 9 is let into neither.
class Halls : public SpaceKeeper {
 public:
  std::expected<presence::SpaceOptions, net::Reply> enter(std::string_view space, const presence::Profile& who) override {
    if (space != "hall" && space != "class") return std::unexpected(net::problem(404, "not_found", "no such space"));
    if (who.account == 9) return std::unexpected(net::problem(403, "not_invited", "not you"));
    return presence::SpaceOptions{
        .name = std::string(space), .bounds = {{-1000, -500, 0}, {1000, 500, 400}}, .spawn = {0, -400, 0}, .people_max = 2};
  }
  bool lets_in(std::string_view space, const presence::Profile& who) override { return space != closed && who.account != 9; }
  std::string closed;
};

class Door : public ::testing::Test {
 protected:
  Door()
      : door({.bounds = {{-10'000, -10'000, -1000}, {10'000, 10'000, 1000}}, .people_max = 6}, ground, accounts, rules, nullptr,
             [this](std::span<std::byte> bytes) {
               for (std::byte& byte : bytes) byte = static_cast<std::byte>(base::mix64(secrets.fetch_add(1)));
             }),
        driver(door, metrics, PresenceDoor::socket_options({})) {
    door.attach(driver);
    door.set_keeper(halls);
    door.add_routes(router);
    server =
        std::make_unique<net::Server>(router, metrics, net::ServerOptions{.port = 0, .gate = &gate, .web_sockets = &driver});
    EXPECT_TRUE(server->start());
  }
  ~Door() override {
    server->stop();
    server->wait();
  }
  Guest come(std::uint64_t account, const std::string& space = "city") { return Guest(server->port(), account, space); }

  presence::OpenGround ground;
  Accounts accounts;
  Free rules;
  Halls halls;
  NumberGate gate;
  std::atomic<std::uint64_t> secrets{1};  // Nobody guesses in this test.
  net::Metrics metrics;
  net::Router router;
  PresenceDoor door;
  net::WebSocketDriver driver;
  std::unique_ptr<net::Server> server;
};

TEST_F(Door, two_come_in_see_each_other_and_talk) {
  Guest ana = come(1);
  Guest ben = come(2);
  EXPECT_TRUE(ana.head().starts_with("HTTP/1.1 101"));
  ana.hello();
  ben.hello();
  ana.wait_until_seen(ben.id());
  ben.wait_until_seen(ana.id());
  ana.say(R"({"t":"who","people":[)" + std::to_string(ben.id()) + "]}");
  EXPECT_NE(ana.next_tell().find(R"("name":"a2")"), std::string::npos);
  ana.say(R"({"t":"say","to":"near","text":"good day"})");
  EXPECT_NE(ben.next_tell().find("good day"), std::string::npos);
}

TEST_F(Door, who_is_blocked_is_not_seen_and_not_met) {
  Guest five = come(5);
  Guest six = come(6);
  Guest other = come(7);
  five.hello();
  six.hello();
  other.hello();
  five.wait_until_seen(other.id());
  six.wait_until_seen(other.id());
  EXPECT_FALSE(five.table().find(six.id()) || six.table().find(five.id()));
  EXPECT_FALSE(door.find({5}, "city", six.id()));
  EXPECT_EQ(door.find({5}, "city", other.id())->account.value, 7u);
  EXPECT_FALSE(door.find({99}, "city", other.id())) << "only who is here has met somebody";
  door.set_apart(5, 7, true);
  five.wait_until_seen(other.id(), false);
  other.wait_until_seen(five.id(), false);
}

TEST_F(Door, nobody_comes_in_without_a_session_in_a_time_out_or_to_a_space_that_is_none) {
  WebSocketClient stranger(server->port());
  const std::string speaks = "Sec-WebSocket-Protocol: citiverse.presence.1\r\n";
  EXPECT_TRUE(stranger.shake_hands("", "/api/v1/presence", speaks).starts_with("HTTP/1.1 401"));
  EXPECT_TRUE(come(13).head().starts_with("HTTP/1.1 403"));
  WebSocketClient lost(server->port());
  EXPECT_TRUE(lost.shake_hands("", "/api/v1/presence?space=moon", speaks + "X-Account: 1\r\n").starts_with("HTTP/1.1 404"));
}

TEST_F(Door, the_first_message_is_hello_and_what_is_not_of_the_protocol_ends_it) {
  Guest rude = come(1);
  rude.client().send("\x02");
  EXPECT_TRUE(rude.client().next().starts_with("c4006"));
  Guest odd = come(2);
  odd.hello();
  odd.client().send("\x7F");
  EXPECT_TRUE(odd.client().next_control().starts_with("c1002"));
  Guest garbled = come(3);
  garbled.hello();
  garbled.say("{not json");
  EXPECT_TRUE(garbled.client().next_control().starts_with("c1002"));
}

TEST_F(Door, a_second_window_takes_the_place_of_the_first) {
  Guest first = come(1);
  first.hello({.slots = 8, .has_place = true, .place = {500, 500, 0}});
  Guest second = come(1);
  second.hello({.slots = 8, .token = first.welcome().token});
  EXPECT_TRUE(second.welcome().is_resumed);
  EXPECT_EQ(second.id(), first.id());
  EXPECT_EQ(second.welcome().place, (presence::Place{500, 500, 0}));
  EXPECT_TRUE(first.client().next_control().starts_with("c4005"));
  // Without the token it is somebody new, and the old one is gone.
  Guest third = come(1);
  third.hello();
  EXPECT_FALSE(third.welcome().is_resumed);
  EXPECT_NE(third.id(), second.id());
  EXPECT_FALSE(door.find({1}, "city", second.id()));
}

TEST_F(Door, a_session_that_ends_and_a_time_out_close_the_socket) {
  Guest ana = come(1);
  ana.hello();
  door.session_ended(1, 7);
  EXPECT_TRUE(ana.client().next_control().starts_with("c4001"));
  Guest ben = come(2);
  ben.hello();
  door.shut_out(2);
  EXPECT_TRUE(ben.client().next_control().starts_with("c4002"));
}

TEST_F(Door, who_is_shut_out_while_they_come_in_does_not_get_in) {
  accounts.on_asked = [this](std::uint64_t account) {
    if (account == 3) door.shut_out(3);
    if (account == 4) door.session_ended(4, 7);
  };
  EXPECT_TRUE(come(3).client().next_control().starts_with("c4002"));
  EXPECT_TRUE(come(4).client().next_control().starts_with("c4001"));
  come(8).hello();
}

TEST_F(Door, a_full_space_says_so_before_the_handshake) {
  std::vector<std::unique_ptr<Guest>> guests;
  for (std::uint64_t account = 20; account < 26; ++account) {
    guests.push_back(std::make_unique<Guest>(server->port(), account, "city"));
    guests.back()->hello();
  }
  EXPECT_TRUE(come(30).head().starts_with("HTTP/1.1 503"));
}

TEST_F(Door, people_of_different_spaces_never_meet_though_they_stand_at_the_same_point) {
  Guest ana = come(1);
  Guest ben = come(2, "hall");
  Guest eve = come(3, "hall");
  ana.hello();
  ben.hello();
  eve.hello();
  // The same point of two frames, and even the same number.
  ben.wait_until_seen(eve.id());
  eve.wait_until_seen(ben.id());
  EXPECT_EQ(ben.welcome().east, 1000);
  const auto met = door.find({1}, "city", ben.id());
  EXPECT_TRUE(!met || met->account.value == 1) << "the number names nobody of the hall in the city";
  EXPECT_FALSE(door.find({1}, "hall", ben.id())) << "who is elsewhere has not met somebody of the hall";
  EXPECT_EQ(door.find({3}, "hall", ben.id())->account.value, 2u);
  EXPECT_EQ(door.people_in("city"), 1u);
  EXPECT_EQ(door.people_in("hall"), 2u);
  ben.say(R"({"t":"say","to":"near","text":"between us"})");
  EXPECT_NE(eve.next_tell().find("between us"), std::string::npos);
  ana.say(R"({"t":"say","to":"near","text":"alone"})");
  EXPECT_NE(ana.next_tell().find("alone"), std::string::npos) << "nothing of the hall came before one's own words";
}

TEST_F(Door, a_space_refuses_who_is_not_let_in_and_who_comes_when_it_is_full) {
  EXPECT_TRUE(come(9, "hall").head().starts_with("HTTP/1.1 403"));
  EXPECT_TRUE(come(1, "moon").head().starts_with("HTTP/1.1 404"));
  Guest ben = come(2, "hall");
  Guest eve = come(3, "hall");
  Guest late = come(4, "hall");  // Let in by the handshake, while there was room.
  ben.hello();
  eve.hello();
  late.send(presence::hello_bytes({.slots = 8}));
  EXPECT_TRUE(late.client().next_control().starts_with("c4003"));
  EXPECT_TRUE(come(5, "hall").head().starts_with("HTTP/1.1 503"));
  EXPECT_TRUE(come(5, "class").head().starts_with("HTTP/1.1 101")) << "another space has room of its own";
}

TEST_F(Door, a_space_that_closes_sends_its_people_out_and_nobody_else) {
  Guest ana = come(1);
  Guest ben = come(2, "hall");
  Guest eve = come(3, "hall");
  Guest granted = come(4, "hall");
  ana.hello();
  ben.hello();
  eve.hello();
  door.put_out("hall", 2, "not invited any more");
  EXPECT_TRUE(ben.client().next_control().starts_with("c4007"));
  halls.closed = "hall";
  door.put_out("hall", 0, "closed");
  EXPECT_TRUE(eve.client().next_control().starts_with("c4007"));
  granted.send(presence::hello_bytes({.slots = 8}));
  EXPECT_TRUE(granted.client().next_control().starts_with("c4007"));
  ana.say(R"({"t":"meet"})");
  EXPECT_NE(ana.next_tell().find("where"), std::string::npos);
  EXPECT_EQ(door.people_in("hall"), 0u);
}

TEST_F(Door, a_flood_of_words_is_dropped_and_then_cut_off) {
  Guest loud = come(1);
  loud.hello();
  // Forty a second: within what a socket may send, beyond what a person says.
  const std::string word = WebSocketClient::frame(
      "\x10"
      R"({"t":"meet"})");
  for (int i = 0; i < 50; ++i) {
    loud.client().send_bytes(word + word + word + word);
    std::this_thread::sleep_for(100ms);
  }
  EXPECT_TRUE(loud.client().next_control().starts_with("c4004"));
}

}  // namespace
}  // namespace citiverse::api
