#include "api/janus_relay.h"

#include <arpa/inet.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "base/random.h"

extern char** environ;

namespace citiverse::api {
namespace {

using namespace std::chrono_literals;
using presence::RelayWord;

constexpr const char* kProgram = "/usr/bin/janus";
constexpr const char* kPlugins = "/usr/lib/x86_64-linux-gnu/janus";

// An offer as a browser makes it, without media behind it: enough for Janus to answer.
constexpr std::string_view kOffer =
    "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\na=msid-semantic: WMS\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\na=ice-ufrag:abcd\r\n"
    "a=ice-pwd:abcdefghijklmnopqrstuvwx\r\na=ice-options:trickle\r\n"
    "a=fingerprint:sha-256 4A:4E:FF:5A:AD:99:DC:68:8F:BA:CC:92:9F:B6:38:2B:F6:26:98:ED:77:E5:52:31:46:57:00:D9:10:D4:C6:49\r\n"
    "a=setup:actpass\r\na=mid:0\r\na=sendrecv\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n";

// Debian's Janus on a port of its own, with secrets; ends with the test.
class Janus : public ::testing::Test {
 protected:
  void SetUp() override {
    if (access(kProgram, X_OK) != 0) GTEST_SKIP() << "janus is not installed";
    port_ = free_port();
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / "janus.jcfg") << fmt::format(
        "general: {{ configs_folder = \"{0}\"; plugins_folder = \"{1}/plugins\"; transports_folder = \"{1}/transports\";"
        " events_folder = \"{1}/events\"; loggers_folder = \"{1}/loggers\"; debug_level = 3; api_secret = \"north & south\"; "
        "}}\n"
        "plugins: {{ disable = \"libjanus_duktape.so,libjanus_lua.so,libjanus_sip.so,libjanus_nosip.so,libjanus_videoroom.so,"
        "libjanus_streaming.so,libjanus_textroom.so,libjanus_recordplay.so,libjanus_videocall.so,libjanus_voicemail.so,"
        "libjanus_echotest.so\"; }}\n"
        "transports: {{ disable = \"libjanus_websockets.so,libjanus_pfunix.so,libjanus_rabbitmq.so,libjanus_mqtt.so,"
        "libjanus_nanomsg.so\"; }}\n",
        folder_.string(), kPlugins);
    std::ofstream(folder_ / "janus.transport.http.jcfg")
        << fmt::format("general: {{ base_path = \"/janus\"; http = true; port = {}; ip = \"127.0.0.1\"; }}\n", port_);
    std::ofstream(folder_ / "janus.plugin.audiobridge.jcfg") << "general: { admin_key = \"key\"; }\n";
    start();
  }
  void TearDown() override {
    stop();
    std::filesystem::remove_all(folder_);
  }
  void start() {
    const std::string config = "--config=" + (folder_ / "janus.jcfg").string();
    const std::string configs = "--configs-folder=" + folder_.string();
    std::array<char*, 5> arguments = {const_cast<char*>(kProgram), const_cast<char*>(config.c_str()),
                                      const_cast<char*>(configs.c_str()), const_cast<char*>("--disable-colors"), nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", 1, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", 1, 0);
    ASSERT_EQ(posix_spawn(&process_, kProgram, &actions, nullptr, arguments.data(), environ), 0);
    posix_spawn_file_actions_destroy(&actions);
  }
  void stop() {
    if (process_ <= 0) return;
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
    process_ = -1;
  }
  static int free_port() {
    const int socket_number = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    EXPECT_EQ(bind(socket_number, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(getsockname(socket_number, reinterpret_cast<sockaddr*>(&address), &size), 0);
    close(socket_number);
    return ntohs(address.sin_port);
  }
  std::unique_ptr<JanusRelay> relay(std::string api_secret = "north & south") {
    return std::make_unique<JanusRelay>(
        JanusOptions{
            .url = fmt::format("http://127.0.0.1:{}/janus", port_), .api_secret = std::move(api_secret), .admin_key = "key"},
        [random = std::make_shared<base::Random>(4)] { return random->next() >> 1; });
  }
  // Waits until something holds, at most half a minute; what the relay says meanwhile is kept.
  template <class Holds>
  bool until(JanusRelay& relay, Holds&& holds) {
    for (int i = 0; i < 600; ++i) {
      relay.drain([&](const RelayWord& word) { words_.push_back(word); });
      if (holds()) return true;
      std::this_thread::sleep_for(50ms);
    }
    return false;
  }
  static std::string offer() {
    std::string json;
    base::JsonWriter(json).begin_object().member("offer", kOffer).end_object();
    return json;
  }

  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("citiverse_janus_test_" + std::to_string(getpid()));
  int port_ = 0;
  pid_t process_ = -1;
  std::vector<RelayWord> words_;
};

TEST_F(Janus, answers_the_offers_of_a_conversation_and_takes_candidates) {
  auto gateway = relay();
  ASSERT_TRUE(until(*gateway, [&] { return gateway->is_available(); }));
  for (presence::PersonId person = 1; person <= 7; ++person) ASSERT_TRUE(gateway->signal(5, person, offer()));
  ASSERT_TRUE(gateway->signal(
      5, 1, R"({"candidate":{"candidate":"candidate:1 1 udp 1 127.0.0.1 40000 typ host","sdpMid":"0","sdpMLineIndex":0}})"));
  ASSERT_TRUE(gateway->signal(5, 1, R"({"candidate":null})"));
  ASSERT_TRUE(until(*gateway, [&] { return words_.size() >= 7; }));
  for (presence::PersonId person = 1; person <= 7; ++person) {
    const auto word = std::ranges::find(words_, person, &RelayWord::to);
    ASSERT_NE(word, words_.end()) << person;
    EXPECT_FALSE(word->has_failed);
    const auto answer = base::JsonDocument::parse(word->data_json);
    const auto sdp = answer->root().find("answer").text();
    ASSERT_TRUE(sdp) << word->data_json;
    EXPECT_NE(sdp->find("m=audio"), std::string::npos);
    EXPECT_NE(sdp->find("opus/48000"), std::string::npos);
  }
  for (presence::PersonId person = 1; person <= 7; ++person) gateway->leave(person);
  // A new conversation under the same number begins anew.
  words_.clear();
  ASSERT_TRUE(gateway->signal(5, 9, offer()));
  ASSERT_TRUE(until(*gateway, [&] { return !words_.empty(); }));
  EXPECT_FALSE(words_.front().has_failed);
}

TEST_F(Janus, gives_up_on_whoever_sends_no_sdp_and_on_nobody_else) {
  auto gateway = relay();
  ASSERT_TRUE(until(*gateway, [&] { return gateway->is_available(); }));
  ASSERT_TRUE(gateway->signal(5, 1, R"({"offer":"nonsense"})"));
  ASSERT_TRUE(gateway->signal(5, 2, offer()));
  ASSERT_TRUE(until(*gateway, [&] { return words_.size() >= 2; }));
  for (const RelayWord& word : words_) EXPECT_EQ(word.has_failed, word.to == 1) << word.data_json;
}

TEST_F(Janus, tells_everybody_when_it_is_lost_and_is_found_again) {
  auto gateway = relay();
  ASSERT_TRUE(until(*gateway, [&] { return gateway->is_available(); }));
  ASSERT_TRUE(gateway->signal(5, 1, offer()));
  ASSERT_TRUE(until(*gateway, [&] { return !words_.empty(); }));
  words_.clear();
  stop();
  ASSERT_TRUE(until(*gateway, [&] { return !gateway->is_available(); }));
  ASSERT_TRUE(until(*gateway, [&] { return !words_.empty(); }));
  EXPECT_TRUE(words_.front().has_failed);
  start();
  ASSERT_TRUE(until(*gateway, [&] { return gateway->is_available(); }));
}

TEST_F(Janus, is_not_available_with_the_wrong_secret) {
  auto gateway = relay("south");
  EXPECT_FALSE(until(*gateway, [&, tries = 0]() mutable { return gateway->is_available() || ++tries > 40; }) &&
               gateway->is_available());
}

}  // namespace
}  // namespace citiverse::api
