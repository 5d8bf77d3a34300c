// Whom a person of a space is, while both are there: the presence door knows, the routes of safety ask.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "identity/ids.h"
#include "presence/wire.h"

namespace citiverse::api {

struct MetPerson {
  identity::AccountId account;
  std::string name;
};

/// Threads: called from workers.
class PeopleMet {
 public:
  virtual ~PeopleMet() = default;
  /// Nothing unless both the asking account and the person are in this space now, and no block is between them.
  virtual std::optional<MetPerson> find(identity::AccountId asking, std::string_view space, presence::PersonId person) = 0;
};

}  // namespace citiverse::api
