// Bytes of the generator, as digits.
#include "api/fresh_id.h"

#include <array>
#include <cstdint>

#include <fmt/format.h>
#include <openssl/rand.h>

#include "base/check.h"

namespace citiverse::api {

std::string fresh_id(std::string_view type) {
  std::array<std::uint64_t, 2> bits{};
  CITIVERSE_CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(bits.data()), sizeof bits) == 1, "the system gives random bytes");
  return fmt::format("urn:ngsi-ld:{}:{:016x}{:016x}", type, bits[0], bits[1]);
}

}  // namespace citiverse::api
