// Writes that belong together, gathered before the first is made, so that a request that is wrong somewhere writes nothing.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/sensor_things/sensor_things_api.h"
#include "base/result.h"
#include "twin/report.h"

namespace citiverse::api::sensor_things {

/// What becomes of one entity of the twin.
struct Draft {
  std::string id;
  twin::NameId new_type = twin::kNoName;  ///< Set: the entity is made; otherwise it must be there.
  std::vector<twin::Attribute> puts;
  std::vector<std::pair<twin::NameId, twin::NameId>> removes;  ///< Names and datasets.
  bool is_deletion = false;

  bool puts_any(twin::NameId name, twin::NameId dataset) const;
};

/// What was made: its id, or where it is found in history once that knows it.
struct Made {
  Kind kind = Kind::thing;
  std::string id;      ///< Empty for a value whose series may have no number yet.
  std::string entity;  ///< The twin's id, with what follows, of a value.
  twin::NameId attribute = twin::kNoName;
  twin::NameId dataset = twin::kNoName;
  twin::TimeUs time_us = 0;
};

class Plan {
 public:
  explicit Plan(const SensorThingsApi& api) : api_(api), now_us_(api.store.now_us()) {}

  twin::TimeUs now_us() const { return now_us_; }
  /// Another entity of a type, with an id of its own. References stay good.
  Draft& make(Kind kind);
  /// The draft of an entity that is there or is being made.
  Draft& change(std::string_view entity);
  const Draft* find(std::string_view entity) const;
  /// A value as it was observed: what is late goes into history without standing for the present.
  void observe(std::string_view entity, twin::NameId type, twin::Attribute value);

  /// Writes all; returns when it is as durable as the node promises and history has it. Fails: unavailable, and what
  /// the entities say that have changed meanwhile: not_found, conflict.
  base::Result<void> commit();
  /// Gives values their ids, which history knows once all is written.
  void find_ids(std::vector<Made>& made) const;

 private:
  twin::Edit edit_of(const Draft& draft) const;

  const SensorThingsApi& api_;
  const twin::TimeUs now_us_;
  std::deque<Draft> drafts_;
  std::vector<twin::Report> reports_;
};

}  // namespace citiverse::api::sensor_things
