// From an account to what others see of it.
#include "api/presence_people.h"

#include "api/problem.h"
#include "city/feature_id.h"
#include "identity/policy.h"

namespace citiverse::api {
namespace {

using identity::Permission;
using identity::Role;

// Who acts for the city is known as such to whoever meets them.
constexpr identity::Standing kShownRoles =
    identity::bit_of(Role::office) | identity::bit_of(Role::moderator) | identity::bit_of(Role::teacher);

std::vector<std::uint64_t> organisations_of(identity::Identity& identity, identity::AccountId account) {
  std::vector<std::uint64_t> numbers;
  if (const auto found = identity.organisations().of_member(account))
    for (const identity::OrganisationId each : *found) numbers.push_back(each.value);
  return numbers;
}

identity::AccountId id_of(const presence::Profile& profile) { return {profile.account}; }

}  // namespace

std::expected<presence::Profile, net::Reply> PresencePeople::profile(const net::Visitor& visitor) {
  const identity::AccountId id{visitor.account};
  const identity::Time now = identity_.surroundings().now();
  if (safety_.cases().restriction_of(id).shut_out_until > now) {
    return std::unexpected(net::problem(
        403, "time_out", "a moderator has given you a time-out; its reasons and how to appeal stand in your account"));
  }
  const auto account = identity_.accounts().get(id);
  if (!account) return std::unexpected(problem_from(account.error()));
  safety_.talk().learn(id);
  const identity::Standing standing = account->standing_at(now);
  const auto agreed = identity_.consents().get(id, identity::Purpose::profile);
  const bool shows_profile = agreed && agreed->is_given;
  presence::Profile profile{.account = visitor.account,
                            .session = visitor.session,
                            .roles = standing,
                            .name = account->profile.name,
                            .pronouns = shows_profile ? account->profile.pronouns : std::string(),
                            .look_json = account->profile.look_json,
                            .organisations = organisations_of(identity_, id),
                            .is_guest = account->is_guest,
                            .is_verified = account->verification.has_value(),
                            .is_minor = account->is_minor};
  for (const std::string_view role : identity::role_names(standing & kShownRoles)) profile.shown_roles.emplace_back(role);
  return profile;
}

std::vector<std::uint64_t> PresencePeople::apart_from(std::uint64_t account) {
  std::vector<std::uint64_t> apart;
  for (const identity::AccountId other : safety_.relations().apart_from({account})) apart.push_back(other.value);
  return apart;
}

base::Result<void> PresencePeople::may_group(const presence::Profile& who) {
  if (identity::allows(Permission::form_groups, who.roles)) return {};
  return base::fail(base::ErrorCode::denied, std::string(identity::policy_of(Permission::form_groups).needs));
}

base::Result<void> PresencePeople::may_invite(const presence::Profile& who, const presence::Profile& whom) {
  if (auto allowed = may_group(who); !allowed) return allowed;
  // Strangers do not call children aside; a class's teacher does.
  const bool is_teacher = (who.roles & (identity::bit_of(Role::teacher) | identity::bit_of(Role::office))) != 0;
  if (whom.is_minor && !who.is_minor && !is_teacher)
    return base::fail(base::ErrorCode::denied, "invite: this person cannot be invited; give them the group's code yourself");
  if ((who.roles & (identity::kGuest | identity::kNew)) != 0 && whom.is_minor)
    return base::fail(base::ErrorCode::denied, "invite: this person cannot be invited by guests and new accounts");
  return {};
}

bool PresencePeople::is_muted(const presence::Profile& listener, const presence::Profile& other) {
  return !safety_.relations().hears(id_of(listener), id_of(other));
}

std::optional<geo::Vec2d> PresencePeople::find_object(std::string_view id) {
  const auto parsed = city::feature_id_from(id);
  if (!parsed) return std::nullopt;
  const auto index = city_.find(*parsed);
  if (!index) return std::nullopt;
  return city_.anchor(city_.feature(*index));
}

std::string PresencePeople::fresh_code() {
  // base64url has two characters that codes do not: they are words to be read out.
  constexpr std::size_t kCodeCharacters = 20;
  std::string code;
  while (code.size() < kCodeCharacters) {
    for (const char c : identity::random_token(identity_.surroundings(), 24))
      if (c != '-' && c != '_' && code.size() < kCodeCharacters) code.push_back(c);
  }
  return code;
}

}  // namespace citiverse::api
