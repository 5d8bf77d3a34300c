// Entities and fragments as clients write them, normalized, concise or simplified, → values, and what of them was said.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/ngsi_ld/context.h"
#include "base/json_reader.h"
#include "base/result.h"
#include "twin/entity.h"

namespace citiverse::api::ngsi_ld {

inline constexpr std::string_view kNgsiLdNull = "urn:ngsi-ld:null";
inline constexpr std::size_t kAttributeDepthMax = 6;          ///< Attributes of attributes.
inline constexpr std::size_t kValueBytesMax = 256 * 1024;     ///< One value as JSON.
inline constexpr std::size_t kAttributesMax = 1'000;          ///< Of one entity, with all instances and sub-attributes.
inline constexpr std::size_t kTemporalInstancesMax = 50'000;  ///< The same, where they follow each other in time.
inline constexpr std::size_t kTypesMax = 32;                  ///< Of one entity; scopes too.
inline constexpr std::size_t kIdBytesMax = 1'024;             ///< Ids of entities and datasets.
inline constexpr std::size_t kEntityJsonDepthMax = 32;        ///< Arrays and objects within each other.

/// Members of an attribute that a fragment may say, or set to NGSI-LD Null.
enum class Said : std::uint8_t { kind, value, observed_at, unit_code, object_type, expires_at };

/// One instance of an attribute as it was written. What was not said has its default in `attribute`.
struct AttributeInput {
  twin::Attribute attribute;          ///< Without `about`.
  std::vector<AttributeInput> about;  ///< Sub-attributes, as written.
  std::uint8_t said = 0;              ///< A bit a Said.
  std::uint8_t nulls = 0;             ///< Members that are NGSI-LD Null; `value`: the whole instance is.
  bool is_simplified = false;         ///< A value alone, whose kind was inferred.

  bool has(Said member) const { return (said >> static_cast<unsigned>(member) & 1u) != 0; }
  bool is_null(Said member) const { return (nulls >> static_cast<unsigned>(member) & 1u) != 0; }
  bool is_null() const { return is_null(Said::value); }
};

struct EntityInput {
  std::string id;
  std::vector<twin::NameId> types;
  std::optional<std::vector<twin::NameId>> scopes;
  twin::TimeUs expires_us = twin::kNoTime;
  std::vector<AttributeInput> attributes;  ///< In the order given.
};

struct ReadRules {
  bool needs_id = true;                ///< And type: a whole entity; otherwise a fragment, which may leave both out.
  bool takes_null = false;             ///< NGSI-LD Null at the level of attributes and their members (5.5.4).
  bool takes_null_inside = false;      ///< Also within values: merge.
  bool is_simplified = false;          ///< Every member is a value (4.5.4).
  bool may_be_partial = false;         ///< An attribute may leave out its value: partial update, merge.
  bool is_temporal = false;            ///< Instances of one dataset follow each other in time (5.2.20).
  bool is_attribute_fragment = false;  ///< What read_attribute() gets is an object of members, never a value.
};

/// Reads with names expanded by `context` and numbered in `names`. A member "@context" of the entity itself is passed over;
/// createdAt, modifiedAt, deletedAt and instanceId are the broker's and passed over too.
/// Fails: bad_input, naming the member and the fix; limit. Source: ETSI GS CIM 009 V1.9.1, 4.5.1 to 4.5.5, 4.5.18 to 4.5.24,
/// 4.6, 4.7, 5.5.4.
base::Result<EntityInput> read_entity(base::JsonValue json, const Context& context, twin::Names& names, const ReadRules& rules);
/// All instances of one attribute, as they stand behind its name.
base::Result<std::vector<AttributeInput>> read_attribute(std::string_view name, base::JsonValue json, const Context& context,
                                                         twin::Names& names, const ReadRules& rules);

/// The attribute that the input makes where there is none: times set, sub-attributes sorted; nulls are left out.
twin::Attribute make_attribute(AttributeInput input, twin::TimeUs now_us);

/// A URI that may stand as an id: absolute, bounded, without characters that no header may carry. `what` names it.
base::Result<void> check_uri(std::string_view what, std::string_view uri);
/// A name of a type or attribute by 4.6.2: letters, digits and '_', perhaps with a prefix, or an IRI.
base::Result<void> check_name(std::string_view name);

}  // namespace citiverse::api::ngsi_ld
