// Proof of who said what, carried by the message itself: so the node keeps no conversations, and a report cannot be made up.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "safety/reason.h"
#include "safety/tables.h"

namespace citiverse::safety {

/// What a proof says of a message, besides its text.
struct Said {
  AccountId speaker;
  Time said_at{};
  Audience audience = Audience::near;
};

/// Seals each message for its receivers. Only this node can open a proof; to all others it is random, and two proofs of one
/// speaker cannot be linked. A proof opens with exactly the text it was made for.
/// Source: the idea of message franking (Grubbs, Lu & Ristenpart 2017, IACR ePrint 2017/664), here with the server as sender's
/// witness; XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) with the text as associated data.
/// Cost: microseconds a message. Threads: safe.
class EvidenceSeal {
 public:
  static constexpr std::size_t kKeyBytes = 32;
  static constexpr std::size_t kProofCharacters = 76;
  /// A proof older than this is no longer taken.
  static constexpr std::chrono::hours kProofTime{30 * 24};

  explicit EvidenceSeal(std::span<const std::uint8_t, kKeyBytes> key);
  EvidenceSeal(const EvidenceSeal&) = delete;
  EvidenceSeal& operator=(const EvidenceSeal&) = delete;
  ~EvidenceSeal();

  /// kProofCharacters of base64url (RFC 4648, clause 5).
  std::string seal(const Said& said, std::string_view text) const;
  /// Fails: bad_input when proof and text do not belong together, come from another node, or are too old.
  base::Result<Said> open(std::string_view proof, std::string_view text, Time now) const;

 private:
  std::array<std::uint8_t, kKeyBytes> key_;
};

/// The node's own seal; its key is made the first time. Fails: unavailable.
base::Result<std::unique_ptr<EvidenceSeal>> load_seal(storage::Store& store, const identity::Surroundings& surroundings);

}  // namespace citiverse::safety
