// Real sockets against a real server: what a browser, a broken client and an attacker see.
#include "net/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/asset_cache.h"
#include "net/static_folder.h"

namespace citiverse::net {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

/// One TCP connection. Reading waits at most 10 s, so that a hang is a failure.
class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{10, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~Client() {
    if (socket_ >= 0) ::close(socket_);
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool connected() const { return connected_; }
  /// Ends the connection as a browser does that is closed: at once, with what was on its way thrown away.
  void vanish() {
    const linger at_once{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(std::exchange(socket_, -1));
  }
  void send(std::string_view bytes) { (void)!::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }

  /// One answer: head and a body of Content-Length. Empty when the connection ended.
  std::string read_answer(bool has_body = true) {
    while (buffer_.find("\r\n\r\n") == std::string::npos) {
      if (!read_some()) return std::exchange(buffer_, {});
    }
    std::size_t size = buffer_.find("\r\n\r\n") + 4;
    const std::size_t length = buffer_.find("Content-Length: ");
    if (has_body && length < size) size += std::stoul(buffer_.substr(length + 16));
    while (buffer_.size() < size && read_some()) {
    }
    std::string answer = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return answer;
  }
  std::string read_to_end() {
    while (read_some()) {
    }
    return std::exchange(buffer_, {});
  }

 private:
  bool read_some() {
    char bytes[65536];
    const ssize_t count = ::recv(socket_, bytes, sizeof bytes, 0);
    timed_out_ = count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    EXPECT_FALSE(timed_out_) << "the server neither answered nor closed";
    if (count > 0) buffer_.append(bytes, static_cast<std::size_t>(count));
    return count > 0;
  }

  int socket_;
  bool connected_ = false;
  bool timed_out_ = false;
  std::string buffer_;
};

class ServerTest : public ::testing::Test {
 protected:
  ServerTest() : folder_(std::filesystem::temp_directory_path() / ("citiverse-net-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_ / "root/assets");
    write("root/index.html", "<!doctype html>" + std::string(2000, 'h'));
    write("root/assets/a.js", std::string(5000, 'j'));
    write("root/assets/small.txt", "0123456789");
    write("root/assets/large.bin", large());
    write("secret.txt", "secret");
    std::filesystem::create_symlink(folder_ / "secret.txt", folder_ / "root/assets/link.txt");
    options_.port = 0;
    options_.threads = 2;
    options_.limits.requests_per_second = 0;
  }
  ~ServerTest() override {
    server_.reset();
    std::filesystem::remove_all(folder_);
  }

  static std::string large() {
    std::string bytes(3 << 20, '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 2654435761u >> 24);
    return bytes;
  }
  void write(const std::string& name, std::string_view bytes) {
    std::ofstream(folder_ / name, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }

  void start() {
    Route hello;
    hello.access = kOpenToAll;
    hello.pattern = "/hello/{name}";
    hello.make = [](const Call& call) {
      Reply reply;
      reply.body = "hello " + std::string(call.parameters[0]);
      reply.has_etag = true;
      return reply;
    };
    router_.add(hello);
    Route slow;
    slow.access = kOpenToAll;
    slow.pattern = "/slow";
    slow.work = Work::long_;
    slow.make = [this](const Call&) {
      slow_running_.fetch_add(1);
      slow_running_.notify_all();
      slow_may_end_.wait(false);
      Reply reply;
      reply.body = "done";
      return reply;
    };
    router_.add(slow);
    Route broken;
    broken.access = kOpenToAll;
    broken.pattern = "/broken";
    broken.make = [](const Call&) -> Reply { throw std::runtime_error("a fault in a route"); };
    router_.add(broken);
    Route file;
    file.access = kOpenToAll;
    file.pattern = "/{path*}";
    file.quick = [this](const Call& call) { return files_.find(call.request.path.substr(1), kImmutable, call.request); };
    file.make = [this](const Call& call) { return files_.make(call.request.path.substr(1), kImmutable, call.request); };
    router_.add(file);
    server_ = std::make_unique<Server>(router_, metrics_, options_);
    const auto started = server_->start();
    ASSERT_TRUE(started.has_value()) << started.error().message;
  }

  std::string ask(std::string_view request) {
    Client client(server_->port());
    client.send(request);
    return client.read_answer(!request.starts_with("HEAD"));
  }
  std::string get(std::string_view path, std::string_view fields = "") {
    return ask("GET " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n" + std::string(fields) + "\r\n");
  }

  std::filesystem::path folder_;
  AssetCache cache_{8 << 20};
  StaticFolder files_{folder_ / "root", cache_};
  Router router_;
  Metrics metrics_;
  ServerOptions options_;
  std::atomic<int> slow_running_{0};
  std::atomic<bool> slow_may_end_{false};
  std::unique_ptr<Server> server_;
};

std::string body_of(const std::string& answer) { return answer.substr(answer.find("\r\n\r\n") + 4); }

std::string field_of(const std::string& answer, const std::string& name) {
  const std::size_t at = answer.find("\r\n" + name + ": ");
  if (at == std::string::npos) return {};
  const std::size_t begin = at + name.size() + 4;
  return answer.substr(begin, answer.find("\r\n", begin) - begin);
}

TEST_F(ServerTest, answers_a_route_and_says_the_date) {
  start();
  const std::string answer = get("/hello/world");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_EQ(body_of(answer), "hello world");
  EXPECT_THAT(field_of(answer, "Date"), HasSubstr(" GMT"));
  EXPECT_EQ(field_of(answer, "Access-Control-Allow-Origin"), "*");
}

TEST_F(ServerTest, keeps_a_connection_and_answers_pipelined_requests_in_order) {
  start();
  Client client(server_->port());
  std::string requests;
  for (int i = 0; i < 200; ++i) {
    requests +=
        "GET /" + std::string(i % 2 == 0 ? "hello/" + std::to_string(i) : "assets/small.txt") + " HTTP/1.1\r\nHost: x\r\n\r\n";
  }
  client.send(requests);
  for (int i = 0; i < 200; ++i) {
    EXPECT_EQ(body_of(client.read_answer()), i % 2 == 0 ? "hello " + std::to_string(i) : "0123456789");
  }
}

TEST_F(ServerTest, closes_when_the_client_asks_and_for_http_1_0) {
  start();
  Client closing(server_->port());
  closing.send("GET /hello/a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(closing.read_to_end(), HasSubstr("Connection: close\r\n"));
  Client old(server_->port());
  old.send("GET /hello/a HTTP/1.0\r\n\r\n");
  EXPECT_THAT(old.read_to_end(), HasSubstr("hello a"));
}

TEST_F(ServerTest, head_is_get_without_the_body) {
  start();
  const std::string head = ask("HEAD /assets/a.js HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(field_of(head, "Content-Length"), "5000");
  EXPECT_EQ(body_of(head), "");
  EXPECT_EQ(field_of(head, "ETag"), field_of(get("/assets/a.js"), "ETag"));
}

TEST_F(ServerTest, other_methods_are_refused_with_what_is_allowed) {
  start();
  for (const char* method : {"POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"}) {
    const std::string answer = ask(std::string(method) + " /hello/a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 405 ")) << method;
    EXPECT_EQ(field_of(answer, "Allow"), "GET, HEAD, OPTIONS");
    EXPECT_THAT(answer, HasSubstr(R"("code":"method_not_allowed")"));
  }
  EXPECT_THAT(ask("OPTIONS /hello/a HTTP/1.1\r\nHost: x\r\n\r\n"), StartsWith("HTTP/1.1 204 "));
  EXPECT_THAT(ask("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"), StartsWith("HTTP/1.1 204 "));
}

TEST_F(ServerTest, revalidation_costs_no_body) {
  start();
  for (const char* path : {"/assets/a.js", "/hello/a"}) {
    const std::string etag = field_of(get(path), "ETag");
    ASSERT_FALSE(etag.empty());
    const std::string again = get(path, "If-None-Match: \"other\", W/" + etag + "\r\n");
    EXPECT_THAT(again, StartsWith("HTTP/1.1 304 "));
    EXPECT_EQ(field_of(again, "ETag"), etag);
    EXPECT_EQ(body_of(again), "");
    EXPECT_THAT(get(path, "If-None-Match: \"other\"\r\n"), StartsWith("HTTP/1.1 200 "));
  }
}

TEST_F(ServerTest, files_are_compressed_once_and_each_form_has_its_own_validator) {
  start();
  const std::string plain = get("/assets/a.js");
  const std::string gzip = get("/assets/a.js", "Accept-Encoding: gzip\r\n");
  const std::string brotli = get("/assets/a.js", "Accept-Encoding: gzip, br\r\n");
  EXPECT_EQ(field_of(plain, "Content-Encoding"), "");
  EXPECT_EQ(field_of(gzip, "Content-Encoding"), "gzip");
  EXPECT_EQ(field_of(brotli, "Content-Encoding"), "br");
  EXPECT_EQ(field_of(gzip, "Vary"), "Accept-Encoding");
  EXPECT_LT(body_of(gzip).size(), 200u);
  EXPECT_NE(field_of(plain, "ETag"), field_of(gzip, "ETag"));
  EXPECT_NE(field_of(brotli, "ETag"), field_of(gzip, "ETag"));
  const auto misses = cache_.counts().misses;
  EXPECT_EQ(get("/assets/a.js", "Accept-Encoding: gzip\r\n").substr(0, 100), gzip.substr(0, 100));
  EXPECT_EQ(cache_.counts().misses, misses);
}

TEST_F(ServerTest, ranges_of_small_and_large_files) {
  start();
  const std::string part = get("/assets/small.txt", "Range: bytes=2-5\r\n");
  EXPECT_THAT(part, StartsWith("HTTP/1.1 206 "));
  EXPECT_EQ(field_of(part, "Content-Range"), "bytes 2-5/10");
  EXPECT_EQ(body_of(part), "2345");
  EXPECT_EQ(body_of(get("/assets/small.txt", "Range: bytes=-3\r\n")), "789");
  const std::string beyond = get("/assets/small.txt", "Range: bytes=10-\r\n");
  EXPECT_THAT(beyond, StartsWith("HTTP/1.1 416 "));
  EXPECT_EQ(field_of(beyond, "Content-Range"), "bytes */10");
  EXPECT_EQ(body_of(get("/assets/small.txt", "Range: bytes=2-5\r\nIf-Range: \"other\"\r\n")), "0123456789");
  EXPECT_EQ(body_of(get("/assets/large.bin")), large());
  EXPECT_EQ(body_of(get("/assets/large.bin", "Range: bytes=1000000-2999999\r\n")), large().substr(1000000, 2000000));
}

TEST_F(ServerTest, who_goes_away_in_the_middle_of_a_file_ends_no_more_than_their_connection) {
  start();
  for (int i = 0; i < 50; ++i) {
    Client client(server_->port());
    client.send("GET /assets/large.bin HTTP/1.1\r\nHost: a\r\n\r\n");
    ::usleep(static_cast<useconds_t>(i % 10) * 100);  // At different moments of the transfer.
    client.vanish();
  }
  EXPECT_EQ(body_of(get("/assets/small.txt")), "0123456789");
}

TEST_F(ServerTest, a_changed_file_is_seen_at_once) {
  start();
  EXPECT_EQ(body_of(get("/assets/small.txt")), "0123456789");
  write("root/assets/small.txt", "changed");
  EXPECT_EQ(body_of(get("/assets/small.txt")), "changed");
}

TEST_F(ServerTest, nothing_outside_the_folder_is_reached) {
  start();
  for (const char* path : {"/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt",
                           "/assets/%2e%2e%5csecret.txt", "/%252e%252e/secret.txt", "/assets/link.txt", "/assets/a.js%00.txt",
                           "/assets", "/assets/", "//secret.txt", "/..\\secret.txt", "/assets/%ff", "/nothing"}) {
    const std::string answer = get(path);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 ") || answer.starts_with("HTTP/1.1 404 "))
        << path << ": " << answer.substr(0, 40);
    EXPECT_THAT(answer, Not(HasSubstr("secret\""))) << path;
    EXPECT_THAT(answer, HasSubstr("application/problem+json")) << path;
  }
}

TEST_F(ServerTest, refusals_arrive_even_when_the_client_keeps_sending) {
  start();
  Client client(server_->port());
  client.send("POST /hello/a HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
  client.send(std::string(100000, 'x'));
  const std::string answer = client.read_to_end();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(answer, HasSubstr(R"("code":"body_too_large")"));
  EXPECT_THAT(answer, HasSubstr("Connection: close"));
}

TEST_F(ServerTest, a_request_that_drips_is_ended_and_an_idle_connection_closed) {
  options_.limits.header_time = std::chrono::milliseconds(1);
  options_.limits.idle_time = std::chrono::milliseconds(1);
  start();
  Client dripping(server_->port());
  dripping.send("GET / HT");
  EXPECT_THAT(dripping.read_to_end(), StartsWith("HTTP/1.1 408 "));
  Client idle(server_->port());
  EXPECT_EQ(idle.read_to_end(), "");
}

TEST_F(ServerTest, a_body_that_never_comes_is_ended) {
  options_.limits.body_time = std::chrono::milliseconds(1);
  start();
  Client client(server_->port());
  client.send("POST /hello/a HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_THAT(client.read_to_end(), StartsWith("HTTP/1.1 408 "));
}

TEST_F(ServerTest, an_address_that_asks_too_often_is_told_to_wait) {
  options_.limits.requests_per_second = 1;
  options_.limits.requests_burst = 3;
  start();
  Client client(server_->port());
  for (int i = 0; i < 4; ++i) client.send("GET /hello/a HTTP/1.1\r\nHost: x\r\n\r\n");
  for (int i = 0; i < 3; ++i) EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 200 "));
  const std::string refused = client.read_answer();
  EXPECT_THAT(refused, StartsWith("HTTP/1.1 429 "));
  EXPECT_EQ(field_of(refused, "Retry-After"), "1");
}

TEST_F(ServerTest, one_address_has_only_so_many_connections) {
  options_.limits.connections_per_address_max = 2;
  start();
  Client first(server_->port());
  Client second(server_->port());
  for (Client* client : {&first, &second}) {
    client->send("GET /hello/a HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(client->read_answer(), StartsWith("HTTP/1.1 200 "));
  }
  Client third(server_->port());
  third.send("GET /hello/a HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(third.read_to_end(), "");
}

TEST_F(ServerTest, behind_a_trusted_proxy_each_person_has_a_rate_of_their_own) {
  options_.limits.requests_per_second = 1;
  options_.limits.requests_burst = 2;
  options_.trusted_proxies = {"127.0.0.1"};
  start();
  const auto status_for = [&](std::string_view forwarded) {
    return get("/hello/a", "X-Forwarded-For: " + std::string(forwarded) + "\r\n").substr(9, 3);
  };
  EXPECT_EQ(status_for("203.0.113.1"), "200");
  EXPECT_EQ(status_for("203.0.113.1:5555"), "200");
  EXPECT_EQ(status_for("203.0.113.1"), "429");
  EXPECT_EQ(status_for("203.0.113.9, 203.0.113.1"), "429") << "what somebody said before the proxy did does not count";
  EXPECT_EQ(status_for("203.0.113.1, 203.0.113.2"), "200");
  EXPECT_EQ(status_for("2001:db8::1"), "200");
  EXPECT_EQ(status_for("[2001:db8::2]:443"), "200") << "one network of 64 bits,";
  EXPECT_EQ(status_for("2001:db8::3"), "429") << "one household";
}

TEST_F(ServerTest, what_others_than_a_trusted_proxy_say_of_their_address_is_not_believed) {
  options_.limits.requests_per_second = 1;
  options_.limits.requests_burst = 1;
  start();
  EXPECT_THAT(get("/hello/a", "X-Forwarded-For: 203.0.113.1\r\n"), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(get("/hello/a", "X-Forwarded-For: 203.0.113.2\r\n"), StartsWith("HTTP/1.1 429 "));
}

TEST_F(ServerTest, a_full_queue_is_said_and_does_not_hold_up_others) {
  options_.long_workers = 1;
  options_.limits.pending_max = 1;
  start();
  Client running(server_->port());
  running.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  slow_running_.wait(0);
  Client waiting(server_->port());
  waiting.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  std::string refused;
  // The second takes its place in the queue at some moment; whoever comes after it is refused.
  for (int i = 0; i < 1000 && refused.empty(); ++i) {
    const std::string answer = get("/hello/a");
    EXPECT_EQ(body_of(answer), "hello a");
    if (i < 5) continue;
    Client third(server_->port());
    third.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
    refused = third.read_answer();
  }
  EXPECT_THAT(refused, StartsWith("HTTP/1.1 503 "));
  slow_may_end_ = true;
  slow_may_end_.notify_all();
  EXPECT_EQ(body_of(running.read_answer()), "done");
  EXPECT_EQ(body_of(waiting.read_answer()), "done");
}

TEST_F(ServerTest, a_fault_in_a_route_is_one_answer_not_the_end) {
  start();
  const std::string answer = get("/broken");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 500 "));
  EXPECT_THAT(answer, Not(HasSubstr("a fault in a route")));
  EXPECT_EQ(body_of(get("/hello/a")), "hello a");
}

TEST_F(ServerTest, stopping_finishes_what_runs_and_accepts_no_more) {
  start();
  Client running(server_->port());
  running.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  slow_running_.wait(0);
  Client idle(server_->port());
  idle.send("GET /hello/a HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(body_of(idle.read_answer()), "hello a");
  server_->stop();
  EXPECT_EQ(idle.read_to_end(), "");
  slow_may_end_ = true;
  slow_may_end_.notify_all();
  const std::string answer = running.read_to_end();
  EXPECT_THAT(answer, HasSubstr("done"));
  EXPECT_THAT(answer, HasSubstr("Connection: close"));
  server_->wait();
  EXPECT_FALSE(Client(server_->port()).connected());
}

TEST_F(ServerTest, a_second_server_on_the_port_is_refused) {
  start();
  ServerOptions same = options_;
  same.port = server_->port();
  Metrics metrics;
  Server second(router_, metrics, same);
  const auto started = second.start();
  ASSERT_FALSE(started.has_value());
  EXPECT_THAT(started.error().message, HasSubstr("--port"));
}

TEST_F(ServerTest, metrics_count_by_route_and_status) {
  start();
  get("/hello/a");
  get("/hello/b");
  get("/assets/nothing");
  server_.reset();  // A request is counted when its answer has been sent; after stopping, all have.
  const std::string text = metrics_.text();
  EXPECT_THAT(text, HasSubstr("citiverse_http_requests_total{route=\"/hello/{name}\",status=\"200\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("citiverse_http_requests_total{route=\"/{path*}\",status=\"404\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("citiverse_http_request_duration_seconds_count{route=\"/hello/{name}\"} 2\n"));
}

}  // namespace
}  // namespace citiverse::net
