// Accounts as rows: creating, reading, what persons say of themselves.
#include "identity/accounts.h"

#include <array>

#include "base/json_reader.h"
#include "base/text.h"
#include "identity/account_rows.h"
#include "identity/unicode_forms.h"
#include "storage/rows.h"

namespace citiverse::identity {
namespace {

using base::ErrorCode;
using base::Result;
using storage::Database;

constexpr std::array<std::string_view, kAccessNeeds> kAccessNeedNames{"step_free",      "screen_reader",  "large_text",
                                                                      "high_contrast",  "captions",       "sign_language",
                                                                      "reduced_motion", "plain_language", "more_time"};

std::unexpected<base::Error> bad(std::string message) { return base::fail(ErrorCode::bad_input, std::move(message)); }

// Text of a person as it may be shown: cleaned, and within its length.
Result<std::string> shown_text(std::string_view field, std::string_view text, std::size_t characters_max) {
  if (!base::is_utf8(text)) return bad(fmt::format("{}: this is not UTF-8", field));
  if (character_count(text) > characters_max) return bad(fmt::format("{}: at most {} characters", field, characters_max));
  return base::clean_text(text, text.size());
}

bool is_language_tag(std::string_view tag) {
  if (tag.size() > kLanguageTagBytesMax) return false;
  std::size_t part = 0;
  for (std::size_t begin = 0; begin <= tag.size(); ++part) {
    const std::size_t end = std::min(tag.find('-', begin), tag.size());
    const std::string_view piece = tag.substr(begin, end - begin);
    const auto is_letter = [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; };
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (piece.size() < 2 || piece.size() > (part == 0 ? 3u : 8u)) return false;
    if (!std::ranges::all_of(piece, [&](char c) { return is_letter(c) || (part > 0 && is_digit(c)); })) return false;
    begin = end + 1;
  }
  return true;
}

Result<std::string> joined_languages(const std::vector<std::string>& languages) {
  if (languages.size() > kLanguagesMax) return bad(fmt::format("languages: at most {}", kLanguagesMax));
  std::string joined;
  for (std::size_t i = 0; i < languages.size(); ++i) {
    if (!is_language_tag(languages[i])) return bad("languages: these are tags of BCP 47, such as fr or pt-BR");
    if (std::find(languages.begin(), languages.begin() + static_cast<std::ptrdiff_t>(i), languages[i]) !=
        languages.begin() + static_cast<std::ptrdiff_t>(i))
      return bad("languages: each one once");
    joined += (i > 0 ? "," : "") + languages[i];
  }
  return joined;
}

Result<void> check_look(std::string_view look) {
  if (look.empty()) return {};
  if (look.size() > kLookBytesMax) return bad(fmt::format("look: at most {} bytes", kLookBytesMax));
  const auto json = base::JsonDocument::parse(look);
  if (!json || !json->root().is_object()) return bad("look: this must be a JSON object");
  return {};
}

struct ProfileColumns {
  std::string name, name_key, pronouns, languages;
};
Result<ProfileColumns> columns_of(const Profile& profile) {
  auto name = shown_text("name", profile.name, kNameCharactersMax);
  if (!name) return std::unexpected(name.error());
  if (name->empty()) return bad("name: at least one character that shows");
  auto pronouns = shown_text("pronouns", profile.pronouns, kPronounsCharactersMax);
  if (!pronouns) return std::unexpected(pronouns.error());
  auto languages = joined_languages(profile.languages);
  if (!languages) return std::unexpected(languages.error());
  if (auto look = check_look(profile.look_json); !look) return std::unexpected(look.error());
  if (profile.access_needs >> kAccessNeeds != 0) return bad("access_needs: there is no such need");
  std::string key = case_folded(*name).value_or(*name);
  return ProfileColumns{*std::move(name), std::move(key), *std::move(pronouns), *std::move(languages)};
}

}  // namespace

std::string_view name_of(AccessNeed need) { return kAccessNeedNames[static_cast<std::size_t>(need)]; }

Standing Account::standing_at(Time now) const {
  Standing standing = roles | (is_guest ? kGuest : kMember);
  if (is_minor) standing |= kMinor;
  if (now - created_at < kNewAccountTime) standing |= kNew;
  if (restricted_until && now < *restricted_until) standing |= kRestricted;
  if (erase_at) standing |= kErasing;
  return standing;
}

Account account_from(const storage::Statement& row) {
  const auto time = [&](int column) { return Time(std::chrono::seconds(row.integer(column))); };
  const auto time_if_any = [&](int column) { return row.is_null(column) ? std::nullopt : std::optional(time(column)); };
  Account account;
  account.id = {static_cast<std::uint64_t>(row.integer(0))};
  account.is_guest = row.integer(1) != 0;
  account.is_minor = row.integer(2) != 0;
  account.sign_in_name = row.text(3);
  account.profile.name = row.text(4);
  account.profile.pronouns = row.text(5);
  const std::string_view languages = row.text(6);
  for (std::size_t begin = 0; begin < languages.size();) {
    const std::size_t end = std::min(languages.find(',', begin), languages.size());
    account.profile.languages.emplace_back(languages.substr(begin, end - begin));
    begin = end + 1;
  }
  account.profile.access_needs = static_cast<AccessNeeds>(row.integer(7));
  account.profile.look_json = row.text(8);
  account.roles = static_cast<Standing>(row.integer(9)) & kRoleBits;
  account.created_at = time(10);
  account.restricted_until = time_if_any(11);
  account.erase_at = time_if_any(12);
  if (!row.is_null(13)) {
    account.verification = Verification{time(13), std::string(row.text(14))};
    account.roles |= bit_of(Role::resident);
  }
  return account;
}

Result<Account> account_in(Database& database, AccountId id) {
  std::optional<Account> account;
  const auto rows = storage::each_row(
      database, fmt::format("{} WHERE id = ?", kSelectAccount), [&](const auto& row) { account = account_from(row); },
      id.value);
  if (!rows) return std::unexpected(rows.error());
  if (!account) return base::fail(ErrorCode::not_found, "there is no such account");
  return *std::move(account);
}

Result<void> touched_one(const Result<std::int64_t>& rows) {
  if (!rows) return std::unexpected(rows.error());
  if (*rows == 0) return base::fail(ErrorCode::not_found, "there is no such account");
  return {};
}

Result<AccountId> Accounts::create_guest(const Profile& profile, bool is_minor) {
  const auto columns = columns_of(profile);
  if (!columns) return std::unexpected(columns.error());
  const AccountId id{random_id_value(surroundings_)};
  const std::int64_t now = seconds_of(surroundings_.now());
  return store_.write([&](Database& database) -> Result<AccountId> {
    const auto done = storage::execute(
        database,
        "INSERT INTO accounts (id, is_guest, is_minor, name, name_key, pronouns, languages, access_needs, look, created_at, "
        "seen_at) VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        id.value, is_minor, columns->name, columns->name_key, columns->pronouns, columns->languages, profile.access_needs,
        profile.look_json, now, now);
    if (!done) return std::unexpected(done.error());
    return id;
  });
}

Result<Account> Accounts::get(AccountId account) {
  return store_.read([&](Database& database) { return account_in(database, account); });
}

Result<std::optional<AccountId>> Accounts::find_sign_in_name(std::string_view name) {
  const auto key = folded_sign_in_name(name);
  if (!key) return std::optional<AccountId>();  // No account can have such a name.
  return store_.read([&](Database& database) -> Result<std::optional<AccountId>> {
    const auto id = storage::one_integer(database, "SELECT id FROM accounts WHERE sign_in_key = ?", *key);
    if (!id) return std::unexpected(id.error());
    return *id ? std::optional(AccountId{static_cast<std::uint64_t>(**id)}) : std::nullopt;
  });
}

Result<void> Accounts::set_profile(AccountId account, const Profile& profile) {
  const auto columns = columns_of(profile);
  if (!columns) return std::unexpected(columns.error());
  const auto written = store_.write([&](Database& database) {
    return touched_one(storage::execute(
        database,
        "UPDATE accounts SET name = ?, name_key = ?, pronouns = ?, languages = ?, access_needs = ?, look = ? WHERE id = ?",
        columns->name, columns->name_key, columns->pronouns, columns->languages, profile.access_needs, profile.look_json,
        account.value));
  });
  if (written && profile_changed) profile_changed(account);
  return written;
}

Result<void> Accounts::set_sign_in_name(AccountId account, std::string_view name) {
  const auto key = folded_sign_in_name(name);
  if (!key) return std::unexpected(key.error());
  return store_.write([&](Database& database) -> Result<void> {
    const auto owner = storage::one_integer(database, "SELECT id FROM accounts WHERE sign_in_key = ?", *key);
    if (!owner) return std::unexpected(owner.error());
    if (*owner && static_cast<std::uint64_t>(**owner) != account.value)
      return base::fail(ErrorCode::conflict, "sign_in_name: somebody else signs in under this name; choose another");
    return touched_one(storage::execute(database, "UPDATE accounts SET sign_in_name = ?, sign_in_key = ? WHERE id = ?", name,
                                        *key, account.value));
  });
}

Result<std::vector<Account>> Accounts::search(std::string_view text) {
  std::string pattern = "%";
  for (const char c : case_folded(text).value_or(std::string())) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  pattern += '%';
  const std::uint64_t id = parse_id_text(text).value_or(0);
  std::vector<Account> found;
  const auto rows = store_.read([&](Database& database) {
    return storage::each_row(
        database,
        fmt::format("{} WHERE is_guest = 0 AND (id = ?1 OR name_key LIKE ?2 ESCAPE '\\' OR sign_in_key LIKE ?2 ESCAPE '\\') "
                    "ORDER BY name_key, id LIMIT ?3",
                    kSelectAccount),
        [&](const auto& row) { found.push_back(account_from(row)); }, id, pattern, kFoundAccountsMax);
  });
  if (!rows) return std::unexpected(rows.error());
  return found;
}

Result<std::string> folded_sign_in_name(std::string_view name) {
  constexpr std::string_view kSigns = "._-@+";
  auto folded = name.size() <= 4 * kSignInNameCharactersMax ? case_folded(name) : std::nullopt;
  const std::size_t characters = folded ? character_count(*folded) : 0;
  if (characters < kSignInNameCharactersMin || characters > kSignInNameCharactersMax)
    return bad(fmt::format("sign_in_name: {} to {} characters", kSignInNameCharactersMin, kSignInNameCharactersMax));
  if (!has_only_letters_digits_and(*folded, kSigns)) return bad("sign_in_name: only letters, digits and . _ - @ +");
  return *std::move(folded);
}

}  // namespace citiverse::identity
