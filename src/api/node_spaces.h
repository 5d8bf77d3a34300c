// The spaces that people have made, tied to accounts: who may enter, who may change, and that nobody stays where they may not.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/city_model.h"
#include "api/presence_door.h"
#include "identity/identity.h"
#include "identity/personal_data.h"
#include "presence/space_book.h"

namespace citiverse::api {

/// Whoever has one of these may make spaces of their own; everybody else makes them for an organisation.
inline constexpr identity::Standing kSpaceMakers =
    identity::bit_of(identity::Role::teacher) | identity::bit_of(identity::Role::planner) |
    identity::bit_of(identity::Role::office) | identity::bit_of(identity::Role::operator_);

/// Threads: safe.
class NodeSpaces final : public SpaceKeeper, public identity::PersonalData {
 public:
  /// All must outlive it.
  NodeSpaces(presence::SpaceBook& book, identity::Identity& identity, PresenceDoor& door)
      : book_(book), identity_(identity), door_(door) {}

  presence::SpaceBook& book() { return book_; }
  identity::Identity& identity() { return identity_; }
  PresenceDoor& door() { return door_; }

  /// An account with its roles as they count for this request.
  struct Who {
    presence::Entrant entrant;
    std::vector<std::uint64_t> organisations;  ///< What entrant points to.
  };
  std::unique_ptr<Who> who(identity::AccountId account, identity::Standing standing);
  /// Open to some part of the public, or to them: others are not told that it is there.
  static bool is_listed(const presence::SpaceRecord& space, const presence::Entrant& who, bool is_host);
  /// Its maker, or an owner of the organisation that it belongs to.
  bool is_host(const presence::SpaceRecord& space, identity::AccountId account);
  /// Fails: denied, saying what is needed.
  base::Result<void> may_make(identity::AccountId account, identity::Standing standing, std::uint64_t organisation);

  /// Rules or rights have changed: whoever is in the space, or in any, and may not be, is put out.
  void review(const presence::SpaceRecord& space);
  void review_all();
  void review_account(identity::AccountId account);
  base::Result<void> sweep() { return book_.sweep(); }

  std::expected<presence::SpaceOptions, net::Reply> enter(std::string_view space, const presence::Profile& who) override;
  bool lets_in(std::string_view space, const presence::Profile& who) override;

  std::string_view name() const override { return "spaces"; }
  base::Result<std::string> export_json(identity::AccountId account) override;
  base::Result<void> erase(identity::AccountId account) override;

 private:
  void review_in(const presence::SpaceRecord& space, identity::AccountId account);

  presence::SpaceBook& book_;
  identity::Identity& identity_;
  PresenceDoor& door_;
};

/// GET and POST /spaces, one space, its list of guests. What is passed must outlive the router.
void add_space_routes(net::Router& router, NodeSpaces& spaces, const CityModel& model);

}  // namespace citiverse::api
