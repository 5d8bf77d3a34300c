// How much an account may reach out to others, decided in one place: guests, new accounts and minors less than the rest.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "identity/accounts.h"

namespace citiverse::safety {

using identity::Time;

/// What the rules look at, as the account stands at one moment.
struct AccountFacts {
  bool is_guest = false;
  bool is_minor = false;
  bool is_verified = false;  ///< A verified resident is settled from the first minute; others after identity::kNewAccountTime.
  Time created_at{};
  Time silenced_until{};  ///< By a moderator; the epoch when not.
  Time shut_out_until{};
};

enum class Tier : std::uint8_t { guest, fresh, minor, settled };
/// The contract's names: guest, new, minor, settled.
std::string_view name_of(Tier tier);

struct ContactLimits {
  Tier tier = Tier::guest;
  std::optional<Time> settled_at;  ///< When the limits of a new account end.
  int messages_per_minute = 0;
  int direct_new_per_hour = 0;  ///< People to whom one may begin to write in an hour.
  int notices_per_day = 0;
  bool may_link = false;
  bool may_speak_near = false;
  bool may_speak_in_groups = false;
};

Tier tier_of(const AccountFacts& facts, Time now);
/// The stricter of what tier and a moderator's silence allow. A silenced account may say nothing.
ContactLimits limits_of(const AccountFacts& facts, Time now);

/// Who may begin to write to an account directly, as its owner chose.
enum class DirectFrom : std::uint8_t { everyone, met, nobody };
std::string_view name_of(DirectFrom choice);
std::optional<DirectFrom> direct_from_named(std::string_view name);
/// Minors start with `met`, all others with `everyone`.
DirectFrom default_direct_from(bool is_minor);

/// What two people are to each other when one of them writes.
struct Acquaintance {
  bool has_written_before = false;  ///< The recipient wrote to the sender first, here.
  bool shares_group = false;
};

enum class DirectVerdict : std::uint8_t { allowed, recipient_declines, minors_are_protected, sender_may_not };

/// Whether `sender` may write to `recipient` directly. An adult and a minor may within a shared group only, answers included;
/// otherwise an answer to somebody who wrote first is always allowed, and the first word as the recipient chose.
DirectVerdict may_write_directly(const AccountFacts& sender, const AccountFacts& recipient, DirectFrom recipient_choice,
                                 Acquaintance acquaintance, Time now);

/// Whether these two may hear each other's voice: a minor's only within a group that both are in.
bool may_speak_together(const AccountFacts& a, const AccountFacts& b, bool share_group, Time now);

}  // namespace citiverse::safety
