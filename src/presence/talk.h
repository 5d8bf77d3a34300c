// Text, captions and the arranging of voice in one space: the kinds say, caption, captions, voice and signal of the wire.
#pragma once

#include <cstdint>
#include <unordered_set>
#include <vector>

#include "presence/reach.h"
#include "presence/talk_pace.h"
#include "presence/talk_rules.h"
#include "presence/voice.h"

namespace citiverse::presence {

inline constexpr double kEarshotM = 25;            ///< So far one reads what somebody says near.
inline constexpr std::size_t kListenersMax = 100;  ///< The nearest so many read it.
inline constexpr std::size_t kCaptionCharactersMax = 300;
inline constexpr std::size_t kLanguageBytesMax = 35;

/// One space's talk; nothing that is said is kept. One thread, the space's.
class Talk final : public ThingWords {
 public:
  /// All must outlive this; `relay` may be absent, and so may `pace`, which spaces share so that a limit holds in all of them.
  Talk(Reach& reach, TalkRules& rules, VoiceRelay* relay, TalkPace* pace = nullptr)
      : reach_(reach), rules_(rules), pace_(pace == nullptr ? own_pace_ : *pace), voice_(reach, rules, relay) {}

  /// Adds the kinds that this answers.
  void add_to(SayTable& table);
  /// Once a tick: voice follows where people are.
  void tick(std::uint64_t now_ms);
  /// A person has left for good, or may no longer talk: their voice ends.
  void left(PersonId person);
  /// After a block, a mute or a time-out: who may no longer speak together is parted at once.
  void rules_changed() { voice_.review_all(); }

  base::Result<Witness> put_on_thing(const Profile& who, std::string_view text, std::uint64_t now_ms) override;

  const Voice& voice() const { return voice_; }

 private:
  base::Result<void> say(PersonId from, base::JsonValue members, std::uint64_t now_ms);
  base::Result<void> caption(PersonId from, base::JsonValue members, std::uint64_t now_ms);
  base::Result<void> captions(PersonId from, base::JsonValue members, std::uint64_t now_ms);
  base::Result<void> turn_voice(PersonId from, base::JsonValue members, std::uint64_t now_ms);
  base::Result<void> signal(PersonId from, base::JsonValue members, std::uint64_t now_ms);
  base::Result<void> say_directly(PersonId from, const Profile& sender, base::JsonValue members, std::string_view text,
                                  std::string_view lang, std::uint64_t now_ms);
  void deliver(PersonId from, const Profile& speaker, SayTo to, PersonId only, std::string_view text, std::string_view lang);
  template <base::Result<void> (Talk::*Handler)(PersonId, base::JsonValue, std::uint64_t)>
  static base::Result<void> call(void* self, PersonId from, base::JsonValue members, std::uint64_t now_ms);

  Reach& reach_;
  TalkRules& rules_;
  TalkPace own_pace_;
  TalkPace& pace_;
  Voice voice_;
  std::unordered_set<PersonId> caption_readers_;
  std::vector<PersonId> found_;
  std::uint64_t next_said_ = 1;
  std::uint64_t swept_at_ms_ = 0;
};

}  // namespace citiverse::presence
