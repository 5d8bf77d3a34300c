// One attribute as it is written, in any of the three forms. Private to the reader of entities.
#pragma once

#include "api/ngsi_ld/entity_reader.h"

namespace citiverse::api::ngsi_ld {

/// Counts over all attributes of one entity. Used once.
class AttributeReader {
 public:
  AttributeReader(const Context& context, twin::Names& names, const ReadRules& rules)
      : context_(context), names_(names), rules_(rules) {}

  base::Result<std::vector<AttributeInput>> read(std::string_view name, base::JsonValue json, std::size_t depth);

 private:
  using Read = base::Result<AttributeInput>;

  Read read_one(std::string_view name, base::JsonValue json, std::size_t depth);
  Read read_value_alone(std::string_view name, base::JsonValue json);
  Read read_object(std::string_view name, base::JsonValue json, std::size_t depth);
  base::Result<bool> read_member(AttributeInput& input, std::string_view attribute, std::string_view member,
                                 base::JsonValue json);
  base::Result<void> read_kind(AttributeInput& input, std::string_view name, base::JsonValue json);
  base::Result<void> read_value(AttributeInput& input, std::string_view name, std::string_view member, base::JsonValue json);
  base::Result<void> read_relationship(AttributeInput& input, std::string_view name, base::JsonValue json);
  base::Result<void> read_object_list(AttributeInput& input, std::string_view name, base::JsonValue json);
  base::Result<void> read_languages(AttributeInput& input, std::string_view name, base::JsonValue json);
  base::Result<void> read_vocabulary(AttributeInput& input, std::string_view name, base::JsonValue json);
  base::Result<void> read_plain(AttributeInput& input, std::string_view name, base::JsonValue json);
  base::Result<void> take_null(AttributeInput& input, std::string_view name);
  base::Result<void> check_whole(const AttributeInput& input, std::string_view name);

  const Context& context_;
  twin::Names& names_;
  const ReadRules& rules_;
  std::size_t attributes_ = 0;
};

/// The name of a kind, "GeoProperty", or nothing.
std::optional<twin::AttributeKind> kind_of(std::string_view type);
std::string_view name_of(twin::AttributeKind kind);
/// The member that holds a kind's value: "value", "object", "languageMap" and so on.
std::string_view value_member_of(twin::AttributeKind kind);
/// Members of attributes and of the system, which cannot be names of attributes.
bool is_reserved_member(std::string_view name);

}  // namespace citiverse::api::ngsi_ld
