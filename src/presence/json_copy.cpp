// Depth is bounded by the reader (base::kJsonDepthMax).
#include "presence/json_copy.h"

namespace citiverse::presence {

void copy_json(base::JsonWriter& json, base::JsonValue value) {
  if (value.is_object()) {
    json.begin_object();
    for (std::size_t i = 0; i < value.size(); ++i) {
      const auto [name, member] = value.member(i);
      json.key(name);
      copy_json(json, member);
    }
    json.end_object();
  } else if (value.is_array()) {
    json.begin_array();
    for (std::size_t i = 0; i < value.size(); ++i) copy_json(json, value[i]);
    json.end_array();
  } else if (const auto text = value.text()) {
    json.text(*text);
  } else if (const auto truth = value.boolean()) {
    json.boolean(*truth);
  } else if (const auto whole = value.integer()) {
    json.integer(*whole);
  } else if (const auto number = value.number()) {
    json.number(*number, 9);
  } else {
    json.null();
  }
}

}  // namespace citiverse::presence
