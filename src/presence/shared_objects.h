// Things in a space that people make, hold, move and lock: a ball, a table, a sign. Their physics is the holder's business.
#pragma once

#include <array>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "presence/authority.h"
#include "presence/client_messages.h"

namespace citiverse::presence {

inline constexpr std::size_t kObjectsMax = 512;  ///< In one space.
inline constexpr std::size_t kObjectsOfOneMax = 16;
inline constexpr std::size_t kObjectsATickMax = 32;  ///< Moves in one tick; with more, they take turns.
inline constexpr std::int32_t kReachCm = 1000;       ///< So far from its holder an object may be.
inline constexpr std::int32_t kObjectsSeenCm = 20'000;
inline constexpr std::size_t kObjectTextBytesMax = 200;

struct SharedObject {
  ObjectId id = 0;
  Place at;
  std::array<std::int16_t, 4> orientation{0, 0, 0, 32767};
  PersonId owner = kNobody;
  PersonId holder = kNobody;
  bool is_locked = false;
  std::string shape;  ///< A word that clients know how to draw.
  std::string text;
  std::string proof;  ///< Of the text, for who reports it before it is kept.
  std::uint32_t moved_tick = 0;
  bool stays = false;         ///< When its owner goes: it is kept, or its keeper has been asked to keep it.
  bool has_moved = false;     ///< Since its keeper heard where it stands.
  std::uint64_t account = 0;  ///< Whose it is where it stays; 0: it goes with `owner`.
  std::uint64_t kept = 0;     ///< Its keeper's id; 0: not on the disk yet.
  std::string thing;          ///< That id as people name it; empty like `kept`.
  std::string by;             ///< Its owner's name when it was put down.
  std::int64_t until_s = 0;   ///< So long it stays: seconds since 1970 UTC.
};

/// Whether a viewer may be told of it. Asked only of what is near and has moved.
using MaySeeObject = std::function<bool(const SharedObject&)>;

/// Of one space, one thread. Failures say what the person may do instead.
class SharedObjects {
 public:
  base::Result<ObjectId> make(PersonId owner, std::string_view shape, std::string_view text, Place at, std::uint32_t tick);
  /// Held by one person at a time; a locked one by its owner only.
  base::Result<void> take(PersonId person, ObjectId id);
  base::Result<void> release(PersonId person, ObjectId id);
  base::Result<void> set_locked(PersonId person, ObjectId id, bool is_locked);
  base::Result<void> remove(PersonId person, ObjectId id);
  /// False where the person does not hold it or it would leave their reach or the space: nothing happens.
  bool move(PersonId person, Place person_at, const ObjectMove& move, const Bounds& bounds, std::uint32_t tick);
  /// Somebody has gone: what they held stands free, what they own goes with them, but for what stays. Returns the ids that are
  /// gone.
  std::vector<ObjectId> forget(PersonId person);

  // What stays.

  /// Something stands here that somebody put down before. Fails: limit.
  base::Result<ObjectId> stand(SharedObject object);
  /// Somebody is here again, as this person: what stays of their account is theirs.
  void adopt(PersonId person, std::uint64_t account);
  /// Away from here, whoever owns it.
  void drop(ObjectId id);
  /// To note what its keeper says; the place stays as it is. Valid until the next call that changes the objects.
  SharedObject* edit(ObjectId id);
  const SharedObject* find_kept(std::uint64_t kept) const;

  const SharedObject* find(ObjectId id) const;
  std::span<const SharedObject> all() const { return objects_; }
  /// The tick of the newest move.
  std::uint32_t changed_tick() const { return changed_tick_; }

  struct Moves {
    std::size_t bytes;
    bool is_all;
  };
  /// A tick's section after its flag: what moved after `since` within kObjectsSeenCm. At most kObjectsATickMax, another part
  /// each `turn`.
  Moves write_moves(Place around, const MaySeeObject& may_see, std::uint32_t since, std::uint32_t turn,
                    std::uint8_t* out) const;

 private:
  base::Result<SharedObject*> owned(PersonId person, ObjectId id);

  std::vector<SharedObject> objects_;
  ObjectId next_id_ = 1;
  std::uint32_t changed_tick_ = 0;
};

}  // namespace citiverse::presence
