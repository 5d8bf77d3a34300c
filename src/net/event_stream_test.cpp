// Server-sent events over real sockets: the newest is told, a client that goes is noticed, and a stopping node lets go.
#include "net/event_stream.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/server.h"

namespace citiverse::net {
namespace {

using ::testing::HasSubstr;

// Keeps only the newest text, as live values do.
class Newest : public EventStream {
 public:
  void tell(std::string text) {
    {
      const std::lock_guard lock(mutex_);
      text_ = std::move(text);
    }
    wake();
  }
  void take(std::string& out) override {
    const std::lock_guard lock(mutex_);
    if (!text_.empty()) append_event(out, "news", std::exchange(text_, {}));
  }
  void ended() override {
    const std::lock_guard lock(mutex_);
    has_ended_ = true;
    changed_.notify_all();
  }
  bool waits_for_end() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return has_ended_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string text_;
  bool has_ended_ = false;
};

class EventStreams : public testing::Test {
 protected:
  void SetUp() override {
    Route route;
    route.pattern = "/news";
    route.access = kOpenToAll;
    route.quick = [this](const Call&) {
      Reply reply;
      reply.events = news_;
      return reply;
    };
    router_.add(std::move(route));
    ServerOptions options;
    options.port = 0;
    options.threads = 1;
    server_.emplace(router_, metrics_, options);
    ASSERT_TRUE(server_->start());
    socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server_->port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{20, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ASSERT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  }
  void TearDown() override {
    if (socket_ >= 0) ::close(socket_);
    server_->stop();
    server_->wait();
  }
  void ask() {
    constexpr std::string_view kRequest = "GET /news HTTP/1.1\r\nHost: localhost\r\n\r\n";
    ASSERT_EQ(::send(socket_, kRequest.data(), kRequest.size(), MSG_NOSIGNAL), static_cast<ssize_t>(kRequest.size()));
  }
  // Everything that came until `text` is in it; the rest is kept. Without it when the connection ended before.
  std::string read_until(std::string_view text) {
    char bytes[4096];
    while (received_.find(text) == std::string::npos) {
      const ssize_t count = ::recv(socket_, bytes, sizeof bytes, 0);
      if (count <= 0) return std::exchange(received_, {});
      received_.append(bytes, static_cast<std::size_t>(count));
    }
    const std::size_t end = received_.find(text) + text.size();
    std::string read = received_.substr(0, end);
    received_.erase(0, end);
    return read;
  }

  std::shared_ptr<Newest> news_ = std::make_shared<Newest>();
  Router router_;
  Metrics metrics_;
  std::optional<Server> server_;
  int socket_ = -1;
  std::string received_;
};

TEST_F(EventStreams, tell_what_was_there_before_and_what_comes) {
  news_->tell("one");
  ask();
  const std::string head = read_until("\r\n\r\n");
  EXPECT_THAT(head, HasSubstr("200 OK"));
  EXPECT_THAT(head, HasSubstr("Content-Type: text/event-stream"));
  EXPECT_EQ(read_until("\n\n"), "event: news\ndata: one\n\n");
  news_->tell("two");
  EXPECT_EQ(read_until("\n\n"), "event: news\ndata: two\n\n");
}

TEST_F(EventStreams, a_client_that_goes_is_noticed) {
  ask();
  read_until("\r\n\r\n");
  ::close(std::exchange(socket_, -1));
  EXPECT_TRUE(news_->waits_for_end());
  news_->tell("to nobody");
}

TEST_F(EventStreams, a_client_that_does_not_read_gets_the_newest_and_holds_nobody) {
  ask();
  read_until("\r\n\r\n");
  const std::string much(200'000, 'x');
  for (int i = 0; i < 200; ++i) news_->tell(much);
  news_->tell("the last");
  EXPECT_THAT(read_until("the last\n\n"), HasSubstr("the last"));
}

TEST_F(EventStreams, end_when_the_node_stops) {
  ask();
  read_until("\r\n\r\n");
  server_->stop();
  EXPECT_TRUE(news_->waits_for_end());
  EXPECT_EQ(read_until("never"), "");
}

}  // namespace
}  // namespace citiverse::net
