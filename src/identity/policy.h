// Who may do what: one table that every route goes through, whatever it serves.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace citiverse::identity {

/// Given by the city, but `resident`, which is held exactly as long as the account is verified.
enum class Role : std::uint8_t { resident, planner, office, merchant, teacher, moderator, operator_ };
inline constexpr std::size_t kRoles = 7;
std::string_view name_of(Role role);
/// True when the name is one; `role` is set.
bool parse_role(std::string_view name, Role& role);

/// What is known of who asks, as bits: a bit a Role from bit 0, and the flags below. 0 is somebody who is not signed in.
/// It travels as net's Visitor::roles.
using Standing = std::uint32_t;
constexpr Standing bit_of(Role role) { return Standing{1} << static_cast<unsigned>(role); }
inline constexpr Standing kRoleBits = (Standing{1} << kRoles) - 1;
inline constexpr Standing kGuest = 1u << 16;       ///< An account without any means to sign in again.
inline constexpr Standing kMember = 1u << 17;      ///< An account that somebody can sign in to again.
inline constexpr Standing kMinor = 1u << 18;       ///< A child or a youth: contact and location are limited.
inline constexpr Standing kNew = 1u << 19;         ///< Younger than kNewAccountTime.
inline constexpr Standing kRestricted = 1u << 20;  ///< Moderators gave a time-out that still runs.
inline constexpr Standing kErasing = 1u << 21;     ///< Asked to be erased; the time to think again still runs.
inline constexpr Standing kSignedIn = kGuest | kMember;
/// Roles that reach other people's data: they count only for kPrivilegedTime after signing in.
inline constexpr Standing kPrivilegedRoles = bit_of(Role::office) | bit_of(Role::moderator) | bit_of(Role::operator_);

/// What a route demands. The number is net's AccessRule; 0 lets everybody in.
enum class Permission : std::uint16_t {
  everyone,
  own_account,   ///< See, change, export and erase what is one's own; guests too.
  own_sign_in,   ///< Passwords, recovery codes: members only.
  enter_spaces,  ///< Be in the city with others.
  talk,          ///< Text to those near, to a group, to a person.
  talk_by_voice,
  post_notices,  ///< Write on the noticeboard of a place.
  leave_things,  ///< Let what one puts down in a space stay when one goes.
  form_groups,   ///< Make and lead groups and tours.
  open_spaces,   ///< Make spaces and change one's own; which, the space's rules say.
  report_others,
  appeal_decisions,
  found_organisations,
  verify_organisations,
  find_accounts,  ///< Look up accounts by name or id.
  verify_residents,
  give_roles,
  moderate,  ///< The moderators' queue, decisions and time-outs.
  read_audit,
  write_live_values,  ///< Create and change entities of the twin; machines too.
  manage_machines,    ///< Make, list and revoke access tokens of machines.
};
inline constexpr std::size_t kPermissions = 21;

struct Policy {
  Permission permission;
  std::string_view name;   ///< As GET /api/v1/me lists it.
  Standing any_of;         ///< One of these bits is needed; 0: none.
  Standing none_of;        ///< None of these may be set.
  std::string_view needs;  ///< For the person who is refused.
};
/// One row a permission, in the order of the enum.
std::span<const Policy> policies();
inline const Policy& policy_of(Permission permission) { return policies()[static_cast<std::size_t>(permission)]; }

enum class Verdict : std::uint8_t {
  allowed,
  sign_in_needed,        ///< Nobody is signed in.
  sign_in_again_needed,  ///< The role is there, but the sign-in is too long ago.
  denied,
};
/// `standing` as it counts now, `dormant` the privileged roles that would count after signing in again.
Verdict decide(Permission permission, Standing standing, Standing dormant = 0);
inline bool allows(Permission permission, Standing standing) { return decide(permission, standing) == Verdict::allowed; }

/// Names of the roles among the bits, in the order of the enum.
std::vector<std::string_view> role_names(Standing standing);

}  // namespace citiverse::identity
