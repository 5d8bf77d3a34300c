// The accounts behind a space's people: names, roles and blocks from identity and safety, places from the city.
#pragma once

#include "api/presence_accounts.h"
#include "city/city.h"
#include "identity/identity.h"
#include "safety/case_book.h"
#include "safety/relations.h"

namespace citiverse::api {

/// All must outlive it. Threads: as PresenceAccounts says.
class PresencePeople final : public PresenceAccounts {
 public:
  PresencePeople(identity::Identity& identity, safety::Relations& relations, safety::CaseBook& cases, const city::City& city)
      : identity_(identity), relations_(relations), cases_(cases), city_(city) {}

  std::expected<presence::Profile, net::Reply> profile(const net::Visitor& visitor) override;
  std::vector<std::uint64_t> apart_from(std::uint64_t account) override;
  base::Result<void> may_group(const presence::Profile& who) override;
  base::Result<void> may_invite(const presence::Profile& who, const presence::Profile& whom) override;
  bool is_muted(const presence::Profile& listener, const presence::Profile& other) override;
  std::optional<geo::Vec2d> find_object(std::string_view id) override;
  std::string fresh_code() override;

 private:
  identity::Identity& identity_;
  safety::Relations& relations_;
  safety::CaseBook& cases_;
  const city::City& city_;
};

}  // namespace citiverse::api
