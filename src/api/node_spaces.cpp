// Rules are presence's; what they are asked about is read from identity.
#include "api/node_spaces.h"

#include <algorithm>

#include "api/safety_json.h"
#include "base/json_writer.h"

namespace citiverse::api {
namespace {

using base::ErrorCode;
using base::fail;
using identity::AccountId;
using identity::OrganisationId;
using identity::Standing;
using presence::Audience;
using presence::Entrant;
using presence::SpaceRecord;

Entrant entrant_of(const presence::Profile& who) {
  return {.account = who.account,
          .roles = who.roles & identity::kRoleBits,
          .is_guest = who.is_guest,
          .organisations = who.organisations};
}

std::string_view refusal_of(Audience audience) {
  switch (audience) {
    case Audience::accounts: return "this space is for accounts; guests have none";
    case Audience::organisation: return "this space is for members of its organisation";
    case Audience::roles: return "this space is for people with a certain role in the city";
    case Audience::everybody:
    case Audience::invited: break;
  }
  return "this space is for people on its list; ask whoever gave you its address to invite you";
}

}  // namespace

std::unique_ptr<NodeSpaces::Who> NodeSpaces::who(AccountId account, Standing standing) {
  auto who = std::make_unique<Who>();
  if (!account.is_known()) return who;
  if (const auto found = identity_.organisations().of_member(account))
    for (const OrganisationId each : *found) who->organisations.push_back(each.value);
  who->entrant = {.account = account.value,
                  .roles = standing & identity::kRoleBits,
                  .is_guest = (standing & identity::kMember) == 0,
                  .organisations = who->organisations};
  return who;
}

bool NodeSpaces::is_listed(const SpaceRecord& space, const Entrant& who, bool is_host) {
  if (is_host) return true;
  if (space.closed_at) return false;
  const bool is_public =
      space.audience == Audience::everybody || space.audience == Audience::accounts || space.audience == Audience::roles;
  return is_public || presence::lets_in(space, who);
}

bool NodeSpaces::is_host(const SpaceRecord& space, AccountId account) {
  if (!account.is_known()) return false;
  if (space.maker == account.value) return true;
  if (space.organisation == 0) return false;
  const auto organisation = identity_.organisations().get({space.organisation}, account);
  return organisation && organisation->my_role == identity::OrganisationRole::owner &&
         organisation->my_state == identity::MemberState::member;
}

base::Result<void> NodeSpaces::may_make(AccountId account, Standing standing, std::uint64_t organisation) {
  if (organisation != 0) {
    const auto mine = identity_.organisations().of_member(account);
    if (!mine) return std::unexpected(mine.error());
    if (std::ranges::find(*mine, OrganisationId{organisation}) == mine->end())
      return fail(ErrorCode::denied, "organisation: only its members make spaces for it");
    return {};
  }
  if ((standing & kSpaceMakers) != 0) return {};
  return fail(
      ErrorCode::denied,
      "organisation: make the space for an organisation that you belong to, or with the role teacher, planner or office");
}

void NodeSpaces::review(const SpaceRecord& space) {
  const std::string id = identity::id_text(space.id);
  if (space.closed_at) return door_.put_out(id, 0, "this space has closed");
  for (const std::uint64_t account : door_.accounts_in(id)) review_in(space, {account});
}

void NodeSpaces::review_in(const SpaceRecord& space, AccountId account) {
  const auto known = identity_.accounts().get(account);
  const Standing standing = known ? known->standing_at(identity_.surroundings().now()) : 0;
  if (!known || !presence::lets_in(space, who(account, standing)->entrant))
    door_.put_out(identity::id_text(space.id), account.value, "this space does not let you in any more");
}

void NodeSpaces::review_account(AccountId account) {
  for (const std::string& id : door_.halls_with(account.value)) {
    const auto number = identity::parse_id_text(id);
    if (const auto space = number ? book_.get(*number) : base::Result<SpaceRecord>(fail(ErrorCode::not_found, "")))
      review_in(*space, account);
  }
}

void NodeSpaces::review_all() {
  for (const std::string& id : door_.halls_with(0)) {
    const auto number = identity::parse_id_text(id);
    const auto space = number ? book_.get(*number) : base::Result<SpaceRecord>(fail(ErrorCode::not_found, ""));
    if (space)
      review(*space);
    else
      door_.put_out(id, 0, "this space is gone");
  }
}

std::expected<presence::SpaceOptions, net::Reply> NodeSpaces::enter(std::string_view id, const presence::Profile& who) {
  const auto number = identity::parse_id_text(id);
  const auto space = number ? book_.get(*number) : base::Result<SpaceRecord>(fail(ErrorCode::not_found, ""));
  if (!space) return std::unexpected(net::problem(404, "not_found", "there is no such space", "space"));
  if (presence::lets_in(*space, entrant_of(who))) return presence::options_of(*space);
  // Whoever could not enter it before is not told that it has closed.
  if (space->closed_at)
    return std::unexpected(net::problem(404, "not_found", "there is no such space, or it has closed", "space"));
  return std::unexpected(net::problem(403, "not_let_in", refusal_of(space->audience), "space"));
}

bool NodeSpaces::lets_in(std::string_view id, const presence::Profile& who) {
  const auto number = identity::parse_id_text(id);
  return number && book_.lets_in(*number, entrant_of(who));
}

base::Result<std::string> NodeSpaces::export_json(AccountId account) {
  std::string text;
  base::JsonWriter json(text);
  json.begin_object().key("made").begin_array();
  const std::vector<SpaceRecord> spaces = book_.all();
  for (const SpaceRecord& space : spaces) {
    if (space.maker != account.value) continue;
    json.begin_object().member("id", identity::id_text(space.id)).member("name", space.name);
    json.member_if_known("about", space.about).member("audience", presence::name_of(space.audience));
    json.member("made_at", utc_text(space.made_at)).key("open").boolean(!space.closed_at.has_value());
    json.key("guests").integer(static_cast<std::int64_t>(space.guests.size())).end_object();
  }
  json.end_array().key("invited_to").begin_array();
  for (const SpaceRecord& space : spaces)
    if (space.guests.contains(account.value))
      json.begin_object().member("id", identity::id_text(space.id)).member("name", space.name).end_object();
  json.end_array().end_object();
  return text;
}

base::Result<void> NodeSpaces::erase(AccountId account) {
  if (auto erased = book_.erase(account.value); !erased) return erased;
  review_all();
  return {};
}

}  // namespace citiverse::api
