// What every room that stores something about a person answers to: "show me all of it" and "forget me".
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "identity/ids.h"

namespace citiverse::identity {

/// One kind of stored personal data. Registered with identity::Erasure by apps/citiverse/serve. Threads: safe.
class PersonalData {
 public:
  virtual ~PersonalData() = default;
  /// A stable key of the export, in snake_case, such as "notices".
  virtual std::string_view name() const = 0;
  /// All that is stored about the account, as one JSON value; an empty object or array when there is nothing. What others wrote
  /// about or to the person is included as far as it does not disclose those others.
  virtual base::Result<std::string> export_json(AccountId account) = 0;
  /// Removes it, or cuts every tie to the person where others need the thing to stay. Called again after a crash: erasing what
  /// is gone already succeeds.
  virtual base::Result<void> erase(AccountId account) = 0;
};

}  // namespace citiverse::identity
