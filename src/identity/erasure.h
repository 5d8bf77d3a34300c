// Showing a person everything that is stored about them, and forgetting it, in every room.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "identity/accounts.h"
#include "identity/personal_data.h"

namespace citiverse::identity {

inline constexpr std::size_t kErasuresAtOnceMax = 100;  ///< Read from the disk.

/// The rooms' personal data in the order of registration; identity's own comes last, so that a crash in between leaves the
/// account and its wish to be erased in place, and the next sweep goes on. Threads: safe once all is registered.
class Erasure {
 public:
  /// `own` is what identity itself stores.
  Erasure(storage::Store& store, const Surroundings& surroundings, Accounts& accounts, PersonalData& own)
      : store_(store), surroundings_(surroundings), accounts_(accounts), own_(own) {}

  /// `data` must outlive this. Before threads.
  void add(PersonalData& data) { data_.push_back(&data); }

  /// {"made_at": …, "account": …, "<name>": …, …}. Fails when any room fails: an export is complete or none.
  base::Result<std::string> export_json(AccountId account);
  /// Erases now, everywhere. Fails: unavailable; then it is done again by erase_due().
  base::Result<void> erase_now(AccountId account);
  /// Erases accounts whose time has come, and guests who have not been seen for kGuestTime; gives how many. Call every minute.
  /// Fails as the first one that could not be erased, once all others have been tried: nobody waits for somebody else's
  /// trouble.
  base::Result<std::size_t> erase_due();

 private:
  base::Result<std::vector<AccountId>> due_after(std::int64_t last);

  storage::Store& store_;
  const Surroundings& surroundings_;
  Accounts& accounts_;
  PersonalData& own_;
  std::vector<PersonalData*> data_;
};

}  // namespace citiverse::identity
