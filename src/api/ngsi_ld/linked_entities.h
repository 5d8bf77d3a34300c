// Following relationships from the entities of an answer, as far and as wide as an answer may grow (ETSI GS CIM 009, 4.5.23).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "api/ngsi_ld/entity_json.h"
#include "twin/store.h"

namespace citiverse::api::ngsi_ld {

inline constexpr std::size_t kLinkedEntitiesMax = 1'000;  ///< Of one answer.

/// The ids that a relationship points to.
void each_object(const twin::Attribute& attribute, const std::function<void(std::string_view id)>& on_id);

class LinkedEntities {
 public:
  using Find = std::function<twin::EntityPtr(std::string_view id)>;
  /// `known` are ids that are not followed: those of containedBy.
  LinkedEntities(Find find, std::size_t levels, const std::vector<std::string>& known)
      : find_(std::move(find)), levels_(levels), known_(known.begin(), known.end()) {}

  /// Those that the entities of an answer lead to, each once, nearest first, without the answer's own.
  std::vector<twin::EntityPtr> flat(const std::vector<twin::EntityPtr>& linking);
  /// What EntityForm::linked gives: the entities behind a relationship as JSON, with theirs inside.
  std::string inlined(const twin::Attribute& relationship, const twin::Names& names, const Context& context,
                      const EntityForm& form, twin::TimeUs now_us, std::size_t level = 1);

 private:
  Find find_;
  std::size_t levels_;
  std::unordered_set<std::string> known_;
  std::size_t found_ = 0;
};

}  // namespace citiverse::api::ngsi_ld
