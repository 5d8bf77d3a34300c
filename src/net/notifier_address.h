// Where a notification goes: http, https, mqtt or mqtts, read strictly.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "net/mqtt_publishing.h"
#include "net/outgoing_url.h"

namespace citiverse::net {

struct NotifierAddress {
  OutgoingUrl url;  ///< Of MQTT, its target is the topic, decoded.
  bool is_mqtt = false;
  std::string user, password;  ///< Of MQTT; empty: none.
  MqttVersion version = MqttVersion::v5_0;

  /// The same for all that may share a connection. Holds secrets.
  std::string key() const;
};

/// http and https as parse_outgoing_url(); mqtt[s]://[user][:password]@host[:port]/topic[/topic]…, percent-encoded where RFC
/// 3986 asks for it, ports 1883 and 8883 where none is said. Fails: bad_input, naming what is wrong and no secret. Source: ETSI
/// GS CIM 009 V1.9.1, 7.2.
base::Result<NotifierAddress> parse_notifier_address(std::string_view text);

}  // namespace citiverse::net
