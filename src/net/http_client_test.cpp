// The outgoing client against servers of its own on loopback: what it takes, what it refuses, and when it stops waiting.
#include "net/http_client.h"

#include <filesystem>

#include <gmock/gmock.h>

#include "base/file.h"
#include "net/test_one_answer.h"

namespace citiverse::net {
namespace {

using testing::HasSubstr;

std::string ok(const std::string& body) {
  return fmt::format("HTTP/1.1 200 OK\r\nContent-Type: Application/JSON; charset=utf-8\r\nContent-Length: {}\r\n\r\n{}",
                     body.size(), body);
}

TEST(HttpClient, a_trusted_host_is_asked_and_its_answer_comes_back) {
  OneAnswer server(ok(R"({"a":1})"));
  const HttpClient client({.trusted_hosts = {server.authority()}});
  const auto answer = client.send({.method = Method::post,
                                   .url = "http://" + server.authority() + "/token?x=1",
                                   .content_type = "application/x-www-form-urlencoded",
                                   .authorization = "Basic abc",
                                   .body = "grant_type=x"});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->media_type, "application/json");
  EXPECT_EQ(answer->body, R"({"a":1})");
  EXPECT_THAT(server.request(), testing::StartsWith("POST /token?x=1 HTTP/1.1\r\n"));
  EXPECT_THAT(server.request(), HasSubstr("Authorization: Basic abc\r\n"));
  EXPECT_THAT(server.request(), HasSubstr("Content-Length: 12\r\n"));
}

TEST(HttpClient, a_name_that_leads_into_the_own_network_is_refused_before_any_connection) {
  const OneAnswer server(ok("{}"));
  for (const std::string host : {"localhost", "127.0.0.1", "2130706433", "0x7f.1", "127.1"}) {
    const std::string authority = fmt::format("{}:{}", host, server.authority().substr(10));
    const auto answer = HttpClient().send({.url = "https://" + authority + "/"});
    ASSERT_FALSE(answer) << host;
    EXPECT_EQ(answer.error().code, base::ErrorCode::denied) << answer.error().message;
  }
  const auto plain = HttpClient().send({.url = "http://example.org/"});
  ASSERT_FALSE(plain);
  EXPECT_EQ(plain.error().code, base::ErrorCode::denied);
}

TEST(HttpClient, a_redirection_is_an_answer_and_is_not_followed) {
  OneAnswer server("HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n");
  const auto answer = HttpClient({.trusted_hosts = {server.authority()}}).send({.url = "http://" + server.authority() + "/"});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 302);
}

TEST(HttpClient, a_certificate_must_be_known_and_name_the_host) {
  const Certificate mine = certificate_for("localhost");
  const Certificate other = certificate_for("elsewhere.example");
  const std::filesystem::path file =
      std::filesystem::temp_directory_path() / fmt::format("citiverse_http_client_{}.pem", ::getpid());
  ASSERT_TRUE(base::write_file_atomically(file, mine.pem + other.pem));
  const auto ask = [&](const Certificate& certificate, const std::filesystem::path& authorities) {
    const OneAnswer server(ok("{}"), &certificate);
    return HttpClient({.trusted_hosts = {server.authority()}, .authorities = authorities})
        .send({.url = "https://" + server.authority() + "/"});
  };
  const auto good = ask(mine, file);
  EXPECT_TRUE(good) << good.error().message;
  const auto unknown = ask(mine, {});
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().message, HasSubstr("self-signed certificate"));
  const auto misnamed = ask(other, file);
  ASSERT_FALSE(misnamed);
  EXPECT_THAT(misnamed.error().message, HasSubstr("TLS failed"));
  std::filesystem::remove(file);
}

TEST(HttpClient, silence_floods_and_broken_answers_end_in_errors) {
  const auto ask = [](std::string answer) {
    const OneAnswer server(std::move(answer));
    return HttpClient({.trusted_hosts = {server.authority()}, .time_max = std::chrono::milliseconds(400)})
        .send({.url = "http://" + server.authority() + "/"});
  };
  EXPECT_EQ(ask("").error().code, base::ErrorCode::unavailable);
  EXPECT_EQ(ask(ok(std::string(kOutgoingAnswerBytesMax + 1, ' '))).error().code, base::ErrorCode::limit);
  EXPECT_EQ(ask("HTTP/1.1 200 OK\r\nX: " + std::string(kOutgoingHeaderBytesMax, 'x') + "\r\n\r\n").error().code,
            base::ErrorCode::limit);
  EXPECT_EQ(ask("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort").error().code, base::ErrorCode::unavailable);
  EXPECT_EQ(ask("not http\r\n\r\n").error().code, base::ErrorCode::unavailable);
}

}  // namespace
}  // namespace citiverse::net
