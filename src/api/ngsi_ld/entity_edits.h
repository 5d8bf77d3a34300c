// What each operation makes of an entity: the one before and what was written in, the one after out. Knows no HTTP.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/ngsi_ld/entity_reader.h"
#include "twin/entity.h"

namespace citiverse::api::ngsi_ld {

/// UpdateResult (ETSI GS CIM 009 V1.9.1, 5.2.18).
struct Outcome {
  std::vector<twin::NameId> updated;
  std::vector<std::pair<twin::NameId, std::string>> not_updated;  ///< With the reason.
};

using EntityResult = base::Result<twin::EntityPtr>;

/// True when there is none, or it has expired (4.22).
bool is_gone(const twin::EntityPtr& entity, twin::TimeUs now_us);

/// 5.6.1. Fails: conflict when it is there.
EntityResult create_entity(const twin::EntityPtr& before, EntityInput input, twin::TimeUs now_us);
/// 5.6.3: what is there is replaced only with `overwrites`. Fails: not_found.
EntityResult append_attributes(const twin::EntityPtr& before, EntityInput input, bool overwrites, twin::TimeUs now_us,
                               Outcome& outcome);
/// 5.6.2 and 5.5.8: attributes are replaced, added, or deleted by NGSI-LD Null. Fails: not_found.
EntityResult update_attributes(const twin::EntityPtr& before, EntityInput input, twin::TimeUs now_us, Outcome& outcome);
/// 5.6.18: all content is replaced; createdAt stays. Fails: not_found.
EntityResult replace_entity(const twin::EntityPtr& before, EntityInput input, twin::TimeUs now_us);

struct MergeRules {
  std::string_view language;                 ///< Of texts for languageMaps.
  twin::TimeUs observed_us = twin::kNoTime;  ///< For attributes that have an observedAt already.
  bool is_simplified = false;                ///< Kinds of attributes stay as they are.
};
/// 5.6.17 and 5.5.12: merged to any depth (RFC 7396). Fails: not_found; bad_input, where a value does not fit a kind that
/// stays.
EntityResult merge_entity(const twin::EntityPtr& before, EntityInput input, const MergeRules& rules, const Context& context,
                          twin::TimeUs now_us, Outcome& outcome);

/// 5.6.4: members that are said replace those that are there; the kind stays. Fails: not_found, bad_input.
EntityResult update_attribute_partially(const twin::EntityPtr& before, AttributeInput input, twin::TimeUs now_us);
/// 5.6.19. Fails: not_found.
EntityResult replace_attribute(const twin::EntityPtr& before, AttributeInput input, twin::TimeUs now_us);
/// 5.6.5: one instance, or all. Fails: not_found.
EntityResult delete_attribute(const twin::EntityPtr& before, twin::NameId name, twin::NameId dataset, bool all,
                              twin::TimeUs now_us);

/// One attribute merged; for merge_entity().
base::Result<twin::Attribute> merge_attribute(const twin::Attribute& before, AttributeInput input, const MergeRules& rules,
                                              const Context& context, twin::TimeUs now_us);
/// RFC 7396 with "urn:ngsi-ld:null" for null, on JSON texts.
std::string merge_json(std::string_view target, std::string_view patch);

}  // namespace citiverse::api::ngsi_ld
