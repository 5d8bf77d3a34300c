// What a person has agreed to, purpose by purpose: nothing before it was asked, and taken back as easily as given.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "identity/accounts.h"

namespace citiverse::identity {

enum class Purpose : std::uint8_t {
  captions,  ///< What I say is shown as text to those who hear me.
  voice,     ///< I talk by voice: browsers connect to each other and see each other's network address.
  profile,   ///< Those near me see my pronouns.
};
inline constexpr std::size_t kPurposes = 3;
std::string_view name_of(Purpose purpose);
std::optional<Purpose> parse_purpose(std::string_view name);

struct Consent {
  bool is_given = false;
  std::optional<Time> changed_at;
};

/// Each change is kept with its time, since the city must be able to show it (GDPR, article 7 (1)). Threads: safe.
class Consents {
 public:
  Consents(storage::Store& store, const Surroundings& surroundings) : store_(store), surroundings_(surroundings) {}

  base::Result<Consent> get(AccountId account, Purpose purpose);
  base::Result<std::array<Consent, kPurposes>> all(AccountId account);
  /// Fails: not_found.
  base::Result<void> set(AccountId account, Purpose purpose, bool is_given);

  /// Called once a change is kept, in the thread that made it. Set before any other thread works.
  std::function<void(AccountId)> changed;

 private:
  storage::Store& store_;
  const Surroundings& surroundings_;
};

}  // namespace citiverse::identity
