// A listener of our own answers whole, in pieces, with refusals, or late: what is counted must be what it did.
#include "load/request_stream.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include <gtest/gtest.h>

#include "load/twin_requests.h"

namespace citiverse::load {
namespace {

// Serves one connection with what `answer` gives for the request of a number, in the pieces it gives.
class OneByOne {
 public:
  using Answer = std::function<std::vector<std::string>(int number)>;
  explicit OneByOne(Answer answer) : listener_(::socket(AF_INET, SOCK_STREAM, 0)), answer_(std::move(answer)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(listener_, 4);
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this] { run(); });
  }
  ~OneByOne() {
    ::shutdown(listener_, SHUT_RDWR);
    ::close(listener_);
  }
  std::uint16_t port() const { return port_; }

 private:
  void run() const {
    const int socket = ::accept(listener_, nullptr, nullptr);
    std::string in;
    char bytes[4096];
    for (int number = 0;;) {
      const ssize_t got = ::recv(socket, bytes, sizeof bytes, 0);
      if (got <= 0) break;
      in.append(bytes, static_cast<std::size_t>(got));
      for (std::size_t end = in.find("\r\n\r\n"); end != std::string::npos; end = in.find("\r\n\r\n")) {
        in.erase(0, end + 4);
        for (const std::string& piece : answer_(number++)) {
          ::send(socket, piece.data(), piece.size(), MSG_NOSIGNAL);
          std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
      }
    }
    ::close(socket);
  }

  int listener_;
  std::uint16_t port_ = 0;
  Answer answer_;
  std::jthread thread_;
};

void write_get(std::uint64_t, std::string& out) { out += "GET / HTTP/1.1\r\nHost: x\r\n\r\n"; }

RequestPlan plan_for(const OneByOne& server) {
  RequestPlan plan;
  plan.port = server.port();
  plan.connections = 1;
  plan.warm_up = {};
  plan.measure = std::chrono::seconds(60);
  return plan;
}

TEST(RequestStream, counts_whole_answers_however_they_come) {
  const OneByOne server([](int number) -> std::vector<std::string> {
    if (number % 3 == 0) return {"HTTP/1.1 204 No Content\r\n\r\n"};
    if (number % 3 == 1) return {"HTTP/1.1 200 OK\r\nContent-Le", "ngth: 10\r\n\r\n01234", "56789"};
    return {"HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nno!"};
  });
  RequestPlan plan = plan_for(server);
  plan.requests_max = 9;
  const auto report = measure_requests(plan, write_get);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->answered, 6u);
  EXPECT_EQ(report->refused, 3u);
  EXPECT_EQ(report->time.count(), 9u);
  EXPECT_TRUE(report->first_refusal.starts_with("HTTP/1.1 404 Not Found")) << report->first_refusal;
  EXPECT_TRUE(report->first_refusal.ends_with("no!")) << report->first_refusal;
}

TEST(RequestStream, counts_from_when_a_request_was_due_not_from_when_it_could_be_sent) {
  const OneByOne server([](int number) -> std::vector<std::string> {
    if (number == 5) std::this_thread::sleep_for(std::chrono::milliseconds(400));
    return {"HTTP/1.1 204 No Content\r\n\r\n"};
  });
  RequestPlan plan = plan_for(server);
  plan.rate = 100;
  plan.requests_max = 40;
  const auto report = measure_requests(plan, write_get);
  ASSERT_TRUE(report) << report.error().message;
  // One answer was late by itself; some twenty were due while it was, and a quarter second late is what ten of them are at
  // least.
  EXPECT_GE(report->time.count() - report->time.within(200), 10u);
}

TEST(RequestStream, says_when_the_node_has_gone) {
  std::uint16_t port = 0;
  {
    const OneByOne server([](int) -> std::vector<std::string> { return {}; });
    port = server.port();
    RequestPlan plan = plan_for(server);
    plan.requests_max = 1;
    const OneByOne ending(
        [](int) -> std::vector<std::string> { return {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"}; });
    plan.port = ending.port();
    const auto report = measure_requests(plan, write_get);
    ASSERT_FALSE(report) << "an answer of unknown length cannot be counted";
    EXPECT_EQ(report.error().code, base::ErrorCode::unavailable);
  }
  RequestPlan plan;
  plan.port = port;
  const auto report = measure_requests(plan, write_get);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, base::ErrorCode::unavailable);
}

TEST(TwinRequests, are_the_same_for_the_same_seed_and_say_their_length) {
  const TwinRequests requests(1, {.entities = 1000}, {}, {.host = "127.0.0.1:1", .token = "secret"});
  const TwinRequests same(1, {.entities = 1000}, {}, {.host = "127.0.0.1:1", .token = "secret"});
  std::string one, two;
  requests.write_create(1, 500, one);
  same.write_create(1, 500, two);
  EXPECT_EQ(one, two);
  const std::size_t end = one.find("\r\n\r\n") + 4;
  EXPECT_NE(one.find("Content-Length: " + std::to_string(one.size() - end) + "\r\n"), std::string::npos);
  EXPECT_NE(one.find("\"urn:ngsi-ld:Sensor:0000500\""), std::string::npos);
  EXPECT_NE(one.find("\"urn:ngsi-ld:Sensor:0000999\""), std::string::npos);
  std::string update, question;
  requests.write_update(7, update);
  requests.write_near(7, question);
  EXPECT_TRUE(update.starts_with("PATCH /ngsi-ld/v1/entities/urn:ngsi-ld:Sensor:")) << update;
  EXPECT_NE(update.find("Authorization: Bearer secret\r\n"), std::string::npos);
  EXPECT_NE(question.find("maxDistance==500&geometry=Point&coordinates=[7."), std::string::npos) << question;
}

}  // namespace
}  // namespace citiverse::load
