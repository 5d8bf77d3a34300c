// What a subscriber is sent: a Notification with the entities that changed (ETSI GS CIM 009 V1.9.1, 5.3.1, 5.8.6).
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "api/ngsi_ld/subscription.h"

namespace citiverse::api::ngsi_ld {

struct NotificationHead {
  std::string id;
  std::string_view subscription_id;
  twin::TimeUs notified_us = 0;
};

struct NotificationLook {
  const NotificationForm& form;
  std::span<const twin::NameId> watched;
  std::uint8_t triggers = 0;
  const Context& context;
  const twin::Names& names;
  std::function<twin::EntityPtr(std::string_view id)> find;  ///< For join.
};

/// The entities, as "data" has them.
std::string notification_data(const NotificationLook& look, std::span<const twin::Noticed> noticed, twin::TimeUs now_us);
std::string notification_body(const NotificationHead& head, const NotificationForm& form, const Context& context,
                              std::string_view data);

/// A notification as MQTT carries it: what HTTP would say in fields, "Key: value" each ending in CRLF, is its "metadata" (7.2).
std::string mqtt_message(std::string_view content_type, std::string_view fields, std::string_view notification);

/// What is shown of an entity that changed: attributes that went are there with NGSI-LD Null as value; of an entity that went,
/// only what the subscription asks for.
twin::Entity shown_entity(const NotificationLook& look, const twin::Noticed& noticed);

}  // namespace citiverse::api::ngsi_ld
