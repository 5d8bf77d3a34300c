// Who speaks with whom by voice, and that their browsers find each other: off until chosen, never beyond what accounts allow.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "presence/reach.h"
#include "presence/talk_rules.h"
#include "presence/voice_relay.h"

namespace citiverse::presence {

/// A conversation from browser to browser has at most so many people: one's own voice goes up once for each other.
inline constexpr std::size_t kMeshPeople = 6;
inline constexpr std::size_t kVoicePeersMax = kMeshPeople - 1;
/// Voices near begin at one distance and end at a greater one, so that nobody flickers at the border.
inline constexpr double kVoiceBeginsM = 15;
inline constexpr double kVoiceEndsM = 22;
inline constexpr std::size_t kVoiceCandidatesMax = 32;
/// People whose neighbours are looked at again in one tick.
inline constexpr std::size_t kVoiceReviewsPerTick = 64;
inline constexpr std::size_t kSignalBytesMax = 12 * 1024;
/// Signals of one person: offers, answers and candidates of a connection or five.
inline constexpr int kSignalsPerMinute = 600;

enum class VoiceScope : std::uint8_t { near, group };

/// Near: everybody is linked with at most kVoicePeersMax of the nearest, mutually, by browser to browser. Group: all with all
/// up to kMeshPeople, beyond that through the relay; without one, who comes later is told that the conversation is full. Of
/// two, the one with the smaller number makes the offer. Signals pass only between people who are linked: nobody learns
/// another's network address otherwise. One thread.
class Voice {
 public:
  Voice(Reach& reach, TalkRules& rules, VoiceRelay* relay) : reach_(reach), rules_(rules), relay_(relay) {}

  /// The message `voice`. Fails: denied without consent or rights; limit when the group's conversation is full.
  base::Result<void> turn(PersonId person, bool on, VoiceScope scope);
  /// The message `signal`; to == kNobody is the gateway. Fails: denied between people who are not linked; limit.
  base::Result<void> signal(PersonId from, PersonId to, base::JsonValue data, std::uint64_t now_ms);
  void tick();
  void left(PersonId person);
  void review_all();

  /// Nothing when voice is off.
  const VoiceScope* scope_of(PersonId person) const;
  std::vector<PersonId> peers_of(PersonId person) const;
  bool is_on_gateway(PersonId person) const;
  std::size_t speakers() const { return speakers_.size(); }

 private:
  struct Speaker {
    VoiceScope scope = VoiceScope::near;
    std::vector<PersonId> peers;  ///< Ascending.
    RelayRoom room = 0;           ///< 0: not on the gateway.
    double signal_tokens = kSignalsPerMinute / 6.0;
    std::uint64_t signal_at_ms = 0;
    std::vector<PersonId> told;  ///< The peers that were told last.
    bool told_gateway = false;
    bool is_told = false;
  };
  using Speakers = std::map<PersonId, Speaker>;

  bool may_link(PersonId one, PersonId other, bool share_group) const;
  bool is_linked(const Speaker& speaker, PersonId other) const;
  void link(PersonId one, PersonId other);
  void unlink(PersonId one, PersonId other);
  void unlink_all(PersonId person, Speaker& speaker);
  void review_near(PersonId person, Speaker& speaker);
  void review_group(PersonId person);
  /// Who changed the group while on the gateway must not bring the old room along: of those in `room`, the smaller side of the
  /// two groups is silenced. True when all of them are among `members`.
  bool part_room(RelayRoom room, const std::vector<PersonId>& members);
  void drop_strangers(PersonId person, Speaker& speaker);
  void tell_changes(PersonId person, Speaker& speaker);
  void tell_all_changes();

  Reach& reach_;
  TalkRules& rules_;
  VoiceRelay* relay_;
  Speakers speakers_;
  PersonId reviewed_ = kNobody;  ///< Where the round stands.
  std::vector<PersonId> found_;
};

}  // namespace citiverse::presence
