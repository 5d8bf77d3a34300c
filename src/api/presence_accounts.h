// What the presence door asks of accounts and moderation, whoever answers.
#pragma once

#include <cstdint>
#include <expected>
#include <vector>

#include "net/gate.h"
#include "net/reply.h"
#include "presence/gathering.h"
#include "presence/reach.h"

namespace citiverse::api {

/// profile() and apart_from() from any thread, within a millisecond; the rest from the space's.
class PresenceAccounts : public presence::GatheringRules {
 public:
  /// Who comes in, or the answer that is given instead: somebody in a time-out has no entry.
  virtual std::expected<presence::Profile, net::Reply> profile(const net::Visitor& visitor) = 0;
  /// Running spaces know of each other through the door.
  std::vector<presence::Elsewhere> elsewhere(const presence::Profile&, std::string_view) final { return {}; }
  /// Accounts that are blocked by this one, or block it.
  virtual std::vector<std::uint64_t> apart_from(std::uint64_t account) = 0;
};

}  // namespace citiverse::api
