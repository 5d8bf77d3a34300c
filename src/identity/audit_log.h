// What those with power did, to whom and when: it can be added to and read, and a change behind its back shows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "identity/ids.h"
#include "identity/surroundings.h"
#include "storage/store.h"

namespace citiverse::identity {

inline constexpr std::size_t kAuditActBytesMax = 40;
inline constexpr std::size_t kAuditDetailBytesMax = 400;
inline constexpr std::size_t kAuditPageMax = 200;
/// Entries older than this are removed, oldest first.
inline constexpr std::chrono::days kAuditTime{730};

struct AuditEntry {
  std::int64_t number = 0;  ///< Counts up by one.
  Time at;
  AccountId actor;     ///< Unknown: the node itself, or its command line.
  std::string act;     ///< Stable, such as "role.give".
  AccountId subject;   ///< Unknown: nobody in particular.
  std::string detail;  ///< Never personal content: a role's name, an id.
};

/// Each entry carries a hash over itself and the entry before (BLAKE2b-256, RFC 7693). Accounts stand there by their random
/// ids only, which mean nobody once the account is erased. Threads: safe.
class AuditLog {
 public:
  AuditLog(storage::Store& store, const Surroundings& surroundings) : store_(store), surroundings_(surroundings) {}

  /// Call inside the write that does what is logged: both happen or neither.
  base::Result<void> add(AccountId actor, std::string_view act, AccountId subject, std::string_view detail = {});
  /// Newest first, before entry number `before` when given; of one actor or subject when `about` is known.
  base::Result<std::vector<AuditEntry>> list(std::optional<std::int64_t> before, std::size_t count, AccountId about = {});
  /// Walks all entries. Fails: corrupt, naming the first entry that does not follow from the one before.
  base::Result<void> check();
  base::Result<void> sweep();

 private:
  storage::Store& store_;
  const Surroundings& surroundings_;
};

}  // namespace citiverse::identity
