// What a mapping file says: which messages of other systems become which entities. One format for every door.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "api/feeds/value_template.h"
#include "base/result.h"
#include "formats/json_path.h"
#include "formats/topic_pattern.h"
#include "twin/report.h"

namespace citiverse::api::feeds {

inline constexpr std::size_t kMappingBytesMax = 1 << 20;
inline constexpr std::size_t kRulesMax = 256;
inline constexpr std::size_t kBrokersMax = 16;
inline constexpr std::size_t kValuesPerRuleMax = 64;
inline constexpr std::size_t kTrustedHostsMax = 32;
inline constexpr std::int64_t kEverySecondsMin = 1;
inline constexpr std::int64_t kEverySecondsMax = 86'400;

/// A broker of MQTT 3.1.1. Secrets stay in their file.
struct Broker {
  std::string name;
  std::string host;
  std::uint16_t port = 1883;
  std::string client_id;
  std::string user;
  std::filesystem::path password_file;  ///< As the mapping says it: beside the mapping when relative.
  bool is_tls = false;
  std::filesystem::path authorities;  ///< PEM file of further authorities; as password_file.
  bool takes_observations = false;    ///< Of OGC SensorThings, under "v1.1/".
};

enum class Payload : std::uint8_t { json, text, csv, gtfs_realtime };
/// How a value is read: as what it is (where texts are all there is, numbers and booleans by their looks), or as one of these.
enum class ReadAs : std::uint8_t { itself, number, text, boolean };

struct FromTopic {
  std::string broker;
  formats::TopicPattern topic;
};
struct FromUrl {
  std::string url;
  std::int64_t every_s = 60;
};
/// POST /api/v1/live/reports/{rule}.
struct FromPost {};

struct ValueRule {
  ValueTemplate attribute;                     ///< Its name.
  std::optional<twin::NameId> attribute_name;  ///< The same where it refers to nothing, expanded.
  std::optional<ValueTemplate> value;          ///< One of value and object.
  std::optional<ValueTemplate> object;         ///< A relationship.
  ReadAs read_as = ReadAs::itself;
  double scale = 1, offset = 0;  ///< value × scale + offset.
  bool is_scaled = false;
  std::optional<ValueTemplate> unit, observed_at, source, status, quality;  ///< Before those of the rule.
};

/// The anchor's text is the id of a city object, or what finds one: the code of a stop or the reference of a line.
struct AnchorRule {
  enum class By : std::uint8_t { id, stop, line } by = By::id;
  ValueTemplate text;
};

struct Rule {
  std::string name;
  std::variant<FromPost, FromTopic, FromUrl> from;
  Payload payload = Payload::json;
  std::optional<formats::JsonPath> each;     ///< Items of a message; the whole message where absent.
  std::optional<formats::JsonPath> only_if;  ///< Items without a value there are passed over.
  ValueTemplate id, type;
  std::optional<ValueTemplate> label;  ///< The entity's name.
  std::vector<AnchorRule> anchors;     ///< The first that gives one.
  std::optional<ValueTemplate> lat, lon, geometry;
  bool moves = false;  ///< The location is a value with a time of its own.
  std::vector<ValueRule> values;
  std::optional<ValueTemplate> observed_at, source, status, quality;
  bool observed_on_arrival = false;
  std::int64_t time_unit_us = 1'000'000;  ///< Of times that are numbers.
  std::int64_t expires_after_s = 0;       ///< 0: never.
  bool is_complete = false;               ///< A message names all that there is: what it leaves out is gone.
};

/// A service of GBFS (gbfs.org), from its gbfs.json on.
struct GbfsFeed {
  std::string name;
  std::string url;
  std::string source;
};
/// A feed of GTFS-Realtime.
struct GtfsFeed {
  std::string name;
  std::string url;
  std::string source;
  std::int64_t every_s = 15;
};

struct Mapping {
  std::vector<Broker> brokers;
  std::vector<Rule> rules;
  std::vector<GbfsFeed> gbfs;
  std::vector<GtfsFeed> gtfs;
  std::vector<std::string>
      trusted_hosts;  ///< "host:port" that may be asked although they are not public, as net's policy has it.
};

/// Reads a mapping file's text; docs/guides/mapping.md is its reference. `name` begins every message. Fails: bad_input, with
/// the line where the text is no JSON, or the path of the member that is wrong, and how it is put right.
base::Result<Mapping> read_mapping(std::string_view text, std::string_view name, twin::Names& names);
/// The same from a file; relative files of secrets are beside it. Fails also: not_found, limit, unavailable.
base::Result<Mapping> read_mapping_file(const std::filesystem::path& file, twin::Names& names);

/// "AirQualityObserved" → the IRI that NGSI-LD's core context gives it; what has a colon is one already.
std::string expanded_name(std::string_view name);

}  // namespace citiverse::api::feeds
