// One table: whoever asks for a set, a property or a link asks it here.
#include "api/sensor_things/model.h"

#include <algorithm>
#include <array>

namespace citiverse::api::sensor_things {
namespace {

using Names = std::vector<std::string_view>;

struct KindRow {
  std::string_view set;
  Names properties;
  std::vector<Navigation> navigations;
};

const KindRow& row_of_kind(Kind kind) {
  static const std::array<KindRow, kKinds> kRows{{
      {"Things",
       {"name", "description", "properties"},
       {{"Locations", Kind::location, true},
        {"HistoricalLocations", Kind::historical_location, true},
        {"Datastreams", Kind::datastream, true}}},
      {"Locations",
       {"name", "description", "encodingType", "location", "properties"},
       {{"Things", Kind::thing, true}, {"HistoricalLocations", Kind::historical_location, true}}},
      {"HistoricalLocations", {"time"}, {{"Thing", Kind::thing, false}, {"Locations", Kind::location, true}}},
      {"Datastreams",
       {"name", "description", "observationType", "unitOfMeasurement", "observedArea", "phenomenonTime", "resultTime",
        "properties"},
       {{"Thing", Kind::thing, false},
        {"Sensor", Kind::sensor, false},
        {"ObservedProperty", Kind::observed_property, false},
        {"Observations", Kind::observation, true}}},
      {"Sensors", {"name", "description", "encodingType", "metadata", "properties"}, {{"Datastreams", Kind::datastream, true}}},
      {"ObservedProperties", {"name", "definition", "description", "properties"}, {{"Datastreams", Kind::datastream, true}}},
      {"Observations",
       {"phenomenonTime", "resultTime", "result", "resultQuality", "validTime", "parameters"},
       {{"Datastream", Kind::datastream, false}, {"FeatureOfInterest", Kind::feature_of_interest, false}}},
      {"FeaturesOfInterest",
       {"name", "description", "encodingType", "feature", "properties"},
       {{"Observations", Kind::observation, true}}},
  }};
  return kRows.at(static_cast<std::size_t>(kind));
}

}  // namespace

std::string_view set_name(Kind kind) { return row_of_kind(kind).set; }

std::optional<Kind> kind_of_set(std::string_view name) {
  for (std::size_t i = 0; i < kKinds; ++i)
    if (set_name(static_cast<Kind>(i)) == name) return static_cast<Kind>(i);
  return std::nullopt;
}

std::span<const std::string_view> properties_of(Kind kind) { return row_of_kind(kind).properties; }
std::span<const Navigation> navigations_of(Kind kind) { return row_of_kind(kind).navigations; }

const Navigation* find_navigation(Kind kind, std::string_view name) {
  const auto& all = row_of_kind(kind).navigations;
  const auto found = std::ranges::find(all, name, &Navigation::name);
  return found == all.end() ? nullptr : &*found;
}

bool has_property(Kind kind, std::string_view name) {
  return std::ranges::find(row_of_kind(kind).properties, name) != row_of_kind(kind).properties.end();
}

bool is_id_name(std::string_view name) { return name == "id" || name == "@iot.id"; }

const Datum* Item::find(std::string_view property) const {
  const auto found = std::ranges::find(properties, property, [](const auto& each) { return each.first; });
  return found == properties.end() ? nullptr : &found->second;
}

void Item::put(std::string_view property, Datum value) {
  const auto found = std::ranges::find(properties, property, [](const auto& each) { return each.first; });
  if (found != properties.end())
    found->second = std::move(value);
  else
    properties.emplace_back(property, std::move(value));
}

}  // namespace citiverse::api::sensor_things
