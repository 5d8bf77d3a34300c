// What talk asks of accounts, which this room does not know: who may say how much to whom, and a proof of what was said.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "presence/reach.h"

namespace citiverse::presence {

/// Whom a message is for.
enum class SayTo : std::uint8_t { near, group, place, person };

/// What one account may do now.
struct TalkLimits {
  int messages_per_minute = 0;  ///< 0: nothing may be said.
  int direct_new_per_hour = 0;  ///< People to whom one may begin to write.
  bool may_link = false;
  bool may_speak_near = false;  ///< By voice; needs a consent, which is counted in here.
  bool may_speak_in_groups = false;
  bool may_caption = false;  ///< Consent to show others what one says as text.
};

/// What a message carries so that it can be reported: nobody keeps it.
struct Witness {
  std::string at;     ///< RFC 3339, UTC.
  std::string proof;  ///< Opaque.
};

/// Called from the space's thread at each message: microseconds, never the disk.
class TalkRules {
 public:
  virtual ~TalkRules() = default;
  virtual TalkLimits limits(const Profile& who) = 0;
  /// Whether `listener` wants to hear and read `speaker`: neither muted nor blocked.
  virtual bool hears(const Profile& listener, const Profile& speaker) = 0;
  /// Whether a direct message may be sent. Fails: denied, with words for the sender that do not tell what the recipient chose.
  virtual base::Result<void> may_write(const Profile& sender, const Profile& recipient, bool has_been_written_to,
                                       bool share_group) = 0;
  virtual bool may_speak_together(const Profile& one, const Profile& other, bool share_group) = 0;
  virtual Witness witness(const Profile& speaker, SayTo to, std::string_view text) = 0;
};

/// What is written on a thing is read by all who see it: it is talk as what is said near. Of the space's thread.
class ThingWords {
 public:
  virtual ~ThingWords() = default;
  /// The words may be shown now, and can be reported by what is given. Fails: denied, limit.
  virtual base::Result<Witness> put_on_thing(const Profile& who, std::string_view text, std::uint64_t now_ms) = 0;
};

}  // namespace citiverse::presence
