// From a word on a socket to the disk and back: what people put down stands when they have gone and the node has started anew.
#include "api/node_things.h"

#include <unistd.h>

#include <filesystem>

#include <gtest/gtest.h>

#include "api/presence_people.h"
#include "base/json_reader.h"
#include "base/random.h"
#include "net/server.h"
#include "presence/server_messages.h"
#include "testing/ascii_city.h"
#include "testing/web_socket_client.h"

namespace citiverse::api {
namespace {

using identity::AccountId;
using testing_fixtures::WebSocketClient;

// Whoever says which account they are is believed.
class BelievingGate : public net::Gate {
 public:
  std::expected<net::Visitor, net::Reply> admit(const net::Request& request, net::AccessRule, bool) override {
    for (const net::Field& field : request.fields)
      if (field.name == "X-Account") return net::Visitor{.account = std::stoull(std::string(field.value)), .session = 7};
    return std::unexpected(net::problem(401, "sign_in_needed", "sign in"));
  }
};

// One in the city, who reads until they are told what they wait for.
class Resident {
 public:
  Resident(std::uint16_t port, AccountId account) : client_(port) {
    const std::string head = client_.shake_hands(
        "", "/api/v1/presence",
        "Sec-WebSocket-Protocol: citiverse.presence.1\r\nX-Account: " + std::to_string(account.value) + "\r\n");
    EXPECT_TRUE(head.starts_with("HTTP/1.1 101")) << head;
    const auto hello = presence::hello_bytes({.slots = 8});
    client_.send({reinterpret_cast<const char*>(hello.data()), hello.size()});
    EXPECT_EQ(client_.next()[1], '\x81');
  }
  void say(std::string_view json) { client_.send("\x10" + std::string(json)); }
  /// The first tell that holds these words.
  std::string wait_for(std::string_view words) {
    for (;;) {
      const std::string frame = client_.next();
      if (!frame.starts_with('b')) {
        ADD_FAILURE() << "closed while waiting for " << words << ": " << frame;
        return {};
      }
      if (frame[1] == '\x90' && frame.find(words) != std::string::npos) return frame.substr(2);
    }
  }
  void list() { say(R"({"t":"object","do":"list"})"); }

 private:
  WebSocketClient client_;
};

std::string thing_in(std::string_view tell) {
  const auto document = base::JsonDocument::parse(tell).value();
  return std::string(document.root().find("objects")[0].find("thing").text().value_or(""));
}

class NodeThingsTest : public ::testing::Test {
 protected:
  NodeThingsTest() : city_(testing_fixtures::ascii_city("....\n....")) {}
  void SetUp() override {
    start();
    ana_ = member("Ana");
    ben_ = member("Ben");
  }
  void TearDown() override {
    stop();
    std::filesystem::remove_all(folder_);
  }

  void start() {
    const auto fill = [this](std::span<std::byte> bytes) {
      for (std::byte& byte : bytes) byte = static_cast<std::byte>(base::mix64(secrets_.fetch_add(1)));
    };
    identity_ = identity::Identity::open(folder_, {.now = [this] { return now_.load(); }, .fill_random = fill}, {}).value();
    safety_ = PeopleSafety::open(*identity_, folder_).value();
    people_.emplace(*safety_, city_);
    presence::SpaceOptions options;
    options.bounds = {{-10'000, -10'000, -1000}, {10'000, 10'000, 1000}};
    options.origin = {43.7, 7.4};
    options.people_max = 6;
    door_ = std::make_unique<PresenceDoor>(options, ground_, *people_, safety_->talk(), nullptr, fill);
    driver_ = std::make_unique<net::WebSocketDriver>(*door_, metrics_, PresenceDoor::socket_options({}));
    door_->attach(*driver_);
    things_.emplace(*safety_, *door_);
    door_->set_things(*things_);
    router_ = std::make_unique<net::Router>();
    door_->add_routes(*router_);
    server_ = std::make_unique<net::Server>(*router_, metrics_,
                                            net::ServerOptions{.port = 0, .gate = &gate_, .web_sockets = driver_.get()});
    EXPECT_TRUE(server_->start());
  }
  void stop() {
    server_->stop();
    server_->wait();
    server_.reset();
    driver_->stop();
    things_.reset();
    driver_.reset();
    door_.reset();
    people_.reset();
    safety_.reset();
    identity_.reset();
  }
  AccountId member(std::string name) {
    const AccountId account = identity_->accounts().create_guest({.name = std::move(name)}, false).value();
    EXPECT_TRUE(identity_->accounts().make_member(account));
    return account;
  }
  // Ana puts a sign down and goes.
  std::string leave_sign() {
    Resident ana(server_->port(), ana_);
    ana.say(R"({"t":"object","do":"make","shape":"sign","text":"Chess?","stays":true})");
    const std::string thing = thing_in(ana.wait_for("thing"));
    ana.say(R"({"t":"object","do":"release","object":1})");
    return thing;
  }

  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("citiverse_node_things_test_" + std::to_string(getpid()));
  std::atomic<identity::Time> now_{identity::Time{std::chrono::seconds{1'800'000'000}}};
  std::atomic<std::uint64_t> secrets_{1};
  city::City city_;
  presence::OpenGround ground_;
  BelievingGate gate_;
  net::Metrics metrics_;
  std::unique_ptr<identity::Identity> identity_;
  std::unique_ptr<PeopleSafety> safety_;
  std::optional<PresencePeople> people_;
  std::unique_ptr<net::Router> router_;
  std::unique_ptr<PresenceDoor> door_;
  std::unique_ptr<net::WebSocketDriver> driver_;
  std::optional<NodeThings> things_;
  std::unique_ptr<net::Server> server_;
  AccountId ana_, ben_;
};

TEST_F(NodeThingsTest, what_was_acknowledged_stands_after_a_restart) {
  const std::string thing = leave_sign();
  EXPECT_EQ(identity::parse_id_text(thing), safety_->things().of_owner(ana_.value).at(0).id);
  stop();
  start();
  Resident ben(server_->port(), ben_);
  ben.list();
  const std::string told = ben.wait_for("Chess?");
  EXPECT_EQ(thing_in(told), thing);
  EXPECT_NE(told.find(R"("by":"Ana")"), std::string::npos);
  EXPECT_EQ(told.find("owner"), std::string::npos);
  Resident ana(server_->port(), ana_);
  ana.list();
  EXPECT_NE(ana.wait_for("Chess?").find("owner"), std::string::npos);
  ana.say(R"({"t":"object","do":"remove","object":1})");
  ben.wait_for(R"("gone":[1])");
  EXPECT_TRUE(safety_->things().in_space("city").empty());
}

TEST_F(NodeThingsTest, what_a_moderator_takes_away_goes_from_sight_and_comes_back_with_the_decision) {
  const auto thing = identity::parse_id_text(leave_sign()).value();
  Resident ben(server_->port(), ben_);
  ben.list();
  ben.wait_for("Chess?");
  ASSERT_TRUE(safety_->things().hide(thing, true));
  ben.wait_for(R"("gone":[1])");
  ASSERT_TRUE(safety_->things().hide(thing, false));
  ben.wait_for("Chess?");
}

TEST_F(NodeThingsTest, who_is_blocked_is_told_nothing_of_what_the_other_left) {
  leave_sign();
  Resident ben(server_->port(), ben_);
  ben.list();
  EXPECT_NE(ben.wait_for(R"("all":true)").find("Chess?"), std::string::npos);
  door_->set_apart(ben_.value, ana_.value, true);
  EXPECT_EQ(ben.wait_for(R"("all":true)"), R"({"t":"objects","all":true,"objects":[]})");
  door_->set_apart(ben_.value, ana_.value, false);
  EXPECT_NE(ben.wait_for(R"("all":true)").find("Chess?"), std::string::npos);
  // Who comes in knows of the block from the start.
  ASSERT_TRUE(safety_->relations().add(safety::RelationKind::block, ben_, ana_, "Ana"));
  Resident again(server_->port(), ben_);
  again.list();
  EXPECT_EQ(again.wait_for(R"("all":true)"), R"({"t":"objects","all":true,"objects":[]})");
}

TEST_F(NodeThingsTest, guests_minors_and_people_in_a_time_out_let_nothing_stay) {
  const AccountId guest = identity_->accounts().create_guest({.name = "Guest"}, false).value();
  ASSERT_TRUE(identity_->accounts().set_minor(ben_, true));
  for (const AccountId who : {guest, ben_}) {
    Resident resident(server_->port(), who);
    resident.say(R"({"t":"object","do":"make","shape":"sign","stays":true})");
    EXPECT_NE(resident.wait_for("problem").find("an adult's account"), std::string::npos);
    resident.say(R"({"t":"object","do":"make","shape":"sign"})");
    resident.wait_for("sign");
  }
  leave_sign();
  ASSERT_TRUE(identity_->accounts().set_minor(ana_, true));
  things_->review_account(ana_);
  EXPECT_TRUE(safety_->things().in_space("city").empty());
}

TEST_F(NodeThingsTest, nobody_lets_more_stay_than_their_share_and_is_told_so) {
  Resident ana(server_->port(), ana_);
  for (std::size_t i = 0; i < presence::kKeptOfOneMax; ++i) {
    ana.say(R"({"t":"object","do":"make","shape":"sign","stays":true})");
    ana.wait_for("thing");
  }
  ana.say(R"({"t":"object","do":"make","shape":"sign","stays":true})");
  EXPECT_NE(ana.wait_for("problem").find("of yours stay already"), std::string::npos);
}

}  // namespace
}  // namespace citiverse::api
