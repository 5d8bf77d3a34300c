// One voice gateway for the conversations of all spaces: a person's number says who they are in one space only.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "presence/voice_relay.h"

namespace citiverse::api {

/// Gives each space a relay of its own, behind which people and conversations have numbers that no other space's have.
/// Threads: one, the door's, but is_available(). Must outlive its ports.
class SharedRelay {
 public:
  explicit SharedRelay(presence::VoiceRelay& relay) : relay_(relay) {}
  std::unique_ptr<presence::VoiceRelay> port();

 private:
  class Port;
  struct Member {
    Port* port;
    presence::PersonId person;
  };
  presence::PersonId number_of(Port& port, presence::PersonId person);
  void distribute();

  presence::VoiceRelay& relay_;
  std::map<presence::PersonId, Member> members_;  // By their numbers behind this.
  std::uint32_t ports_ = 0;
  presence::PersonId last_ = presence::kNobody;
};

}  // namespace citiverse::api
