// The wiring between rooms that do not know each other: safety tells accounts, notices belong to people.
#include "api/people_safety.h"

#include <algorithm>

#include "api/safety_json.h"
#include "base/json_writer.h"
#include "base/log.h"

namespace citiverse::api {
namespace {

using identity::AccountId;

/// "notices" in a person's export.
class NoticeData : public identity::PersonalData {
 public:
  explicit NoticeData(presence::Noticeboard& board) : board_(board) {}
  std::string_view name() const override { return "notices"; }
  base::Result<std::string> export_json(AccountId account) override {
    const auto notices = board_.kept_of_author(account.value);
    if (!notices) return std::unexpected(notices.error());
    std::string text;
    base::JsonWriter json(text);
    json.begin_array();
    for (const presence::Notice& notice : *notices) write_notice(json, notice, account);
    json.end_array();
    return text;
  }
  base::Result<void> erase(AccountId account) override { return board_.erase(account.value); }

 private:
  presence::Noticeboard& board_;
};

/// "things" in a person's export: what they let stay in spaces.
class ThingData : public identity::PersonalData {
 public:
  explicit ThingData(presence::ObjectBook& book) : book_(book) {}
  std::string_view name() const override { return "things"; }
  base::Result<std::string> export_json(AccountId account) override {
    const auto things = book_.kept_of_owner(account.value);
    if (!things) return std::unexpected(things.error());
    std::string text;
    base::JsonWriter json(text);
    json.begin_array();
    for (const presence::KeptObject& thing : *things) write_thing(json, thing);
    json.end_array();
    return text;
  }
  base::Result<void> erase(AccountId account) override { return book_.erase(account.value); }

 private:
  presence::ObjectBook& book_;
};

}  // namespace

base::Result<std::unique_ptr<PeopleSafety>> PeopleSafety::open(identity::Identity& identity,
                                                               const std::filesystem::path& state_folder) {
  std::unique_ptr<PeopleSafety> all(new PeopleSafety(identity));
  storage::Store& store = identity.store();
  if (auto made = safety::make_tables(store); !made) return std::unexpected(made.error());
  auto relations = safety::Relations::load(store, identity.surroundings());
  if (!relations) return std::unexpected(relations.error());
  auto cases = safety::CaseBook::load(store, identity.surroundings());
  if (!cases) return std::unexpected(cases.error());
  auto seal = safety::load_seal(store, identity.surroundings());
  if (!seal) return std::unexpected(seal.error());
  auto talk_store = storage::Store::open(state_folder / "talk.db");
  if (!talk_store) return std::unexpected(talk_store.error());
  all->relations_ = *std::move(relations);
  all->cases_ = *std::move(cases);
  all->seal_ = *std::move(seal);
  all->talk_store_ = *std::move(talk_store);
  all->choices_ = std::make_unique<safety::ContactChoices>(store);
  all->notices_ = std::make_unique<presence::Noticeboard>(
      *all->talk_store_,
      presence::Noticeboard::Surroundings{[&identity] { return identity.surroundings().now(); },
                                          [&identity] { return identity::random_id_value(identity.surroundings()); }});
  if (auto made = all->notices_->make_tables(); !made) return std::unexpected(made.error());
  auto things = presence::ObjectBook::load(
      *all->talk_store_,
      presence::ObjectBook::Surroundings{[&identity] { return identity.surroundings().now(); },
                                         [&identity] { return identity::random_id_value(identity.surroundings()); }});
  if (!things) return std::unexpected(things.error());
  all->things_ = *std::move(things);
  all->talk_ = std::make_unique<TalkAccounts>(*all);
  all->safety_data_ = std::make_unique<safety::SafetyData>(*all->relations_, *all->cases_, *all->choices_);
  all->notice_data_ = std::make_unique<NoticeData>(*all->notices_);
  all->thing_data_ = std::make_unique<ThingData>(*all->things_);
  identity.erasure().add(*all->safety_data_);
  identity.erasure().add(*all->notice_data_);
  identity.erasure().add(*all->thing_data_);
  PeopleSafety& self = *all;
  all->relations_->set_listener([&self](safety::RelationKind, AccountId one, AccountId other, bool) {
    if (self.changes_.relation) self.changes_.relation(one, other);
  });
  all->cases_->set_listener(
      [&self](AccountId account, safety::Restriction restriction) { self.restrict(account, restriction); });
  return all;
}

PeopleSafety::~PeopleSafety() = default;

void PeopleSafety::restrict(AccountId account, safety::Restriction restriction) {
  const safety::Time until = std::max(restriction.silenced_until, restriction.shut_out_until);
  const auto kept = identity_.accounts().restrict_until(account, until == safety::Time{} ? std::nullopt : std::optional(until));
  // CaseBook answers for talk and entry in any case; the account's own standing is the second lock.
  if (!kept)
    base::log(base::LogLevel::warning, "restriction_not_in_account", {{"reason", std::string_view(kept.error().message)}});
  talk_->forget(account);
  if (changes_.restriction) changes_.restriction(account);
}

base::Result<safety::AccountFacts> PeopleSafety::facts(AccountId id) {
  const auto account = identity_.accounts().get(id);
  if (!account) return std::unexpected(account.error());
  const safety::Restriction restriction = cases_->restriction_of(id);
  return safety::AccountFacts{.is_guest = account->is_guest,
                              .is_minor = account->is_minor,
                              .is_verified = account->verification.has_value(),
                              .created_at = account->created_at,
                              .silenced_until = restriction.silenced_until,
                              .shut_out_until = restriction.shut_out_until};
}

base::Result<void> PeopleSafety::sweep() {
  if (auto swept = cases_->sweep(); !swept) return swept;
  if (auto swept = notices_->sweep(); !swept) return swept;
  return things_->sweep();
}

}  // namespace citiverse::api
