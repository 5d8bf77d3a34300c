// The servers that help browsers find each other, as the operator configured them, with credentials that end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "identity/surroundings.h"

namespace citiverse::api {

/// What the operator says on the command line.
struct VoiceServers {
  std::vector<std::string> stun;  ///< "stun:host:3478".
  std::vector<std::string> turn;  ///< "turn:host:3478?transport=udp".
  std::string turn_secret;        ///< Shared with coturn (static-auth-secret); empty: no TURN is offered.
  bool has_gateway = false;       ///< A Janus gateway is configured.
};

inline constexpr std::chrono::hours kTurnTime{4};

struct TurnCredentials {
  std::string username;
  std::string credential;
  identity::Time expires_at{};
};

/// Good until kTurnTime from now for whoever holds them; `tag` is a random text that names nobody.
/// Source: draft-uberti-behave-turn-rest-00, 2.2: username is expiry ":" tag, credential is base64(HMAC-SHA1(secret,
/// username)).
TurnCredentials turn_credentials(std::string_view secret, std::string_view tag, identity::Time now);

}  // namespace citiverse::api
