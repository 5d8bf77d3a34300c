// People's accounts: who they say they are, and what the city knows of them.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "identity/ids.h"
#include "identity/policy.h"
#include "identity/surroundings.h"
#include "storage/store.h"

namespace citiverse::identity {

inline constexpr std::size_t kNameCharactersMax = 40;
inline constexpr std::size_t kPronounsCharactersMax = 24;
inline constexpr std::size_t kLanguagesMax = 8;
inline constexpr std::size_t kLanguageTagBytesMax = 35;
inline constexpr std::size_t kLookBytesMax = 1024;
inline constexpr std::size_t kSignInNameCharactersMin = 3;
inline constexpr std::size_t kSignInNameCharactersMax = 64;
inline constexpr std::chrono::days kNewAccountTime{3};
/// A guest who has not been seen for this long is erased.
inline constexpr std::chrono::days kGuestTime{2};
/// From asking for erasure until it is done; within, it can be taken back.
inline constexpr std::chrono::days kErasureTime{14};
inline constexpr std::size_t kFoundAccountsMax = 50;

/// What a person needs in order to take part; never shown to others, never asked for a reason.
enum class AccessNeed : std::uint8_t {
  step_free,
  screen_reader,
  large_text,
  high_contrast,
  captions,
  sign_language,
  reduced_motion,
  plain_language,
  more_time,
};
inline constexpr std::size_t kAccessNeeds = 9;
std::string_view name_of(AccessNeed need);
using AccessNeeds = std::uint32_t;  ///< A bit an AccessNeed.

/// What a person says of themselves. Text passes base::clean_text on the way in.
struct Profile {
  std::string name;
  std::string pronouns;
  std::vector<std::string> languages;  ///< BCP 47 tags, liked best first.
  AccessNeeds access_needs = 0;
  std::string look_json;  ///< The avatar: a JSON object, see protocol/presence.md. Empty: none chosen.
};

/// That this is one certain person of the city; who, is kept only as a keyed hash.
struct Verification {
  Time at;
  std::string by;  ///< "office", or the name of the OpenID Connect provider.
};

struct Account {
  AccountId id;
  bool is_guest = true;
  bool is_minor = false;
  Standing roles = 0;        ///< Role bits only.
  std::string sign_in_name;  ///< Empty without one.
  Profile profile;
  Time created_at;
  std::optional<Verification> verification;
  std::optional<Time> restricted_until;
  std::optional<Time> erase_at;

  /// Roles and flags as they count at `now`, privileged roles included.
  Standing standing_at(Time now) const;
};

/// The table of accounts. What changes an account's standing calls `changed` (see Sessions::standing_changed) after the commit;
/// Identity wires that. Threads: safe.
class Accounts {
 public:
  Accounts(storage::Store& store, const Surroundings& surroundings) : store_(store), surroundings_(surroundings) {}
  /// Called after the standing of an account may have changed. Set once, before threads.
  std::function<void(AccountId)> changed;
  /// Called after what a person says of themselves has changed. Set once, before threads.
  std::function<void(AccountId)> profile_changed;

  /// A guest: an account without means to sign in again.
  base::Result<AccountId> create_guest(const Profile& profile, bool is_minor);
  /// Fails: not_found.
  base::Result<Account> get(AccountId account);
  /// The account that signs in under this name, in any case and form of its letters.
  base::Result<std::optional<AccountId>> find_sign_in_name(std::string_view name);
  /// Fails: bad_input naming the field.
  base::Result<void> set_profile(AccountId account, const Profile& profile);
  /// Whoever says to be a minor cannot take it back; an office can.
  base::Result<void> set_minor(AccountId account, bool is_minor);
  /// Gives a name to sign in with. Fails: bad_input; conflict when it is taken.
  base::Result<void> set_sign_in_name(AccountId account, std::string_view name);
  /// A guest becomes a member: call in the write that stores the first means to sign in (password, passkey, provider).
  base::Result<void> make_member(AccountId account);
  /// `role` is not resident, which verification gives. Fails: not_found; conflict for guests.
  base::Result<void> give_role(AccountId account, Role role);
  base::Result<void> take_role(AccountId account, Role role);
  /// A moderators' time-out; nothing ends it.
  base::Result<void> restrict_until(AccountId account, std::optional<Time> until);

  /// Says that the account is the person whom `person_key` names at this city's office or provider, such as a register number
  /// or issuer and subject. Fails: conflict when that person has another verified account, or the account is a guest's.
  base::Result<void> verify(AccountId account, std::string_view person_key, std::string_view by);
  base::Result<void> withdraw_verification(AccountId account);

  /// Accounts whose name or sign-in name contains `text`, or whose id it is; members only, by name, at most kFoundAccountsMax.
  base::Result<std::vector<Account>> search(std::string_view text);

  /// Within a write that changes the account's standing or removes it: `changed` is called once that is kept.
  void tell_change(AccountId account);

  /// Erasure is due kErasureTime from now; gives the time. keep() takes it back.
  base::Result<Time> ask_for_erasure(AccountId account);
  base::Result<void> keep(AccountId account);

 private:
  storage::Store& store_;
  const Surroundings& surroundings_;
};

/// The person_key of somebody whom the city's register knows by this number, whoever looked it up.
inline std::string register_key(std::string_view number) { return "office:" + std::string(number); }

/// The form in which sign-in names are compared: NFKC with case folded (Unicode 15, UAX #15 and TR 31, NFKC_Casefold).
/// Fails: bad_input for lengths and characters that are not letters, digits or one of ". _ - @ +".
base::Result<std::string> folded_sign_in_name(std::string_view name);

}  // namespace citiverse::identity
