// One place that knows how stored values and written literals meet.
#include "twin/query/q_value.h"

#include "twin/json_view.h"
#include "twin/moment.h"

namespace citiverse::twin {
namespace {

std::optional<TimeUs> time_of(const QValue& value, QLiteral::Type type) {
  if (value.type == QValue::Type::time) return type == QLiteral::Type::moment ? std::optional(value.time_us) : std::nullopt;
  std::string_view text = value.text;
  if (value.type == QValue::Type::object) {
    text = json_member(value.text, "@value");
    if (text.size() < 2 || text.front() != '"') return std::nullopt;
    text = text.substr(1, text.size() - 2);
  } else if (value.type != QValue::Type::text) {
    return std::nullopt;
  }
  if (type == QLiteral::Type::moment) return parse_moment(text);
  return type == QLiteral::Type::day ? parse_day(text) : parse_time_of_day(text);
}

std::optional<std::partial_ordering> compare_text(const QValue& value, const QLiteral& literal, bool expands) {
  if (value.type == QValue::Type::time)
    return literal.time_us == kNoTime ? std::nullopt : std::optional<std::partial_ordering>(value.time_us <=> literal.time_us);
  if (value.type != QValue::Type::text) return std::nullopt;
  if (expands && value.text == literal.expanded) return std::partial_ordering::equivalent;
  return value.text <=> std::string_view(literal.text);
}

}  // namespace

QValue QValue::of_json(std::string_view json, std::string& scratch) {
  QValue value;
  if (json.empty()) return value;
  value.text = json;
  switch (json.front()) {
    case '{': value.type = Type::object; break;
    case '[': value.type = Type::array; break;
    case '"':
      if (const auto text = json_string(json, scratch)) value.type = Type::text, value.text = *text;
      break;
    case 't':
    case 'f': value.type = Type::boolean, value.boolean = json == "true"; break;
    case 'n': break;
    default:
      if (const auto number = json_number(json)) value.type = Type::number, value.number = *number;
  }
  return value;
}

QValue QValue::of(const Value& value, std::string& scratch) {
  QValue seen;
  if (const auto* boolean = std::get_if<bool>(&value)) {
    seen.type = Type::boolean;
    seen.boolean = *boolean;
  } else if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    seen.type = Type::number;
    seen.number = static_cast<double>(*whole);
  } else if (const auto* number = std::get_if<double>(&value)) {
    seen.type = Type::number;
    seen.number = *number;
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    seen.type = Type::text;
    seen.text = *text;
  } else if (const auto* json = std::get_if<Json>(&value)) {
    return of_json(json->text, scratch);
  }
  return seen;
}

std::optional<std::partial_ordering> compare(const QValue& value, const QLiteral& literal, bool expands) {
  switch (literal.type) {
    case QLiteral::Type::number:
      if (value.type != QValue::Type::number) return std::nullopt;
      return value.number <=> literal.number;
    case QLiteral::Type::boolean:
      if (value.type != QValue::Type::boolean) return std::nullopt;
      return value.boolean == literal.boolean ? std::partial_ordering::equivalent : std::partial_ordering::unordered;
    case QLiteral::Type::text: return compare_text(value, literal, expands);
    case QLiteral::Type::moment:
    case QLiteral::Type::day:
    case QLiteral::Type::time_of_day: break;
  }
  const auto time = time_of(value, literal.type);
  if (!time) return std::nullopt;
  return *time <=> literal.time_us;
}

}  // namespace citiverse::twin
