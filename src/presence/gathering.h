// What people do together beside talking: names, gestures, following, meeting, teleporting, groups, tours, shared objects.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "presence/object_book.h"
#include "presence/space.h"
#include "presence/talk_rules.h"

namespace citiverse::presence {

inline constexpr double kReactionM = 40;
inline constexpr std::size_t kReactionPeopleMax = 64;
inline constexpr float kPersonalSpaceMaxM = 3;
inline constexpr std::size_t kObjectNewsPeopleMax = 128;
inline constexpr std::size_t kObjectsATellMax = 100;

/// Somebody of one's group who is in another space.
struct Elsewhere {
  std::string name;
  std::string space;       ///< As one enters it.
  std::string space_name;  ///< As people call it.
};

/// What gathering asks of accounts and of the city.
class GatheringRules {
 public:
  virtual ~GatheringRules() = default;
  /// Fails: denied, in words for the one who asks.
  virtual base::Result<void> may_group(const Profile& who) = 0;
  virtual base::Result<void> may_invite(const Profile& who, const Profile& whom) = 0;
  /// Whether the listener has muted the other.
  virtual bool is_muted(const Profile& listener, const Profile& other) = 0;
  /// The middle of a city object, such as "place-n42"; nothing when there is none.
  virtual std::optional<geo::Vec2d> find_object(std::string_view id) = 0;
  /// A secret of kGroupCodeBytesMin letters and digits or more.
  virtual std::string fresh_code() = 0;
  /// People of the group with this code who are in other spaces that `who` may enter, and may be found by them.
  virtual std::vector<Elsewhere> elsewhere(const Profile& who, std::string_view group_code) = 0;
};

/// What gathering asks of whoever keeps things over restarts. The space's thread never waits for a disk: what is asked is done
/// later, and the answer comes by Gathering's kept(), not_kept() and gone().
class ObjectKeeper {
 public:
  virtual ~ObjectKeeper() = default;
  /// Fails: denied, in words for the one who asks.
  virtual base::Result<void> may_stay(const Profile& who, std::string_view text) = 0;
  /// Answered by kept() or not_kept(). Fails: limit when too many wait.
  virtual base::Result<void> keep(const SharedObject& object) = 0;
  /// Put down elsewhere, locked or unlocked.
  virtual void settled(const SharedObject& object) = 0;
  /// By its owner; answered by gone(). Only `account` and `kept` count.
  virtual void taken_away(const SharedObject& object) = 0;
};

/// The kinds who, react, follow, meet, go, group, tour, object, hide and space of the wire. One space's thread.
class Gathering {
 public:
  /// All must outlive this; without a keeper nothing stays, without `words` nothing is written on things.
  Gathering(Space& space, GatheringRules& rules, ObjectKeeper* keeper = nullptr, ThingWords* words = nullptr)
      : space_(space), rules_(rules), keeper_(keeper), words_(words) {}

  void add_to(SayTable& table);
  /// Somebody goes for good: their group, and who follows them, hear of it. Call from Teller::goes.
  void goes(PersonId person);
  /// Name, look or personal space of somebody changed: those who see them are told.
  void announce(PersonId person);
  /// Whom somebody may see has changed: they are told what stands around them and who is in their group.
  void sight_changed(PersonId person);

  // What stays.

  /// It stood here before, or stands again; `thing` is its id as people name it. Nothing happens outside the space's bounds.
  void stand(const KeptObject& kept, std::string thing);
  void kept(ObjectId id, const KeptObject& kept, std::string thing);
  /// The object goes with its owner, who is told why.
  void not_kept(ObjectId id, const base::Error& why);
  /// It stands no more, whoever decided so.
  void gone(std::uint64_t kept);

 private:
  using Members = base::JsonValue;
  base::Result<void> who(PersonId from, Members members, std::uint64_t now_ms);
  base::Result<void> react(PersonId from, Members members, std::uint64_t now_ms);
  base::Result<void> follow(PersonId from, Members members, std::uint64_t now_ms);
  base::Result<void> meet(PersonId from, Members members, std::uint64_t now_ms);
  base::Result<void> go(PersonId from, Members members, std::uint64_t now_ms);
  base::Result<void> group(PersonId from, Members members, std::uint64_t now_ms);
  base::Result<void> tour(PersonId from, Members members, std::uint64_t now_ms);
  base::Result<void> object(PersonId from, Members members, std::uint64_t now_ms);
  base::Result<void> hide(PersonId from, Members members, std::uint64_t now_ms);
  base::Result<void> personal_space(PersonId from, Members members, std::uint64_t now_ms);
  template <base::Result<void> (Gathering::*Handler)(PersonId, Members, std::uint64_t)>
  static base::Result<void> call(void* self, PersonId from, base::JsonValue members, std::uint64_t now_ms);

  base::Result<geo::Vec2d> destination(PersonId from, Members members);
  base::Result<void> invite(PersonId from, PersonId whom);
  void tell_followed(PersonId from, PersonId whom, bool on);
  void tell_group(const Group& group);
  void tell_group(const Group& group, PersonId reader);
  bool is_shown_in_group(PersonId reader, PersonId member) const;
  void tell_tour(const Group& group);
  void after_group_change(PersonId person, const std::vector<PersonId>& before);
  base::Result<void> make_object(PersonId from, Members members, std::uint64_t now_ms);
  base::Result<Place> place_for_object(PersonId from, Members members) const;
  base::Result<std::string> proof_of_words(PersonId from, std::string_view words, std::uint64_t now_ms);
  bool reads(PersonId reader, const SharedObject& object) const;
  base::Result<void> may_stay(PersonId from, std::string_view text);
  base::Result<void> remove_object(PersonId from, ObjectId id);
  base::Result<void> put_down(PersonId person, ObjectId id);
  void settle(ObjectId id);
  void tell_object(ObjectId id);
  void release_held(PersonId person);
  void list_objects(PersonId to);
  void tell_object_gone(ObjectId id, Place at);
  void write_person(base::JsonWriter& json, PersonId viewer, PersonId person) const;

  Space& space_;
  GatheringRules& rules_;
  ObjectKeeper* keeper_;
  ThingWords* words_;
  std::vector<PersonId> found_;
};

}  // namespace citiverse::presence
