// The outgoing client against servers of its own on loopback: what it takes, what it refuses, and when it stops waiting.
#include "net/http_client.h"

#include <filesystem>
#include <thread>

#include <gmock/gmock.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>

#include "base/file.h"

namespace citiverse::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using testing::HasSubstr;

struct Certificate {
  std::string pem;
  std::string key_pem;
};

std::string text_of(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(memory);
  return text;
}

// A certificate for `host` that signs itself, valid for an hour.
Certificate certificate_for(const std::string& host) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(host.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_EXTENSION* names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, ("DNS:" + host).c_str());
  X509_add_ext(certificate, names, -1);
  X509_EXTENSION_free(names);
  X509_sign(certificate, key, EVP_sha256());
  Certificate made;
  BIO* memory = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(memory, certificate);
  made.pem = text_of(memory);
  memory = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(memory, key, nullptr, nullptr, 0, nullptr, nullptr);
  made.key_pem = text_of(memory);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return made;
}

// Accepts one connection, reads a request's fields, and writes `answer`; an empty answer is silence until the client goes.
class OneAnswer {
 public:
  explicit OneAnswer(std::string answer, const Certificate* certificate = nullptr)
      : acceptor_(io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)), answer_(std::move(answer)) {
    if (certificate != nullptr) {
      tls_.emplace(asio::ssl::context::tls_server);
      tls_->use_certificate_chain(asio::buffer(certificate->pem));
      tls_->use_private_key(asio::buffer(certificate->key_pem), asio::ssl::context::pem);
    }
    thread_ = std::jthread([this] { serve(); });
  }
  ~OneAnswer() {
    boost::system::error_code ignored;
    // Wakes an accept that nobody came for.
    tcp::socket(io_).connect(acceptor_.local_endpoint(), ignored);
  }
  std::string authority() const { return fmt::format("localhost:{}", acceptor_.local_endpoint().port()); }
  std::string request() {
    if (thread_.joinable()) thread_.join();
    return request_;
  }

 private:
  void serve() {
    boost::system::error_code error;
    tcp::socket socket = acceptor_.accept(error);
    if (error) return;
    if (!tls_) return talk(socket);
    asio::ssl::stream<tcp::socket> stream(std::move(socket), *tls_);
    stream.handshake(asio::ssl::stream_base::server, error);
    if (!error) talk(stream);
  }
  template <class Stream>
  void talk(Stream& stream) {
    boost::system::error_code error;
    asio::read_until(stream, asio::dynamic_buffer(request_), "\r\n\r\n", error);
    if (answer_.empty()) {
      char more = 0;
      asio::read(stream, asio::buffer(&more, 1), error);
    } else {
      asio::write(stream, asio::buffer(answer_), error);
    }
  }

  asio::io_context io_;
  tcp::acceptor acceptor_;
  std::string answer_;
  std::string request_;
  std::optional<asio::ssl::context> tls_;
  std::jthread thread_;
};

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
