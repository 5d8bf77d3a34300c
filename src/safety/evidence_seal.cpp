// nonce (24) | sealed: speaker (8), time (8), audience (1) | tag (16), all little-endian, as base64url without padding.
#include "safety/evidence_seal.h"

#include <sodium.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/check.h"

namespace citiverse::safety {
namespace {

constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t kPlainBytes = 8 + 8 + 1;
constexpr std::size_t kProofBytes = kNonceBytes + kPlainBytes + kTagBytes;
static_assert(kProofBytes * 4 == EvidenceSeal::kProofCharacters * 3);
static_assert(EvidenceSeal::kKeyBytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
static_assert(std::endian::native == std::endian::little);

const std::uint8_t* bytes_of(std::string_view text) { return reinterpret_cast<const std::uint8_t*>(text.data()); }

std::unexpected<base::Error> refused() {
  return base::fail(base::ErrorCode::bad_input,
                    "evidence: this proof does not belong to this text; send both exactly as they were received");
}

}  // namespace

EvidenceSeal::EvidenceSeal(std::span<const std::uint8_t, kKeyBytes> key) {
  CITIVERSE_CHECK(sodium_init() >= 0, "without its random source no proof is safe");
  std::copy(key.begin(), key.end(), key_.begin());
}

EvidenceSeal::~EvidenceSeal() { sodium_memzero(key_.data(), key_.size()); }

std::string EvidenceSeal::seal(const Said& said, std::string_view text) const {
  std::array<std::uint8_t, kPlainBytes> plain;
  const std::int64_t said_at_s = said.said_at.time_since_epoch().count();
  std::memcpy(plain.data(), &said.speaker.value, 8);
  std::memcpy(plain.data() + 8, &said_at_s, 8);
  plain[16] = static_cast<std::uint8_t>(said.audience);
  std::array<std::uint8_t, kProofBytes> proof;
  randombytes_buf(proof.data(), kNonceBytes);
  crypto_aead_xchacha20poly1305_ietf_encrypt(proof.data() + kNonceBytes, nullptr, plain.data(), plain.size(), bytes_of(text),
                                             text.size(), nullptr, proof.data(), key_.data());
  std::string encoded(kProofCharacters + 1, '\0');
  sodium_bin2base64(encoded.data(), encoded.size(), proof.data(), proof.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  encoded.resize(kProofCharacters);
  return encoded;
}

base::Result<Said> EvidenceSeal::open(std::string_view encoded, std::string_view text, Time now) const {
  std::array<std::uint8_t, kProofBytes> proof;
  std::size_t size = 0;
  if (encoded.size() != kProofCharacters ||
      sodium_base642bin(proof.data(), proof.size(), encoded.data(), encoded.size(), nullptr, &size, nullptr,
                        sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
      size != kProofBytes)
    return refused();
  std::array<std::uint8_t, kPlainBytes> plain;
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain.data(), nullptr, nullptr, proof.data() + kNonceBytes,
                                                 kPlainBytes + kTagBytes, bytes_of(text), text.size(), proof.data(),
                                                 key_.data()) != 0)
    return refused();
  Said said;
  std::int64_t said_at_s = 0;
  std::memcpy(&said.speaker, plain.data(), 8);
  std::memcpy(&said_at_s, plain.data() + 8, 8);
  said.said_at = Time(std::chrono::seconds(said_at_s));
  CITIVERSE_CHECK(plain[16] < kAudienceCount, "only this node could have sealed it");
  said.audience = static_cast<Audience>(plain[16]);
  if (said.said_at + kProofTime < now)
    return base::fail(base::ErrorCode::bad_input, "evidence: this message is older than 30 days; describe it in words instead");
  return said;
}

}  // namespace citiverse::safety
