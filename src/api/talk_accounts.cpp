// Relations and restrictions are in memory already; facts, choices and consents are read by a thread of their own.
#include "api/talk_accounts.h"

#include <algorithm>

#include <fmt/chrono.h>

#include "api/people_safety.h"
#include "api/safety_json.h"

namespace citiverse::api {
namespace {

using base::ErrorCode;
using base::fail;
using identity::AccountId;
using presence::Profile;

AccountId account_in(const Profile& profile) { return AccountId{profile.account}; }

safety::Audience audience_of(presence::SayTo to) { return static_cast<safety::Audience>(to); }
static_assert(static_cast<int>(presence::SayTo::person) == static_cast<int>(safety::Audience::person));
static_assert(static_cast<int>(presence::SayTo::group) == static_cast<int>(safety::Audience::group));

}  // namespace

TalkAccounts::TalkAccounts(PeopleSafety& safety)
    : safety_(safety), reader_([this](const std::stop_token& stop) { work(stop); }) {}

TalkAccounts::~TalkAccounts() = default;

void TalkAccounts::learn(AccountId account) {
  const auto facts = safety_.facts(account);
  if (!facts) return forget(account);
  const auto direct = safety_.choices().of(account, facts->is_minor);
  const auto consents = safety_.identity().consents().all(account);
  const auto given = [&](identity::Purpose purpose) {
    return consents.has_value() && (*consents)[static_cast<std::size_t>(purpose)].is_given;
  };
  const Known read{.facts = *facts,
                   .direct = direct.value_or(safety::DirectFrom::nobody),
                   .consents_to_voice = given(identity::Purpose::voice),
                   .consents_to_captions = given(identity::Purpose::captions),
                   .read_at = safety_.identity().surroundings().now()};
  const std::unique_lock lock(mutex_);
  if (known_.size() >= kKnownMax && !known_.contains(account)) known_.erase(known_.begin());
  known_[account] = read;
}

void TalkAccounts::forget(AccountId account) {
  const std::unique_lock lock(mutex_);
  known_.erase(account);
}

void TalkAccounts::work(const std::stop_token& stop) {
  std::unique_lock lock(queue_mutex_);
  while (queue_filled_.wait(lock, stop, [this] { return !queue_.empty(); })) {
    const std::vector<AccountId> asked = std::exchange(queue_, {});
    lock.unlock();
    for (const AccountId account : asked) {
      if (stop.stop_requested()) return;
      learn(account);
    }
    lock.lock();
  }
}

TalkAccounts::Known TalkAccounts::known(const Profile& profile) {
  const AccountId account = account_in(profile);
  const safety::Time now = safety_.identity().surroundings().now();
  Known answer{.facts = {.is_guest = true, .is_minor = profile.is_minor, .created_at = now}};
  bool is_due = true;
  {
    const std::shared_lock lock(mutex_);
    if (const auto found = known_.find(account); found != known_.end()) {
      answer = found->second;
      is_due = now - answer.read_at >= kKnownTime;
    }
  }
  if (is_due) {
    const std::lock_guard lock(queue_mutex_);
    if (queue_.size() < kKnownMax && std::ranges::find(queue_, account) == queue_.end()) {
      queue_.push_back(account);
      queue_filled_.notify_one();
    }
  }
  const safety::Restriction restriction = safety_.cases().restriction_of(account);
  answer.facts.silenced_until = restriction.silenced_until;
  answer.facts.shut_out_until = restriction.shut_out_until;
  return answer;
}

presence::TalkLimits TalkAccounts::limits(const Profile& who) {
  const Known account = known(who);
  const safety::ContactLimits limits = safety::limits_of(account.facts, safety_.identity().surroundings().now());
  return {.messages_per_minute = limits.messages_per_minute,
          .direct_new_per_hour = limits.direct_new_per_hour,
          .may_link = limits.may_link,
          .may_speak_near = limits.may_speak_near && account.consents_to_voice,
          .may_speak_in_groups = limits.may_speak_in_groups && account.consents_to_voice,
          .may_caption = account.consents_to_captions};
}

bool TalkAccounts::hears(const Profile& listener, const Profile& speaker) {
  return safety_.relations().hears(account_in(listener), account_in(speaker));
}

base::Result<void> TalkAccounts::may_write(const Profile& sender, const Profile& recipient, bool has_been_written_to,
                                           bool share_group) {
  const Known from = known(sender);
  const Known to = known(recipient);
  const safety::Time now = safety_.identity().surroundings().now();
  switch (safety::may_write_directly(from.facts, to.facts, to.direct,
                                     {.has_written_before = has_been_written_to, .shares_group = share_group}, now)) {
    case safety::DirectVerdict::allowed: return {};
    case safety::DirectVerdict::sender_may_not:
      return fail(ErrorCode::denied,
                  "to: your account may answer direct messages, and not begin to write; see /api/v1/me/contact");
    // One answer for both: it says nothing of the other's age or choice.
    case safety::DirectVerdict::minors_are_protected:
    case safety::DirectVerdict::recipient_declines: break;
  }
  return fail(ErrorCode::denied, "person: takes no direct message from you now; speak nearby, or meet in a group");
}

bool TalkAccounts::may_speak_together(const Profile& one, const Profile& other, bool share_group) {
  return safety::may_speak_together(known(one).facts, known(other).facts, share_group, safety_.identity().surroundings().now());
}

presence::Witness TalkAccounts::witness(const Profile& speaker, presence::SayTo to, std::string_view text) {
  const safety::Time now = safety_.identity().surroundings().now();
  return {utc_text(now),
          safety_.seal().seal({.speaker = account_in(speaker), .said_at = now, .audience = audience_of(to)}, text)};
}

}  // namespace citiverse::api
