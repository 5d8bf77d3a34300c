// The things that stay, between the spaces' thread, which never waits, and the disk, which takes its time.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "api/people_safety.h"
#include "api/presence_door.h"
#include "api/thing_keeper.h"

namespace citiverse::api {

/// Threads: safe; a thread of its own writes. What waits when it ends is written first.
class NodeThings final : public ThingKeeper {
 public:
  static constexpr std::size_t kWishesMax = 512;  ///< New things that wait to be written; of others, one change each waits.

  /// Both must outlive it, and the door must be attached; it listens to the book of things from now on.
  NodeThings(PeopleSafety& safety, PresenceDoor& door);
  ~NodeThings() override;

  base::Result<void> may_stay(const presence::Profile& who, std::string_view text) override;
  base::Result<void> keep(ThingAsker asker, presence::KeptObject object) override;
  void settled(presence::KeptObject object) override;
  void taken_away(std::uint64_t owner, std::uint64_t id) override;
  std::vector<presence::KeptObject> in_space(std::string_view space) override { return safety_.things().in_space(space); }

  /// An account has changed: what a minor has left somewhere goes, since it could tell where they are.
  void review_account(identity::AccountId account);

 private:
  struct Wish {
    ThingAsker asker;
    presence::KeptObject object;
  };
  struct Waiting {
    std::deque<Wish> wishes;
    std::map<std::uint64_t, presence::KeptObject> settled;  // The newest of each.
    std::map<std::uint64_t, std::uint64_t> taken_away;      // And its owner.
    bool is_empty() const { return wishes.empty() && settled.empty() && taken_away.empty(); }
  };
  void work(const std::stop_token& stop);
  void write(Waiting& waiting);

  PeopleSafety& safety_;
  PresenceDoor& door_;
  std::mutex mutex_;
  std::condition_variable_any filled_;
  Waiting waiting_;
  std::jthread writer_;
};

/// /me/things. What is passed must outlive the router.
void add_thing_routes(net::Router& router, PeopleSafety& safety);

}  // namespace citiverse::api
