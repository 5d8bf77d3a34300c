// One value as $filter compares it and as an answer shows it, whatever it is a property of.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/json_reader.h"
#include "twin/attribute.h"

namespace citiverse::api::sensor_things {

/// TM_Instant. The offset is of what was written, for totaloffsetminutes; it does not count when moments are compared.
struct Moment {
  twin::TimeUs us = 0;
  int offset_min = 0;
  friend bool operator==(const Moment& a, const Moment& b) { return a.us == b.us; }
};
/// TM_Period: the end is no part of it (OGC 18-088, 9.3.3.5.1).
struct Interval {
  twin::TimeUs start_us = 0, end_us = 0;
  friend bool operator==(const Interval&, const Interval&) = default;
};
/// A span of time, or a time of day since midnight.
struct Span {
  twin::TimeUs us = 0;
  friend bool operator==(const Span&, const Span&) = default;
};
/// A literal geometry as Well-Known Text (OGC 06-103r4, 7).
struct Geography {
  std::string wkt;
  friend bool operator==(const Geography&, const Geography&) = default;
};

/// Nothing stands for null.
using Datum =
    std::variant<std::monostate, bool, std::int64_t, double, std::string, Moment, Interval, Span, Geography, twin::Json>;

inline bool is_null(const Datum& datum) { return std::holds_alternative<std::monostate>(datum); }

/// "2010-12-23T10:20:00-07:00", the colon of the offset may be missing; or "start/end" of two of these.
std::optional<Moment> parse_instant(std::string_view text);
std::optional<Interval> parse_interval(std::string_view text);
/// Either of them, or nothing.
Datum parse_time_object(std::string_view text);
/// The start of either of them.
std::optional<twin::TimeUs> start_of(const Datum& datum);

/// A value of the twin, or of JSON; numbers and texts as themselves.
Datum datum_of(const twin::Value& value);
Datum datum_of(base::JsonValue json);
twin::Value value_of(base::JsonValue json);
/// A member of a JSON object by its name, as itself; nothing when there is none.
Datum member_of(const Datum& object, std::string_view name);

/// Appends JSON: times as ISO 8601 texts.
void append_datum(std::string& out, const Datum& datum);
/// What $value answers: texts and times without quotation marks (9.2.5).
std::string raw_text(const Datum& datum);

std::optional<double> number_in(const Datum& datum);

}  // namespace citiverse::api::sensor_things
