// Texts that look like times become times only where a time is compared: a result may be any text.
#include "api/sensor_things/datum.h"

#include "api/ngsi_ld/json_value_text.h"
#include "base/json_writer.h"
#include "twin/json_view.h"
#include "twin/moment.h"

namespace citiverse::api::sensor_things {

std::optional<Moment> parse_instant(std::string_view text) {
  const auto us = twin::parse_moment(text);
  if (!us) return std::nullopt;
  Moment moment{.us = *us};
  if (text.back() == 'Z') return moment;
  // The same digits as if they were UTC: what lies between is the offset.
  const std::size_t sign = text.find_last_of("+-");
  const auto local_us = twin::parse_moment(std::string(text.substr(0, sign)) + "Z");
  if (local_us) moment.offset_min = static_cast<int>((*local_us - *us) / 60'000'000);
  return moment;
}

std::optional<Interval> parse_interval(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto start = parse_instant(text.substr(0, slash));
  const auto end = parse_instant(text.substr(slash + 1));
  if (!start || !end || end->us < start->us) return std::nullopt;
  return Interval{start->us, end->us};
}

Datum parse_time_object(std::string_view text) {
  if (const auto moment = parse_instant(text)) return *moment;
  if (const auto interval = parse_interval(text)) return *interval;
  return {};
}

std::optional<twin::TimeUs> start_of(const Datum& datum) {
  if (const auto* moment = std::get_if<Moment>(&datum)) return moment->us;
  if (const auto* interval = std::get_if<Interval>(&datum)) return interval->start_us;
  return std::nullopt;
}

Datum datum_of(const twin::Value& value) {
  return std::visit([](const auto& each) { return Datum(each); }, value);
}

Datum datum_of(base::JsonValue json) {
  return std::visit([](auto each) { return Datum(std::move(each)); }, value_of(json));
}

twin::Value value_of(base::JsonValue json) {
  if (json.is_absent() || json.is_null()) return {};
  if (const auto text = json.text()) return std::string(*text);
  if (const auto boolean = json.boolean()) return *boolean;
  if (const auto whole = json.integer()) return *whole;
  if (const auto number = json.number()) return *number;
  twin::Json compact;
  ngsi_ld::append_json(compact.text, json);
  return compact;
}

Datum member_of(const Datum& object, std::string_view name) {
  const auto* json = std::get_if<twin::Json>(&object);
  if (json == nullptr) return {};
  const std::string_view member = twin::json_member(json->text, name);
  if (member.empty() || member == "null") return {};
  if (member == "true" || member == "false") return member == "true";
  std::string scratch;
  if (const auto text = twin::json_string(member, scratch)) return std::string(*text);
  if (const auto number = twin::json_number(member)) return *number;
  return twin::Json{std::string(member)};
}

void append_datum(std::string& out, const Datum& datum) {
  if (std::holds_alternative<std::monostate>(datum))
    out += "null";
  else if (const auto* boolean = std::get_if<bool>(&datum))
    out += *boolean ? "true" : "false";
  else if (const auto* whole = std::get_if<std::int64_t>(&datum))
    base::JsonWriter(out).integer(*whole);
  else if (const auto* number = std::get_if<double>(&datum))
    ngsi_ld::append_number(out, *number);
  else if (const auto* json = std::get_if<twin::Json>(&datum))
    out += json->text;
  else
    base::JsonWriter(out).text(raw_text(datum));
}

std::string raw_text(const Datum& datum) {
  if (const auto* text = std::get_if<std::string>(&datum)) return *text;
  if (const auto* moment = std::get_if<Moment>(&datum)) return twin::moment_text(moment->us);
  if (const auto* interval = std::get_if<Interval>(&datum))
    return twin::moment_text(interval->start_us) + "/" + twin::moment_text(interval->end_us);
  if (const auto* geography = std::get_if<Geography>(&datum)) return geography->wkt;
  std::string out;
  if (const auto* span = std::get_if<Span>(&datum))
    ngsi_ld::append_number(out, static_cast<double>(span->us) / 1e6);
  else
    append_datum(out, datum);
  return out;
}

std::optional<double> number_in(const Datum& datum) {
  if (const auto* whole = std::get_if<std::int64_t>(&datum)) return static_cast<double>(*whole);
  if (const auto* number = std::get_if<double>(&datum)) return *number;
  return std::nullopt;
}

}  // namespace citiverse::api::sensor_things
