// Receivers that answer, refuse, hang and die: what is due is delivered or dropped, and nobody waits for another.
#include "net/notifier.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "net/test_one_answer.h"
#include "net/test_receiver.h"

namespace citiverse::net {
namespace {

using Receiver = TestReceiver;

class Notifications : public testing::Test {
 protected:
  static constexpr const char* kNobody = "http://127.0.0.1:1/told";

  static NotifierOptions quick() {
    NotifierOptions options;
    options.allows_private = true;
    options.retry_time = std::chrono::milliseconds(1);
    options.rest_time = std::chrono::milliseconds(5);
    options.rest_time_max = std::chrono::milliseconds(20);
    options.request_time = std::chrono::seconds(60);
    return options;
  }
  Delivery to(std::string url, std::string body) {
    Delivery delivery;
    delivery.url = std::move(url);
    delivery.body = std::move(body);
    ++asked_;
    delivery.done = [this](int status) {
      const std::lock_guard lock(mutex_);
      statuses_.push_back(status);
      changed_.notify_all();
    };
    return delivery;
  }
  // All deliveries but so many have come to their end.
  bool waits_for_all(std::size_t without = 0) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(120), [&] { return statuses_.size() + without >= asked_; });
  }
  static void add_up(const NotifierCounts& counts) {
    EXPECT_EQ(counts.due, counts.delivered + counts.dropped + counts.replaced + counts.waiting);
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<int> statuses_;
  std::size_t asked_ = 0;
};

TEST_F(Notifications, arrive_in_order_over_a_kept_connection) {
  Receiver receiver;
  Notifier notifier(quick());
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(notifier.send(to(receiver.url(), std::to_string(i))));
  ASSERT_TRUE(waits_for_all());
  const auto bodies = receiver.bodies();
  ASSERT_EQ(bodies.size(), 100u);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(bodies[static_cast<std::size_t>(i)], std::to_string(i));
  EXPECT_EQ(notifier.counts().delivered, 100u);
  EXPECT_EQ(receiver.connections(), 1u);
  add_up(notifier.counts());
}

TEST_F(Notifications, carry_the_fields_that_their_sender_wants) {
  Receiver receiver;
  Notifier notifier(quick());
  auto delivery = to(receiver.url(), "{}");
  delivery.fields = "X-Key: value\r\n";
  ASSERT_TRUE(notifier.send(std::move(delivery)));
  ASSERT_TRUE(waits_for_all());
  EXPECT_EQ(receiver.told().back().key, "value");
}

TEST_F(Notifications, to_somebody_dead_are_tried_again_then_dropped_and_do_not_delay_others) {
  Receiver receiver;
  Notifier notifier(quick());
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(notifier.send(to(kNobody, "lost")));
    ASSERT_TRUE(notifier.send(to(receiver.url(), "well")));
  }
  ASSERT_TRUE(waits_for_all());
  const auto counts = notifier.counts();
  EXPECT_EQ(counts.delivered, 10u);
  EXPECT_EQ(counts.dropped, 10u);
  EXPECT_GE(counts.retried, 10u);
  EXPECT_EQ(counts.endpoints, 2u);
  EXPECT_EQ(counts.resting, 1u);
  add_up(counts);
}

TEST_F(Notifications, to_twenty_receivers_arrive_while_one_hangs_one_is_dead_and_one_is_broken) {
  std::deque<Receiver> healthy(17);
  Receiver hanging;
  Receiver broken(500);
  hanging.set_hanging(true);
  Notifier notifier(quick());
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(notifier.send(to(hanging.url(), "hangs")));
    ASSERT_TRUE(notifier.send(to(broken.url(), "broken")));
    ASSERT_TRUE(notifier.send(to(kNobody, "lost")));
    for (Receiver& each : healthy) ASSERT_TRUE(notifier.send(to(each.url(), "well")));
  }
  // All come to their end but those of the one that hangs, which has answered nothing.
  ASSERT_TRUE(waits_for_all(50));
  const auto counts = notifier.counts();
  EXPECT_EQ(counts.delivered, 17u * 50);
  EXPECT_EQ(counts.dropped, 100u);
  EXPECT_EQ(counts.waiting, 50u);
  add_up(counts);
  hanging.set_hanging(false);
  ASSERT_TRUE(waits_for_all());
  EXPECT_EQ(notifier.counts().delivered, 18u * 50);
}

TEST_F(Notifications, that_get_no_answer_in_time_have_failed) {
  Receiver receiver;
  receiver.set_hanging(true);
  auto options = quick();
  options.attempts_max = 1;
  Notifier notifier(options);
  auto delivery = to(receiver.url(), "x");
  delivery.request_time = std::chrono::milliseconds(50);
  ASSERT_TRUE(notifier.send(std::move(delivery)));
  ASSERT_TRUE(waits_for_all());
  EXPECT_EQ(statuses_, std::vector<int>{0});
  EXPECT_EQ(notifier.counts().dropped, 1u);
}

TEST_F(Notifications, arrive_once_a_receiver_recovers) {
  Receiver receiver(503);
  auto options = quick();
  options.attempts_max = 1'000'000;
  Notifier notifier(options);
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(notifier.send(to(receiver.url(), std::to_string(i))));
  while (notifier.counts().resting == 0) std::this_thread::yield();
  receiver.set_status(204);
  ASSERT_TRUE(waits_for_all());
  EXPECT_EQ(notifier.counts().delivered, 20u);
  EXPECT_EQ(notifier.counts().resting, 0u);
}

TEST_F(Notifications, that_are_refused_or_sent_elsewhere_are_not_repeated) {
  for (const int status : {403, 302}) {
    Receiver receiver(status);
    Notifier notifier(quick());
    ASSERT_TRUE(notifier.send(to(receiver.url(), "x")));
    ASSERT_TRUE(waits_for_all());
    EXPECT_EQ(receiver.bodies().size(), 1u);
    EXPECT_EQ(statuses_.back(), status);
    EXPECT_EQ(notifier.counts().dropped, 1u);
  }
}

TEST_F(Notifications, that_say_what_is_newer_take_the_place_of_what_waits) {
  auto options = quick();
  options.retry_time = std::chrono::hours(1);
  Notifier notifier(options);
  for (int i = 0; i < 50; ++i) {
    auto delivery = to(kNobody, std::to_string(i));
    delivery.replaces = 7;
    ASSERT_TRUE(notifier.send(std::move(delivery)));
  }
  // The last stays, since the first try failed and the next is an hour away.
  while (notifier.counts().replaced + notifier.counts().waiting < 50 || notifier.counts().waiting > 2)
    std::this_thread::yield();
  add_up(notifier.counts());
}

TEST_F(Notifications, beyond_the_queue_are_dropped_and_counted) {
  auto options = quick();
  options.queue_max = 10;
  options.lanes = 1;
  options.retry_time = std::chrono::hours(1);
  Notifier notifier(options);
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(notifier.send(to(kNobody, std::to_string(i))));
  ASSERT_TRUE(waits_for_all(11));
  EXPECT_GE(notifier.counts().dropped, 89u);
  add_up(notifier.counts());
}

TEST_F(Notifications, larger_than_what_may_wait_are_dropped) {
  auto options = quick();
  options.waiting_bytes_max = 1'000;
  Notifier notifier(options);
  ASSERT_TRUE(notifier.send(to(kNobody, std::string(2'000, 'x'))));
  ASSERT_TRUE(waits_for_all());
  EXPECT_EQ(notifier.counts().retried, 0u);
  EXPECT_EQ(notifier.counts().dropped, 1u);
}

TEST_F(Notifications, are_not_sent_to_an_endpoint_that_cools_down) {
  Receiver receiver(500);
  auto options = quick();
  options.attempts_max = 1;
  Notifier notifier(options);
  for (int i = 0; i < 2; ++i) {
    auto delivery = to(receiver.url(), std::to_string(i));
    delivery.cooldown = std::chrono::hours(1);
    ASSERT_TRUE(notifier.send(std::move(delivery)));
    ASSERT_TRUE(waits_for_all());
  }
  EXPECT_EQ(receiver.bodies(), std::vector<std::string>{"0"});
  EXPECT_EQ(notifier.counts().dropped, 2u);
}

TEST_F(Notifications, do_not_go_to_private_addresses_unless_the_operator_says_so) {
  auto options = quick();
  options.allows_private = false;
  options.attempts_max = 1;
  Receiver receiver;
  Notifier notifier(options);
  for (const std::string& url : {receiver.url(), std::string("https://10.0.0.1/told"), std::string("https://127.0.0.1/")}) {
    const auto refused = notifier.check(url);
    ASSERT_FALSE(refused) << url;
    EXPECT_EQ(refused.error().code, base::ErrorCode::denied);
  }
  ASSERT_TRUE(notifier.send(to("https://localhost/told", "x"))) << "its address is known only when it is asked for";
  ASSERT_TRUE(waits_for_all());
  EXPECT_EQ(notifier.counts().dropped, 1u);
  EXPECT_FALSE(notifier.check("ftp://example.org/"));

  options.trusted_hosts = {receiver.authority()};
  Notifier trusting(options);
  ASSERT_TRUE(trusting.send(to(receiver.url(), "x")));
  ASSERT_TRUE(waits_for_all());
  EXPECT_EQ(trusting.counts().delivered, 1u);
}

TEST_F(Notifications, by_tls_go_only_to_whom_a_known_certificate_names) {
  const Certificate mine = certificate_for("localhost");
  const Certificate other = certificate_for("elsewhere.example");
  const std::filesystem::path file =
      std::filesystem::temp_directory_path() / fmt::format("citiverse_notifier_{}.pem", ::getpid());
  ASSERT_TRUE(base::write_file_atomically(file, mine.pem + other.pem));
  // What the receiver was told; empty where the node did not speak to it.
  const auto tell = [&](const Certificate& certificate, const std::filesystem::path& authorities) {
    OneAnswer receiver("HTTP/1.1 204 No Content\r\n\r\n", &certificate);
    auto options = quick();
    options.allows_private = false;
    options.attempts_max = 1;
    options.trusted_hosts = {receiver.authority()};
    options.authorities = authorities;
    Notifier notifier(options);
    EXPECT_TRUE(notifier.send(to("https://" + receiver.authority() + "/told", R"({"a":1})")));
    EXPECT_TRUE(waits_for_all());
    add_up(notifier.counts());
    return receiver.request();
  };
  EXPECT_THAT(tell(mine, file),
              testing::AllOf(testing::StartsWith("POST /told HTTP/1.1\r\n"), testing::EndsWith(R"({"a":1})")));
  EXPECT_EQ(tell(mine, {}), "") << "nobody vouches for it";
  EXPECT_EQ(tell(other, file), "") << "it is another's";
  EXPECT_EQ(statuses_, (std::vector<int>{204, 0, 0}));
  std::filesystem::remove(file);
}

TEST_F(Notifications, that_still_wait_when_the_node_stops_are_told_as_dropped) {
  auto options = quick();
  options.retry_time = std::chrono::hours(1);
  Receiver receiver;
  receiver.set_hanging(true);
  {
    Notifier notifier(options);
    for (int i = 0; i < 10; ++i) {
      ASSERT_TRUE(notifier.send(to(receiver.url(), "x")));
      ASSERT_TRUE(notifier.send(to(kNobody, "x")));
    }
    while (receiver.bodies().empty()) std::this_thread::yield();
  }
  EXPECT_EQ(statuses_.size(), 20u);
}

}  // namespace
}  // namespace citiverse::net
