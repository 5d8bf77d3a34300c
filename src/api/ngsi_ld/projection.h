// The parameters of consumption that say how entities are shown: format, options, pick, omit, attrs, lang, datasetId,
// geometryProperty (ETSI GS CIM 009 V1.9.1, 6.3.7, 6.3.10, 4.21).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/ngsi_ld/asked.h"

namespace citiverse::api::ngsi_ld {

/// Owns what an EntityForm points to.
struct ChosenForm {
  Form kind = Form::normalized;
  bool shows_system_attributes = false;
  std::string language;
  std::vector<std::string> datasets;
  std::optional<Projection> projection;
  std::vector<twin::NameId> needed;  ///< An entity without any of these is not meant (attrs, pick); empty: any entity is.
  bool needs_attribute = false;      ///< `needed` counts, even when none of its names is known.
  twin::NameId geometry_property = twin::kNoName;
  std::string geometry_dataset;

  EntityForm form() const;
  bool has_any(const twin::Entity& entity) const;
};

/// Fails as BadRequestData, naming the parameter.
Answered<ChosenForm> read_form(const NgsiLdApi& api, const Asked& asked);

}  // namespace citiverse::api::ngsi_ld
