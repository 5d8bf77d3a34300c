// One space while it runs: the engine, what people do and say in it, and which socket carries whom.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "api/people_met.h"
#include "api/presence_accounts.h"
#include "api/shared_relay.h"
#include "api/thing_keeper.h"
#include "net/web_socket_driver.h"
#include "presence/gathering.h"
#include "presence/space.h"
#include "presence/talk.h"

namespace citiverse::api {

class RunningSpace;

/// The space that a node always has.
inline constexpr std::string_view kCitySpace = "city";

/// What a running space wants of the door that carries its words.
class SpaceCarrier {
 public:
  virtual ~SpaceCarrier() = default;
  virtual bool carry(RunningSpace& space, presence::PersonId to, std::string_view json) = 0;
  virtual void went(RunningSpace& space, presence::PersonId person) = 0;
  virtual std::vector<presence::Elsewhere> elsewhere(const RunningSpace& space, const presence::Profile& who,
                                                     std::string_view group_code) = 0;
};

/// What all spaces of a node share; all must outlive them.
struct SpaceSurroundings {
  SpaceCarrier& carrier;
  PresenceAccounts& accounts;
  presence::TalkRules& talk_rules;
  presence::TalkPace& pace;  ///< Whoever was too fast in one space is so in all.
  SharedRelay* relay;        ///< May be absent.
};

/// Of the door's thread, but for what says otherwise. Spaces share nothing by which people of one would meet those of another.
class RunningSpace final : private presence::Teller {
 public:
  /// `ground` must outlive it.
  RunningSpace(std::string id, presence::SpaceOptions options, const presence::Ground& ground, SpaceSurroundings surroundings);
  RunningSpace(const RunningSpace&) = delete;
  RunningSpace& operator=(const RunningSpace&) = delete;

  const std::string& id() const { return id_; }
  presence::Space& space() { return space_; }
  const presence::Space& space() const { return space_; }
  presence::Gathering& gathering() { return gathering_; }
  presence::Talk& talk() { return talk_; }
  const presence::SayTable& says() const { return says_; }
  /// What stays here stands again, and what is to stay goes to `things`, which must outlive this. `running` differs for each
  /// running of the space.
  void set_things(ThingKeeper& things, std::uint64_t running);
  /// What ThingKeeper::keep() came to.
  void answered(const ThingAsker& asker, const base::Result<presence::KeptObject>& kept);
  /// A thing stands again, or no more, whoever decided so.
  void thing_changed(const presence::KeptObject& object, bool stands);
  /// Nobody is here, and nobody may come back to where they were.
  bool is_empty() const { return space_.people() == 0 && space_.held().suspended == 0; }

  std::vector<net::SocketId> sockets;                           ///< By the person's row.
  std::unordered_map<std::uint64_t, net::SocketId> by_account;  ///< Those who have said hello.
  /// For any thread, as of the last count().
  std::atomic<std::size_t> people{0};
  std::atomic<std::size_t> people_shown{0};  ///< Without the invisible.
  void count() {
    people.store(space_.people(), std::memory_order_relaxed);
    people_shown.store(space_.people_shown(), std::memory_order_relaxed);
  }
  // Under the door's mutex.
  std::unordered_map<presence::PersonId, MetPerson> met;
  std::unordered_map<std::uint64_t, std::uint32_t> persons_of;  ///< How many persons of an account there are.

 private:
  // What accounts say, as it holds in this space.
  class Rules final : public presence::GatheringRules {
   public:
    Rules(RunningSpace& space, presence::GatheringRules& rules) : space_(space), rules_(rules) {}
    base::Result<void> may_group(const presence::Profile& who) override { return rules_.may_group(who); }
    base::Result<void> may_invite(const presence::Profile& who, const presence::Profile& whom) override {
      return rules_.may_invite(who, whom);
    }
    bool is_muted(const presence::Profile& listener, const presence::Profile& other) override {
      return rules_.is_muted(listener, other);
    }
    // The city's objects are in the city's frame: in another space nobody goes to one.
    std::optional<geo::Vec2d> find_object(std::string_view id) override {
      return space_.id_ == kCitySpace ? rules_.find_object(id) : std::nullopt;
    }
    std::string fresh_code() override { return rules_.fresh_code(); }
    std::vector<presence::Elsewhere> elsewhere(const presence::Profile& who, std::string_view group_code) override {
      return space_.carrier_.elsewhere(space_, who, group_code);
    }

   private:
    RunningSpace& space_;
    presence::GatheringRules& rules_;
  };

  // Adds which space it is to what gathering asks.
  class Keeper final : public presence::ObjectKeeper {
   public:
    explicit Keeper(RunningSpace& space) : space_(space) {}
    base::Result<void> may_stay(const presence::Profile& who, std::string_view text) override;
    base::Result<void> keep(const presence::SharedObject& object) override;
    void settled(const presence::SharedObject& object) override;
    void taken_away(const presence::SharedObject& object) override;

   private:
    presence::KeptObject to_keep(const presence::SharedObject& object) const;
    RunningSpace& space_;
  };

  void stand(presence::KeptObject kept);
  bool tell(presence::PersonId to, std::string_view json) override { return carrier_.carry(*this, to, json); }
  void goes(presence::PersonId person) override;

  std::string id_;
  SpaceCarrier& carrier_;
  Rules rules_;
  Keeper keeper_;
  ThingKeeper* things_ = nullptr;
  std::uint64_t running_ = 0;
  std::unique_ptr<presence::VoiceRelay> relay_;
  presence::Space space_;
  presence::Talk talk_;
  presence::Gathering gathering_;
  presence::SayTable says_;
};

}  // namespace citiverse::api
