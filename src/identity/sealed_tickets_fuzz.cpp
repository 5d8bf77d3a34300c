// Any bytes as a ticket: none that this node did not seal opens.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "identity/base64url.h"
#include "identity/sealed_tickets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace citiverse::identity;
  static const Surroundings surroundings = real_surroundings();
  static SealedTickets tickets(surroundings);
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  CITIVERSE_CHECK(!tickets.open("a purpose", bytes), "no ticket of others");
  CITIVERSE_CHECK(!tickets.spend("a purpose", base64url_of(bytes)), "no ticket of others");
  if (const auto back = base64url_bytes(bytes)) CITIVERSE_CHECK(base64url_of(*back) == bytes, "one text stands for some bytes");
  return 0;
}
