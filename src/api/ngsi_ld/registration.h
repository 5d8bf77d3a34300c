// A context source as it registers itself, → what it has, what may be asked of it, and how it is reached (ETSI GS CIM 009
// V1.9.1, 5.2.8 to 5.2.11 and 5.2.34).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/ngsi_ld/registration_operations.h"
#include "api/ngsi_ld/subscription.h"
#include "twin/entity.h"
#include "twin/query/pattern.h"

namespace citiverse::api::ngsi_ld {

inline constexpr std::size_t kInformationMax = 64;  ///< RegistrationInfo of one registration, and EntityInfo of one of these.
inline constexpr std::size_t kRegistrationMembersMax = 64;  ///< With the source's own properties.
inline constexpr std::size_t kContextSourceInfoMax = 32;    ///< Pairs that are sent to a source.

/// A registration is kept in the form in which a subscription is: names expanded, with the context that it came with.
using RegistrationDocument = SubscriptionDocument;

enum class RegistrationMode : std::uint8_t { inclusive, exclusive, redirect, auxiliary };

/// 5.2.8.
struct EntityInfo {
  std::vector<twin::NameId> types;
  std::string id;  ///< Empty: any; it wins over the pattern.
  std::optional<twin::Pattern> id_pattern;
};

/// 5.2.10.
struct RegistrationInfo {
  std::vector<EntityInfo> entities;  ///< Empty: any.
  std::vector<twin::NameId> names;   ///< Of properties and relationships; empty: any.
};

/// 5.2.11; both ends belong to it.
struct TimeInterval {
  twin::TimeUs start_us = INT64_MIN;
  twin::TimeUs end_us = INT64_MAX;
};

/// How a source is asked, once operations are forwarded to it (4.3.6); until then it is kept and checked.
struct ContextSource {
  std::string endpoint;
  std::string tenant;
  std::string alias;
  std::vector<std::pair<std::string, std::string>> info;  ///< contextSourceInfo.
  bool is_local_only = false;
  std::chrono::milliseconds timeout{0};
  std::chrono::milliseconds cooldown{0};
};

struct Registration {
  std::vector<RegistrationInfo> information;
  RegistrationMode mode = RegistrationMode::inclusive;
  Operations operations = 0;
  std::vector<std::string> datasets;
  std::optional<TimeInterval> observation, management;
  twin::TimeUs expires_us = twin::kNoTime;
  ContextSource source;
  /// The registration as a thing that can be asked by csf, scopeQ and geo-queries: Context Source Properties, scopes, places.
  twin::Entity properties;
};

/// Members of a body as they are kept; null for those that NGSI-LD Null takes away (5.5.8). Fails: bad_input.
base::Result<JsonMembers> canonical_registration(base::JsonValue body, const Context& context);
/// Fails: bad_input, naming the member and the fix; limit.
base::Result<Registration> read_registration(const RegistrationDocument& document, twin::Names& names);

}  // namespace citiverse::api::ngsi_ld
