// Visitors of a presence space as tests need them: each has a client's table of slots, fed by the very ticks the server writes.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "presence/bytes.h"
#include "presence/space.h"

namespace citiverse::testing_fixtures {

using namespace citiverse::presence;

class Crowd;

class Visitor {
 public:
  Visitor(Crowd& crowd, std::uint64_t account, Welcome welcome) : crowd_(&crowd), account_(account), welcome_(welcome) {}

  PersonId id() const { return welcome_.person; }
  std::uint64_t account() const { return account_; }
  const Welcome& welcome() const { return welcome_; }
  const SlotTable& table() const { return table_; }
  bool sees(const Visitor& other) const { return table_.find(other.id()).has_value(); }
  const SlotTable::Row& row_of(const Visitor& other) const { return table_.row(table_.find(other.id()).value()); }
  unsigned ticks() const { return ticks_; }
  std::size_t bytes() const { return bytes_; }
  unsigned people_in_density() const { return density_people_; }
  const std::vector<std::pair<Correction, Place>>& corrections() const { return corrections_; }
  const std::vector<std::string>& told() const { return told_; }
  const std::map<ObjectId, Place>& objects() const { return objects_; }

  void send_move(Place to, std::uint8_t heading = 0, std::uint8_t state = 0);
  /// The same, and expects to be allowed to.
  void walk_to(Place to, std::uint8_t heading = 0, std::uint8_t state = 0);
  void take_tick(std::span<const std::uint8_t> message);
  void take_tell(std::string_view json) { told_.emplace_back(json); }

 private:
  Crowd* crowd_;
  std::uint64_t account_;
  Welcome welcome_;
  SlotTable table_;
  std::uint16_t sequence_ = 0;
  unsigned ticks_ = 0;
  std::size_t bytes_ = 0;
  unsigned density_people_ = 0;
  std::vector<std::pair<Correction, Place>> corrections_;
  std::vector<std::string> told_;
  std::map<ObjectId, Place> objects_;
};

class Crowd final : public Teller {
 public:
  explicit Crowd(std::uint32_t people_max = 5000, const Ground* ground = nullptr)
      : space_({.bounds = {{-100'000, -100'000, -10'000}, {100'000, 100'000, 10'000}}, .people_max = people_max},
               ground == nullptr ? open_ : *ground, *this) {
    space_.advance(0);
  }

  Space& space() { return space_; }
  std::int64_t now_us() const { return now_us_; }
  std::deque<Visitor>& visitors() { return visitors_; }

  struct Point {
    std::int32_t x;
    std::int32_t y;
  };
  Visitor& join(Point at, std::uint8_t slots = 32, std::uint8_t rate_hz = 10) {
    Hello hello{.rate_hz = rate_hz, .slots = slots, .radius_m = 100, .has_place = true, .place = {at.x, at.y, 0}};
    const std::uint64_t account = visitors_.size() + 1;
    const auto welcome =
        space_.join({.account = account, .name = "v" + std::to_string(account)}, hello, fresh_token(), now_us_);
    EXPECT_TRUE(welcome);
    return visitors_.emplace_back(*this, account, *welcome);
  }
  /// As join(), as somebody in particular.
  Visitor& join_as(Point at, Profile profile) {
    const std::uint64_t account = profile.account;
    const Hello hello{.rate_hz = 10, .slots = 32, .radius_m = 100, .has_place = true, .place = {at.x, at.y, 0}};
    const auto welcome = space_.join(std::move(profile), hello, fresh_token(), now_us_);
    EXPECT_TRUE(welcome);
    return visitors_.emplace_back(*this, account, *welcome);
  }
  /// Somebody who comes for the first time: where, the space says.
  Visitor& arrive() {
    const std::uint64_t account = visitors_.size() + 1;
    const auto welcome =
        space_.join({.account = account}, {.rate_hz = 10, .slots = 32, .radius_m = 100}, fresh_token(), now_us_);
    EXPECT_TRUE(welcome);
    return visitors_.emplace_back(*this, account, *welcome);
  }
  ResumeToken fresh_token() {
    ResumeToken token;
    for (auto& byte : token) byte = static_cast<std::uint8_t>(random_.next());
    return token;
  }

  /// Time passes in ticks of 10 ms; each visitor is offered a tick ten times a second.
  void run_s(double seconds) {
    for (const std::int64_t end_us = now_us_ + std::llround(seconds * 1e6); now_us_ < end_us;) {
      now_us_ += 10'000;
      space_.advance(now_us_);
      if (now_us_ % 100'000 != 0) continue;
      for (Visitor& visitor : visitors_) {
        if (!space_.has_turn(visitor.id())) continue;
        if (const std::size_t bytes = space_.write_tick(visitor.id(), out_); bytes != 0)
          visitor.take_tick(std::span(out_).first(bytes));
      }
    }
  }
  std::vector<const Visitor*> nearest_to(const Visitor& visitor, std::size_t count) const {
    std::vector<std::pair<double, const Visitor*>> others;
    const Place at = space_.place(visitor.id()).value();
    for (const Visitor& other : visitors_) {
      const auto place = space_.place(other.id());
      if (&other == &visitor || !place) continue;
      others.emplace_back(std::hypot(place->x - at.x, place->y - at.y), &other);
    }
    std::ranges::sort(others);
    std::vector<const Visitor*> nearest;
    for (std::size_t i = 0; i < std::min(count, others.size()); ++i) nearest.push_back(others[i].second);
    return nearest;
  }
  bool tell(PersonId to, std::string_view json) override {
    for (Visitor& visitor : visitors_)
      if (visitor.id() == to) visitor.take_tell(json);
    return true;
  }
  void goes(PersonId person) override {
    if (on_goes) on_goes(person);
  }
  std::function<void(PersonId)> on_goes;

 private:
  OpenGround open_;
  Space space_;
  std::int64_t now_us_ = 0;
  base::Random random_{11};
  std::deque<Visitor> visitors_;
  std::uint8_t out_[kTickBytesMax];
};

inline void Visitor::send_move(Place to, std::uint8_t heading, std::uint8_t state) {
  crowd_->space().take(id(), Move{++sequence_, to, heading, state}, crowd_->now_us());
}

inline void Visitor::walk_to(Place to, std::uint8_t heading, std::uint8_t state) {
  send_move(to, heading, state);
  EXPECT_EQ(crowd_->space().place(id()), to) << "not a step that a walker may take";
}

inline void Visitor::take_tick(std::span<const std::uint8_t> message) {
  const auto tick = read_tick(message);
  ASSERT_TRUE(tick) << "the server wrote a malformed tick";
  EXPECT_TRUE(table_.apply(*tick)) << "the server told of an empty slot";
  ++ticks_;
  bytes_ += message.size();
  if (tick->correction != Correction::none) corrections_.emplace_back(tick->correction, tick->corrected_place);
  for (std::size_t i = 0; i < tick->objects.size(); i += kObjectBytes) {
    const std::uint8_t* at = tick->objects.data() + i;
    objects_[get<ObjectId>(at)] = {get<std::int32_t>(at + 4), get<std::int32_t>(at + 8), get<std::int32_t>(at + 12)};
  }
  if (!tick->has_density) return;
  density_people_ = 0;
  for (std::size_t i = 0; i < tick->density.size(); i += kDensityCellBytes)
    density_people_ += get<std::uint16_t>(tick->density.data() + i + 1);
}

}  // namespace citiverse::testing_fixtures
