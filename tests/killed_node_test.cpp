// A whole node that is killed (SIGKILL) again and again, while a broker and HTTP bring it values, has all that was
// acknowledged.
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "base/json_reader.h"
#include "base/random.h"
#include "net/http_client.h"
#include "testing/mosquitto.h"

namespace citiverse {
namespace {

namespace fs = std::filesystem;

constexpr int kKills = 20;
constexpr std::uint64_t kMessagesAKill = 300;
constexpr std::uint64_t kMessages = kKills * kMessagesAKill;
constexpr int kCountersByHttp = 20;
constexpr std::uint64_t kPageSize = 1'000;
constexpr auto kPatience = std::chrono::minutes(5);  // Without any progress.
constexpr auto kPause = std::chrono::milliseconds(5);

// A program that is started with its output in a file; killed when it is let go.
class Program {
 public:
  Program(const std::vector<std::string>& command, const fs::path& output) : output_(output) {
    std::vector<char*> words;
    for (const std::string& each : command) words.push_back(const_cast<char*>(each.c_str()));
    words.push_back(nullptr);
    const int out = ::open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    process_ = ::fork();
    if (process_ != 0) {
      ::close(out);
      return;
    }
    ::dup2(out, STDOUT_FILENO);
    ::dup2(out, STDERR_FILENO);
    ::execvp(words[0], words.data());
    ::_exit(127);
  }
  ~Program() { kill(); }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  void kill() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    wait();
  }
  int wait() {
    int status = 0;
    ::waitpid(std::exchange(process_, 0), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  bool has_ended() const {
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(process_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == process_;
  }
  std::string output() const { return base::read_file(output_, 64 << 20).value_or(""); }

 private:
  fs::path output_;
  pid_t process_ = 0;
};

class Node {
 public:
  Node(const fs::path& scratch, const fs::path& mapping)
      : program_(
            {CITIVERSE_PROGRAM, "serve", scratch / "city", "--port", "0", "--mapping", mapping, "--requests-per-second", "0"},
            scratch / "node.log") {
    constexpr std::string_view kBefore = "is at http://127.0.0.1:";
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (port_ == 0 && !program_.has_ended() && std::chrono::steady_clock::now() < end) {
      const std::string told = program_.output();
      const std::size_t at = told.find(kBefore);
      if (at != std::string::npos && told.find('/', at + kBefore.size()) != std::string::npos)
        std::from_chars(told.data() + at + kBefore.size(), told.data() + told.size(), port_);
      std::this_thread::sleep_for(kPause);
    }
    EXPECT_NE(port_, 0) << program_.output();
    client_ = net::HttpClient({.trusted_hosts = {authority()}, .time_max = kPatience, .answer_bytes_max = 8 << 20});
  }

  void kill() { program_.kill(); }
  std::string authority() const { return fmt::format("127.0.0.1:{}", port_); }

  /// Nothing when the node is gone.
  std::optional<net::OutgoingAnswer> send(net::OutgoingRequest request) const {
    request.url = fmt::format("http://{}{}", authority(), request.url);
    auto answer = client_.send(request);
    if (!answer) return std::nullopt;
    return *std::move(answer);
  }
  std::string get(std::string_view path) const {
    const auto answer = send({.url = std::string(path)});
    EXPECT_TRUE(answer && answer->status == 200) << path;
    return answer ? answer->body : std::string();
  }
  std::uint64_t metric(std::string_view name) const {
    const std::string all = "\n" + get("/metrics");
    const std::size_t at = all.find(fmt::format("\n{} ", name));
    double value = 0;
    if (at != std::string::npos) std::from_chars(all.data() + at + name.size() + 2, all.data() + all.size(), value);
    return static_cast<std::uint64_t>(value);
  }
  /// Waits as long as `progress` grows. False when it never was enough.
  bool wait_until(std::string_view progress, std::uint64_t enough) const {
    std::uint64_t last = 0;
    for (auto end = std::chrono::steady_clock::now() + kPatience; std::chrono::steady_clock::now() < end;) {
      if (program_.has_ended()) return false;
      const std::uint64_t now = metric(progress);
      if (now >= enough) return true;
      if (std::exchange(last, now) != now) end = std::chrono::steady_clock::now() + kPatience;
      std::this_thread::sleep_for(kPause);
    }
    return false;
  }

 private:
  Program program_;
  std::uint16_t port_ = 0;
  net::HttpClient client_;
};

// Counts entities up through HTTP until the node is gone, and keeps what was acknowledged.
class Writer {
 public:
  explicit Writer(std::string token) : authorization_("Bearer " + std::move(token)) {}
  void start(const Node& node) {
    thread_ = std::jthread([this, &node](const std::stop_token& stop) {
      while (!stop.stop_requested() && write(node)) {
      }
    });
  }
  void stop() { thread_ = {}; }
  std::uint64_t acknowledged() const { return acknowledged_; }
  bool wait_until(std::uint64_t enough) const {
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (acknowledged_ < enough && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(kPause);
    return acknowledged_ >= enough;
  }
  const std::map<std::string, std::uint64_t>& last() const { return last_; }

 private:
  bool write(const Node& node) {
    const std::uint64_t count = ++count_;
    const std::string id = fmt::format("urn:http:{}", count % kCountersByHttp);
    const auto answer = node.send({.method = net::Method::post,
                                   .url = "/ngsi-ld/v1/entityOperations/upsert",
                                   .content_type = "application/json",
                                   .authorization = authorization_,
                                   .body = fmt::format(R"([{{"id":"{}","type":"ByHttp","n":{}}}])", id, count)});
    if (!answer) return false;
    EXPECT_EQ(answer->status / 100, 2) << answer->body;
    if (answer->status / 100 != 2) return false;
    last_[id] = count;
    ++acknowledged_;
    return true;
  }

  const std::string authorization_;
  std::uint64_t count_ = 0;
  std::atomic<std::uint64_t> acknowledged_{0};
  std::map<std::string, std::uint64_t> last_;
  std::jthread thread_;
};

// The number that each entity of a type holds.
std::map<std::string, std::uint64_t> numbers_of(const Node& node, std::string_view type) {
  std::map<std::string, std::uint64_t> numbers;
  for (std::uint64_t offset = 0;; offset += kPageSize) {
    const auto page = base::JsonDocument::parse(
        node.get(fmt::format("/ngsi-ld/v1/entities?type={}&format=simplified&limit={}&offset={}", type, kPageSize, offset)));
    if (!page || page->root().size() == 0) return numbers;
    for (std::size_t i = 0; i < page->root().size(); ++i) {
      const base::JsonValue each = page->root()[i];
      numbers[std::string(each.find("id").text().value_or(""))] =
          static_cast<std::uint64_t>(each.find("n").integer().value_or(0));
    }
  }
}

class KilledNode : public testing::Test {
 protected:
  KilledNode() : scratch_(fs::temp_directory_path() / fmt::format("citiverse-killed-node-{}", ::getpid())) {
    fs::remove_all(scratch_);
    fs::create_directories(scratch_);
  }
  ~KilledNode() override { fs::remove_all(scratch_); }

  void run(std::vector<std::string> command) {
    command.insert(command.begin(), CITIVERSE_PROGRAM);
    Program program(command, scratch_ / "run.log");
    ASSERT_EQ(program.wait(), 0) << program.output();
  }
  std::string token() {
    run({"token", scratch_ / "city", "counters", "--requests-per-second", "1000000"});
    const std::string told = base::read_file(scratch_ / "run.log", 4'096).value_or("");
    const std::size_t line = told.find_last_of('\n', told.size() - 2);
    return told.substr(line + 1, told.size() - line - 2);
  }
  fs::path write_mapping(std::uint16_t port) const {
    const fs::path path = scratch_ / "mapping.json";
    std::ofstream(path) << fmt::format(
        R"({{"brokers":[{{"name":"b","host":"127.0.0.1","port":{},"client_id":"killed-node"}}],"rules":[{{"rule":"r",
        "topic":"counts","id":"urn:mqtt:{{$.n}}","type":"ByMqtt","source":"s","observed_at":"$.t",
        "attributes":{{"n":"$.n"}}}}]}})",
        port);
    return path;
  }
  // The messages from `first` on, each of which the broker acknowledges (PUBACK) to its sender.
  std::vector<std::string> publishing(std::uint16_t port, std::uint64_t first) const {
    return {"sh", "-c",
            fmt::format(R"(seq {} {} | sed 's/.*/{{"n":&,"t":1767225600}}/' | mosquitto_pub -d -p {} -q 1 -t counts -l)", first,
                        first + kMessagesAKill - 1, port)};
  }

  fs::path scratch_;
};

std::uint64_t occurrences(std::string_view text, std::string_view word) {
  std::uint64_t count = 0;
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + word.size())) ++count;
  return count;
}

TEST_F(KilledNode, has_all_that_it_and_its_broker_acknowledged) {
  if (!testing_fixtures::Mosquitto::is_installed()) GTEST_SKIP() << "mosquitto is not installed";
  testing_fixtures::Mosquitto broker;
  ASSERT_TRUE(broker.start("allow_anonymous true\nmax_queued_messages 0\nmax_inflight_messages 50\n"));
  ASSERT_NO_FATAL_FAILURE(run({"generate", "--people", "2000", "--out", scratch_ / "city"}));
  Writer writer(token());
  const fs::path mapping = write_mapping(broker.port());
  base::Random random(11);
  std::uint64_t acknowledged_by_broker = 0;
  for (std::uint64_t kill = 0; kill < kKills; ++kill) {
    Node node(scratch_, mapping);
    // From the first time on the broker keeps messages for it.
    ASSERT_TRUE(node.wait_until("citiverse_mqtt_brokers_connected", 1));
    const std::uint64_t enough_by_http = writer.acknowledged() + 5 + random.below(30);
    writer.start(node);
    Program publisher(publishing(broker.port(), kill * kMessagesAKill + 1), scratch_ / "publisher.log");
    const std::uint64_t enough = kill * kMessagesAKill + 10 + random.below(kMessagesAKill - 20);
    ASSERT_TRUE(node.wait_until("citiverse_twin_entities", enough))
        << "acknowledged and lost after " << kill << " kills; the node knows " << node.metric("citiverse_twin_entities");
    ASSERT_TRUE(writer.wait_until(enough_by_http));
    node.kill();
    writer.stop();
    ASSERT_EQ(publisher.wait(), 0) << publisher.output();
    acknowledged_by_broker += occurrences(publisher.output(), "received PUBACK");
  }
  ASSERT_EQ(acknowledged_by_broker, kMessages);
  {
    Node node(scratch_, mapping);
    ASSERT_TRUE(node.wait_until("citiverse_twin_entities", kMessages + writer.last().size())) << "acknowledged and lost";
    // All that came since this start was acknowledged to the broker, which has forgotten it now.
    ASSERT_TRUE(node.wait_until("citiverse_mqtt_acknowledged_total", node.metric("citiverse_feed_messages_total")));
  }
  broker.stop();
  const Node node(scratch_, mapping);
  const auto by_mqtt = numbers_of(node, "ByMqtt"), by_http = numbers_of(node, "ByHttp");
  std::uint64_t lost = 0;
  for (std::uint64_t n = 1; n <= kMessages; ++n) {
    const auto found = by_mqtt.find(fmt::format("urn:mqtt:{}", n));
    lost += found == by_mqtt.end() || found->second != n;
  }
  for (const auto& [id, count] : writer.last()) {
    const auto found = by_http.find(id);
    lost += found == by_http.end() || found->second < count;
  }
  fmt::print("{} kills: {} messages and {} requests acknowledged, {} lost\n", kKills + 1, acknowledged_by_broker,
             writer.acknowledged(), lost);
  EXPECT_EQ(lost, 0u);
  EXPECT_GE(writer.acknowledged(), 5u * kKills);
}

}  // namespace
}  // namespace citiverse
