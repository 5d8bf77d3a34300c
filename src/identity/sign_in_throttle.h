// How often somebody may try to sign in: against guessing one person's password, and one password of many persons.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "identity/surroundings.h"
#include "storage/store.h"

namespace citiverse::identity {

/// Failures of one account from one address that cost nothing; each further one doubles the wait from kFirstWait to
/// kLongestWait.
inline constexpr int kFreeFailures = 5;
inline constexpr std::chrono::seconds kFirstWait{30};
inline constexpr std::chrono::seconds kLongestWait{3600};
/// Failures of one address, of whatever accounts, in kAddressWindow: what spraying from one place runs into.
inline constexpr int kAddressFailuresMax = 20;
inline constexpr std::chrono::minutes kAddressWindow{15};
/// Failures of one account from unknown devices in a row, in kAccountWindow (NIST SP 800-63B-4, 3.2.2: at most 100).
inline constexpr int kAccountFailuresMax = 100;
inline constexpr std::chrono::hours kAccountWindow{24};
/// Failures of the whole node from unknown devices in a minute: what spraying from many places runs into.
inline constexpr int kNodeFailuresMax = 120;
inline constexpr std::chrono::minutes kNodeWindow{1};
/// Things remembered; when there are more, those without a running wait go first.
inline constexpr std::size_t kThrottledMax = 65'536;
/// New accounts and guests of one address in kAddressWindow: several classes of a school share one.
inline constexpr int kNewAccountsMax = 200;

/// One attempt. A known device is one that this account has signed in from before and that proves it (OWASP's device cookies):
/// it has a count of its own, so that nobody can lock the owner out from elsewhere. Source: OWASP, "Slow Down Online
/// Guessing Attacks with Device Cookies".
struct SignInAttempt {
  std::uint64_t subject = 0;  ///< A hash of the name that signs in.
  std::uint64_t address = 0;  ///< A hash of the address's network: net::Request::client.
  std::uint64_t device = 0;   ///< A hash of the known device, or 0.
};

/// Counts in memory and keeps each count on the disk before the attempt is let through, so that restarting the program, or
/// making it restart, buys no guesses. An attempt counts as failed from its beginning, so that many at once get no further than
/// one after the other. Names and addresses are kept as hashes under the node's key, and no longer than a count runs. Threads:
/// safe.
class SignInThrottle {
 public:
  /// In memory only.
  SignInThrottle() = default;
  /// Both must outlive it.
  SignInThrottle(storage::Store& store, const Surroundings& surroundings) : store_(&store), surroundings_(&surroundings) {}

  /// Reads the counts that still run. Fails: unavailable, corrupt.
  base::Result<void> load();
  /// Deletes the counts that have ended.
  base::Result<void> sweep();
  /// How long this attempt must wait; nothing: go ahead, and say when it succeeds.
  std::optional<std::chrono::seconds> take(const SignInAttempt& attempt, Time now);
  void succeeded(const SignInAttempt& attempt, Time now);
  /// What was taken was not tried, since the node was busy.
  void not_tried(const SignInAttempt& attempt, Time now);
  /// Counts one new account; the time to wait when there were too many.
  std::optional<std::chrono::seconds> take_new_account(std::uint64_t address, Time now);
  /// Counts that are remembered.
  std::size_t size();

 private:
  struct Failures {
    int count = 0;
    Time window_end;
    Time wait_until;
  };
  enum class Limit : std::uint64_t { device = 1, place, address, account, node, new_accounts };
  struct Count {
    std::uint64_t key;
    std::chrono::seconds window;
    int failures_max;  // 0: waits grow instead.
  };
  std::uint64_t key_of(Limit limit, std::uint64_t a = 0, std::uint64_t b = 0) const;
  std::vector<Count> counts_of(const SignInAttempt& attempt) const;
  Failures& failures_of(std::uint64_t key, std::chrono::seconds window, Time now);
  void give_back(const std::vector<Count>& counts, Time now);
  void make_room(Time now);
  void keep(std::span<const std::uint64_t> keys);
  void keep_counts(const std::vector<Count>& counts);

  storage::Store* store_ = nullptr;
  const Surroundings* surroundings_ = nullptr;
  std::mutex mutex_;
  std::unordered_map<std::uint64_t, Failures> failures_;
};

}  // namespace citiverse::identity
