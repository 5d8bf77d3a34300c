// What programs ask of a node that browsers do not: large bodies of those who may, and answers that wait for the disk.
#include "net/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace citiverse::net {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr AccessRule kForMachines = 3;

/// Lets in whoever brings the one token, at a pace of its own.
class TokenGate : public Gate {
 public:
  std::expected<Visitor, Reply> admit(const Request& request, AccessRule, bool) override {
    if (request.authorization == "Bearer good") return Visitor{.machine = 9};
    return std::unexpected(problem(401, "sign_in_needed", "bring a token"));
  }
  Pace pace_of(const Request& request, std::chrono::nanoseconds) override {
    if (request.authorization != "Bearer good") return Pace::of_address;
    return left_-- > 0 ? Pace::granted : Pace::too_often;
  }
  std::atomic<int> left_{1000};
};

class Machines : public ::testing::Test {
 protected:
  Machines() {
    options_.port = 0;
    options_.threads = 1;
    options_.gate = &gate_;
    options_.limits.stop_time = std::chrono::milliseconds(100);
    Route batch;
    batch.pattern = "/batch";
    batch.method = Method::post;
    batch.access = kForMachines;
    batch.body_bytes_max = 1 << 20;
    batch.make = [](const Call& call) {
      Reply reply;
      reply.body = std::to_string(call.request.body.size()) + call.request.body.back();
      return reply;
    };
    router_.add(batch);
    Route later;
    later.pattern = "/later";
    later.method = Method::post;
    later.access = kForMachines;
    later.quick = [this](const Call&) {
      auto promise = std::make_shared<LaterReply>();
      const std::lock_guard lock(mutex_);
      promises_.push_back(promise);
      come_.notify_all();
      Reply reply;
      reply.later = promise;
      return std::optional(std::move(reply));
    };
    router_.add(later);
    server_ = std::make_unique<Server>(router_, metrics_, options_);
    EXPECT_TRUE(server_->start());
  }

  int connect() {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server_->port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    return socket;
  }
  static void send(int socket, std::string_view text) {
    while (!text.empty()) {
      const ssize_t sent = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  static std::string read_to_end(int socket) {
    std::string text;
    char bytes[4096];
    for (ssize_t count = 0; (count = ::recv(socket, bytes, sizeof bytes, 0)) > 0;)
      text.append(bytes, static_cast<std::size_t>(count));
    ::close(socket);
    return text;
  }
  std::string post(std::string_view path, std::string_view fields, std::string_view body) {
    const int socket = connect();
    send(socket, "POST " + std::string(path) +
                     " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n" + std::string(fields) +
                     "\r\n" + std::string(body));
    return read_to_end(socket);
  }
  static std::string length(std::size_t bytes) { return "Content-Length: " + std::to_string(bytes) + "\r\n"; }
  std::vector<std::shared_ptr<LaterReply>> promises(std::size_t count) {
    std::unique_lock lock(mutex_);
    come_.wait(lock, [&] { return promises_.size() >= count; });
    return std::exchange(promises_, {});
  }

  TokenGate gate_;
  Router router_;
  Metrics metrics_;
  ServerOptions options_;
  std::mutex mutex_;
  std::condition_variable come_;
  std::vector<std::shared_ptr<LaterReply>> promises_;
  std::unique_ptr<Server> server_;
};

constexpr std::string_view kToken = "Authorization: Bearer good\r\n";

TEST_F(Machines, send_large_bodies_only_where_the_gate_admits_them) {
  const std::string body = std::string(900'000, 'a') + "z";
  EXPECT_THAT(post("/batch", std::string(kToken) + length(body.size()), body), HasSubstr("900001z"));
  EXPECT_THAT(post("/batch", length(body.size()), body), StartsWith("HTTP/1.1 401 "));
  EXPECT_THAT(post("/batch", std::string(kToken) + length(2 << 20), "a"), StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(post("/later", std::string(kToken) + length(body.size()), body), StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(post("/nowhere", std::string(kToken) + length(body.size()), body), StartsWith("HTTP/1.1 413 "));
}

TEST_F(Machines, send_large_bodies_in_chunks_and_are_stopped_at_the_limit) {
  std::string chunks;
  for (int i = 0; i < 20; ++i) chunks += "c350\r\n" + std::string(50'000, 'a') + "\r\n";
  const std::string fields = std::string(kToken) + "Transfer-Encoding: chunked\r\n";
  EXPECT_THAT(post("/batch", fields, chunks + "0\r\n\r\n"), HasSubstr("1000000a"));
  EXPECT_THAT(post("/batch", fields, chunks + chunks + "0\r\n\r\n"), StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(post("/batch", "Transfer-Encoding: chunked\r\n", chunks), StartsWith("HTTP/1.1 401 "));
}

TEST_F(Machines, are_answered_when_the_answer_is_there_and_meanwhile_hold_no_thread) {
  std::vector<int> sockets;
  for (int i = 0; i < 20; ++i) {
    sockets.push_back(connect());
    send(sockets.back(), "POST /later HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + std::string(kToken) + length(0) + "\r\n");
  }
  auto waiting = promises(20);  // All are asked by the one thread of the server, none is answered.
  for (std::size_t i = 0; i < 19; ++i) {
    Reply reply;
    reply.body = "durable";
    waiting[i]->give(std::move(reply));
  }
  waiting.clear();  // The last is let go without an answer.
  int durable = 0, failed = 0;
  for (const int socket : sockets) {
    const std::string answer = read_to_end(socket);
    durable += answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("durable");
    failed += answer.starts_with("HTTP/1.1 503 ");
  }
  EXPECT_EQ(durable, 19);
  EXPECT_EQ(failed, 1);
}

TEST_F(Machines, may_answer_after_the_server_has_gone) {
  const int socket = connect();
  send(socket, "POST /later HTTP/1.1\r\nHost: x\r\n" + std::string(kToken) + length(0) + "\r\n");
  auto waiting = promises(1);
  server_.reset();
  waiting[0]->give(Reply{});
  ::close(socket);
}

TEST_F(Machines, have_a_pace_of_their_own) {
  gate_.left_ = 1;
  EXPECT_THAT(post("/batch", std::string(kToken) + length(1), "a"), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(post("/batch", std::string(kToken) + length(1), "a"), StartsWith("HTTP/1.1 429 "));
}

}  // namespace
}  // namespace citiverse::net
