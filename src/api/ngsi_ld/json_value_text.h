// JSON that was read, written again as compact text: how structured values are kept in the twin.
#pragma once

#include <string>

#include "base/json_reader.h"

namespace citiverse::api::ngsi_ld {

/// Appends a number in its shortest form that reads as the same value; whole numbers without a point.
void append_number(std::string& out, double value);
/// Appends a value without white space; members keep their order.
void append_json(std::string& out, base::JsonValue value);

}  // namespace citiverse::api::ngsi_ld
