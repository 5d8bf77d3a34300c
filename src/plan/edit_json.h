// Edits and values as JSON: the one form in which they are saved, sent and exported.
#pragma once

#include <string>
#include <vector>

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "base/result.h"
#include "geo/city_plane.h"
#include "plan/edit.h"
#include "plan/plan.h"

namespace citiverse::plan {

/// Shapes are GeoJSON geometries (RFC 7946: longitude before latitude, 9 decimals: less than a millimetre), sections and
/// crossings arrays of objects, stops arrays of ids, words and texts strings. monostate is null.
void write_value(base::JsonWriter& json, const geo::CityPlane& plane, const Value& value);
/// {"edit": "add", "object": "building-p7", "set": {"levels": 4}}
void write_edit(base::JsonWriter& json, const geo::CityPlane& plane, const Edit& edit);

/// Reads what the type asks for; ranges are not checked (checks.h). Fails: bad_input.
base::Result<Value> read_value(base::JsonValue json, ValueType type, const geo::CityPlane& plane);
/// An edit without "object" has the "kind" of what it adds, and gets `next` as its id. Unknown members are refused.
/// Fails: bad_input, naming the member.
base::Result<Edit> read_edit(base::JsonValue json, const geo::CityPlane& plane, const Plan& plan, std::size_t number);
/// An array of them. Fails: bad_input, limit; names the edit, counted from 1.
base::Result<std::vector<Edit>> read_edits(base::JsonValue json, const geo::CityPlane& plane, const Plan& plan);

std::string_view word_for(Action action);

}  // namespace citiverse::plan
