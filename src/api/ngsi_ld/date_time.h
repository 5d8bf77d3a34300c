// Moments as NGSI-LD writes them.
#pragma once

#include <optional>
#include <string_view>

#include "twin/attribute.h"

namespace citiverse::api::ngsi_ld {

/// What NGSI-LD takes, which is less than twin::parse_moment does; twin::append_moment writes it.
/// "2018-08-07T12:00:00Z", with up to six decimals after "." or ","; UTC, years 1 to 9999. Nothing for anything else. A leap
/// second is the first of the next minute. Source: ETSI GS CIM 009 V1.9.1, 4.6.3.
std::optional<twin::TimeUs> parse_date_time(std::string_view text);

}  // namespace citiverse::api::ngsi_ld
