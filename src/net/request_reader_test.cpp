#include "net/request_reader.h"

#include <gtest/gtest.h>

#include "net/limits.h"

namespace citiverse::net {
namespace {

// What the reader makes of bytes that come `step` at a time: "METHOD path|query|body" a request, and "!status" for a refusal.
std::string read_in_steps(std::string_view bytes, std::size_t step) {
  RequestReader reader;
  std::string seen;
  while (true) {
    const auto state = reader.parse();
    if (state == RequestReader::State::failed) return seen + "!" + std::to_string(reader.failure().status);
    if (state == RequestReader::State::ready) {
      const Request& request = reader.request();
      seen += request.method == Method::get ? "GET " : request.method == Method::post ? "POST " : "OTHER ";
      seen += std::string(request.path) + "|" + std::string(request.query) + "|" + std::string(request.body) + ";";
      reader.next();
      continue;
    }
    if (bytes.empty()) return seen + (reader.has_begun() ? "…" : "");
    const auto space = reader.space();
    const std::size_t count = std::min({step, bytes.size(), space.size()});
    std::copy_n(bytes.begin(), count, space.begin());
    reader.filled(count);
    bytes.remove_prefix(count);
  }
}

// The answer must not depend on how the network cuts the bytes.
std::string read_all(const std::string& bytes) {
  const std::string whole = read_in_steps(bytes, bytes.size() + 1);
  for (const std::size_t step : {1u, 2u, 3u, 7u, 100u}) EXPECT_EQ(read_in_steps(bytes, step), whole) << "steps of " << step;
  return whole;
}

const std::string kHost = "Host: x\r\n";

TEST(RequestReader, reads_pipelined_requests_one_after_another) {
  EXPECT_EQ(read_all("GET /a?b=1 HTTP/1.1\r\n" + kHost + "\r\nPOST /c HTTP/1.1\r\n" + kHost +
                     "Content-Length: 3\r\n\r\nxyzGET /d HTTP/1.1\r\n" + kHost + "\r\n"),
            "GET /a|b=1|;POST /c||xyz;GET /d||;");
}

TEST(RequestReader, joins_chunks_and_drops_trailers) {
  EXPECT_EQ(read_all("POST /a HTTP/1.1\r\n" + kHost +
                     "Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nHost: evil\r\nX: y\r\n\r\nGET /b "
                     "HTTP/1.1\r\n" +
                     kHost + "\r\n"),
            "POST /a||abcde;GET /b||;");
}

TEST(RequestReader, refuses_what_smuggles_one_request_in_another) {
  const std::string post = "POST / HTTP/1.1\r\n" + kHost;
  EXPECT_EQ(read_all(post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), "!400");
  EXPECT_EQ(read_all(post + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n"), "!400");
  EXPECT_EQ(read_all(post + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc"), "!400");
  EXPECT_EQ(read_all(post + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc"), "!400");
  EXPECT_EQ(read_all(post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), "!400");
  EXPECT_EQ(read_all(post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"), "!501");
  EXPECT_EQ(read_all(post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"), "!501");
  EXPECT_EQ(read_all("POST / HTTP/1.0\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), "!400");
  EXPECT_EQ(read_all(post + "Content-Length : 3\r\n\r\nabc"), "!400");
  EXPECT_EQ(read_all(post + "X: a\r\n b\r\n\r\n"), "!400");
  EXPECT_EQ(read_all("GET / HTTP/1.1\n" + kHost + "\r\n\r\n"), "!505");
}

TEST(RequestReader, refuses_absurd_lengths) {
  const std::string post = "POST / HTTP/1.1\r\n" + kHost;
  EXPECT_EQ(read_all(post + "Content-Length: 99999999999999999999999\r\n\r\n"), "!400");
  EXPECT_EQ(read_all(post + "Content-Length: -1\r\n\r\n"), "!400");
  EXPECT_EQ(read_all(post + "Content-Length: 0x10\r\n\r\n"), "!400");
  EXPECT_EQ(read_all(post + "Content-Length: 18446744073709551615\r\n\r\n"), "!413");
  EXPECT_EQ(read_all(post + "Content-Length: 65537\r\n\r\n"), "!413");
  EXPECT_EQ(read_all(post + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n"), "!400");
  EXPECT_EQ(read_all(post + "Transfer-Encoding: chunked\r\n\r\n10001\r\n"), "!413");
}

TEST(RequestReader, needs_one_host_and_a_known_version) {
  EXPECT_EQ(read_all("GET / HTTP/1.1\r\n\r\n"), "!400");
  EXPECT_EQ(read_all("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), "!400");
  EXPECT_EQ(read_all("GET / HTTP/1.0\r\n\r\n"), "GET /||;");
  EXPECT_EQ(read_all("GET / HTTP/2.0\r\n" + kHost + "\r\n"), "!505");
  EXPECT_EQ(read_all("nonsense\r\n\r\n"), "!400");
  EXPECT_EQ(read_all(std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15)), "!400");
}

TEST(RequestReader, holds_its_limits) {
  EXPECT_EQ(read_all("GET /" + std::string(kTargetBytesMax, 'a') + " HTTP/1.1\r\n" + kHost + "\r\n"), "!414");
  EXPECT_EQ(read_all("GET / HTTP/1.1\r\n" + kHost + "X: " + std::string(kHeaderBytesMax, 'a') + "\r\n\r\n"), "!431");
  std::string many = "GET / HTTP/1.1\r\n" + kHost;
  for (std::size_t i = 0; i < kHeaderFieldsMax; ++i) many += "X: y\r\n";
  EXPECT_EQ(read_all(many + "\r\n"), "!431");
  EXPECT_EQ(read_all("POST / HTTP/1.1\r\n" + kHost +
                     "Transfer-Encoding: chunked\r\n\r\n0\r\nX: " + std::string(3 * kHeaderBytesMax, 'a')),
            "!431");
}

TEST(RequestReader, keeps_its_windows_when_a_body_makes_the_buffer_grow) {
  const std::string body(kBodyBytesMax, 'b');
  const std::string path = "/" + std::string(3000, 'p');
  EXPECT_EQ(read_in_steps("POST " + path + "?q HTTP/1.1\r\n" + kHost + "Content-Length: 65536\r\n\r\n" + body, 5000),
            "POST " + path + "|q|" + body + ";");
}

}  // namespace
}  // namespace citiverse::net
