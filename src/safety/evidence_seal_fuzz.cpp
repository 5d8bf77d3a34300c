// Proofs come from outside: none that this seal did not make may open, and none may harm.
#include <algorithm>
#include <cstdlib>

#include "safety/evidence_seal.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace citiverse::safety;
  static const std::array<std::uint8_t, EvidenceSeal::kKeyBytes> key{7};
  static const EvidenceSeal seal(key);
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = std::min(size, EvidenceSeal::kProofCharacters);
  if (seal.open(bytes.substr(0, cut), bytes.substr(cut), Time{})) std::abort();
  // Whatever the text, its own proof opens.
  if (!seal.open(seal.seal(Said{.speaker = AccountId{size}}, bytes), bytes, Time{})) std::abort();
  return 0;
}
