// Which clock a city lives by, where its data only says its country.
#pragma once

#include <string_view>

namespace citiverse::ingest {

/// The IANA time zone of a country that has one clock everywhere, by its ISO 3166-1 alpha-2 code; empty for countries with
/// several and for what is no code. Source: zone.tab of the IANA time zone database (public domain).
std::string_view time_zone_of_country(std::string_view code);

/// True for what can be an IANA name: "UTC", or letters, digits and "_+-" in parts between slashes.
bool is_time_zone_name(std::string_view name);

}  // namespace citiverse::ingest
