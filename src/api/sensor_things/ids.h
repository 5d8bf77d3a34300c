// Names of what the twin holds, as ids that stand in an address between two quotation marks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace citiverse::api::sensor_things {

/// Every id is a text: letters, digits and -._:@+*,;= as they are, any other byte as "~" and two hexadecimal digits, so that
/// no id needs escapes in an address. "!" parts the names that make up an id.
std::string coded(std::string_view name);
/// Nothing for what coded() never gives.
std::optional<std::string> decoded(std::string_view text);

/// Attributes of the default vocabulary by their term, all others by their IRI.
std::string short_attribute(std::string_view iri);
std::string attribute_iri(std::string_view short_form);

/// One attribute of one entity, or one of its datasets: a Datastream.
struct DatastreamName {
  std::string entity;
  std::string attribute;  ///< An IRI.
  std::string dataset;    ///< A URI, or empty.
};
std::string id_of(const DatastreamName& name);
std::optional<DatastreamName> parse_datastream_id(std::string_view id);
/// The datasetId of a Datastream's description on its Thing, and back; `entity` is not in it.
std::string description_dataset(const DatastreamName& name);
std::optional<DatastreamName> parse_description_dataset(std::string_view dataset);

/// One value in history: an Observation, a HistoricalLocation, a Location that was. A series has one value a time, so that
/// its number and the time, in microseconds since 1970, name it: "12-1600000000000000".
struct ValueName {
  std::uint32_t series = 0;
  std::int64_t time_us = 0;
};
std::string id_of(const ValueName& name);
std::optional<ValueName> parse_value_id(std::string_view id);

/// Sensors that nobody described are known by the source that values name: "source:Stadtwerke".
inline constexpr std::string_view kSourcePrefix = "source:";

}  // namespace citiverse::api::sensor_things
