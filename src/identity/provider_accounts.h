// Which account belongs to which person of which provider, and what happens when somebody arrives from one.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "identity/accounts.h"
#include "identity/audit_log.h"
#include "identity/oidc_provider.h"
#include "identity/personal_data.h"
#include "storage/store.h"

namespace citiverse::identity {

/// The name of an account whose provider gives none, until its owner chooses one.
inline constexpr std::string_view kNamelessName = "Neighbour";

struct ProviderLink {
  std::string provider;  ///< OidcSettings::id.
  Time added_at;
};

/// Somebody whom a provider has named.
struct Arrival {
  const OidcSettings& provider;
  OidcPerson person;
  AccountId signed_in;      ///< Who is signed in in this browser; unknown: nobody.
  bool wants_link = false;  ///< To add the provider to the account that is signed in.
  bool says_minor = false;  ///< Of themselves, for an account that is made now.
};

struct Arrived {
  AccountId account;
  bool is_new = false;
  bool is_other_verified = false;  ///< The person has another verified account: this one was not verified.
};

/// The table of links from (issuer, subject) to accounts. Threads: safe.
class ProviderAccounts : public PersonalData {
 public:
  /// Makes the table. What is passed must outlive this.
  static base::Result<std::unique_ptr<ProviderAccounts>> open(storage::Store& store, const Surroundings& surroundings,
                                                              Accounts& accounts, AuditLog& audit);

  /// The person's account: the linked one; or the one that is signed in where a link is wanted or it is a guest's, who becomes
  /// a member; or a new one. Where the provider says who is a resident, the account becomes verified, or stops being so if it
  /// was by this provider. Fails: conflict, when a link is wanted and the person belongs to another account.
  base::Result<Arrived> arrive(const Arrival& arrival);

  base::Result<std::vector<ProviderLink>> list(AccountId account);
  /// Fails: not_found.
  base::Result<void> remove(AccountId account, std::string_view provider);

  std::string_view name() const override { return "sign_in_providers"; }
  base::Result<std::string> export_json(AccountId account) override;
  base::Result<void> erase(AccountId account) override;

 private:
  ProviderAccounts(storage::Store& store, const Surroundings& surroundings, Accounts& accounts, AuditLog& audit)
      : store_(store), surroundings_(surroundings), accounts_(accounts), audit_(audit) {}
  base::Result<Arrived> find_or_make(storage::Database& database, const Arrival& arrival);
  base::Result<void> follow_residence(const Arrival& arrival, const Account& account);

  storage::Store& store_;
  const Surroundings& surroundings_;
  Accounts& accounts_;
  AuditLog& audit_;
};

}  // namespace citiverse::identity
