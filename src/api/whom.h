// Naming somebody without knowing their account: as a person of a space, by a message that one got, by a notice or a thing that
// stays.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/people_safety.h"
#include "base/json_reader.h"

namespace citiverse::api {

struct Whom {
  identity::AccountId account;
  std::string name;
  safety::Left left;
  std::optional<safety::Exhibit> message;  ///< When a message named them.
};

/// Reads the contract's Whom. Fails: bad_input naming the member; not_found for who is not there any more.
base::Result<Whom> read_whom(PeopleSafety& safety, PeopleMet& met, identity::AccountId asking, base::JsonValue value);

/// Reads the contract's Evidence; all must be by `subject`. Fails: bad_input naming the item.
base::Result<std::vector<safety::Exhibit>> read_evidence(PeopleSafety& safety, identity::AccountId subject,
                                                         base::JsonValue value);

}  // namespace citiverse::api
