// What this room knows of a person, shown and forgotten on request.
#pragma once

#include "identity/personal_data.h"
#include "safety/case_book.h"
#include "safety/contact_choices.h"
#include "safety/relations.h"

namespace citiverse::safety {

/// "safety" in a person's export: blocks, mutes, choices, own reports, decisions about them. Who blocked or reported them is
/// theirs who did and is not told (GDPR, Article 15(4)).
class SafetyData : public identity::PersonalData {
 public:
  /// All must outlive this.
  SafetyData(Relations& relations, CaseBook& cases, ContactChoices& choices)
      : relations_(relations), cases_(cases), choices_(choices) {}

  std::string_view name() const override { return "safety"; }
  base::Result<std::string> export_json(AccountId account) override;
  base::Result<void> erase(AccountId account) override;

 private:
  Relations& relations_;
  CaseBook& cases_;
  ContactChoices& choices_;
};

}  // namespace citiverse::safety
