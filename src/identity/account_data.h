// What this room itself stores about a person.
#pragma once

#include "identity/accounts.h"
#include "identity/personal_data.h"

namespace citiverse::identity {

/// The account and everything that goes with its row. Threads: safe.
class AccountData : public PersonalData {
 public:
  AccountData(storage::Store& store, Accounts& accounts) : store_(store), accounts_(accounts) {}

  std::string_view name() const override { return "identity"; }
  base::Result<std::string> export_json(AccountId account) override;
  /// An organisation whose last owner goes passes to the member who joined first; one without members is closed.
  base::Result<void> erase(AccountId account) override;

 private:
  storage::Store& store_;
  Accounts& accounts_;
};

/// RFC 3339 in UTC, such as 2026-05-04T16:30:00Z.
std::string time_text(Time time);

}  // namespace citiverse::identity
