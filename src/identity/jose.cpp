// OpenSSL does the arithmetic; what this file decides is which key and which algorithm may answer.
#include "identity/jose.h"

#include <array>

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "base/json_reader.h"
#include "identity/base64url.h"

namespace citiverse::identity {
namespace {

using base::ErrorCode;
using base::fail;
using base::JsonDocument;
using base::JsonValue;
using base::Result;

constexpr int kRsaBitsMin = 2048;
constexpr int kRsaBitsMax = 8192;
constexpr std::size_t kP256Bytes = 32;

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* what) const {
    Free(what);
  }
};
using Big = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using ParameterBuilder = std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>>;
using ParameterList = std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using EcSignature = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;

EVP_PKEY* key_from(const char* type, OSSL_PARAM_BLD* builder) {
  const ParameterList parameters(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1) return nullptr;
  return EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) == 1 ? key : nullptr;
}

// RFC 7518, 6.3.1.
EVP_PKEY* rsa_key(const std::string& n, const std::string& e) {
  const Big modulus(BN_bin2bn(bytes_of(n), static_cast<int>(n.size()), nullptr));
  const Big exponent(BN_bin2bn(bytes_of(e), static_cast<int>(e.size()), nullptr));
  const ParameterBuilder builder(OSSL_PARAM_BLD_new());
  if (!modulus || !exponent || !builder) return nullptr;
  const int bits = BN_num_bits(modulus.get());
  // An exponent of 1 or an even one makes every signature valid or none; long ones only cost time.
  if (bits < kRsaBitsMin || bits > kRsaBitsMax || !BN_is_odd(exponent.get()) || BN_is_one(exponent.get()) ||
      BN_num_bits(exponent.get()) > 64)
    return nullptr;
  if (OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) != 1)
    return nullptr;
  return key_from("RSA", builder.get());
}

// RFC 7518, 6.2.1; OpenSSL refuses a point that is not on the curve.
EVP_PKEY* p256_key(const std::string& x, const std::string& y) {
  const ParameterBuilder builder(OSSL_PARAM_BLD_new());
  if (x.size() != kP256Bytes || y.size() != kP256Bytes || !builder) return nullptr;
  const std::string point = "\x04" + x + y;
  if (OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) != 1)
    return nullptr;
  return key_from("EC", builder.get());
}

// RFC 8037, 2.
EVP_PKEY* ed25519_key(const std::string& x) {
  if (x.size() != 32) return nullptr;
  return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(x), x.size());
}

std::string bytes_member(JsonValue object, std::string_view name) {
  return base64url_bytes(object.find(name).text().value_or("")).value_or("");
}

bool has_operation(JsonValue operations, std::string_view wanted) {
  for (std::size_t i = 0; i < operations.size(); ++i) {
    if (operations[i].text() == wanted) return true;
  }
  return false;
}

std::optional<JwsAlgorithm> algorithm_named(std::string_view name) {
  if (name == "RS256") return JwsAlgorithm::rs256;
  if (name == "ES256") return JwsAlgorithm::es256;
  if (name == "EdDSA" || name == "Ed25519") return JwsAlgorithm::eddsa;  // The second name: RFC 9864.
  return std::nullopt;
}

// JWS has r and s side by side (RFC 7518, 3.4), OpenSSL wants them in DER.
std::string der_signature(std::string_view raw) {
  const EcSignature signature(ECDSA_SIG_new());
  BIGNUM* r = BN_bin2bn(bytes_of(raw), kP256Bytes, nullptr);
  BIGNUM* s = BN_bin2bn(bytes_of(raw) + kP256Bytes, kP256Bytes, nullptr);
  if (!signature || r == nullptr || s == nullptr || ECDSA_SIG_set0(signature.get(), r, s) != 1) return {};
  std::array<unsigned char, 80> der{};
  unsigned char* end = der.data();
  const int size = i2d_ECDSA_SIG(signature.get(), &end);
  return size > 0 ? std::string(reinterpret_cast<const char*>(der.data()), static_cast<std::size_t>(size)) : std::string();
}

bool is_signed(EVP_PKEY* key, JwsAlgorithm algorithm, std::string_view text, std::string_view signature) {
  std::string der;
  if (algorithm == JwsAlgorithm::es256) {
    if (signature.size() != 2 * kP256Bytes) return false;
    der = der_signature(signature);
    signature = der;
  }
  const Digest digest(EVP_MD_CTX_new());
  const EVP_MD* hash = algorithm == JwsAlgorithm::eddsa ? nullptr : EVP_sha256();
  return digest && EVP_DigestVerifyInit(digest.get(), nullptr, hash, nullptr, key) == 1 &&
         EVP_DigestVerify(digest.get(), bytes_of(signature), signature.size(), bytes_of(text), text.size()) == 1;
}

}  // namespace

void JwkSet::FreeKey::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }

// Reads one key of a set; whatever it cannot use is passed over.
struct JwkReader {
  static void read(JsonValue jwk, JwkSet& set) {
    const auto use = jwk.find("use").text();
    if (use && *use != "sig") return;
    const JsonValue operations = jwk.find("key_ops");
    if (operations.is_array() && !has_operation(operations, "verify")) return;
    const auto type = jwk.find("kty").text().value_or("");
    const auto curve = jwk.find("crv").text().value_or("");
    JwkSet::Key key;
    key.id = jwk.find("kid").text().value_or("");
    if (type == "RSA") {
      key.algorithm = JwsAlgorithm::rs256;
      key.key.reset(rsa_key(bytes_member(jwk, "n"), bytes_member(jwk, "e")));
    } else if (type == "EC" && curve == "P-256") {
      key.algorithm = JwsAlgorithm::es256;
      key.key.reset(p256_key(bytes_member(jwk, "x"), bytes_member(jwk, "y")));
    } else if (type == "OKP" && curve == "Ed25519") {
      key.algorithm = JwsAlgorithm::eddsa;
      key.key.reset(ed25519_key(bytes_member(jwk, "x")));
    }
    const auto algorithm = jwk.find("alg").text();
    if (key.key == nullptr || (algorithm && algorithm_named(*algorithm) != key.algorithm)) return;
    if (set.keys_.size() < kJwksKeysMax) set.keys_.push_back(std::move(key));
  }
};

Result<JwkSet> JwkSet::parse(std::string_view json) {
  if (json.size() > kJwksBytesMax)
    return fail(ErrorCode::bad_input, fmt::format("a key set of {} bytes; at most {} are taken", json.size(), kJwksBytesMax));
  const auto document = JsonDocument::parse(json);
  if (!document) return fail(ErrorCode::bad_input, "a key set that is " + document.error().message);
  const JsonValue keys = document->root().find("keys");
  if (!keys.is_array()) return fail(ErrorCode::bad_input, "a key set without an array \"keys\" (RFC 7517, clause 5)");
  JwkSet set;
  for (std::size_t i = 0; i < keys.size(); ++i) JwkReader::read(keys[i], set);
  return set;
}

Result<std::string> JwkSet::verify(std::string_view compact) const {
  if (compact.size() > kJwsBytesMax) return fail(ErrorCode::bad_input, "a signed token that is too long");
  const std::size_t first = compact.find('.');
  const std::size_t second = first == std::string_view::npos ? first : compact.find('.', first + 1);
  if (second == std::string_view::npos) return fail(ErrorCode::bad_input, "a signed token has three parts with dots between");
  const auto header = base64url_bytes(compact.substr(0, first));
  auto payload = base64url_bytes(compact.substr(first + 1, second - first - 1));
  const auto signature = base64url_bytes(compact.substr(second + 1));
  if (!header || !payload || !signature) return fail(ErrorCode::bad_input, "a signed token whose parts are not base64url");
  const auto document = JsonDocument::parse(*header);
  if (!document || !document->root().is_object())
    return fail(ErrorCode::bad_input, "a signed token whose header is not a JSON object");
  const JsonValue fields = document->root();
  // What is marked as critical must be understood, and this reader understands no extension (RFC 7515, 4.1.11).
  if (!fields.find("crit").is_absent()) return fail(ErrorCode::bad_input, "a signed token with critical extensions");
  const auto algorithm = algorithm_named(fields.find("alg").text().value_or(""));
  if (!algorithm) return fail(ErrorCode::denied, "a signed token whose algorithm is not RS256, ES256 or EdDSA");
  const JsonValue id = fields.find("kid");
  bool had_key = false;
  for (const Key& key : keys_) {
    if (key.algorithm != *algorithm || (!id.is_absent() && id.text() != key.id)) continue;
    had_key = true;
    if (is_signed(key.key.get(), key.algorithm, compact.substr(0, second), *signature)) return std::move(*payload);
  }
  if (!had_key) return fail(ErrorCode::not_found, "a signed token whose key is not in the issuer's key set");
  return fail(ErrorCode::denied, "a signed token whose signature is wrong");
}

}  // namespace citiverse::identity
