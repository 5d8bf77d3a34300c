// The clock and the source of secrets, given from outside: a test turns the clock, the program asks the system.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace citiverse::identity {

using Time = std::chrono::sys_seconds;

/// Both functions are called from several threads.
struct Surroundings {
  std::function<Time()> now;
  /// Fills with bytes that nobody can foresee.
  std::function<void(std::span<std::byte>)> fill_random;
  /// Of this node: what is kept only as a hash is hashed under it. Identity::open reads it from the state folder.
  std::array<std::byte, 32> node_key{};
};

/// The system's clock and its random bytes (libsodium's randombytes_buf).
Surroundings real_surroundings();

/// A random id's value: kIdBits bits, never 0.
std::uint64_t random_id_value(const Surroundings& surroundings);
/// `bytes` random bytes in base64url without padding (RFC 4648, section 5).
std::string random_token(const Surroundings& surroundings, std::size_t bytes);
/// 32 bytes: BLAKE2b (RFC 7693) of `text` under the node's key, different for each `purpose`.
std::string keyed_hash(const Surroundings& surroundings, std::string_view purpose, std::string_view text);

}  // namespace citiverse::identity
