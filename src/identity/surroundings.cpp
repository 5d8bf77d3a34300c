// The system as the surroundings of a real node.
#include "identity/surroundings.h"

#include <sodium.h>

#include "base/check.h"
#include "identity/ids.h"

namespace citiverse::identity {

Surroundings real_surroundings() {
  // Safe to call again and from several threads; fails only where the system has no source of random bytes.
  CITIVERSE_CHECK(sodium_init() >= 0, "secrets need the system's random bytes");
  return {.now = [] { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); },
          .fill_random = [](std::span<std::byte> bytes) { randombytes_buf(bytes.data(), bytes.size()); }};
}

std::uint64_t random_id_value(const Surroundings& surroundings) {
  std::uint64_t value = 0;
  while (value == 0) {
    surroundings.fill_random(std::as_writable_bytes(std::span(&value, 1)));
    value &= (std::uint64_t{1} << kIdBits) - 1;
  }
  return value;
}

std::string random_token(const Surroundings& surroundings, std::size_t bytes) {
  std::string secret(bytes, '\0');
  surroundings.fill_random(std::as_writable_bytes(std::span(secret)));
  constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string text(sodium_base64_encoded_len(bytes, kVariant), '\0');  // Counts the final zero.
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(secret.data()), bytes, kVariant);
  text.pop_back();
  sodium_memzero(secret.data(), secret.size());
  return text;
}

std::string keyed_hash(const Surroundings& surroundings, std::string_view purpose, std::string_view text) {
  crypto_generichash_state state;
  crypto_generichash_init(&state, reinterpret_cast<const unsigned char*>(surroundings.node_key.data()),
                          surroundings.node_key.size(), crypto_generichash_BYTES);
  const auto add = [&](std::string_view bytes) {
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  };
  add(purpose);
  add(std::string_view("\0", 1));
  add(text);
  std::string hash(crypto_generichash_BYTES, '\0');
  crypto_generichash_final(&state, reinterpret_cast<unsigned char*>(hash.data()), hash.size());
  return hash;
}

}  // namespace citiverse::identity
