// An authenticator in a few lines, for tests: makes one passkey with a key on P-256 and proves its presence with it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include "identity/base64url.h"

namespace citiverse::testing_fixtures {

class SoftAuthenticator {
 public:
  SoftAuthenticator(std::string origin, std::string rp_id, std::string credential_id = "a soft credential")
      : origin_(std::move(origin)), rp_id_(std::move(rp_id)), id_(std::move(credential_id)), key_(EVP_EC_gen("P-256")) {}
  SoftAuthenticator(const SoftAuthenticator&) = delete;
  SoftAuthenticator& operator=(const SoftAuthenticator&) = delete;
  ~SoftAuthenticator() { EVP_PKEY_free(key_); }

  // What a test may turn to see it refused.
  std::uint8_t flags = 0x05;  ///< User present and verified.
  std::uint32_t counter = 0;
  bool is_cross_origin = false;

  const std::string& credential_id() const { return id_; }
  const std::string& origin() const { return origin_; }

  std::string client_data(std::string_view type, std::string_view challenge) const {
    return fmt::format(R"({{"type":"{}","challenge":"{}","origin":"{}","crossOrigin":{}}})", type,
                       identity::base64url_of(challenge), origin_, is_cross_origin);
  }
  /// fmt "none".
  std::string attestation_object() const {
    const std::string data = authenticator_data(0x40) + std::string(16, '\0') + two_bytes(id_.size()) + id_ + cose_key();
    return std::string("\xa3\x63") + "fmt\x64none\x67" + "attStmt\xa0\x68" + "authData\x59" + two_bytes(data.size()) + data;
  }
  std::string authenticator_data(std::uint8_t more_flags = 0) const {
    std::string data = sha256(rp_id_);
    data += static_cast<char>(flags | more_flags);
    for (int shift = 24; shift >= 0; shift -= 8) data += static_cast<char>(counter >> shift & 0xFF);
    return data;
  }
  /// DER, over authenticator data and the hash of client data.
  std::string signature(std::string_view client_data_json) const {
    const std::string text = authenticator_data() + sha256(client_data_json);
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key_);
    std::string der(128, '\0');
    std::size_t size = der.size();
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(der.data()), &size,
                   reinterpret_cast<const unsigned char*>(text.data()), text.size());
    EVP_MD_CTX_free(context);
    der.resize(size);
    return der;
  }

 private:
  static std::string two_bytes(std::size_t size) { return {static_cast<char>(size >> 8), static_cast<char>(size & 0xFF)}; }
  static std::string sha256(std::string_view bytes) {
    std::string digest(SHA256_DIGEST_LENGTH, '\0');
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()));
    return digest;
  }
  // {1: 2, 3: -7, -1: 1, -2: x, -3: y} (RFC 9053, 7.1.1).
  std::string cose_key() const {
    std::string point(65, '\0');
    std::size_t size = 0;
    EVP_PKEY_get_octet_string_param(key_, "pub", reinterpret_cast<unsigned char*>(point.data()), point.size(), &size);
    return std::string("\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20", 10) + point.substr(1, 32) + "\x22\x58\x20" +
           point.substr(33, 32);
  }

  std::string origin_;
  std::string rp_id_;
  std::string id_;
  EVP_PKEY* key_;
};

}  // namespace citiverse::testing_fixtures
