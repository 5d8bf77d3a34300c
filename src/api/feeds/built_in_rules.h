// Rules that are part of the program, written as a mapping file has them: what GTFS-Realtime and GBFS mean in the twin.
#pragma once

#include <string_view>
#include <vector>

#include "api/feeds/mapping.h"

namespace citiverse::api::feeds {

/// Of one feed of GTFS-Realtime, over its JSON: vehicles, trip updates, alerts.
std::vector<Rule> gtfs_rules(const GtfsFeed& feed, twin::Names& names);

/// Of one service of GBFS 2.0 to 3.0, by the names that its gbfs.json gives to its parts.
struct GbfsRule {
  std::string_view part;  ///< "station_status"
  Rule rule;
};
std::vector<GbfsRule> gbfs_rules(const GbfsFeed& feed, twin::Names& names);

}  // namespace citiverse::api::feeds
