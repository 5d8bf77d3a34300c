// What talk may know and do in a space: who is there, who is near, who may meet, and telling a person something reliably.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_reader.h"
#include "base/result.h"
#include "presence/wire.h"

namespace citiverse::presence {

/// Who a person is to the node. Set when they join, changed only through Reach's owner.
struct Profile {
  std::uint64_t account = 0;  ///< 0: nobody's. Never told to others.
  std::uint64_t session = 0;
  std::uint32_t roles = 0;  ///< As the gate admitted them; opaque here.
  std::string name;
  std::string pronouns;
  std::string look_json;                     ///< A JSON object of avatar_look.md, or empty.
  std::vector<std::uint64_t> organisations;  ///< That they are a member of, as they came in; opaque here.
  std::vector<std::string> shown_roles;      ///< What the city lets them show.
  bool is_guest = false;
  bool is_verified = false;
  bool is_minor = false;
};

/// The space as chat, voice and captions see it. One thread, the space's. Ids of people who have gone give empty answers.
class Reach {
 public:
  virtual ~Reach() = default;

  virtual bool is_here(PersonId person) const = 0;
  /// Nothing when not here. Valid until the next call that changes the space.
  virtual const Profile* profile(PersonId person) const = 0;
  virtual std::optional<Place> place(PersonId person) const = 0;
  /// Everyone within radius_m of `who` who is not hidden and not blocked, either way; nearest first, at most people_max,
  /// without `who`.
  virtual void near(PersonId who, double radius_m, std::size_t people_max, std::vector<PersonId>& out) const = 0;
  /// Both here, and no block between them.
  virtual bool may_meet(PersonId one, PersonId other) const = 0;
  /// True for one who chose to be invisible.
  virtual bool is_hidden(PersonId person) const = 0;
  /// The group's members, `who` among them; empty without a group.
  virtual void group_of(PersonId who, std::vector<PersonId>& out) const = 0;

  /// Queues one JSON object with a member "t" (protocol/presence.md, 0x90). Order is kept. False when the person is not here or
  /// their queue is full: then they are too slow to talk to, and what was said to them is lost.
  virtual bool tell(PersonId to, std::string_view json) = 0;
};

/// Whom a JSON message from a client goes to. `milliseconds` is the space's clock.
using SayHandler = base::Result<void> (*)(void* self, PersonId from, base::JsonValue members, std::uint64_t now_ms);

/// The kinds of JSON messages and who answers each: filled before the space runs.
class SayTable {
 public:
  /// `members`: all that a message of this kind may have, beside t; others are refused by name. A Result that failed is
  /// answered with `problem`, its code and message as they are.
  void add(std::string_view kind, std::vector<std::string_view> members, void* self, SayHandler handler) {
    kinds_.push_back({kind, std::move(members), self, handler});
  }
  struct Kind {
    std::string_view name;
    std::vector<std::string_view> members;
    void* self;
    SayHandler handler;
  };
  const std::vector<Kind>& kinds() const { return kinds_; }

 private:
  std::vector<Kind> kinds_;
};

/// Takes one JSON message (after its type byte) apart and hands it on. What is wrong with it is told to the sender as
/// `problem`. False: not a JSON object with a `t`, the connection is malformed.
bool dispatch_say(const SayTable& table, Reach& reach, PersonId from, std::string_view json, std::uint64_t now_ms);

/// Tells somebody what did not work: `problem` of the wire. `about`: the kind of message that asked for it.
void tell_problem(Reach& reach, PersonId to, std::string_view about, std::string_view code, std::string_view detail);

}  // namespace citiverse::presence
