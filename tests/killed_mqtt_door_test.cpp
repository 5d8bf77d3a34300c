// What the MQTT door acknowledged to a broker (QoS 1) is kept although the node is killed (SIGKILL) again and again meanwhile.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "api/feeds/mqtt_door.h"
#include "base/random.h"
#include "testing/mosquitto.h"
#include "twin/store.h"

namespace citiverse {
namespace {

namespace fs = std::filesystem;

constexpr int kKills = 6;
constexpr std::size_t kMessagesAKill = 700;
constexpr std::size_t kMessages = kKills * kMessagesAKill;
constexpr auto kPatience = std::chrono::minutes(5);  // Without any progress.

// What the child tells, in one write(2), every few milliseconds.
struct Progress {
  std::uint64_t entities = 0;  // In memory, and perhaps not durable yet.
  bool is_connected = false;
  bool is_settled = false;  // All that made these entities was acknowledged.
};

twin::TimeUs some_time() { return 1'767'225'600'000'000; }

[[noreturn]] void listen_until_killed(const fs::path& folder, std::uint16_t port, int pipe) {
  twin::journal::Recovered recovered;
  auto store = twin::Store::open(some_time, twin::Durability::batched, folder, recovered);
  if (!store) ::_exit(3);
  const api::TwinApi twin{**store, [](const net::Visitor&, std::string_view) { return false; }};
  auto mapping = api::feeds::read_mapping(
      fmt::format(R"({{"brokers":[{{"name":"b","host":"127.0.0.1","port":{},"client_id":"killed-door"}}],"rules":[
      {{"rule":"r","topic":"counts","id":"urn:n:{{$.n}}","type":"Count","source":"s","observed_at":"$.t",
        "attributes":{{"n":"$.n"}}}}]}})",
                  port),
      "test", (*store)->names());
  if (!mapping) ::_exit(4);
  api::feeds::Feeds feeds(twin, *std::move(mapping), {});
  api::feeds::MqttDoor door(feeds, feeds.mapping().brokers[0]);
  door.start();
  while (true) {
    // In this order: what is counted later holds all that is in what was counted before.
    Progress told{(*store)->size(twin::kDefaultTenant), door.is_connected()};
    const std::uint64_t acknowledged = door.acknowledged();
    told.is_settled = acknowledged == feeds.figures().messages;
    if (::write(pipe, &told, sizeof told) != sizeof told) ::_exit(5);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

class Listener {
 public:
  Listener(const fs::path& folder, std::uint16_t port) {
    EXPECT_EQ(::pipe(ends_), 0);
    child_ = ::fork();
    if (child_ == 0) {
      ::close(ends_[0]);
      listen_until_killed(folder, port, ends_[1]);
    }
    ::close(ends_[1]);
  }
  ~Listener() {
    ::kill(child_, SIGKILL);
    ::close(ends_[0]);
    int status = 0;
    ::waitpid(child_, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "it ended by itself with " << WEXITSTATUS(status);
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // The first progress that is enough, or the last one when nothing goes on any more.
  Progress wait_for(const auto& is_enough) {
    Progress last;
    auto until = std::chrono::steady_clock::now() + kPatience;
    Progress each;
    while (::read(ends_[0], &each, sizeof each) == sizeof each && std::chrono::steady_clock::now() < until) {
      if (each.entities > last.entities) until = std::chrono::steady_clock::now() + kPatience;
      last = each;
      if (is_enough(each)) break;
    }
    return last;
  }

 private:
  int ends_[2] = {-1, -1};
  pid_t child_ = -1;
};

TEST(KilledMqttDoor, has_all_messages_that_it_acknowledged) {
  if (!testing_fixtures::Mosquitto::is_installed()) GTEST_SKIP() << "mosquitto is not installed";
  testing_fixtures::Mosquitto broker;
  ASSERT_TRUE(broker.start("allow_anonymous true\nmax_queued_messages 0\nmax_inflight_messages 100\n"));
  const fs::path folder = broker.folder() / "twin";
  base::Random random(7);
  for (std::size_t kill = 0; kill < kKills; ++kill) {
    Listener listener(folder, broker.port());
    // From the first time on the broker keeps messages for it.
    ASSERT_TRUE(listener.wait_for([](const Progress& each) { return each.is_connected; }).is_connected);
    const std::size_t before = kill * kMessagesAKill;
    const std::string lines =
        fmt::format(R"(seq {} {} | sed 's/.*/{{"n":&,"t":1767225600}}/')", before + 1, before + kMessagesAKill);
    ASSERT_EQ(std::system(fmt::format("{} | mosquitto_pub -p {} -q 1 -t counts -l &", lines, broker.port()).c_str()), 0);
    const std::uint64_t enough = before + 50 + random.below(600);
    ASSERT_GE(listener.wait_for([&](const Progress& each) { return each.entities >= enough; }).entities, enough)
        << "messages were acknowledged and lost after " << kill << " kills";
  }
  {
    Listener listener(folder, broker.port());
    const auto is_complete = [](const Progress& each) { return each.entities == kMessages && each.is_settled; };
    ASSERT_TRUE(is_complete(listener.wait_for(is_complete))) << "messages were acknowledged and lost";
  }
  twin::journal::Recovered recovered;
  const auto store = twin::Store::open(some_time, twin::Durability::batched, folder, recovered);
  ASSERT_TRUE(store) << store.error().message;
  std::size_t lost = 0;
  for (std::size_t n = 1; n <= kMessages; ++n)
    lost += (*store)->find(twin::kDefaultTenant, fmt::format("urn:n:{}", n)) == nullptr;
  fmt::print("{} kills: {} messages acknowledged, {} lost\n", kKills + 1, kMessages, lost);
  EXPECT_EQ(lost, 0u);
}

}  // namespace
}  // namespace citiverse
