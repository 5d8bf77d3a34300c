// argon2id in memory that is kept from hash to hash: mapping and giving back 64 MiB each time held up every other thread of the
// node.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "identity/surroundings.h"

namespace citiverse::identity {

/// argon2id (RFC 9106): 64 MiB and 3 passes, its second recommended choice but for one lane.
inline constexpr std::size_t kHashBytes = 64u << 20;
inline constexpr unsigned kHashPasses = 3;
/// Hashes at once on this node; each keeps kHashBytes from its first use on, and a core while it runs.
inline constexpr std::size_t kHashesAtOnceMax = 2;
inline constexpr std::chrono::seconds kHashWaitMax{5};
/// What a stored hash may ask for at most: a row from elsewhere must not take the machine.
inline constexpr std::size_t kStoredHashBytesMax = 4 * kHashBytes;
inline constexpr unsigned kStoredHashPassesMax = 16;

/// How much work a hash is; tests take less.
struct HashCost {
  std::size_t bytes = kHashBytes;
  unsigned passes = kHashPasses;
  friend bool operator==(const HashCost&, const HashCost&) = default;
};

/// Hashes in the PHC string format ("$argon2id$v=19$m=65536,t=3,p=1$salt$hash"), as other programs write and read it.
/// Threads: safe; a third hash waits for kHashWaitMax at most.
/// Source: RFC 9106, by its reference implementation; PHC string format.
class PasswordHash {
 public:
  explicit PasswordHash(const Surroundings& surroundings, HashCost cost);
  ~PasswordHash();

  /// Fails: unavailable when too many hash at once, or there is no memory.
  base::Result<std::string> make(std::string_view password);
  /// False also for what is no such hash. Fails as make() does.
  base::Result<bool> matches(std::string_view stored, std::string_view password);
  /// True where `stored` was made with another cost than this.
  bool is_outdated(std::string_view stored) const;

 private:
  struct Memory;
  class Turn;

  const Surroundings& surroundings_;
  HashCost cost_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<Memory>> free_;
};

}  // namespace citiverse::identity
