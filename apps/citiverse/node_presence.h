// What a node needs to let people meet: safety, the door of the city's space, and the thread that drives its sockets.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <thread>

#include "api/city_model.h"
#include "api/janus_relay.h"
#include "api/node_spaces.h"
#include "api/node_things.h"
#include "api/people_safety.h"
#include "api/presence_door.h"
#include "api/presence_ground.h"
#include "api/presence_people.h"
#include "api/voice_servers.h"
#include "base/result.h"
#include "net/web_socket_driver.h"

namespace citiverse {

struct PresenceOptions {
  std::uint32_t people_max = 25'000;
  std::vector<std::string> stun;  ///< As api::VoiceServers.
  std::vector<std::string> turn;
  std::filesystem::path turn_secret_file;   ///< Shared with coturn.
  std::string janus_url;                    ///< Empty: no gateway.
  std::filesystem::path janus_secret_file;  ///< Two lines: api_secret, admin_key; either may be empty.
};

/// Stays where it is: routes and listeners point into it.
class NodePresence {
 public:
  /// Whatever is passed must outlive it.
  static base::Result<std::unique_ptr<NodePresence>> open(const PresenceOptions& options, identity::Identity& identity,
                                                          const std::filesystem::path& state, const api::CityModel& model,
                                                          net::Metrics& metrics, const net::Limits& limits);

  ~NodePresence();
  NodePresence(const NodePresence&) = delete;
  NodePresence& operator=(const NodePresence&) = delete;

  void add_routes(net::Router& router, const api::CityModel& model);
  net::WebSocketDriver& sockets() { return *driver_; }
  /// What may be done while the first visitors come: finds the walls.
  void prepare() { ground_.prepare(); }

 private:
  explicit NodePresence(const api::CityModel& model) : ground_(model.city()) {}
  base::Result<void> find_voice(const PresenceOptions& options, identity::Identity& identity);
  void listen(identity::Identity& identity);
  base::Result<void> open_spaces(identity::Identity& identity, const std::filesystem::path& state);
  void sweep(const std::stop_token& stop);

  api::PresenceGround ground_;
  api::VoiceServers voice_;
  std::unique_ptr<api::JanusRelay> relay_;
  std::unique_ptr<api::PeopleSafety> safety_;
  std::optional<api::PresencePeople> people_;
  std::unique_ptr<storage::Store> space_store_;
  std::unique_ptr<presence::SpaceBook> book_;
  std::unique_ptr<api::PresenceDoor> door_;
  std::optional<api::NodeSpaces> spaces_;
  std::unique_ptr<net::WebSocketDriver> driver_;  // Ends before the door it calls.
  std::optional<api::NodeThings> things_;         // Tells the door until it ends.
  std::jthread sweeping_;                         // Forgets cases and notices whose time has run out.
};

}  // namespace citiverse
