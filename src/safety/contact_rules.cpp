// A table of limits and two short rules; whoever wants them different changes them here.
#include "safety/contact_rules.h"

#include <algorithm>
#include <array>

namespace citiverse::safety {
namespace {

// Written for conversation, not broadcast: a settled account reaches 30 messages a minute, about one in two seconds.
constexpr ContactLimits kGuest{.tier = Tier::guest,
                               .messages_per_minute = 8,
                               .direct_new_per_hour = 0,
                               .notices_per_day = 0,
                               .may_link = false,
                               .may_speak_near = false,
                               .may_speak_in_groups = true};
constexpr ContactLimits kFresh{.tier = Tier::fresh,
                               .messages_per_minute = 12,
                               .direct_new_per_hour = 5,
                               .notices_per_day = 2,
                               .may_link = false,
                               .may_speak_near = true,
                               .may_speak_in_groups = true};
constexpr ContactLimits kMinor{.tier = Tier::minor,
                               .messages_per_minute = 20,
                               .direct_new_per_hour = 5,
                               .notices_per_day = 2,
                               .may_link = false,
                               .may_speak_near = false,
                               .may_speak_in_groups = true};
constexpr ContactLimits kSettled{.tier = Tier::settled,
                                 .messages_per_minute = 30,
                                 .direct_new_per_hour = 30,
                                 .notices_per_day = 10,
                                 .may_link = true,
                                 .may_speak_near = true,
                                 .may_speak_in_groups = true};

constexpr std::array<std::string_view, 4> kTiers = {"guest", "new", "minor", "settled"};
constexpr std::array<std::string_view, 3> kChoices = {"everyone", "met", "nobody"};

const ContactLimits& table_row(Tier tier) {
  switch (tier) {
    case Tier::guest: return kGuest;
    case Tier::fresh: return kFresh;
    case Tier::minor: return kMinor;
    case Tier::settled: return kSettled;
  }
  return kGuest;
}

bool is_shut_out(const AccountFacts& facts, Time now) { return facts.silenced_until > now || facts.shut_out_until > now; }

}  // namespace

std::string_view name_of(Tier tier) { return kTiers.at(static_cast<std::size_t>(tier)); }
std::string_view name_of(DirectFrom choice) { return kChoices.at(static_cast<std::size_t>(choice)); }

std::optional<DirectFrom> direct_from_named(std::string_view name) {
  const auto found = std::find(kChoices.begin(), kChoices.end(), name);
  if (found == kChoices.end()) return std::nullopt;
  return static_cast<DirectFrom>(found - kChoices.begin());
}

DirectFrom default_direct_from(bool is_minor) { return is_minor ? DirectFrom::met : DirectFrom::everyone; }

Tier tier_of(const AccountFacts& facts, Time now) {
  if (facts.is_guest) return Tier::guest;
  if (facts.is_minor) return Tier::minor;
  if (!facts.is_verified && now < facts.created_at + identity::kNewAccountTime) return Tier::fresh;
  return Tier::settled;
}

ContactLimits limits_of(const AccountFacts& facts, Time now) {
  const Tier tier = tier_of(facts, now);
  ContactLimits limits = table_row(tier);
  if (tier == Tier::fresh) limits.settled_at = facts.created_at + identity::kNewAccountTime;
  // Who is both a minor and new gets the stricter number of each.
  if (tier == Tier::minor && !facts.is_verified && now < facts.created_at + identity::kNewAccountTime) {
    limits.messages_per_minute = std::min(limits.messages_per_minute, kFresh.messages_per_minute);
  }
  if (is_shut_out(facts, now)) {
    limits.messages_per_minute = limits.direct_new_per_hour = limits.notices_per_day = 0;
    limits.may_link = limits.may_speak_near = limits.may_speak_in_groups = false;
  }
  return limits;
}

DirectVerdict may_write_directly(const AccountFacts& sender, const AccountFacts& recipient, DirectFrom recipient_choice,
                                 Acquaintance acquaintance, Time now) {
  if (is_shut_out(sender, now)) return DirectVerdict::sender_may_not;
  if (sender.is_minor != recipient.is_minor && !acquaintance.shares_group) return DirectVerdict::minors_are_protected;
  if (acquaintance.has_written_before) return DirectVerdict::allowed;
  if (limits_of(sender, now).direct_new_per_hour == 0) return DirectVerdict::sender_may_not;
  if (recipient_choice == DirectFrom::nobody) return DirectVerdict::recipient_declines;
  if (recipient_choice == DirectFrom::met && !acquaintance.shares_group) return DirectVerdict::recipient_declines;
  return DirectVerdict::allowed;
}

bool may_speak_together(const AccountFacts& a, const AccountFacts& b, bool share_group, Time now) {
  const ContactLimits of_a = limits_of(a, now);
  const ContactLimits of_b = limits_of(b, now);
  if (share_group) return of_a.may_speak_in_groups && of_b.may_speak_in_groups;
  return of_a.may_speak_near && of_b.may_speak_near;
}

}  // namespace citiverse::safety
