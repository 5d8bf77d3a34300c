// The entities of an answer with those that they lead to, as one body: the same for queries and for one entity (ETSI GS CIM 009
// V1.9.1, 4.5.23, 5.7.1, 5.7.2).
#pragma once

#include <string>
#include <vector>

#include "api/ngsi_ld/linked_entities.h"
#include "api/ngsi_ld/query_request.h"

namespace citiverse::api::ngsi_ld {

/// Follows relationships as far as a request asks; stays where it is, since its form points into it.
class JoinedEntities {
 public:
  JoinedEntities(const NgsiLdApi& api, const Asked& asked, const ChosenForm& form, const JoinRequest& join);
  JoinedEntities(const JoinedEntities&) = delete;
  JoinedEntities& operator=(const JoinedEntities&) = delete;

  /// In which each entity is written; with join=inline what it leads to is inside.
  const EntityForm& form() const { return form_; }
  /// An array of entities, or a collection of features; with join=flat what they lead to stands behind them.
  std::string body(const net::Call& call, std::vector<twin::EntityPtr> entities);

 private:
  const NgsiLdApi& api_;
  const Asked& asked_;
  const ChosenForm& chosen_;
  const Join join_;
  const twin::TimeUs now_us_;
  LinkedEntities linked_;
  EntityForm form_;
};

}  // namespace citiverse::api::ngsi_ld
