// Entities as answers show them: written straight into a string, in the caller's words.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/ngsi_ld/context.h"
#include "twin/entity.h"

namespace citiverse::api::ngsi_ld {

enum class Form : std::uint8_t { normalized, concise, simplified };

/// Which members of entities are shown (pick, omit, attrs: ETSI GS CIM 009, 4.21).
struct Projection {
  bool id = true;
  bool type = true;
  bool scope = true;
  bool only = false;                ///< `names` are all that is shown; otherwise all but these.
  std::vector<twin::NameId> names;  ///< Attributes.
  bool shows(twin::NameId name) const;
};

struct EntityForm {
  Form form = Form::normalized;
  bool shows_system_attributes = false;     ///< createdAt, modifiedAt (options=sysAttrs).
  std::string_view language;                ///< Languages are reduced to the best for this (4.15); empty: none is.
  std::span<const std::string> datasets;    ///< Only instances of these; "@none" is the default one; empty: all.
  const Projection* projection = nullptr;   ///< Null: everything.
  const twin::Entity* before = nullptr;     ///< Set: what changed since shows its previous value (5.8.6, showChanges).
  bool is_deleted = false;                  ///< The entity was deleted at `deleted_us`.
  twin::TimeUs deleted_us = twin::kNoTime;  ///< Set: attributes whose value is NGSI-LD Null were deleted then.
  /// The linked entities of a relationship as JSON, an object or an array; empty: none are shown (4.5.23.2).
  std::function<std::string(const twin::Attribute&)> linked = {};
  std::string_view geometry_property_dataset;  ///< GeoJSON: the instance that gives the geometry; empty: the default one.
};

/// Appends an entity (4.5.1 to 4.5.5, 4.5.18 to 4.5.24). With `with_context`, "@context" stands last. What has expired by
/// `now_us` is left out. Cost: one pass, no allocation beside the string's for names met before.
void write_entity(std::string& out, const twin::Entity& entity, const twin::Names& names, const Context& context,
                  const EntityForm& form, twin::TimeUs now_us, bool with_context = false);

/// Appends an entity as a GeoJSON Feature whose geometry is the value of `geometry_property` (4.5.16, 4.5.17).
void write_feature(std::string& out, const twin::Entity& entity, const twin::Names& names, const Context& context,
                   const EntityForm& form, twin::NameId geometry_property, twin::TimeUs now_us, bool with_context = false);

/// Appends one instance as it stands behind its name; `before` is its previous state or null.
void write_attribute(std::string& out, const twin::Attribute& attribute, const twin::Names& names, const Context& context,
                     const EntityForm& form, const twin::Attribute* before = nullptr);

/// Appends a value as its kind's member has it, or in the simplified form.
void write_value(std::string& out, const twin::Attribute& attribute, const Context& context, bool is_simplified);

/// The best text of a language map for a list of languages such as "fr,en;q=0.5,*" (4.15), as JSON, and its language.
struct LanguageChoice {
  std::string language;
  std::string json;
};
LanguageChoice choose_language(std::string_view language_map, std::string_view wanted);

}  // namespace citiverse::api::ngsi_ld
