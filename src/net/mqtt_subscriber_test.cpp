// A subscriber with Debian's mosquitto: what is not kept comes again, what is kept does not, and secrets stay in their file.
#include "net/mqtt_subscriber.h"

#include <algorithm>
#include <condition_variable>
#include <fstream>
#include <mutex>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/mosquitto.h"

namespace citiverse::net {
namespace {

using testing::ElementsAre;

constexpr std::chrono::seconds kPatience{60};

class MosquittoTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!testing_fixtures::Mosquitto::is_installed()) GTEST_SKIP() << "mosquitto is not installed";
    ASSERT_TRUE(broker_.start());
  }
  const std::filesystem::path& folder() const { return broker_.folder(); }
  MqttOptions options() const {
    return {.name = "test",
            .host = "127.0.0.1",
            .port = broker_.port(),
            .client_id = "citiverse-test",
            .filters = {"a/#"},
            .pause_least = std::chrono::milliseconds(20),
            .pause_most = std::chrono::milliseconds(100)};
  }
  template <class Condition>
  bool wait_until(Condition condition) {
    std::unique_lock lock(mutex_);
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > end) return false;
      changed_.wait_for(lock, std::chrono::milliseconds(20));
    }
    return true;
  }
  MqttSubscriber::Take keeping(bool is_kept) {
    return [this, is_kept](std::span<const MqttMessage> messages, const MqttSubscriber::Done& done) {
      const std::lock_guard lock(mutex_);
      for (const MqttMessage& each : messages) came_.push_back(each.topic + "=" + each.payload);
      changed_.notify_all();
      done(is_kept);
      return true;
    };
  }

  testing_fixtures::Mosquitto broker_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> came_;
};

TEST_F(MosquittoTest, what_comes_while_nobody_listens_waits_and_what_is_kept_does_not_come_again) {
  {
    const MqttSubscriber first(options(), keeping(true));
    ASSERT_TRUE(wait_until([&] { return first.figures().is_connected.load(); }));
    ASSERT_TRUE(broker_.publish("a/b", "1"));
    ASSERT_TRUE(wait_until([&] { return first.figures().acknowledged == 1; }));
  }
  ASSERT_TRUE(broker_.publish("a/b", "2"));
  ASSERT_TRUE(broker_.publish("c", "not for us"));
  const MqttSubscriber second(options(), keeping(true));
  ASSERT_TRUE(wait_until([&] { return second.figures().acknowledged == 1; }));
  EXPECT_THAT(came_, ElementsAre("a/b=1", "a/b=2"));
}

TEST_F(MosquittoTest, what_could_not_be_kept_comes_again) {
  int refusals = 0;
  const MqttSubscriber subscriber(options(), [&](std::span<const MqttMessage> messages, const MqttSubscriber::Done& done) {
    const std::lock_guard lock(mutex_);
    if (refusals++ == 1) return false;  // No room just now.
    for (const MqttMessage& each : messages) came_.push_back(each.payload);
    done(refusals > 1);
    return true;
  });
  ASSERT_TRUE(wait_until([&] { return subscriber.figures().is_connected.load(); }));
  ASSERT_TRUE(broker_.publish("a", "1"));
  ASSERT_TRUE(wait_until([&] { return subscriber.figures().acknowledged == 1; }));
  EXPECT_THAT(came_, ElementsAre("1", "1")) << "refused, then offered when there was no room, then kept";
  EXPECT_EQ(subscriber.figures().connections, 2u);
}

TEST_F(MosquittoTest, a_broker_that_goes_and_comes_is_found_again) {
  const MqttSubscriber subscriber(options(), keeping(true));
  ASSERT_TRUE(wait_until([&] { return subscriber.figures().is_connected.load(); }));
  broker_.stop();
  ASSERT_TRUE(wait_until([&] { return !subscriber.figures().is_connected; }));
  ASSERT_TRUE(broker_.start());
  ASSERT_TRUE(wait_until([&] { return subscriber.figures().is_connected.load(); }));
  ASSERT_TRUE(broker_.publish("a", "again"));
  ASSERT_TRUE(wait_until([&] { return subscriber.figures().acknowledged == 1; }));
}

TEST_F(MosquittoTest, passwords_come_from_a_file_that_may_be_put_right_later) {
  broker_.stop();
  const auto password = folder() / "password";
  std::ofstream(password) << "wrong\n";
  ASSERT_EQ(::system(fmt::format("mosquitto_passwd -c -b {} city 'right one'", (folder() / "users").string()).c_str()), 0);
  ASSERT_TRUE(broker_.start(fmt::format("allow_anonymous false\npassword_file {}\n", (folder() / "users").string())));
  MqttOptions with_password = options();
  with_password.user = "city";
  with_password.password_file = password;
  const MqttSubscriber subscriber(with_password, keeping(true));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_FALSE(subscriber.figures().is_connected);
  std::ofstream(password) << "right one\n";
  ASSERT_TRUE(wait_until([&] { return subscriber.figures().is_connected.load(); }));
}

TEST_F(MosquittoTest, a_certificate_that_nobody_vouches_for_is_refused) {
  broker_.stop();
  const std::string at = folder().string();
  ASSERT_EQ(::system(fmt::format(
                         "openssl req -x509 -newkey rsa:2048 -nodes -keyout {0}/key -out {0}/cert -days 2 -subj /CN=localhost "
                         "-addext subjectAltName=DNS:localhost 2> /dev/null",
                         at)
                         .c_str()),
            0);
  ASSERT_TRUE(broker_.start(fmt::format("allow_anonymous true\ncertfile {0}/cert\nkeyfile {0}/key\n", at)));
  MqttOptions secure = options();
  secure.host = "localhost";
  secure.is_tls = true;
  secure.authorities = folder() / "cert";
  {
    const MqttSubscriber subscriber(secure, keeping(true));
    EXPECT_TRUE(wait_until([&] { return subscriber.figures().is_connected.load(); }));
  }
  secure.host = "127.0.0.1";  // Not the name that the certificate is for.
  const MqttSubscriber subscriber(secure, keeping(true));
  ASSERT_TRUE(broker_.publish("a", "1", fmt::format("--cafile {}/cert -h localhost", at)));
  EXPECT_FALSE(subscriber.figures().is_connected);
  EXPECT_EQ(subscriber.figures().connections, 0u);
}

}  // namespace
}  // namespace citiverse::net
