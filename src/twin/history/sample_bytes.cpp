// JSON knows one kind of number: 22.0 comes back as 22, which is the same.
#include "twin/history/sample_bytes.h"

#include <cmath>

#include "twin/attribute_bytes.h"

namespace citiverse::twin::history {
namespace {

constexpr double kWholeNumberMax = 0x1p53;

/// Sets the number and true, or false when the value is none that a double holds.
bool number_of(const Value& value, double& number) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    number = static_cast<double>(*whole);
    return std::abs(number) <= kWholeNumberMax;
  }
  const auto* real = std::get_if<double>(&value);
  if (real == nullptr || !std::isfinite(*real)) return false;
  number = *real == 0 ? 0 : *real;
  return true;
}

}  // namespace

std::string form_of(const Attribute& attribute, std::uint8_t flags, const Names& names) {
  Attribute shared;
  shared.kind = attribute.kind;
  shared.unit = attribute.unit;
  shared.object_type = attribute.object_type;
  shared.expires_us = attribute.expires_us;
  shared.about = attribute.about;
  std::string bytes;
  ByteWriter out(bytes);
  out.byte(flags);
  put_attribute(out, shared, names);
  return bytes;
}

NewPoint point_of(SeriesId series, const Sample& sample, const std::string& form, std::string& text) {
  const Attribute& attribute = sample.attribute;
  NewPoint point{.series = series, .form = form};
  point.point.time_us = attribute.observed_us != kNoTime ? attribute.observed_us : attribute.modified_us;
  point.point.recorded_us = attribute.modified_us;
  point.point.created_us = attribute.created_us == kNoTime ? attribute.modified_us : attribute.created_us;
  point.point.instance = sample.instance;
  point.is_number = !sample.is_deletion && number_of(attribute.value, point.point.number);
  if (point.is_number) return point;
  text.clear();
  ByteWriter out(text);
  put_value(out, sample.is_deletion ? Value() : attribute.value);
  point.text = text;
  return point;
}

Sample sample_of(const SeriesRecord& series, const Rows& rows, const Point& point, Names& names) {
  Sample sample;
  sample.instance = point.instance;
  ByteReader form(rows.forms[point.form]);
  const std::uint8_t flags = form.byte();
  sample.attribute = take_attribute(form, names);
  sample.is_deletion = (flags & is_deletion) != 0;
  Attribute& attribute = sample.attribute;
  attribute.name = series.attribute;
  attribute.dataset = series.dataset;
  attribute.observed_us = (flags & is_observed) != 0 ? point.time_us : kNoTime;
  attribute.modified_us = point.recorded_us;
  attribute.created_us = point.created_us;
  if (point.text != 0) {
    ByteReader text(rows.texts[point.text - 1]);
    attribute.value = take_value(text);
  } else if (point.number == std::trunc(point.number) && std::abs(point.number) <= kWholeNumberMax) {
    attribute.value = static_cast<std::int64_t>(point.number);
  } else {
    attribute.value = point.number;
  }
  return sample;
}

}  // namespace citiverse::twin::history
