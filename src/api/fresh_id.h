// Ids for what nobody named: entities, subscriptions, registrations, snapshots, maps, notifications.
#pragma once

#include <string>
#include <string_view>

namespace citiverse::api {

/// "urn:ngsi-ld:TYPE:" and 128 random bits in 32 hexadecimal digits, from OpenSSL's generator: two are never the same, and who
/// knows one does not know the next. About a microsecond. Threads: safe. A generator without a seed ends the program.
std::string fresh_id(std::string_view type);

}  // namespace citiverse::api
