// JSON that passes through: written again from what was read, so that nothing unread travels on.
#pragma once

#include "base/json_reader.h"
#include "base/json_writer.h"

namespace citiverse::presence {

/// Appends `value` with all that is in it. Whole numbers stay whole; others keep nine digits after the point. An absent value
/// is null.
void copy_json(base::JsonWriter& json, base::JsonValue value);

}  // namespace citiverse::presence
