// One pass, straight into the string.
#include "api/ngsi_ld/json_value_text.h"

#include <array>
#include <charconv>
#include <cmath>

#include "base/json_writer.h"

namespace citiverse::api::ngsi_ld {

void append_number(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  std::array<char, 32> digits{};
  out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
}

void append_json(std::string& out, base::JsonValue value) {
  if (const auto text = value.text()) {
    base::JsonWriter(out).text(*text);
  } else if (const auto integer = value.integer()) {
    base::JsonWriter(out).integer(*integer);
  } else if (const auto number = value.number()) {
    append_number(out, *number);
  } else if (const auto boolean = value.boolean()) {
    out += *boolean ? "true" : "false";
  } else if (value.is_array()) {
    out += '[';
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (i > 0) out += ',';
      append_json(out, value[i]);
    }
    out += ']';
  } else if (value.is_object()) {
    out += '{';
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (i > 0) out += ',';
      const auto [name, member] = value.member(i);
      base::JsonWriter(out).text(name);
      out += ':';
      append_json(out, member);
    }
    out += '}';
  } else {
    out += "null";
  }
}

}  // namespace citiverse::api::ngsi_ld
