// The one interface behind which a gateway carries conversations that are too large for browser to browser.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "presence/wire.h"

namespace citiverse::presence {

/// A conversation on the gateway; the group's number in its space.
using RelayRoom = std::uint64_t;

/// What the gateway wants told to a person: one JSON value for the member `data` of a `signal` from person 0.
struct RelayWord {
  PersonId to = kNobody;
  std::string data_json;
  bool has_failed = false;  ///< The gateway gave up on this person; `data_json` is empty.
};

/// Threads: called from the space's thread; never waits. Janus in the program (api/janus_relay.h).
class VoiceRelay {
 public:
  virtual ~VoiceRelay() = default;
  virtual bool is_available() const = 0;
  /// What a browser says to the gateway: {"offer": sdp}, {"candidate": {…}} or {"candidate": null}. The first offer joins.
  /// Fails: limit when the gateway's queue is full.
  virtual base::Result<void> signal(RelayRoom room, PersonId from, std::string_view data_json) = 0;
  virtual void leave(PersonId person) = 0;
  /// Takes what the gateway said since the last call.
  virtual void drain(const std::function<void(const RelayWord&)>& take) = 0;
};

}  // namespace citiverse::presence
