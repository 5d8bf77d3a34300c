// Numbers are written as short as they read back the same.
#include "api/live/history_lines.h"

#include <cmath>

#include <fmt/format.h>

#include "base/json_writer.h"
#include "twin/moment.h"

namespace citiverse::api {
namespace {

namespace history = twin::history;

constexpr std::string_view kOwnTerms = "https://citiverse.org/ns#";

std::string value_text(const history::Sample& sample) {
  if (sample.is_deletion) return "null";
  std::string out;
  base::JsonWriter json(out);
  const twin::Value& value = sample.attribute.value;
  if (const auto* flag = std::get_if<bool>(&value))
    json.boolean(*flag);
  else if (const auto* whole = std::get_if<std::int64_t>(&value))
    json.integer(*whole);
  else if (const auto* real = std::get_if<double>(&value))
    json.raw(std::isfinite(*real) ? fmt::format("{}", *real) : "null");
  else if (const auto* text = std::get_if<std::string>(&value))
    json.text(*text);
  else if (const auto* object = std::get_if<twin::Json>(&value))
    json.raw(object->text);
  else
    json.null();
  return out;
}

}  // namespace

std::string_view text_about(const twin::Attribute& attribute, const twin::Names& names, std::string_view term) {
  for (const twin::Attribute& each : attribute.about)
    if (names.text(each.name) == std::string(kOwnTerms).append(term))
      if (const auto* text = std::get_if<std::string>(&each.value)) return *text;
  return {};
}

void append_csv_field(std::string& out, std::string_view text) {
  out += '"';
  if (!text.empty() && std::string_view("=+-@\t\r").contains(text.front())) out += '\'';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void append_history_csv(std::string& out, const history::Sample& sample, twin::TimeUs time_us, const twin::Names& names) {
  twin::append_moment(out, time_us);
  out += ',';
  const twin::Value& value = sample.attribute.value;
  if (const auto* text = std::get_if<std::string>(&value); text != nullptr && !sample.is_deletion)
    append_csv_field(out, *text);
  else if (const std::string written = value_text(sample); std::holds_alternative<twin::Json>(value))
    append_csv_field(out, written);
  else
    out += written;
  out += ',';
  append_csv_field(out, names.text(sample.attribute.unit));
  for (const std::string_view term : {"status", "source"}) {
    out += ',';
    append_csv_field(out, text_about(sample.attribute, names, term));
  }
  out += ',';
  twin::append_moment(out, sample.attribute.modified_us);
  out += "\r\n";
}

void append_history_json(std::string& out, const history::Sample& sample, twin::TimeUs time_us, const twin::Names& names) {
  base::JsonWriter json(out);
  json.begin_object().member("at", twin::moment_text(time_us)).key("value").raw(value_text(sample));
  json.member_if_known("unit", names.text(sample.attribute.unit));
  for (const std::string_view term : {"status", "source"})
    json.member_if_known(term, text_about(sample.attribute, names, term));
  if (sample.is_deletion) json.key("deleted").boolean(true);
  json.member("modified_at", twin::moment_text(sample.attribute.modified_us)).end_object();
  out += '\n';
}

}  // namespace citiverse::api
