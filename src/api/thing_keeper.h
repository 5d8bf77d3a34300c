// What a running space asks of whoever keeps the things that stay in it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "presence/gathering.h"
#include "presence/object_book.h"

namespace citiverse::api {

/// Which object of which running of a space waits for an answer.
struct ThingAsker {
  std::string space;
  std::uint64_t running = 0;
  presence::ObjectId object = 0;
};

/// Called from the door's thread; nothing of it waits for a disk. Answers come by PresenceDoor's thing_answered() and
/// thing_changed().
class ThingKeeper {
 public:
  virtual ~ThingKeeper() = default;
  /// As presence::ObjectKeeper.
  virtual base::Result<void> may_stay(const presence::Profile& who, std::string_view text) = 0;
  virtual base::Result<void> keep(ThingAsker asker, presence::KeptObject object) = 0;
  /// Of `object`, id, place, orientation and lock count.
  virtual void settled(presence::KeptObject object) = 0;
  virtual void taken_away(std::uint64_t owner, std::uint64_t id) = 0;
  virtual std::vector<presence::KeptObject> in_space(std::string_view space) = 0;
};

}  // namespace citiverse::api
