// An item becomes a report whole or not at all.
#include "api/feeds/intake.h"

#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "api/ngsi_ld/entity_reader.h"
#include "api/ngsi_ld/geometry_check.h"
#include "api/ngsi_ld/json_value_text.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "formats/csv_rows.h"
#include "formats/gtfs_realtime.h"
#include "twin/moment.h"

namespace citiverse::api::feeds {
namespace {

using base::ErrorCode;
using base::JsonValue;
using twin::Attribute;
using twin::Report;
using twin::TimeUs;

constexpr std::size_t kStructureBytesMax = 64 * 1024;  // An array or object as one value.
constexpr std::size_t kUnitBytesMax = 32;
constexpr std::size_t kSayingBytesMax = 200;

std::unexpected<base::Error> refuse(std::string why) { return base::fail(ErrorCode::bad_input, std::move(why)); }

std::optional<double> number_in(std::string_view text) {
  double value = 0;
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
  return is_whole && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

twin::Value number_value(double value) {
  constexpr double kExact = 9'007'199'254'740'992;  // 2^53
  if (value == std::trunc(value) && std::abs(value) <= kExact) return static_cast<std::int64_t>(value);
  return value;
}

std::optional<double> number_of(const ValueTemplate::Found& found) {
  if (const auto* text = std::get_if<std::string>(&found)) return number_in(*text);
  const auto* value = std::get_if<JsonValue>(&found);
  if (value == nullptr) return std::nullopt;
  if (const auto text = value->text()) return number_in(*text);
  return value->number();
}

class ItemReader {
 public:
  ItemReader(const Rule& rule, const Scope& scope, TimeUs now_us, twin::Names& names, const twin::ReportTerms& terms,
             const AnchorFinder& find_anchor)
      : rule_(rule), scope_(scope), now_us_(now_us), names_(names), terms_(terms), find_anchor_(find_anchor) {}

  base::Result<Report> read() {
    Report report;
    report.id = rule_.id.text(scope_, true).value_or("");
    if (auto good = ngsi_ld::check_uri("id", report.id); !good) return std::unexpected(good.error());
    const std::string type = rule_.type.text(scope_).value_or("");
    if (auto good = ngsi_ld::check_name(type); !good) return refuse("type: " + good.error().message);
    report.type = names_.intern(expanded_name(type));
    for (const ValueRule& each : rule_.values)
      if (auto added = add_value(each, report); !added) return std::unexpected(added.error());
    const bool has_place = rule_.lat || rule_.geometry;
    if (has_place)
      if (auto added = add_location(report); !added) return std::unexpected(added.error());
    if (report.attributes.empty()) return refuse("none of its attributes has a value");
    add_label_and_anchor(report);
    if (rule_.expires_after_s > 0) report.expires_us = now_us_ + rule_.expires_after_s * 1'000'000;
    if (report.type == twin::kNoName) return base::fail(ErrorCode::limit, "there is no room for further names");
    return report;
  }

 private:
  base::Result<TimeUs> moment(const ValueTemplate& at) const {
    const auto found = at.find(scope_);
    if (std::holds_alternative<std::monostate>(found)) return refuse("observed_at: it is missing");
    std::optional<TimeUs> time;
    if (const auto number = number_of(found)) {
      const double us = *number * static_cast<double>(rule_.time_unit_us);
      if (us >= 0 && us < 253'402'300'800e6) time = static_cast<TimeUs>(std::llround(us));
    } else if (const auto text = at.text(scope_)) {
      time = *text == "arrival" ? now_us_ : twin::parse_moment(*text);
    }
    if (!time) return refuse("observed_at: a moment such as 2026-05-04T18:30:00Z or seconds since 1970 is needed");
    if (*time > now_us_ + kAheadSecondsMax * 1'000'000)
      return refuse("observed_at: it lies more than a day ahead; is \"time_unit\" right?");
    return *time;
  }

  // Time, status, source and quality: the value's own, or the rule's.
  base::Result<void> add_sayings(Attribute& attribute, const ValueRule* own, bool with_time) const {
    const auto pick = [&](auto member, auto member_of_rule) -> const std::optional<ValueTemplate>& {
      return own != nullptr && own->*member ? own->*member : rule_.*member_of_rule;
    };
    const auto& at = pick(&ValueRule::observed_at, &Rule::observed_at);
    if (with_time && at) {
      const auto time = moment(*at);
      if (!time) return std::unexpected(time.error());
      attribute.observed_us = *time;
    } else if (with_time && rule_.observed_on_arrival) {
      attribute.observed_us = now_us_;
    }
    const auto saying = [&](const std::optional<ValueTemplate>& said) {
      return said ? base::clean_text(said->text(scope_).value_or(""), kSayingBytesMax) : std::string();
    };
    const std::string source = saying(pick(&ValueRule::source, &Rule::source));
    if (source.empty()) return refuse("source: it is missing; say who measures");
    const auto& status_said = pick(&ValueRule::status, &Rule::status);
    const std::string status_text = saying(status_said);
    const auto status = twin::value_status_from(status_text.empty() ? "raw" : status_text);
    if (!status) return refuse("status: raw, derived or simulated is needed");
    twin::say_of(attribute, terms_, *status, source, saying(pick(&ValueRule::quality, &Rule::quality)));
    return {};
  }

  base::Result<void> add_value(const ValueRule& rule, Report& report) const {
    Attribute attribute;
    if (rule.attribute_name) {
      attribute.name = *rule.attribute_name;
    } else {
      const std::string name = rule.attribute.text(scope_).value_or("");
      if (auto good = ngsi_ld::check_name(name); !good) return refuse("attribute: " + good.error().message);
      attribute.name = names_.intern(expanded_name(name));
      if (attribute.name == terms_.location || attribute.name == terms_.anchor || attribute.name == terms_.name)
        return refuse("attribute: location, anchor and name have columns of their own");
      if (attribute.name == twin::kNoName) return base::fail(ErrorCode::limit, "there is no room for further names");
    }
    const auto found = (rule.value ? *rule.value : *rule.object).find(scope_);
    if (std::holds_alternative<std::monostate>(found)) return {};  // Not every sensor says everything.
    const std::string_view name = names_.text(attribute.name);
    if (rule.object) {
      const std::string object = rule.object->text(scope_, true).value_or("");
      if (auto good = ngsi_ld::check_uri(name, object); !good) return std::unexpected(good.error());
      attribute.kind = twin::AttributeKind::relationship;
      attribute.value = object;
    } else {
      auto value = read_value(rule, found);
      if (!value) return refuse(fmt::format("{}: {}", short_of(name), value.error().message));
      if (std::holds_alternative<std::monostate>(*value)) return {};
      attribute.value = *std::move(value);
    }
    if (rule.unit) attribute.unit = names_.intern(base::clean_text(rule.unit->text(scope_).value_or(""), kUnitBytesMax));
    if (auto said = add_sayings(attribute, &rule, true); !said) return refuse(said.error().message);
    report.attributes.push_back(std::move(attribute));
    return {};
  }

  static std::string short_of(std::string_view iri) { return std::string(iri.substr(iri.find_last_of("/#:") + 1)); }

  base::Result<twin::Value> read_value(const ValueRule& rule, const ValueTemplate::Found& found) const {
    const auto* json = std::get_if<JsonValue>(&found);
    std::optional<std::string> text;
    if (const auto* fixed = std::get_if<std::string>(&found))
      text = *fixed;
    else if (json->text())
      text = std::string(*json->text());
    const bool has_only_texts = rule_.payload == Payload::csv || rule_.payload == Payload::text;
    const bool wants_number = rule.read_as == ReadAs::number || rule.is_scaled;
    if (wants_number || (rule.read_as == ReadAs::itself && text && has_only_texts)) {
      if (const auto number = number_of(found)) {
        const double scaled = rule.is_scaled ? *number * rule.scale + rule.offset : *number;
        if (!std::isfinite(scaled)) return refuse("the number is too large");
        return number_value(scaled);
      }
      if (wants_number) return refuse("a number is needed");
    }
    const bool is_truth = text && (*text == "true" || *text == "false");
    if (rule.read_as == ReadAs::boolean || (rule.read_as == ReadAs::itself && is_truth && has_only_texts)) {
      if (json != nullptr && json->boolean()) return *json->boolean();
      if (is_truth) return *text == "true";
      return refuse("true or false is needed");
    }
    if (rule.read_as == ReadAs::text && !text) text = text_of(*json);
    if (text) {
      if (text->size() > ValueTemplate::kTextBytesMax)
        return refuse(fmt::format("a text has at most {} bytes", ValueTemplate::kTextBytesMax));
      return *std::move(text);
    }
    if (rule.read_as == ReadAs::text) return refuse("a text is needed");
    if (json->boolean()) return *json->boolean();
    if (const auto whole = json->integer()) return *whole;
    if (const auto number = json->number()) return *number;
    std::string structure;
    ngsi_ld::append_json(structure, *json);
    if (structure.size() > kStructureBytesMax)
      return refuse(fmt::format("a structure has at most {} bytes", kStructureBytesMax));
    return twin::Json{std::move(structure)};
  }

  base::Result<void> add_location(Report& report) const {
    std::string geometry;
    if (rule_.geometry) {
      const auto found = rule_.geometry->find(scope_);
      const auto* json = std::get_if<JsonValue>(&found);
      if (json == nullptr) return {};
      if (auto good = ngsi_ld::check_geometry(*json); !good) return refuse("location: " + good.error().message);
      ngsi_ld::append_json(geometry, *json);
    } else {
      const auto lat_found = rule_.lat->find(scope_);
      const auto lon_found = rule_.lon->find(scope_);
      if (std::holds_alternative<std::monostate>(lat_found) && std::holds_alternative<std::monostate>(lon_found)) return {};
      const auto lat = number_of(lat_found);
      const auto lon = number_of(lon_found);
      if (!lat || !lon || std::abs(*lat) > 90 || std::abs(*lon) > 180)
        return refuse("location: lat is -90 to 90 and lon -180 to 180 degrees");
      base::JsonWriter json(geometry);
      json.begin_object().member("type", "Point").key("coordinates").begin_array();
      json.number(*lon, 7).number(*lat, 7).end_array().end_object();
    }
    Attribute attribute;
    attribute.name = terms_.location;
    attribute.kind = twin::AttributeKind::geo_property;
    attribute.value = twin::Json{std::move(geometry)};
    if (auto said = add_sayings(attribute, nullptr, rule_.moves); !said && rule_.moves) return said;
    report.attributes.push_back(std::move(attribute));
    return {};
  }

  void add_label_and_anchor(Report& report) const {
    const auto add = [&](twin::NameId name, std::string text) {
      if (text.empty()) return;
      Attribute& attribute = report.attributes.emplace_back();
      attribute.name = name;
      attribute.value = std::move(text);
    };
    if (rule_.label) add(terms_.name, base::clean_text(rule_.label->text(scope_).value_or(""), kSayingBytesMax));
    for (const AnchorRule& each : rule_.anchors) {
      std::string text = base::clean_text(each.text.text(scope_).value_or(""), kSayingBytesMax);
      if (each.by != AnchorRule::By::id && !text.empty()) text = find_anchor_ ? find_anchor_(each.by, text) : "";
      if (text.empty()) continue;
      add(terms_.anchor, std::move(text));
      return;
    }
  }

  const Rule& rule_;
  const Scope& scope_;
  TimeUs now_us_;
  twin::Names& names_;
  const twin::ReportTerms& terms_;
  const AnchorFinder& find_anchor_;
};

// Any payload as JSON, and of a table the lines of its rows.
base::Result<std::string> json_of(Payload payload, std::string_view bytes, std::size_t rows_max,
                                  std::vector<std::size_t>& lines) {
  switch (payload) {
    case Payload::json: return std::string(bytes);
    case Payload::text: {
      if (!base::is_utf8(bytes)) return refuse("the message is not UTF-8");
      std::string json;
      base::JsonWriter(json).text(bytes);
      return json;
    }
    case Payload::csv: {
      auto rows = formats::read_csv(bytes, rows_max);
      if (!rows) return std::unexpected(rows.error());
      lines = std::move(rows->lines);
      return std::move(rows->json);
    }
    case Payload::gtfs_realtime: return formats::gtfs_realtime_json(bytes);
  }
  return refuse("no such payload");
}

}  // namespace

Mapper::Mapper(twin::Names& names, AnchorFinder find_anchor)
    : names_(names), terms_(names), find_anchor_(std::move(find_anchor)) {}

base::Result<Intake> Mapper::map(const Rule& rule, std::string_view payload, const formats::TopicPattern::Captures& captures,
                                 TimeUs now_us, std::size_t rows_max) const {
  std::vector<std::size_t> lines;
  std::string made;
  if (rule.payload != Payload::json) {
    auto json = json_of(rule.payload, payload, rows_max, lines);
    if (!json) return std::unexpected(json.error());
    made = *std::move(json);
    payload = made;
  }
  const auto document = base::JsonDocument::parse(payload, ngsi_ld::kEntityJsonDepthMax);
  if (!document) return std::unexpected(document.error());
  Intake intake;
  Scope scope{{}, document->root(), captures};
  const auto on_item = [&](JsonValue item) {
    if (intake.rows == rows_max) return false;
    const std::size_t row = intake.rows++;
    scope.item = item;
    if (rule.only_if && rule.only_if->find(item).is_absent()) return true;
    auto report = ItemReader(rule, scope, now_us, names_, terms_, find_anchor_).read();
    if (report) {
      intake.reports.push_back(*std::move(report));
      return true;
    }
    ++intake.refused;
    if (intake.problems.size() < kIntakeProblemsMax)
      intake.problems.push_back({row < lines.size() ? lines[row] : row + 1, std::move(report.error().message)});
    return true;
  };
  if (!rule.each)
    on_item(document->root());
  else if (!rule.each->each(document->root(), on_item))
    return base::fail(ErrorCode::limit, fmt::format("at most {} items at once", rows_max));
  return intake;
}

}  // namespace citiverse::api::feeds
