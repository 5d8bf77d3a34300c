// The table itself: whoever asks "who may …?" finds the answer in one row.
#include "identity/policy.h"

#include <array>

#include "base/check.h"

namespace citiverse::identity {
namespace {

constexpr std::array<std::string_view, kRoles> kRoleNames{"resident", "planner",   "office",  "merchant",
                                                          "teacher",  "moderator", "operator"};

constexpr Standing kOffice = bit_of(Role::office);
constexpr Standing kModerator = bit_of(Role::moderator);
constexpr Standing kOperator = bit_of(Role::operator_);
// Who is in a time-out, or leaving, keeps what is theirs and may ask for justice, and does nothing towards others.
constexpr Standing kQuiet = kRestricted | kErasing;

using enum Permission;
constexpr std::array<Policy, kPermissions> kPolicies{{
    {everyone, "everyone", 0, 0, ""},
    {own_account, "own_account", kSignedIn, 0, "sign in, or come as a guest"},
    {own_sign_in, "own_sign_in", kMember, 0, "an account is needed; guests have none"},
    {enter_spaces, "enter_spaces", kSignedIn, kErasing, "sign in, or come as a guest"},
    {talk, "talk", kSignedIn, kQuiet, "sign in, or come as a guest; a time-out must have ended"},
    {talk_by_voice, "talk_by_voice", kSignedIn, kQuiet, "sign in, or come as a guest; a time-out must have ended"},
    {post_notices, "post_notices", kMember, kQuiet, "an account is needed, without a running time-out"},
    {leave_things, "leave_things", kMember, kQuiet | kMinor, "an adult's account is needed, without a running time-out"},
    {form_groups, "form_groups", kSignedIn, kQuiet, "sign in, or come as a guest; a time-out must have ended"},
    {open_spaces, "open_spaces", kMember, kQuiet | kMinor, "an adult's account is needed, without a time-out"},
    {report_others, "report_others", kSignedIn, 0, "sign in, or come as a guest"},
    {appeal_decisions, "appeal_decisions", kSignedIn, 0, "sign in, or come as a guest"},
    {found_organisations, "found_organisations", kMember, kQuiet | kMinor, "an adult's account is needed, without a time-out"},
    {verify_organisations, "verify_organisations", kOffice | kOperator, 0, "the role office or operator is needed"},
    {find_accounts, "find_accounts", kOffice | kModerator | kOperator, 0, "the role office, moderator or operator is needed"},
    {verify_residents, "verify_residents", kOffice | kOperator, 0, "the role office or operator is needed"},
    {give_roles, "give_roles", kOperator, 0, "the role operator is needed"},
    {moderate, "moderate", kModerator, 0, "the role moderator is needed"},
    {read_audit, "read_audit", kOperator, 0, "the role operator is needed"},
    {write_live_values, "write_live_values", kOffice | kOperator, 0,
     "the role office or operator is needed, or a machine's token that carries this permission"},
    {manage_machines, "manage_machines", kOperator, 0, "the role operator is needed"},
}};

constexpr bool rows_stand_in_order() {
  for (std::size_t i = 0; i < kPolicies.size(); ++i)
    if (static_cast<std::size_t>(kPolicies[i].permission) != i) return false;
  return true;
}
static_assert(rows_stand_in_order());

bool admits(const Policy& policy, Standing standing) {
  return (policy.any_of == 0 || (standing & policy.any_of) != 0) && (standing & policy.none_of) == 0;
}

}  // namespace

std::string_view name_of(Role role) { return kRoleNames[static_cast<std::size_t>(role)]; }

bool parse_role(std::string_view name, Role& role) {
  for (std::size_t i = 0; i < kRoles; ++i) {
    if (kRoleNames[i] != name) continue;
    role = static_cast<Role>(i);
    return true;
  }
  return false;
}

std::span<const Policy> policies() { return kPolicies; }

Verdict decide(Permission permission, Standing standing, Standing dormant) {
  CITIVERSE_CHECK(static_cast<std::size_t>(permission) < kPermissions, "every permission has a row in the policy table");
  const Policy& policy = policy_of(permission);
  if (admits(policy, standing)) return Verdict::allowed;
  if ((standing & kSignedIn) == 0) return Verdict::sign_in_needed;
  return admits(policy, standing | dormant) ? Verdict::sign_in_again_needed : Verdict::denied;
}

std::vector<std::string_view> role_names(Standing standing) {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < kRoles; ++i)
    if ((standing & bit_of(static_cast<Role>(i))) != 0) names.push_back(kRoleNames[i]);
  return names;
}

}  // namespace citiverse::identity
