// Another machine that answers once, by http or https, for tests of what this node asks and tells others.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include <fmt/format.h>
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

namespace citiverse::net {

struct Certificate {
  std::string pem;
  std::string key_pem;
};

inline std::string text_of(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(memory);
  return text;
}

/// A certificate for `host` that signs itself, valid for an hour.
inline Certificate certificate_for(const std::string& host) {
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

/// Accepts one connection, reads a request, and writes `answer`; an empty answer is silence until the client goes.
class OneAnswer {
 public:
  explicit OneAnswer(std::string answer, const Certificate* certificate = nullptr)
      : acceptor_(io_, boost::asio::ip::tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)), answer_(std::move(answer)) {
    if (certificate != nullptr) {
      tls_.emplace(boost::asio::ssl::context::tls_server);
      tls_->use_certificate_chain(boost::asio::buffer(certificate->pem));
      tls_->use_private_key(boost::asio::buffer(certificate->key_pem), boost::asio::ssl::context::pem);
    }
    thread_ = std::jthread([this] { serve(); });
  }
  ~OneAnswer() {
    boost::system::error_code ignored;
    // Wakes an accept that nobody came for.
    boost::asio::ip::tcp::socket(io_).connect(acceptor_.local_endpoint(), ignored);
  }
  std::string authority() const { return fmt::format("localhost:{}", acceptor_.local_endpoint().port()); }
  std::string request() {
    if (thread_.joinable()) thread_.join();
    return request_;
  }

 private:
  void serve() {
    boost::system::error_code error;
    boost::asio::ip::tcp::socket socket = acceptor_.accept(error);
    if (error) return;
    if (!tls_) return talk(socket);
    boost::asio::ssl::stream<boost::asio::ip::tcp::socket> stream(std::move(socket), *tls_);
    stream.handshake(boost::asio::ssl::stream_base::server, error);
    if (!error) talk(stream);
  }
  template <class Stream>
  void talk(Stream& stream) {
    boost::system::error_code error;
    const std::size_t head = boost::asio::read_until(stream, boost::asio::dynamic_buffer(request_), "\r\n\r\n", error);
    constexpr std::string_view kLength = "Content-Length: ";
    const std::size_t length_at = std::min(request_.find(kLength), head);
    const std::size_t length = length_at < head ? std::strtoul(request_.c_str() + length_at + kLength.size(), nullptr, 10) : 0;
    if (!error && request_.size() < head + length)
      boost::asio::read(stream, boost::asio::dynamic_buffer(request_),
                        boost::asio::transfer_exactly(head + length - request_.size()), error);
    if (answer_.empty()) {
      char more = 0;
      boost::asio::read(stream, boost::asio::buffer(&more, 1), error);
    } else {
      boost::asio::write(stream, boost::asio::buffer(answer_), error);
    }
  }

  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::string answer_;
  std::string request_;
  std::optional<boost::asio::ssl::context> tls_;
  std::jthread thread_;
};

}  // namespace citiverse::net
