// The accounts behind a space's people: names, roles and blocks from identity and safety, places from the city.
#pragma once

#include "api/people_safety.h"
#include "api/presence_accounts.h"
#include "city/city.h"

namespace citiverse::api {

/// All must outlive it. Threads: as PresenceAccounts says.
class PresencePeople final : public PresenceAccounts {
 public:
  PresencePeople(PeopleSafety& safety, const city::City& city) : safety_(safety), identity_(safety.identity()), city_(city) {}

  std::expected<presence::Profile, net::Reply> profile(const net::Visitor& visitor) override;
  std::vector<std::uint64_t> apart_from(std::uint64_t account) override;
  base::Result<void> may_group(const presence::Profile& who) override;
  base::Result<void> may_invite(const presence::Profile& who, const presence::Profile& whom) override;
  bool is_muted(const presence::Profile& listener, const presence::Profile& other) override;
  std::optional<geo::Vec2d> find_object(std::string_view id) override;
  std::string fresh_code() override;

 private:
  PeopleSafety& safety_;
  identity::Identity& identity_;
  const city::City& city_;
};

}  // namespace citiverse::api
