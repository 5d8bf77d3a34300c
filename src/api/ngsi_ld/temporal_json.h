// The evolution of an entity as answers show it: every instance, values with their times, or values put together
// (ETSI GS CIM 009 V1.9.1, 4.5.6 to 4.5.9, 4.5.19).
#pragma once

#include <string>
#include <vector>

#include "api/ngsi_ld/projection.h"
#include "api/ngsi_ld/temporal_aggregates.h"
#include "api/ngsi_ld/temporal_instances.h"

namespace citiverse::api::ngsi_ld {

/// What is shown of one entity; series of one attribute stand together.
struct TemporalEntity {
  twin::history::KeptEntity kept;
  std::vector<SeriesInstances> series;       ///< Of TemporalForm::instances and values.
  std::vector<SeriesAggregates> aggregates;  ///< Of TemporalForm::aggregates.
};

struct TemporalLook {
  const twin::Names& names;
  const Context& context;
  const ChosenForm& form;
  const TemporalRequest& request;
  bool with_context = false;
};

/// Appends the entity. A deletion is an instance whose value is NGSI-LD Null, with deletedAt (4.5.7).
void write_temporal_entity(std::string& out, const TemporalEntity& entity, const TemporalLook& look);

}  // namespace citiverse::api::ngsi_ld
