// This file reads client data and the fixed part of authenticator data; keys and signatures are libfido2's.
#include "identity/webauthn.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>
#include <fmt/format.h>
#include <openssl/sha.h>

#include "base/json_reader.h"
#include "identity/base64url.h"
#include "identity/cbor_shape.h"

namespace citiverse::identity {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

// Flags of authenticator data (WebAuthn Level 3, 6.1).
constexpr std::uint8_t kUserPresent = 0x01;
constexpr std::uint8_t kUserVerified = 0x04;
constexpr std::uint8_t kBackupEligible = 0x08;
constexpr std::uint8_t kBackedUp = 0x10;
constexpr std::uint8_t kHasKey = 0x40;
constexpr std::uint8_t kHasExtensions = 0x80;

std::string sha256(std::string_view bytes) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(bytes_of(bytes), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

// WebAuthn Level 3, 7.1 steps 7 to 11 and 7.2 steps 11 to 14.
Result<void> check_client_data(const PasskeySite& site, std::string_view type, std::string_view challenge,
                               std::string_view json) {
  if (json.size() > kClientDataBytesMax) return fail(ErrorCode::bad_input, "client_data: longer than client data is");
  const auto document = base::JsonDocument::parse(json);
  if (!document || !document->root().is_object()) return fail(ErrorCode::bad_input, "client_data: not a JSON object");
  const base::JsonValue data = document->root();
  if (data.find("type").text() != type) return fail(ErrorCode::denied, fmt::format("client_data: its type is not {}", type));
  if (data.find("challenge").text() != base64url_of(challenge))
    return fail(ErrorCode::denied, "client_data: the challenge is not the one that was sent; begin again");
  const auto origin = data.find("origin").text();
  if (!origin || std::ranges::find(site.origins, *origin) == site.origins.end())
    return fail(ErrorCode::denied, "client_data: made on another site");
  if (data.find("crossOrigin").boolean().value_or(false) || !data.find("topOrigin").is_absent())
    return fail(ErrorCode::denied, "client_data: made within a page of another site");
  return {};
}

struct AuthenticatorData {
  std::uint8_t flags = 0;
  std::uint32_t counter = 0;
  std::string_view credential_id;
};

// WebAuthn Level 3, 6.1 and 6.5.1: all bytes must be accounted for.
std::optional<AuthenticatorData> read_authenticator_data(std::string_view bytes) {
  if (bytes.size() < 37 || bytes.size() > kAuthenticatorDataBytesMax) return std::nullopt;
  AuthenticatorData data;
  data.flags = static_cast<std::uint8_t>(bytes[32]);
  for (std::size_t i = 33; i < 37; ++i) data.counter = data.counter << 8 | static_cast<unsigned char>(bytes[i]);
  bytes.remove_prefix(37);
  if ((data.flags & kHasKey) != 0) {
    if (bytes.size() < 18) return std::nullopt;
    const std::size_t size =
        static_cast<std::size_t>(static_cast<unsigned char>(bytes[16])) << 8 | static_cast<unsigned char>(bytes[17]);
    bytes.remove_prefix(18);
    if (size == 0 || size > kCredentialIdBytesMax || size > bytes.size()) return std::nullopt;
    data.credential_id = bytes.substr(0, size);
    bytes.remove_prefix(size);
    if (!take_cbor_item(bytes)) return std::nullopt;
  }
  if ((data.flags & kHasExtensions) != 0 && !take_cbor_item(bytes)) return std::nullopt;
  return bytes.empty() ? std::optional(data) : std::nullopt;
}

// WebAuthn Level 3, 7.1 steps 13 to 17 and 7.2 steps 15 to 19.
Result<void> check_authenticator(const PasskeySite& site, std::string_view bytes, std::uint8_t flags,
                                 UserVerification verification) {
  if (bytes.substr(0, 32) != sha256(site.rp_id)) return fail(ErrorCode::denied, "authenticator_data: made for another site");
  if ((flags & kUserPresent) == 0) return fail(ErrorCode::denied, "authenticator_data: nobody was present");
  if (verification == UserVerification::required && (flags & kUserVerified) == 0)
    return fail(ErrorCode::denied,
                "authenticator_data: the device did not check who holds it; set a PIN, a finger or a face on it");
  if ((flags & kBackedUp) != 0 && (flags & kBackupEligible) == 0)
    return fail(ErrorCode::bad_input, "authenticator_data: backed up, but not eligible for it");
  return {};
}

struct AttestationObject {
  std::string_view format;
  std::string_view statement;  ///< The CBOR item.
  std::string_view authenticator_data;
};

std::optional<AttestationObject> read_attestation_object(std::string_view bytes) {
  const auto item = take_cbor_item(bytes);
  const auto entries = item && bytes.empty() ? cbor_map(*item) : std::nullopt;
  if (!entries) return std::nullopt;
  AttestationObject object;
  for (const auto& [key, value] : *entries) {
    const auto name = cbor_string(key, true);
    if (name == "fmt") object.format = cbor_string(value, true).value_or("");
    if (name == "attStmt") object.statement = value;
    if (name == "authData") object.authenticator_data = cbor_string(value, false).value_or("");
  }
  if (object.format.empty() || object.statement.empty() || object.authenticator_data.empty()) return std::nullopt;
  return object;
}

struct FreeCredential {
  void operator()(fido_cred_t* credential) const { fido_cred_free(&credential); }
};
using Credential = std::unique_ptr<fido_cred_t, FreeCredential>;

// libfido2 must be told the key's algorithm before it reads the key: the one that it then agrees with is the key's own.
Credential read_credential(std::string_view authenticator_data) {
  for (const int algorithm : kPasskeyAlgorithms) {
    Credential credential(fido_cred_new());
    if (credential && fido_cred_set_type(credential.get(), algorithm) == FIDO_OK &&
        fido_cred_set_authdata_raw(credential.get(), bytes_of(authenticator_data), authenticator_data.size()) == FIDO_OK)
      return credential;
  }
  return nullptr;
}

// WebAuthn Level 3, 8.2: signed by the new key itself, or by a certificate that nobody asked for and that is not trusted
// further.
bool is_packed_statement_right(fido_cred_t* credential, const PasskeySite& site, std::string_view client_data_json,
                               std::string_view statement) {
  // libfido2 passes over members that it does not know, so a misspelt one would be a missing one.
  for (const auto& [key, value] : cbor_map(statement).value_or(CborEntries{})) {
    const auto name = cbor_string(key, true);
    if (name != "alg" && name != "sig" && name != "x5c") return false;
  }
  const std::string hash = sha256(client_data_json);
  if (fido_cred_set_rp(credential, site.rp_id.c_str(), nullptr) != FIDO_OK ||
      fido_cred_set_fmt(credential, "packed") != FIDO_OK ||
      fido_cred_set_clientdata_hash(credential, bytes_of(hash), hash.size()) != FIDO_OK ||
      fido_cred_set_attstmt(credential, bytes_of(statement), statement.size()) != FIDO_OK)
    return false;
  return (fido_cred_x5c_len(credential) == 0 ? fido_cred_verify_self(credential) : fido_cred_verify(credential)) == FIDO_OK;
}

template <class Key, Key* New(), void Free(Key**), int Read(Key*, const void*, std::size_t)>
bool verify_with(const fido_assert_t* assertion, int algorithm, std::string_view bytes) {
  Key* key = New();
  const bool is_right = key != nullptr && Read(key, bytes.data(), bytes.size()) == FIDO_OK &&
                        fido_assert_verify(assertion, 0, algorithm, key) == FIDO_OK;
  Free(&key);
  return is_right;
}

bool is_signed(const fido_assert_t* assertion, const PasskeyKey& key) {
  switch (key.algorithm) {
    case COSE_ES256:
      return verify_with<es256_pk_t, es256_pk_new, es256_pk_free, es256_pk_from_ptr>(assertion, key.algorithm, key.bytes);
    case COSE_EDDSA:
      return verify_with<eddsa_pk_t, eddsa_pk_new, eddsa_pk_free, eddsa_pk_from_ptr>(assertion, key.algorithm, key.bytes);
    case COSE_RS256:
      return verify_with<rs256_pk_t, rs256_pk_new, rs256_pk_free, rs256_pk_from_ptr>(assertion, key.algorithm, key.bytes);
    default: return false;
  }
}

}  // namespace

Result<NewPasskey> verify_registration(const PasskeySite& site, std::string_view challenge, std::string_view client_data_json,
                                       std::string_view attestation_object, UserVerification verification) {
  if (auto right = check_client_data(site, "webauthn.create", challenge, client_data_json); !right)
    return std::unexpected(right.error());
  if (attestation_object.size() > kAttestationBytesMax) return fail(ErrorCode::bad_input, "attestation_object: too long");
  const auto object = read_attestation_object(attestation_object);
  const auto data = object ? read_authenticator_data(object->authenticator_data) : std::nullopt;
  if (!data || data->credential_id.empty()) return fail(ErrorCode::bad_input, "attestation_object: not one, or without a key");
  if (auto right = check_authenticator(site, object->authenticator_data, data->flags, verification); !right)
    return std::unexpected(right.error());
  const Credential credential = read_credential(object->authenticator_data);
  if (!credential) return fail(ErrorCode::bad_input, "attestation_object: a key of a kind that was not asked for");
  if (object->format == "packed") {
    if (!is_packed_statement_right(credential.get(), site, client_data_json, object->statement))
      return fail(ErrorCode::denied, "attestation_object: the signature of its statement is wrong");
  } else if (object->format != "none") {
    return fail(ErrorCode::bad_input, fmt::format("attestation_object: a statement of format {}, where none was asked for",
                                                  object->format.size() <= 32 ? object->format : "unknown"));
  }
  NewPasskey passkey;
  passkey.credential_id = data->credential_id;
  passkey.key.algorithm = fido_cred_type(credential.get());
  passkey.key.bytes.assign(reinterpret_cast<const char*>(fido_cred_pubkey_ptr(credential.get())),
                           fido_cred_pubkey_len(credential.get()));
  passkey.counter = data->counter;
  passkey.is_backup_eligible = (data->flags & kBackupEligible) != 0;
  return passkey;
}

Result<ProvenPasskey> verify_assertion(const PasskeySite& site, std::string_view challenge, const PasskeyKey& key,
                                       const Assertion& assertion, UserVerification verification) {
  if (auto right = check_client_data(site, "webauthn.get", challenge, assertion.client_data_json); !right)
    return std::unexpected(right.error());
  const auto data = read_authenticator_data(assertion.authenticator_data);
  if (!data) return fail(ErrorCode::bad_input, "authenticator_data: malformed");
  if (auto right = check_authenticator(site, assertion.authenticator_data, data->flags, verification); !right)
    return std::unexpected(right.error());
  if (assertion.signature.size() > kAssertionSignatureBytesMax) return fail(ErrorCode::bad_input, "signature: too long");
  fido_assert_t* proof = fido_assert_new();
  const std::string hash = sha256(assertion.client_data_json);
  const bool is_right = proof != nullptr && fido_assert_set_count(proof, 1) == FIDO_OK &&
                        fido_assert_set_rp(proof, site.rp_id.c_str()) == FIDO_OK &&
                        fido_assert_set_clientdata_hash(proof, bytes_of(hash), hash.size()) == FIDO_OK &&
                        fido_assert_set_authdata_raw(proof, 0, bytes_of(assertion.authenticator_data),
                                                     assertion.authenticator_data.size()) == FIDO_OK &&
                        fido_assert_set_sig(proof, 0, bytes_of(assertion.signature), assertion.signature.size()) == FIDO_OK &&
                        is_signed(proof, key);
  fido_assert_free(&proof);
  if (!is_right) return fail(ErrorCode::denied, "signature: not made by this passkey");
  return ProvenPasskey{data->counter, (data->flags & kBackupEligible) != 0, (data->flags & kBackedUp) != 0};
}

}  // namespace citiverse::identity
