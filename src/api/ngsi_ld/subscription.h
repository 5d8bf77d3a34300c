// A subscription as its subscriber wrote it, → what is watched and how it is told (ETSI GS CIM 009 V1.9.1, 5.2.12 to 5.2.15).
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/ngsi_ld/asked.h"
#include "api/ngsi_ld/entity_json.h"
#include "api/ngsi_ld/query_request.h"
#include "base/json_reader.h"
#include "net/mqtt_publishing.h"
#include "twin/subscriptions.h"

namespace citiverse::api::ngsi_ld {

inline constexpr std::size_t kReceiverFieldsMax = 16;  ///< receiverInfo, and likewise notifierInfo, of one subscription.
inline constexpr std::size_t kReceiverFieldBytesMax = 4 * 1024;  ///< Of one key or value.
inline constexpr std::size_t kSubscriptionNamesMax = 256;        ///< Attributes in one list.
inline constexpr double kNotificationIntervalMinS = 0.1;         ///< timeInterval; less would be a load, not news.
inline constexpr double kNotificationIntervalMaxS = 10 * 365.25 * 24 * 3600;

/// Members in their order, each with its JSON.
using JsonMembers = std::vector<std::pair<std::string, std::string>>;

/// What a node keeps of a subscription: names of types and attributes are expanded, so that it means the same whatever
/// becomes of the context that it came with; the names in `q` stand in `terms`.
struct SubscriptionDocument {
  JsonMembers members;                       ///< With id; without type, @context and what only a broker writes.
  std::map<std::string, std::string> terms;  ///< Of q: name → IRI; those of csf likewise, kCsfTerm before each.
  std::string context = "{}";                ///< The value of "@context" that it came with.

  std::string text() const;
  /// Fails: corrupt.
  static base::Result<SubscriptionDocument> parse(std::string_view text);
};

/// Members of a body as they are kept. A member that is null, or NGSI-LD Null, has "null" (5.5.4). Fails: bad_input.
base::Result<JsonMembers> canonical_members(base::JsonValue body, const Context& context);
/// Puts members of a fragment in place of those that are there; null ones go (5.5.8).
void replace_members(JsonMembers& members, const JsonMembers& fragment);
const std::string* find_member(const JsonMembers& members, std::string_view name);
/// The id that the members of a new document name, or a fresh one of the type, which they are then given. Fails: bad_input.
base::Result<std::string> id_of_new(JsonMembers& members, std::string_view type);
inline constexpr std::string_view kCsfTerm = "csf ";
/// The names of `q` and `csf` and their IRIs. Fails: bad_input.
base::Result<std::map<std::string, std::string>> terms_of_q(const JsonMembers& members, const Context& context,
                                                            twin::Names& names);
/// Puts the names of what a fragment says anew in place of those that are there.
void replace_terms(std::map<std::string, std::string>& terms, const JsonMembers& fragment,
                   const std::map<std::string, std::string>& of_fragment);

/// How notifications of one subscription look and where they go.
struct NotificationForm {
  Form kind = Form::normalized;
  bool shows_system_attributes = false;
  bool shows_changes = false;
  std::string language;
  std::vector<std::string> datasets;
  std::optional<Projection> projection;
  Join join = Join::none;
  std::size_t join_level = 1;
  MediaType accept = MediaType::json;
  bool has_link = true;  ///< The @context goes into a Link field, not into the body.
  std::string uri;
  std::string fields;  ///< receiverInfo as HTTP fields.
  std::chrono::milliseconds request_time{0};
  std::chrono::milliseconds cooldown{0};
  bool is_mqtt = false;  ///< Told by MQTT (7): what HTTP says in fields goes into the message.
  net::MqttVersion mqtt_version = net::MqttVersion::v5_0;
  std::uint8_t mqtt_quality = 0;
  std::string context_url;  ///< jsonldContext; empty: the one that the subscription came with.
};

/// temporalQ of a subscription to registrations (5.2.21): whether a source has something between two times.
struct TemporalQuestion {
  bool is_of_management = false;  ///< Of createdAt, modifiedAt and deletedAt instead of observedAt.
  twin::TimeUs from_us = INT64_MIN;
  twin::TimeUs until_us = INT64_MAX;
};

struct Subscription {
  twin::Watch watch;
  NotificationForm form;
  std::optional<twin::QExpression> csf;      ///< Of a subscription to registrations; otherwise it changes nothing.
  std::optional<TemporalQuestion> temporal;  ///< Likewise.
  bool is_active = true;
  twin::TimeUs expires_us = twin::kNoTime;
};

/// `is_of_registrations`: temporalQ may be said (5.11.2). Fails: bad_input, naming the member and the fix; limit.
base::Result<Subscription> read_subscription(const SubscriptionDocument& document, twin::Names& names,
                                             bool is_of_registrations = false);

/// Whether a field of this name and value may be sent with a notification: an RFC 9110 token that HTTP itself does not use, and
/// text without controls. Fails: bad_input.
base::Result<void> check_receiver_field(std::string_view key, std::string_view value);
/// receiverInfo (5.2.22) as the fields of HTTP that it stands for. Fails: bad_input.
base::Result<std::string> receiver_fields(base::JsonValue list);

}  // namespace citiverse::api::ngsi_ld
