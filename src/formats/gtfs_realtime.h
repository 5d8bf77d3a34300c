// GTFS-Realtime, as buses and trams report themselves, as JSON that mapping rules read like any other message.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace citiverse::formats {

inline constexpr std::size_t kGtfsEntitiesMax = 50'000;  ///< Of one feed message.
inline constexpr std::size_t kGtfsRepeatsMax = 1'000;    ///< Of any other repeated field of one message.

/// A FeedMessage as JSON with the names of gtfs-realtime.proto (version 2.0): header, and entity with vehicle, trip_update and
/// alert. Enumerations by name, numbers that nobody named as numbers; what is not set is absent; unknown fields are passed
/// over. Fails: bad_input (no protocol buffer, no header or no id), limit. Source: gtfs.org/documentation/realtime/proto.
base::Result<std::string> gtfs_realtime_json(std::string_view bytes);

}  // namespace citiverse::formats
