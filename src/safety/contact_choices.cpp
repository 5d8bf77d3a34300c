// A minor's default is stricter, so an absent row must stay absent until something is chosen.
#include "safety/contact_choices.h"

namespace citiverse::safety {

base::Result<std::optional<DirectFrom>> ContactChoices::chosen(AccountId account) {
  const auto found = store_.read([&](storage::Database& database) {
    return storage::one_integer(database, "SELECT direct FROM safety_contact WHERE account = ?", stored(account));
  });
  if (!found) return std::unexpected(found.error());
  return *found ? std::optional(static_cast<DirectFrom>(**found)) : std::nullopt;
}

base::Result<DirectFrom> ContactChoices::of(AccountId account, bool is_minor) {
  const auto found = chosen(account);
  if (!found) return std::unexpected(found.error());
  return found->value_or(default_direct_from(is_minor));
}

base::Result<void> ContactChoices::set(AccountId account, DirectFrom choice) {
  return store_.write([&](storage::Database& database) {
    return done(
        storage::execute(database, "INSERT OR REPLACE INTO safety_contact VALUES (?, ?)", stored(account), stored(choice)));
  });
}

}  // namespace citiverse::safety
