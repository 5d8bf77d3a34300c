// POSTed entities, with all that stands within them, as a plan of what is written (OGC 18-088, 10.2).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/sensor_things/body.h"
#include "api/sensor_things/plan.h"
#include "api/sensor_things/reader.h"

namespace citiverse::api::sensor_things {

inline constexpr std::size_t kCreatedMax = 10'000;  ///< Entities of one request, deep ones among them.

/// Where a Datastream's values go, be it there already or about to be.
struct DatastreamPlace {
  std::string entity;
  twin::NameId type = twin::kNoName;  ///< Of the Thing.
  twin::NameId attribute = twin::kNoName;
  twin::NameId dataset = twin::kNoName;
  std::string unit;    ///< Its code.
  std::string source;  ///< The Sensor's name.
  twin::ValueStatus status = twin::ValueStatus::raw;
};

/// For one request. Every failure is bad_input, not_found, or limit, and then nothing must be written.
class Creation {
 public:
  Creation(const SensorThingsApi& api, Reader& reader, Plan& plan)
      : api_(api), reader_(reader), terms_(api.terms), plan_(plan) {}

  /// `owner` is the entity in whose collection it was posted, to which it is linked, or null.
  base::Result<Made> create(Kind kind, base::JsonValue body, const Item* owner);

  base::Result<DatastreamPlace> place_of(const Item& datastream);
  /// One value; `feature` is the id of its FeatureOfInterest, or empty where that is the Thing's place.
  base::Result<Made> observe(const DatastreamPlace& place, const Members& members, const std::string& feature);
  /// The same, as the attribute that it becomes.
  base::Result<twin::Attribute> read_value(const DatastreamPlace& place, const Members& members, const std::string& feature);
  /// The Thing is where these Locations are, from now on, or as it was at `time_us` where that is set.
  base::Result<void> put_in_place(std::string_view thing, const std::vector<std::string>& locations,
                                  std::optional<twin::TimeUs> time_us = std::nullopt);
  /// Locations that are linked to or made inline; an array of them or one.
  base::Result<std::vector<std::string>> locations_in(base::JsonValue list);
  /// The id of the entity that a navigation of `body` links to or holds; of `owner`, where that is of the kind.
  base::Result<std::string> link_in(base::JsonValue body, std::string_view navigation, Kind kind, const Item* owner);
  /// Puts or changes what is said of a Datastream.
  static twin::Attribute description_attribute(const Terms& terms, twin::NameId dataset, std::string json);

 private:
  base::Result<Made> create_thing(base::JsonValue body, const Item* owner);
  base::Result<Made> create_stored(Kind kind, base::JsonValue body, const Item* owner);
  base::Result<Made> create_datastream(base::JsonValue body, const Item* owner);
  base::Result<Made> create_observation(base::JsonValue body, const Item* owner);
  base::Result<Made> create_historical(base::JsonValue body, const Item* owner);
  base::Result<Made> create_datastream_for(const std::string& thing, base::JsonValue body, const Item* owner);
  base::Result<void> create_each(base::JsonValue list, const std::function<base::Result<void>(base::JsonValue)>& make);
  base::Result<DatastreamPlace> new_place(const std::string& thing, const std::string& property, const std::string& sensor);
  base::Result<std::string> new_attribute(const std::string& property) const;
  base::Result<void> add_sayings(twin::Attribute& value, const Members& members, const DatastreamPlace& place,
                                 twin::TimeUs time_us);
  std::string name_of_planned(Kind kind, const std::string& id);
  base::Result<std::string> geometry_of(const std::string& location);
  bool is_taken(const std::string& thing, twin::NameId attribute, twin::NameId dataset) const;

  const SensorThingsApi& api_;
  Reader& reader_;
  const Terms& terms_;
  Plan& plan_;
  std::size_t created_ = 0;
  int depth_ = 0;
};

}  // namespace citiverse::api::sensor_things
