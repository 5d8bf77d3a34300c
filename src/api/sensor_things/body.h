// Members of entities as clients write them, checked: texts, times, geometries, links.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "api/sensor_things/model.h"
#include "api/sensor_things/terms.h"
#include "base/json_reader.h"
#include "base/result.h"
#include "twin/entity.h"

namespace citiverse::api::sensor_things {

inline constexpr std::size_t kBodyDepthMax = 32;         ///< Arrays and objects within each other.
inline constexpr std::size_t kNameBytesMax = 1'000;      ///< A name, a definition, an encoding type.
inline constexpr std::size_t kTextBytesMax = 16 * 1024;  ///< A description, or a result that is a text.
inline constexpr std::size_t kJsonBytesMax = 64 * 1024;  ///< One property that is JSON.

/// The value of a member, by its name; absent when there is none.
using Members = std::function<base::JsonValue(std::string_view)>;
Members members_of(base::JsonValue body);

/// Every member must be a property or a navigation of the kind, an id, or control information ("@…"), which is passed over.
base::Result<void> check_members(Kind kind, base::JsonValue body);

/// A text without controls. Nothing when the member is absent. Fails: bad_input, limit.
base::Result<std::optional<std::string>> text_member(const Members& body, std::string_view name, std::size_t bytes_max);
base::Result<std::string> needed_text(const Members& body, std::string_view name, std::size_t bytes_max);
/// Any JSON, as the twin keeps it; a null is nothing.
base::Result<twin::Value> json_member_value(const Members& body, std::string_view name);
/// A time or an interval; null when the member is absent or null.
base::Result<Datum> time_member(const Members& body, std::string_view name);
/// The geometry of a GeoJSON object or of a Feature, as compact JSON.
base::Result<std::string> geometry_in(std::string_view name, base::JsonValue value);
/// "@iot.id" of a link to what is there already; nothing for an entity to be made.
std::optional<std::string> linked_id(base::JsonValue value);

/// An attribute of a twin entity.
twin::Attribute attribute_with(twin::NameId name, twin::Value value);

/// Reads the plain properties of a Thing, Location, Sensor, ObservedProperty or FeatureOfInterest as attributes; `needs_all`
/// when it is made, not when it is changed. Fails: bad_input, naming the property; limit.
base::Result<std::vector<twin::Attribute>> read_properties(Kind kind, base::JsonValue body, const Terms& terms, bool needs_all);

}  // namespace citiverse::api::sensor_things
