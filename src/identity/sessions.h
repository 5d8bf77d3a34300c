// Who is signed in: opaque tokens that say nothing, of which only hashes are kept.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "identity/accounts.h"

namespace citiverse::identity {

enum class SignInMethod : std::uint8_t { guest, password, passkey, oidc, recovery_code };
std::string_view name_of(SignInMethod method);

inline constexpr std::size_t kTokenBytes = 32;             ///< 256 random bits.
inline constexpr std::size_t kTokenCharacters = 43;        ///< In base64url.
inline constexpr std::size_t kSessionsPerAccountMax = 20;  ///< The one unused for longest goes.
inline constexpr std::size_t kSessionsMax = 1'000'000;     ///< On this node.
inline constexpr std::size_t kDeviceBytesMax = 60;
/// After this long a session ends, used or not (NIST SP 800-63B-4, 2.1.3: 30 days at AAL1).
inline constexpr std::chrono::days kSessionTime{30};
/// Unused for this long, a session ends.
inline constexpr std::chrono::days kSessionIdleTime{14};
/// A token older than this is replaced when the session is used.
inline constexpr std::chrono::hours kTokenTime{24};
/// A replaced token is taken until the new one is used, which may be lost on its way, and then this long.
inline constexpr std::chrono::seconds kReplacedTokenTime{60};
/// Privileged roles count this long after signing in (NIST SP 800-63B-4, 2.2.3: at most 24 hours at AAL2).
inline constexpr std::chrono::hours kPrivilegedTime{12};
/// What can lock the owner out (password, passkeys, recovery codes, erasure) needs a sign-in within this time.
inline constexpr std::chrono::minutes kFreshTime{15};

/// What a request needs to know.
struct ActiveSession {
  AccountId account;
  SessionId session;
  SignInMethod method = SignInMethod::guest;
  Standing standing = 0;      ///< As it counts now.
  Standing dormant = 0;       ///< Privileged roles that count again after signing in again.
  bool is_fresh = false;      ///< Signed in within kFreshTime.
  bool token_is_due = false;  ///< rotate() should be called.
};

/// For the owner's list. No address and no place is kept.
struct SessionEntry {
  SessionId id;
  SignInMethod method = SignInMethod::guest;
  std::string device;  ///< Such as "Firefox on Android".
  Time signed_in_at;
  Time used_at;  ///< To the day.
};

struct StartedSession {
  SessionId id;
  std::string token;  ///< For the cookie; exists nowhere else.
};

/// All sessions are in memory, so that find() costs a hash and a look-up; each change is on the disk before it is told.
/// Threads: safe. Source: OWASP ASVS 5.0, V7; NIST SP 800-63B-4, section 5.
class Sessions {
 public:
  Sessions(storage::Store& store, const Surroundings& surroundings);
  ~Sessions();
  Sessions(const Sessions&) = delete;
  Sessions& operator=(const Sessions&) = delete;
  /// Reads the sessions that still run.
  base::Result<void> load();

  /// Signs in. The session of `replaced_token`, if there is one, ends: a token from before signing in is worth nothing after it
  /// (ASVS 5.0, 7.2.4). Fails: not_found, limit.
  base::Result<StartedSession> start(AccountId account, SignInMethod method, std::string_view device,
                                     std::string_view replaced_token = {});
  /// Nothing for a token that is not, or no longer, one. Microseconds; never waits for the disk.
  std::optional<ActiveSession> find(std::string_view token) const;
  /// A new token for the session; see kReplacedTokenTime for the old one. Call where `token_is_due`. Fails: not_found.
  base::Result<std::string> rotate(std::string_view token);
  /// The owner has just proved again who they are: the session counts as signed in now, under a new token; the old one is
  /// worth nothing from then on. Fails: not_found.
  base::Result<std::string> refresh(std::string_view token, SignInMethod method);

  base::Result<std::vector<SessionEntry>> list(AccountId account);
  /// Fails: not_found when the account has no such session.
  base::Result<void> end(AccountId account, SessionId session);
  base::Result<void> end_all(AccountId account, SessionId except = {});
  /// Forgets what has run out, and reads every standing anew when another process has written (`citiverse grant`).
  base::Result<void> sweep();

  /// Reads the account's standing anew; no session of an account that is gone goes on.
  void standing_changed(AccountId account);
  /// Calls `ended` after each session that ends, with its account: live connections of it must close. It is called while the
  /// store is held and so may only leave a note (a posted job), never wait. Before threads.
  void on_ended(std::function<void(AccountId, SessionId)> ended);
  std::size_t count() const;

 private:
  base::Result<std::string> renew(std::string_view token, std::optional<SignInMethod> proved_by);
  base::Result<void> end_these(std::vector<SessionId> ids);

  struct Table;
  storage::Store& store_;
  const Surroundings& surroundings_;
  std::unique_ptr<Table> table_;
};

}  // namespace citiverse::identity
