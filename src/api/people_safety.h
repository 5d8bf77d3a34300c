// Safety, talk's rules, the noticeboard and the things that stay opened together, and tied to accounts.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "api/people_met.h"
#include "api/talk_accounts.h"
#include "identity/identity.h"
#include "presence/noticeboard.h"
#include "presence/object_book.h"
#include "safety/case_book.h"
#include "safety/contact_choices.h"
#include "safety/evidence_seal.h"
#include "safety/relations.h"
#include "safety/safety_data.h"

namespace citiverse::api {

/// What the presence door does at once when relations or restrictions change. Called from the thread that made the change.
struct SafetyChanges {
  /// A block or mute between these accounts began or ended; ask Relations how they stand now.
  std::function<void(identity::AccountId, identity::AccountId)> relation;
  /// What an account may do has changed; CaseBook::restriction_of() says until when. A running time-out must close its sockets.
  std::function<void(identity::AccountId)> restriction;
};

/// Threads: safe after set_changes().
class PeopleSafety {
 public:
  /// Tables in people.db, and `<state folder>/talk.db`. Registers what it knows of persons for export and erasure. `identity`
  /// must outlive it. Fails: unavailable, corrupt.
  static base::Result<std::unique_ptr<PeopleSafety>> open(identity::Identity& identity,
                                                          const std::filesystem::path& state_folder);
  ~PeopleSafety();

  /// Before serving.
  void set_changes(SafetyChanges changes) { changes_ = std::move(changes); }

  identity::Identity& identity() { return identity_; }
  safety::Relations& relations() { return *relations_; }
  safety::CaseBook& cases() { return *cases_; }
  safety::ContactChoices& choices() { return *choices_; }
  const safety::EvidenceSeal& seal() const { return *seal_; }
  presence::Noticeboard& notices() { return *notices_; }
  presence::ObjectBook& things() { return *things_; }
  TalkAccounts& talk() { return *talk_; }

  /// An account as the rules of contact see it. Fails: not_found.
  base::Result<safety::AccountFacts> facts(identity::AccountId account);
  /// Forgets what has run out. Call every few minutes.
  base::Result<void> sweep();

 private:
  explicit PeopleSafety(identity::Identity& identity) : identity_(identity) {}
  void restrict(identity::AccountId account, safety::Restriction restriction);

  identity::Identity& identity_;
  SafetyChanges changes_;
  std::unique_ptr<storage::Store> talk_store_;
  std::unique_ptr<safety::Relations> relations_;
  std::unique_ptr<safety::CaseBook> cases_;
  std::unique_ptr<safety::ContactChoices> choices_;
  std::unique_ptr<safety::EvidenceSeal> seal_;
  std::unique_ptr<presence::Noticeboard> notices_;
  std::unique_ptr<presence::ObjectBook> things_;
  std::unique_ptr<TalkAccounts> talk_;
  std::unique_ptr<safety::SafetyData> safety_data_;
  std::unique_ptr<identity::PersonalData> notice_data_;
  std::unique_ptr<identity::PersonalData> thing_data_;
};

}  // namespace citiverse::api
