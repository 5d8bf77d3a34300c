// Organisations: businesses, associations, schools and offices that persons act for.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "identity/accounts.h"

namespace citiverse::identity {

inline constexpr std::size_t kOrganisationNameCharactersMax = 80;
inline constexpr std::size_t kOrganisationAboutCharactersMax = 1000;
inline constexpr std::size_t kOrganisationsPerAccountMax = 20;  ///< Owned by one account.
inline constexpr std::size_t kMembersMax = 500;                 ///< Invited ones included.

enum class OrganisationRole : std::uint8_t { owner, member };
enum class MemberState : std::uint8_t { invited, member };
constexpr std::string_view name_of(OrganisationRole role) { return role == OrganisationRole::owner ? "owner" : "member"; }
constexpr std::string_view name_of(MemberState state) { return state == MemberState::invited ? "invited" : "member"; }

struct Organisation {
  OrganisationId id;
  std::string name;
  std::string about;
  bool is_verified = false;
  std::int64_t members = 0;
  // Of the account that asks.
  std::optional<OrganisationRole> my_role;
  MemberState my_state = MemberState::member;
};

struct OrganisationMember {
  AccountId account;
  std::string name;
  OrganisationRole role = OrganisationRole::member;
  MemberState state = MemberState::invited;
};

/// `who` is the account that acts; what it may not do fails with denied. Threads: safe.
class Organisations {
 public:
  Organisations(storage::Store& store, const Surroundings& surroundings) : store_(store), surroundings_(surroundings) {}
  /// Called after somebody may belong to an organisation no longer. Set once, before threads.
  std::function<void(OrganisationId)> parted;

  /// Fails: bad_input; conflict when the name is taken; limit.
  base::Result<OrganisationId> found(AccountId who, std::string_view name, std::string_view about);
  base::Result<Organisation> get(OrganisationId organisation, AccountId who);
  /// By name; those whose name contains `text`, or only those of `who`.
  base::Result<std::vector<Organisation>> list(std::string_view text, bool only_mine, AccountId who, std::size_t first,
                                               std::size_t count);
  /// Those that an account is a member of.
  base::Result<std::vector<OrganisationId>> of_member(AccountId account);
  /// For owners. A new name ends a verification.
  base::Result<void> change(OrganisationId organisation, AccountId who, std::optional<std::string_view> name,
                            std::optional<std::string_view> about);
  base::Result<void> close(OrganisationId organisation, AccountId who);
  base::Result<void> set_verified(OrganisationId organisation, bool is_verified);

  /// For members, and for everybody when `sees_all`.
  base::Result<std::vector<OrganisationMember>> members(OrganisationId organisation, AccountId who, bool sees_all);
  /// An owner invites, or gives a role to a member; who is invited accepts with the role of the invitation. Guests and unknown
  /// accounts: not_found. The last owner stays one: conflict.
  base::Result<OrganisationMember> set_member(OrganisationId organisation, AccountId who, AccountId account,
                                              OrganisationRole role);
  /// By an owner, or by the account itself. The last owner stays: conflict.
  base::Result<void> remove_member(OrganisationId organisation, AccountId who, AccountId account);

 private:
  void tell_parted(OrganisationId organisation);

  storage::Store& store_;
  const Surroundings& surroundings_;
};

}  // namespace citiverse::identity
