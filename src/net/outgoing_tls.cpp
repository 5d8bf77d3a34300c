// One set of rules for every connection that this node opens.
#include "net/outgoing_tls.h"

#include <fmt/format.h>

namespace citiverse::net {

namespace ssl = boost::asio::ssl;

base::Result<ssl::context> outgoing_tls(const std::filesystem::path& authorities) {
  ssl::context context(ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  context.set_verify_mode(ssl::verify_peer);
  boost::system::error_code error;
  context.set_default_verify_paths(error);
  if (!authorities.empty()) {
    context.load_verify_file(authorities.string(), error);
    if (error)
      return base::fail(base::ErrorCode::unavailable,
                        fmt::format("{}: not a PEM file of certificates: {}", authorities.string(), error.message()));
  }
  return context;
}

std::string outgoing_tls_reason(const SSL* ssl, const boost::system::error_code& error) {
  const long verdict = SSL_get_verify_result(ssl);
  return verdict != X509_V_OK ? X509_verify_cert_error_string(verdict) : error.message();
}

}  // namespace citiverse::net
