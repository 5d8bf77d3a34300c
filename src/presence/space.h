// A space: people in a frame of their own, who moves how, who sees whom. Everything that is told to a visitor at a tick comes
// from here.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "geo/lat_lon.h"
#include "presence/authority.h"
#include "presence/block_set.h"
#include "presence/body.h"
#include "presence/cell_index.h"
#include "presence/client_messages.h"
#include "presence/crowd_map.h"
#include "presence/ground.h"
#include "presence/groups.h"
#include "presence/interest.h"
#include "presence/reach.h"
#include "presence/server_messages.h"
#include "presence/shared_objects.h"
#include "presence/tick_writer.h"

namespace citiverse::presence {

inline constexpr std::int64_t kResumeUs = 30'000'000;  ///< A lost connection may come back so long.

struct SpaceOptions {
  std::string name = "city";
  geo::LatLon origin;
  Bounds bounds;
  Place spawn;
  std::uint32_t people_max = 25'000;
  std::uint32_t ticks_per_second = 100;
  std::uint64_t seed = 0;  ///< Of what is not secret: generations of numbers, sampling.
};

/// Carries what is told to whoever is connected. False: it could not be queued.
class Teller {
 public:
  virtual ~Teller() = default;
  virtual bool tell(PersonId to, std::string_view json) = 0;
  /// Somebody goes for good; the number still answers during the call, but for those who had lost their connection.
  virtual void goes(PersonId person) = 0;
};

/// Threads: one. Cost: about 1.6 kB a person; no allocation once it has held as many. Clock: `now_us` of a steady clock, never
/// going back.
class Space final : public Reach {
 public:
  Space(SpaceOptions options, const Ground& ground, Teller& teller);
  Space(const Space&) = delete;
  Space& operator=(const Space&) = delete;

  // Coming and going.

  /// `token`: a fresh secret. A hello with a good token of the same account brings that person back. Fails: limit when full.
  base::Result<Welcome> join(Profile profile, const Hello& hello, const ResumeToken& token, std::int64_t now_us);
  /// The connection is gone: nobody sees the person; they may come back for kResumeUs.
  void suspend(PersonId person, std::int64_t now_us);
  void leave(PersonId person);

  // What clients send. Of people who are not here nothing is taken.

  void take(PersonId person, const Move& move, std::int64_t now_us);
  void take(PersonId person, const View& view);
  void take(PersonId person, const ObjectMove& move);

  // Time.

  /// The clock goes on.
  void advance(std::int64_t now_us);
  /// The person's turn comes next: what will be read of them comes into the processor's cache meanwhile.
  void expect(PersonId person) const;
  /// True when by its rate it is the person's turn to be sent a tick; asked at least as often as that.
  bool has_turn(PersonId person);
  /// Into kTickBytesMax bytes; what is written is taken as sent. 0: nothing to say. Twice a second the viewer first chooses
  /// anew whom they see.
  std::size_t write_tick(PersonId person, std::uint8_t* out);
  std::uint32_t tick() const { return tick_; }
  /// Of the last advance().
  std::int64_t now_us() const { return now_us_; }

  // Relations and wishes.

  void set_blocked(PersonId one, PersonId other, bool is_blocked);
  /// Whoever's accounts they are, here or not: the person is told nothing of what these have left here.
  void set_apart_from(PersonId person, std::vector<std::uint64_t> accounts);
  void set_apart_from(PersonId person, std::uint64_t account, bool is_apart);
  void set_hidden(PersonId person, bool is_hidden);
  void set_personal_space(PersonId person, float personal_m);
  void set_profile(PersonId person, Profile profile);
  /// Somewhere else at once; the nearest free place where one may stand (free_place). Returns it.
  Place teleport(PersonId person, geo::Vec2d point_m, std::int64_t now_us);
  /// False when the last one is not kTeleportUs ago.
  bool may_teleport(PersonId person, std::int64_t now_us) const;
  /// True once in kAnnounceUs: telling all who see somebody costs a look at everybody.
  bool may_announce(PersonId person, std::int64_t now_us);
  void set_following(PersonId person, PersonId followed);
  PersonId following(PersonId person) const;
  /// Groups have changed for these people: their slots follow at once.
  void regroup(std::span<const PersonId> people);
  Groups& groups() { return groups_; }
  SharedObjects& objects() { return objects_; }

  // Reach.

  bool is_here(PersonId person) const override { return find(person) != kNoRow; }
  const Profile* profile(PersonId person) const override;
  std::optional<Place> place(PersonId person) const override;
  void near(PersonId who, double radius_m, std::size_t people_max, std::vector<PersonId>& out) const override;
  bool may_meet(PersonId one, PersonId other) const override;
  bool is_hidden(PersonId person) const override;
  void group_of(PersonId who, std::vector<PersonId>& out) const override;
  bool tell(PersonId to, std::string_view json) override;

  /// True when the person has a slot with the other, or is in a group with them.
  bool is_known_to(PersonId viewer, PersonId other) const;
  /// True when nothing keeps the other unseen: no block, and no minor to whom the viewer is a stranger.
  bool may_see(PersonId viewer, PersonId other) const;
  /// Nor owner or holder of what is there, nor whoever left it.
  bool may_see(PersonId viewer, const SharedObject& object) const {
    return may_see(viewer, object.owner) && may_see(viewer, object.holder) && !is_apart_from(viewer, object.account);
  }
  float personal_m(PersonId person) const;
  /// As near(), around a place and for nobody in particular, the hidden included: who is to be told of a thing there.
  void people_around(Place place, double radius_m, std::size_t people_max, std::vector<PersonId>& out) const;
  /// Inside the space and as near as one can lay hands on something.
  bool is_within_reach(PersonId person, Place place) const;
  const SpaceOptions& options() const { return options_; }
  /// Who is here already stays.
  void set_people_max(std::uint32_t people_max) { options_.people_max = people_max; }
  std::size_t people() const { return people_; }
  /// Without the invisible.
  std::size_t people_shown() const { return people_ - hidden_; }
  /// What the space keeps now: none of it grows with time.
  struct Held {
    std::size_t rows;  ///< In use, waiting to be freed, or free.
    std::size_t tokens;
    std::size_t suspended;
    std::size_t blocks;
    std::size_t groups;
    std::size_t objects;
  };
  Held held() const {
    return {bodies_.size(), tokens_.size(), suspended_rows_.size(), blocks_.size(), groups_.count(), objects_.all().size()};
  }
  /// People who see somebody.
  template <class F>
  void for_each_viewer_of(PersonId person, F&& f) const;
  /// Everybody who is here.
  template <class F>
  void for_each_person(F&& f) const;

  static constexpr std::int64_t kTeleportUs = 2'000'000;
  static constexpr std::int64_t kAnnounceUs = 2'000'000;

 private:
  Row find(PersonId person) const;
  Row take_row();
  base::Result<Row> row_for(const Profile& profile, const Hello& hello, std::int64_t now_us, bool& is_resumed);
  Row suspended_row(const ResumeToken& token, std::uint64_t account);
  void forget_token(const PersonCard& card);
  void settle_place(Row row, const Hello& hello, std::int64_t now_us);
  Place standing(geo::Vec2d point_m) const;
  /// What who arrives keeps free: everybody's personal space, or at least their bodies.
  enum class Clearance { wishes, bodies };
  struct Neighbour {
    float east_m;
    float north_m;
    float wish_m;
  };
  std::size_t neighbours_of(Place place, Row self, Clearance clearance, std::span<Neighbour> out) const;
  /// The place itself, or the first around it where one stands in nobody. Where all are taken: the least crowded, or the place
  /// itself where bodies only are kept free.
  Place free_place(Place wanted, Row self, Clearance clearance) const;
  /// A minor is shown to their group and to members of an organisation of theirs, such as their class; to nobody else.
  bool is_sheltered(Row viewer, Row minor) const;
  bool is_apart_from(PersonId person, std::uint64_t account) const;
  void refresh(Row row);
  void clear_view(Row row);
  void count_out(const PersonCard& card);
  void end_suspensions(std::int64_t now_us);
  void free_rows();
  std::uint32_t refresh_ticks() const { return options_.ticks_per_second / 2; }

  SpaceOptions options_;
  const Ground& ground_;
  Teller& teller_;
  std::vector<Body> bodies_;
  std::vector<Mover> movers_;
  std::vector<Pose> poses_;
  std::vector<std::unique_ptr<Viewer>> viewers_;
  std::vector<std::uint32_t> refreshed_ticks_;
  std::vector<std::unique_ptr<PersonCard>> cards_;
  std::vector<std::uint16_t> generations_;
  std::deque<Row> free_rows_;
  std::vector<Row> leaving_rows_;
  std::vector<Row> settled_rows_;                  // Have come, or gone elsewhere, since the index was built.
  std::unordered_map<std::uint64_t, Row> tokens_;  // By a token's first half; the whole is compared.
  std::vector<Row> suspended_rows_;                // Oldest first.
  std::vector<Row> pins_;
  CellIndex index_;
  CrowdMap crowd_;
  Interest interest_;
  BlockSet blocks_;
  Groups groups_;
  SharedObjects objects_;
  std::size_t people_ = 0;
  std::size_t hidden_ = 0;  // Of them.
  std::int64_t began_us_ = -1;
  std::int64_t now_us_ = 0;
  std::uint32_t tick_ = 1;
  std::uint32_t index_tick_ = 0;
  std::uint32_t crowd_tick_ = 0;
};

template <class F>
void Space::for_each_viewer_of(PersonId person, F&& f) const {
  const Row row = find(person);
  if (row == kNoRow) return;
  for (Row other = 0; other < bodies_.size(); ++other) {
    if (other == row || viewers_[other] == nullptr || find(bodies_[other].person) == kNoRow) continue;
    const Viewer& viewer = *viewers_[other];
    bool sees = false;
    viewer.taken.for_each([&](unsigned slot) { sees = sees || viewer.rows[slot] == row; });
    if (sees) f(bodies_[other].person);
  }
}

template <class F>
void Space::for_each_person(F&& f) const {
  for (const Body& body : bodies_)
    if (find(body.person) != kNoRow) f(body.person);
}

}  // namespace citiverse::presence
