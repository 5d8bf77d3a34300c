// Organisations and their members as rows; every rule about who may change what stands here, not in the routes.
#include "identity/organisations.h"

#include "base/text.h"
#include "identity/account_rows.h"
#include "identity/unicode_forms.h"
#include "storage/rows.h"

namespace citiverse::identity {
namespace {

using base::ErrorCode;
using base::Result;
using storage::Database;

constexpr std::int64_t kOwner = static_cast<std::int64_t>(OrganisationRole::owner);
constexpr std::int64_t kJoined = static_cast<std::int64_t>(MemberState::member);

constexpr std::string_view kSelectOrganisation =
    "SELECT o.id, o.name, o.about, o.is_verified, "
    "(SELECT count(*) FROM organisation_members m WHERE m.organisation = o.id AND m.state = 1), mine.role, mine.state "
    "FROM organisations o LEFT JOIN organisation_members mine ON mine.organisation = o.id AND mine.account = ?1 ";
static_assert(kJoined == 1, "as kSelectOrganisation counts them");

Organisation organisation_from(const storage::Statement& row) {
  Organisation organisation;
  organisation.id = {static_cast<std::uint64_t>(row.integer(0))};
  organisation.name = row.text(1);
  organisation.about = row.text(2);
  organisation.is_verified = row.integer(3) != 0;
  organisation.members = row.integer(4);
  if (!row.is_null(5)) {
    organisation.my_role = static_cast<OrganisationRole>(row.integer(5));
    organisation.my_state = static_cast<MemberState>(row.integer(6));
  }
  return organisation;
}

Result<Organisation> organisation_in(Database& database, OrganisationId id, AccountId who) {
  std::optional<Organisation> found;
  const auto rows = storage::each_row(
      database, fmt::format("{} WHERE o.id = ?2", kSelectOrganisation),
      [&](const auto& row) { found = organisation_from(row); }, who.value, id.value);
  if (!rows) return std::unexpected(rows.error());
  if (!found) return base::fail(ErrorCode::not_found, "there is no such organisation");
  return *std::move(found);
}

bool is_owner(const Organisation& organisation) {
  return organisation.my_role == OrganisationRole::owner && organisation.my_state == MemberState::member;
}

Result<void> refuse_others(const Organisation& organisation) {
  if (is_owner(organisation)) return {};
  return base::fail(ErrorCode::denied, "only owners of the organisation may do this");
}

struct Texts {
  std::string name, key, about;
};
Result<Texts> checked_texts(std::string_view name, std::string_view about) {
  if (!base::is_utf8(name) || !base::is_utf8(about)) return base::fail(ErrorCode::bad_input, "name, about: this is not UTF-8");
  std::string shown = base::clean_text(name, name.size());
  if (character_count(shown) < 2 || character_count(shown) > kOrganisationNameCharactersMax)
    return base::fail(ErrorCode::bad_input, fmt::format("name: 2 to {} characters", kOrganisationNameCharactersMax));
  if (character_count(about) > kOrganisationAboutCharactersMax)
    return base::fail(ErrorCode::bad_input, fmt::format("about: at most {} characters", kOrganisationAboutCharactersMax));
  std::string key = case_folded(shown).value_or(shown);
  return Texts{std::move(shown), std::move(key), base::clean_text(about, about.size())};
}

Result<void> refuse_taken_name(Database& database, const std::string& key, OrganisationId own) {
  const auto holder = storage::one_integer(database, "SELECT id FROM organisations WHERE name_key = ?", key);
  if (!holder) return std::unexpected(holder.error());
  if (*holder && static_cast<std::uint64_t>(**holder) != own.value)
    return base::fail(ErrorCode::conflict, "name: another organisation has this name");
  return {};
}

Result<std::int64_t> count_in(Database& database, std::string_view sql, std::uint64_t id) {
  const auto count = storage::one_integer(database, sql, id);
  if (!count) return std::unexpected(count.error());
  return count->value_or(0);
}

// Fails when `account` is the only owner.
Result<void> refuse_last_owner(Database& database, OrganisationId organisation, AccountId account) {
  const auto others = storage::one_integer(
      database, "SELECT count(*) FROM organisation_members WHERE organisation = ? AND account <> ? AND role = ? AND state = ?",
      organisation.value, account.value, kOwner, kJoined);
  if (!others) return std::unexpected(others.error());
  if (others->value_or(0) > 0) return {};
  return base::fail(ErrorCode::conflict,
                    "this is the last owner; make somebody else an owner first, or close the organisation");
}

struct Membership {
  OrganisationRole role;
  MemberState state;
};
Result<std::optional<Membership>> membership_in(Database& database, OrganisationId organisation, AccountId account) {
  std::optional<Membership> found;
  const auto rows = storage::each_row(
      database, "SELECT role, state FROM organisation_members WHERE organisation = ? AND account = ?",
      [&](const storage::Statement& row) {
        found = {static_cast<OrganisationRole>(row.integer(0)), static_cast<MemberState>(row.integer(1))};
      },
      organisation.value, account.value);
  if (!rows) return std::unexpected(rows.error());
  return found;
}

}  // namespace

Result<OrganisationId> Organisations::found(AccountId who, std::string_view name, std::string_view about) {
  const auto texts = checked_texts(name, about);
  if (!texts) return std::unexpected(texts.error());
  const OrganisationId id{random_id_value(surroundings_)};
  const std::int64_t now = seconds_of(surroundings_.now());
  return store_.write([&](Database& database) -> Result<OrganisationId> {
    const auto owned =
        count_in(database, "SELECT count(*) FROM organisation_members WHERE account = ? AND role = 0 AND state = 1", who.value);
    if (!owned) return std::unexpected(owned.error());
    if (*owned >= static_cast<std::int64_t>(kOrganisationsPerAccountMax))
      return base::fail(ErrorCode::conflict,
                        fmt::format("one account owns at most {} organisations", kOrganisationsPerAccountMax));
    if (auto taken = refuse_taken_name(database, texts->key, id); !taken) return std::unexpected(taken.error());
    const auto made =
        storage::execute(database, "INSERT INTO organisations (id, name, name_key, about, created_at) VALUES (?, ?, ?, ?, ?)",
                         id.value, texts->name, texts->key, texts->about, now);
    if (!made) return std::unexpected(made.error());
    const auto joined = storage::execute(database, "INSERT INTO organisation_members VALUES (?, ?, ?, ?, ?)", id.value,
                                         who.value, kOwner, kJoined, now);
    if (!joined) return std::unexpected(joined.error());
    return id;
  });
}

Result<Organisation> Organisations::get(OrganisationId organisation, AccountId who) {
  return store_.read([&](Database& database) { return organisation_in(database, organisation, who); });
}

Result<std::vector<Organisation>> Organisations::list(std::string_view text, bool only_mine, AccountId who, std::size_t first,
                                                      std::size_t count) {
  std::vector<Organisation> found;
  const auto rows = store_.read([&](Database& database) {
    return storage::each_row(
        database,
        fmt::format("{} WHERE instr(o.name_key, ?2) > 0 AND (?3 = 0 OR mine.role IS NOT NULL) ORDER BY o.name_key LIMIT ?4 "
                    "OFFSET ?5",
                    kSelectOrganisation),
        [&](const auto& row) { found.push_back(organisation_from(row)); }, who.value, case_folded(text).value_or(std::string()),
        only_mine, count, first);
  });
  if (!rows) return std::unexpected(rows.error());
  return found;
}

Result<void> Organisations::change(OrganisationId organisation, AccountId who, std::optional<std::string_view> name,
                                   std::optional<std::string_view> about) {
  return store_.write([&](Database& database) -> Result<void> {
    const auto before = organisation_in(database, organisation, who);
    if (!before) return std::unexpected(before.error());
    if (auto refused = refuse_others(*before); !refused) return refused;
    const auto texts = checked_texts(name.value_or(before->name), about.value_or(before->about));
    if (!texts) return std::unexpected(texts.error());
    if (auto taken = refuse_taken_name(database, texts->key, organisation); !taken) return taken;
    return touched_one(storage::execute(
        database, "UPDATE organisations SET name = ?, name_key = ?, about = ?, is_verified = is_verified AND ? WHERE id = ?",
        texts->name, texts->key, texts->about, texts->name == before->name, organisation.value));
  });
}

Result<void> Organisations::close(OrganisationId organisation, AccountId who) {
  return store_.write([&](Database& database) -> Result<void> {
    const auto found = organisation_in(database, organisation, who);
    if (!found) return std::unexpected(found.error());
    if (auto refused = refuse_others(*found); !refused) return refused;
    tell_parted(organisation);
    return touched_one(storage::execute(database, "DELETE FROM organisations WHERE id = ?", organisation.value));
  });
}

void Organisations::tell_parted(OrganisationId organisation) {
  if (parted) store_.after_commit([this, organisation] { parted(organisation); });
}

Result<std::vector<OrganisationId>> Organisations::of_member(AccountId account) {
  std::vector<OrganisationId> found;
  const auto rows = store_.read([&](Database& database) {
    return storage::each_row(
        database, "SELECT organisation FROM organisation_members WHERE account = ? AND state = ? ORDER BY organisation",
        [&](const auto& row) { found.push_back({static_cast<std::uint64_t>(row.integer(0))}); }, account.value,
        static_cast<int>(MemberState::member));
  });
  if (!rows) return std::unexpected(rows.error());
  return found;
}

Result<void> Organisations::set_verified(OrganisationId organisation, bool is_verified) {
  return store_.write([&](Database& database) -> Result<void> {
    if (const auto found = organisation_in(database, organisation, {}); !found) return std::unexpected(found.error());
    return touched_one(
        storage::execute(database, "UPDATE organisations SET is_verified = ? WHERE id = ?", is_verified, organisation.value));
  });
}

Result<std::vector<OrganisationMember>> Organisations::members(OrganisationId organisation, AccountId who, bool sees_all) {
  return store_.read([&](Database& database) -> Result<std::vector<OrganisationMember>> {
    const auto found = organisation_in(database, organisation, who);
    if (!found) return std::unexpected(found.error());
    if (!sees_all && !(found->my_role && found->my_state == MemberState::member))
      return base::fail(ErrorCode::denied, "only members of the organisation see who belongs to it");
    std::vector<OrganisationMember> members;
    const auto rows = storage::each_row(
        database,
        "SELECT m.account, a.name, m.role, m.state FROM organisation_members m JOIN accounts a ON a.id = m.account "
        "WHERE m.organisation = ? ORDER BY m.role, a.name_key, a.id",
        [&](const storage::Statement& row) {
          members.push_back({{static_cast<std::uint64_t>(row.integer(0))},
                             std::string(row.text(1)),
                             static_cast<OrganisationRole>(row.integer(2)),
                             static_cast<MemberState>(row.integer(3))});
        },
        organisation.value);
    if (!rows) return std::unexpected(rows.error());
    return members;
  });
}

Result<OrganisationMember> Organisations::set_member(OrganisationId organisation, AccountId who, AccountId account,
                                                     OrganisationRole role) {
  return store_.write([&](Database& database) -> Result<OrganisationMember> {
    const auto found = organisation_in(database, organisation, who);
    if (!found) return std::unexpected(found.error());
    const auto person = account_in(database, account);
    if (!person) return std::unexpected(person.error());
    const auto before = membership_in(database, organisation, account);
    if (!before) return std::unexpected(before.error());
    auto state = *before ? (*before)->state : MemberState::invited;
    if (account == who && *before && state == MemberState::invited) {
      if (role != (*before)->role) return base::fail(ErrorCode::conflict, "role: accept with the role of the invitation");
      state = MemberState::member;
    } else {
      if (auto refused = refuse_others(*found); !refused) return std::unexpected(refused.error());
      if (person->is_guest) return base::fail(ErrorCode::not_found, "there is no such account");
      if (role != OrganisationRole::owner && *before && (*before)->role == OrganisationRole::owner &&
          state == MemberState::member) {
        if (auto last = refuse_last_owner(database, organisation, account); !last) return std::unexpected(last.error());
      }
      const auto members =
          count_in(database, "SELECT count(*) FROM organisation_members WHERE organisation = ?", organisation.value);
      if (!members) return std::unexpected(members.error());
      if (!*before && *members >= static_cast<std::int64_t>(kMembersMax))
        return base::fail(ErrorCode::conflict, fmt::format("an organisation has at most {} members", kMembersMax));
    }
    const auto kept =
        storage::execute(database, "INSERT OR REPLACE INTO organisation_members VALUES (?, ?, ?, ?, ?)", organisation.value,
                         account.value, static_cast<int>(role), static_cast<int>(state), seconds_of(surroundings_.now()));
    if (!kept) return std::unexpected(kept.error());
    return OrganisationMember{account, person->profile.name, role, state};
  });
}

Result<void> Organisations::remove_member(OrganisationId organisation, AccountId who, AccountId account) {
  return store_.write([&](Database& database) -> Result<void> {
    const auto found = organisation_in(database, organisation, who);
    if (!found) return std::unexpected(found.error());
    if (account != who) {
      if (auto refused = refuse_others(*found); !refused) return refused;
    }
    const auto before = membership_in(database, organisation, account);
    if (!before) return std::unexpected(before.error());
    if (!*before) return base::fail(ErrorCode::not_found, "this account does not belong to the organisation");
    if ((*before)->role == OrganisationRole::owner && (*before)->state == MemberState::member) {
      if (auto last = refuse_last_owner(database, organisation, account); !last) return last;
    }
    tell_parted(organisation);
    return touched_one(storage::execute(database, "DELETE FROM organisation_members WHERE organisation = ? AND account = ?",
                                        organisation.value, account.value));
  });
}

}  // namespace citiverse::identity
