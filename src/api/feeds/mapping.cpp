// A mapping is wrong when the node starts, or it is right: nothing is found out by the first message.
#include "api/feeds/mapping.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "api/feeds/mapping_reader.h"
#include "api/live/live_json.h"
#include "api/ngsi_ld/entity_reader.h"
#include "base/file.h"
#include "base/json_writer.h"
#include "net/outgoing_url.h"

namespace citiverse::api::feeds {
namespace {

using base::ErrorCode;

constexpr std::size_t kNameBytesMax = 64;
constexpr std::size_t kHostBytesMax = 253;
constexpr std::size_t kClientIdBytesMax = 64;
constexpr std::size_t kSourceBytesMax = 200;
constexpr std::size_t kFileBytesMax = 1024;

std::string url_of(MappingObject& object, std::string_view member) {
  std::string url = object.text(member, net::kOutgoingUrlBytesMax);
  if (url.empty()) return url;
  if (const auto parsed = net::parse_outgoing_url(url); !parsed) object.fail(member, parsed.error().message);
  return url;
}

Broker read_broker(MappingObject object) {
  Broker broker;
  broker.name = plain_name(object, "name");
  broker.host = object.text("host", kHostBytesMax);
  broker.is_tls = object.boolean_or("tls", false);
  broker.port = static_cast<std::uint16_t>(object.integer_or("port", 1, 65'535, broker.is_tls ? 8883 : 1883));
  broker.client_id = object.text("client_id", kClientIdBytesMax);
  broker.user = object.text_or("user", kSourceBytesMax, "");
  broker.password_file = object.text_or("password_file", kFileBytesMax, "");
  broker.authorities = object.text_or("authorities", kFileBytesMax, "");
  broker.takes_observations = object.boolean_or("sensor_things", false);
  if (object.has("password")) object.fail("password", "secrets do not stand in a mapping: name a file as password_file");
  if (!broker.authorities.empty() && !broker.is_tls) object.fail("authorities", "certificates need \"tls\": true");
  if (!broker.password_file.empty() && broker.user.empty()) object.fail("password_file", "a password needs a user");
  object.finish();
  return broker;
}

class RuleReader {
 public:
  RuleReader(MappingObject object, twin::Names& names, const Mapping& mapping)
      : object_(std::move(object)), names_(names), mapping_(mapping) {}

  Rule read() {
    Rule rule;
    rule.name = plain_name(object_, "rule");
    read_from(rule);
    constexpr std::array kPayloads{Payload::json, Payload::text, Payload::csv, Payload::gtfs_realtime};
    rule.payload = kPayloads[object_.choice_or("payload", {"json", "text", "csv", "gtfs_realtime"}, 0)];
    rule.each = object_.path("each");
    if (!rule.each && rule.payload == Payload::csv) rule.each = *formats::JsonPath::parse("$[*]");
    rule.only_if = object_.path("only_if");
    rule.id = object_.needed_template("id", levels_);
    rule.type = object_.needed_template("type", levels_);
    rule.label = object_.any_template("name", levels_);
    read_sayings(object_, rule);
    read_place(rule);
    read_anchors(rule);
    read_values(rule);
    constexpr std::array<std::int64_t, 2> kUnits{1'000'000, 1'000};
    rule.time_unit_us = kUnits[object_.choice_or("time_unit", {"s", "ms"}, 0)];
    rule.expires_after_s = object_.integer_or("expires_after_s", 1, 10 * 366 * 86'400LL, 0);
    rule.is_complete = object_.boolean_or("complete", false);
    check(rule);
    object_.finish();
    return rule;
  }

 private:
  void read_from(Rule& rule) {
    const bool has_topic = object_.has("topic");
    const bool has_url = object_.has("url");
    const bool has_post = object_.has("post");
    if ((has_topic ? 1 : 0) + (has_url ? 1 : 0) + (has_post ? 1 : 0) != 1)
      object_.fail("topic", "say where messages come from by one of topic (and broker), url, and \"post\": true");
    if (has_topic) read_topic(rule);
    if (has_url)
      rule.from = FromUrl{url_of(object_, "url"), object_.integer_or("every_s", kEverySecondsMin, kEverySecondsMax, 60)};
    if (has_post && !object_.boolean_or("post", false)) object_.fail("post", "true is needed");
  }

  void read_topic(Rule& rule) {
    auto topic = formats::TopicPattern::parse(object_.text("topic", formats::TopicPattern::kTopicBytesMax));
    if (!topic) {
      object_.fail("topic", topic.error().message);
      return;
    }
    const std::string usual = mapping_.brokers.size() == 1 ? mapping_.brokers[0].name : "";
    std::string broker = object_.text_or("broker", kNameBytesMax, usual);
    if (std::ranges::find(mapping_.brokers, broker, &Broker::name) == mapping_.brokers.end())
      object_.fail("broker", "name one of brokers");
    levels_ = topic->names();
    rule.from = FromTopic{std::move(broker), *std::move(topic)};
  }

  template <class Into>
  void read_sayings(MappingObject& object, Into& into) {
    into.source = object.any_template("source", levels_);
    into.status = object.any_template("status", levels_);
    into.quality = object.any_template("quality", levels_);
    into.observed_at = object.any_template("observed_at", levels_);
    if (into.status && into.status->fixed_text() && !twin::value_status_from(*into.status->fixed_text()))
      object.fail("status", "raw, derived or simulated is needed");
  }

  void read_place(Rule& rule) {
    if (!object_.has("location")) return;
    if (!object_.value("location").is_object()) {
      rule.geometry = object_.any_template("location", levels_);
      return;
    }
    MappingObject place = object_.object("location");
    rule.geometry = place.any_template("geometry", levels_);
    rule.lat = place.any_template("lat", levels_);
    rule.lon = place.any_template("lon", levels_);
    rule.moves = place.boolean_or("moves", false);
    if (rule.geometry.has_value() == (rule.lat && rule.lon)) place.fail("lat", "lat and lon are needed, or geometry alone");
    place.finish();
  }

  void read_anchors(Rule& rule) {
    using By = AnchorRule::By;
    if (!object_.has("anchor")) return;
    if (!object_.value("anchor").is_object()) {
      rule.anchors.push_back({By::id, object_.needed_template("anchor", levels_)});
      return;
    }
    MappingObject anchor = object_.object("anchor");
    for (const auto& [name, by] : {std::pair("id", By::id), std::pair("line", By::line), std::pair("stop", By::stop)})
      if (auto text = anchor.any_template(name, levels_)) rule.anchors.push_back({by, *std::move(text)});
    anchor.finish();
  }

  void read_values(Rule& rule) {
    if (!object_.has("attributes")) {
      object_.fail("attributes", "it is missing");
      return;
    }
    MappingObject values = object_.object("attributes");
    if (values.member_count() == 0 || values.member_count() > kValuesPerRuleMax)
      object_.fail("attributes", fmt::format("1 to {} attributes are needed", kValuesPerRuleMax));
    for (std::size_t i = 0; i < values.member_count() && i < kValuesPerRuleMax; ++i)
      rule.values.push_back(read_value(values, values.member_name(i)));
  }

  ValueRule read_value(MappingObject& values, std::string_view name) {
    ValueRule rule;
    const base::JsonValue said = values.value(name);
    read_attribute_name(values, name, rule);
    if (!said.is_object()) {
      rule.value = values.needed_template(name, levels_);
      return rule;
    }
    MappingObject value = values.object(name);
    rule.value = value.any_template("value", levels_);
    rule.object = value.any_template("object", levels_);
    if (rule.value.has_value() == rule.object.has_value()) value.fail("value", "say one of value and object");
    rule.unit = value.any_template("unit", levels_);
    constexpr std::array kForms{ReadAs::itself, ReadAs::number, ReadAs::text, ReadAs::boolean};
    rule.read_as = kForms[value.choice_or("as", {"itself", "number", "text", "boolean"}, 0)];
    rule.is_scaled = value.has("scale") || value.has("offset");
    rule.scale = value.number_or("scale", 1);
    rule.offset = value.number_or("offset", 0);
    read_sayings(value, rule);
    value.finish();
    return rule;
  }

  void read_attribute_name(MappingObject& values, std::string_view name, ValueRule& rule) {
    std::string json;
    base::JsonWriter(json).text(name);
    const auto document = base::JsonDocument::parse(json);
    auto made = ValueTemplate::parse(document->root(), levels_);
    if (!made) {
      values.fail(name, made.error().message);
      return;
    }
    rule.attribute = *std::move(made);
    const auto fixed = rule.attribute.fixed_text();
    if (!fixed) return;
    if (const auto good = ngsi_ld::check_name(*fixed); !good) values.fail(name, good.error().message);
    const bool is_of_the_rule =
        *fixed == "id" || *fixed == "type" || *fixed == "location" || *fixed == "anchor" || *fixed == "name";
    if (is_of_the_rule) values.fail(name, "this stands beside attributes, not in them");
    rule.attribute_name = names_.intern(expanded_name(*fixed));
  }

  void check(Rule& rule) {
    const auto at = rule.observed_at ? rule.observed_at->fixed_text() : std::nullopt;
    if (at && *at == "arrival") {
      rule.observed_on_arrival = true;
      rule.observed_at.reset();
    } else if (at) {
      object_.fail("observed_at", "a path such as $.time is needed, or arrival");
    }
    const bool all_say = std::ranges::all_of(rule.values, [](const ValueRule& each) { return each.source.has_value(); });
    if (!rule.source && !all_say) object_.fail("source", "say who measures, such as \"Air network of the city\"");
    if (const auto type = rule.type.fixed_text(); type && !type->empty())
      if (const auto good = ngsi_ld::check_name(*type); !good) object_.fail("type", good.error().message);
    if (rule.is_complete && !std::holds_alternative<FromUrl>(rule.from))
      object_.fail("complete", "only what is fetched from a url can be known to be complete");
    if (rule.is_complete && !rule.id.fixed_beginning().contains(':'))
      object_.fail("id",
                   "where a feed is complete, ids begin with fixed text that is theirs alone, such as urn:ngsi-ld:Bike:ours:");
  }

  MappingObject object_;
  twin::Names& names_;
  const Mapping& mapping_;
  std::vector<std::string> levels_;
};

template <class Each>
void check_names(MappingObject& root, std::string_view member, const std::vector<Each>& all, std::string Each::* name) {
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (all[i].*name == all[j].*name) root.fail(member, fmt::format("two are called '{}'", all[i].*name));
}

}  // namespace

std::string expanded_name(std::string_view name) {
  if (name == "location") return std::string(kLocationIri);
  return name.contains(':') ? std::string(name) : std::string(kDefaultVocabulary).append(name);
}

base::Result<Mapping> read_mapping(std::string_view text, std::string_view name, twin::Names& names) {
  const auto document = base::JsonDocument::parse(text);
  if (!document)
    return base::fail(ErrorCode::bad_input, fmt::format("{}:{} {}", name, place_in_json_text(text, document.error().message),
                                                        document.error().message));
  MappingObject::Failure failure;
  Mapping mapping;
  MappingObject root(document->root(), fmt::format("{}: $", name), failure);
  for (MappingObject& each : root.objects("brokers", kBrokersMax)) mapping.brokers.push_back(read_broker(std::move(each)));
  for (MappingObject& each : root.objects("rules", kRulesMax))
    mapping.rules.push_back(RuleReader(std::move(each), names, mapping).read());
  for (MappingObject& each : root.objects("gbfs", kRulesMax)) {
    mapping.gbfs.push_back({plain_name(each, "name"), url_of(each, "url"), each.text("source", kSourceBytesMax)});
    each.finish();
  }
  for (MappingObject& each : root.objects("gtfs_realtime", kRulesMax)) {
    mapping.gtfs.push_back({plain_name(each, "name"), url_of(each, "url"), each.text("source", kSourceBytesMax),
                            each.integer_or("every_s", kEverySecondsMin, kEverySecondsMax, 15)});
    each.finish();
  }
  const base::JsonValue hosts = root.value("trusted_hosts");
  if (!hosts.is_absent() && (!hosts.is_array() || hosts.size() > kTrustedHostsMax))
    root.fail("trusted_hosts", fmt::format("an array of at most {} texts such as host:port is needed", kTrustedHostsMax));
  for (std::size_t i = 0; i < std::min(hosts.size(), kTrustedHostsMax); ++i) {
    mapping.trusted_hosts.emplace_back(hosts[i].text().value_or(""));
    if (!mapping.trusted_hosts.back().contains(':')) root.fail("trusted_hosts", "each is host:port");
  }
  check_names(root, "brokers", mapping.brokers, &Broker::name);
  check_names(root, "rules", mapping.rules, &Rule::name);
  check_names(root, "gbfs", mapping.gbfs, &GbfsFeed::name);
  check_names(root, "gtfs_realtime", mapping.gtfs, &GtfsFeed::name);
  root.finish();
  if (failure.first) return std::unexpected(*std::move(failure.first));
  return mapping;
}

base::Result<Mapping> read_mapping_file(const std::filesystem::path& file, twin::Names& names) {
  const auto text = base::read_file(file, kMappingBytesMax);
  if (!text) return std::unexpected(text.error());
  auto mapping = read_mapping(*text, file.filename().string(), names);
  if (!mapping) return mapping;
  for (Broker& broker : mapping->brokers) {
    const auto beside = [&](std::filesystem::path& path) {
      if (!path.empty()) path = file.parent_path() / path;
    };
    beside(broker.password_file);
    beside(broker.authorities);
  }
  return mapping;
}

}  // namespace citiverse::api::feeds
