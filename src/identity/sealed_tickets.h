// What a browser carries for this node between two requests: sealed, so that it can neither be read nor changed, and for once
// only.
#pragma once

#include <array>
#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/result.h"
#include "identity/surroundings.h"

namespace citiverse::identity {

inline constexpr std::size_t kTicketBytesMax = 4096;
/// Spent tickets are remembered until they would have run out; more at once than this are refused, not forgotten.
inline constexpr std::size_t kSpentTicketsMax = 65'536;

/// Whether this is why a ticket did not open: the person begins again, nothing else is wrong.
bool is_ticket_refused(const base::Error& error);

/// The node keeps nothing for whoever only begins to sign in, so beginnings without end cost nothing.
/// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha, libsodium) under a key of this object alone: after a restart no ticket from
/// before opens, since what was spent is remembered in memory only. Threads: safe.
class SealedTickets {
 public:
  explicit SealedTickets(const Surroundings& surroundings);

  /// In base64url. A ticket for one purpose opens for no other.
  std::string seal(std::string_view purpose, std::string_view content, std::chrono::seconds lifetime) const;
  /// The content. Fails: denied, when it is not a ticket of this node for this purpose, has run out, or was spent.
  base::Result<std::string> open(std::string_view purpose, std::string_view ticket) const;
  /// From now on the ticket does not open. Call once it has proved something. Fails: as open(), and limit; of several callers
  /// at once one succeeds.
  base::Result<void> spend(std::string_view purpose, std::string_view ticket);

 private:
  struct Opened;
  base::Result<Opened> unseal(std::string_view purpose, std::string_view ticket) const;

  const Surroundings& surroundings_;
  std::string key_;
  mutable std::mutex mutex_;
  std::map<std::string, Time> spent_;  ///< By nonce.
};

}  // namespace citiverse::identity
