// What people chose about who may write to them first.
#pragma once

#include "safety/contact_rules.h"
#include "safety/tables.h"

namespace citiverse::safety {

/// Threads: safe.
class ContactChoices {
 public:
  explicit ContactChoices(storage::Store& store) : store_(store) {}
  base::Result<std::optional<DirectFrom>> chosen(AccountId account);
  /// What was chosen, or the default.
  base::Result<DirectFrom> of(AccountId account, bool is_minor);
  base::Result<void> set(AccountId account, DirectFrom choice);

 private:
  storage::Store& store_;
};

}  // namespace citiverse::safety
