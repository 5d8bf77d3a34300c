// TLS as this node speaks it to others: whoever answers proves with a certificate that they are who they say.
// Private to the room: it includes Asio.
#pragma once

#include <filesystem>
#include <string>

#include <openssl/ssl.h>
#include <boost/asio/ssl/context.hpp>

#include "base/result.h"

namespace citiverse::net {

/// TLS 1.2 or later, certificates checked against the system's authorities and those of a PEM file (empty: none).
/// Fails: unavailable, naming the file.
base::Result<boost::asio::ssl::context> outgoing_tls(const std::filesystem::path& authorities);

/// Why a handshake failed, in the words of the certificate check where that was the reason.
std::string outgoing_tls_reason(const SSL* ssl, const boost::system::error_code& error);

}  // namespace citiverse::net
