// A day of people coming, walking, meeting and going, by a seed and a clock that is turned by hand.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"
#include "presence/gathering.h"
#include "presence/server_messages.h"
#include "presence/space.h"

namespace citiverse::presence {
namespace {

constexpr std::uint32_t kTicksPerSecond = 2;
constexpr std::size_t kPeopleMax = 40;
constexpr Bounds kBounds{{-20'000, -20'000, -1000}, {20'000, 20'000, 5000}};

// People and their clients; what each client is told must make sense to it, always.
class Day : public Teller {
 public:
  explicit Day(std::uint64_t seed)
      : random_(seed),
        space_({.bounds = kBounds, .people_max = kPeopleMax, .ticks_per_second = kTicksPerSecond, .seed = seed}, ground_,
               *this) {}

  void run_s(std::int64_t seconds) {
    for (const std::int64_t end_s = now_s_ + seconds; now_s_ < end_s; ++now_s_) second();
  }
  void everybody_goes() {
    while (!people_.empty()) go(people_.size() - 1);
  }
  const Space& space() const { return space_; }
  std::size_t joined() const { return joined_; }
  std::size_t refused() const { return refused_; }
  std::size_t resumed() const { return resumed_; }
  std::size_t most_people() const { return most_people_; }
  std::uint64_t digest() const { return digest_; }

  bool tell(PersonId, std::string_view) override { return true; }
  void goes(PersonId person) override { space_.groups().leave(person); }

 private:
  struct Client {
    PersonId id;
    std::uint64_t account;
    ResumeToken token;
    SlotTable table;
    Place at;
    std::uint16_t sequence = 0;
  };

  void second() {
    // A day has its hours: few at night, too many at noon.
    const double hour = static_cast<double>(now_s_ % 86'400) / 3600;
    const double crowd = hour < 6 ? 0.1 : hour < 12 ? 0.5 : hour < 15 ? 1.2 : 0.6;
    if (random_.chance(0.02 * crowd)) join(ResumeToken{}, ++accounts_, false);
    for (std::size_t i = people_.size(); i-- > 0;) {
      if (random_.chance(0.0005))
        go(i);
      else if (random_.chance(0.0003))
        lose(i);
      else
        act(people_[i]);
    }
    std::erase_if(lost_, [&](const auto& lost) {
      if (!random_.chance(0.05)) return false;
      join(lost.second, lost.first, true);
      return true;
    });
    for (std::uint32_t tick = 0; tick < kTicksPerSecond; ++tick) {
      space_.advance(now_s_ * 1'000'000 + tick * (1'000'000 / kTicksPerSecond));
      for (Client& client : people_) show(client);
    }
  }

  void join(const ResumeToken& token, std::uint64_t account, bool has_token) {
    Hello hello{.rate_hz = 2, .slots = static_cast<std::uint8_t>(random_.below(33)), .radius_m = 100, .has_place = true};
    if (has_token) hello.token = token;
    hello.place = {static_cast<std::int32_t>(random_.uniform(-5000, 5000)),
                   static_cast<std::int32_t>(random_.uniform(-5000, 5000)), 0};
    ResumeToken fresh;
    for (auto& byte : fresh) byte = static_cast<std::uint8_t>(random_.next());
    const auto welcome = space_.join({.account = account}, hello, fresh, now_s_ * 1'000'000);
    if (!welcome) {
      ++refused_;
      return;
    }
    ++joined_;
    resumed_ += welcome->is_resumed ? 1 : 0;
    people_.push_back({welcome->person, account, fresh, {}, welcome->place});
    most_people_ = std::max(most_people_, people_.size());
  }
  void go(std::size_t i) {
    space_.leave(people_[i].id);
    people_.erase(people_.begin() + static_cast<std::ptrdiff_t>(i));
  }
  void lose(std::size_t i) {
    space_.suspend(people_[i].id, now_s_ * 1'000'000);
    lost_.emplace_back(people_[i].account, people_[i].token);
    people_.erase(people_.begin() + static_cast<std::ptrdiff_t>(i));
  }

  void act(Client& client) {
    const Client& other = people_[random_.below(static_cast<std::uint32_t>(people_.size()))];
    switch (random_.below(400)) {
      case 0: space_.set_blocked(client.id, other.id, true); break;
      case 1: space_.set_blocked(client.id, other.id, false); break;
      case 2: space_.set_hidden(client.id, random_.chance(0.3)); break;
      case 3:
        client.at = space_.teleport(client.id, {random_.uniform(-200, 200), random_.uniform(-200, 200)}, now_s_ * 1'000'000);
        break;
      case 4:
        (void)space_.groups().join(client.id, "groupnumber" + std::to_string(10000 + random_.below(5)));
        regroup(client.id);
        break;
      case 5:
        space_.groups().leave(client.id);
        regroup(client.id);
        break;
      case 6: space_.set_following(client.id, other.id); break;
      case 7: (void)space_.objects().make(client.id, "ball", "", client.at, space_.tick()); break;
      case 8:
        space_.take(client.id, View{.rate_hz = 2, .slots = static_cast<std::uint8_t>(random_.below(129)), .radius_m = 300});
        break;
      default: walk(client); break;
    }
  }
  void regroup(PersonId person) { space_.regroup({&person, 1}); }
  void walk(Client& client) {
    client.at.x =
        std::clamp(client.at.x + static_cast<std::int32_t>(random_.uniform(-150, 150)), kBounds.low.x, kBounds.high.x);
    client.at.y =
        std::clamp(client.at.y + static_cast<std::int32_t>(random_.uniform(-150, 150)), kBounds.low.y, kBounds.high.y);
    space_.take(client.id, Move{++client.sequence, client.at, static_cast<std::uint8_t>(random_.below(256)), 0},
                now_s_ * 1'000'000);
  }

  void show(Client& client) {
    if (!space_.has_turn(client.id)) return;
    const std::size_t bytes = space_.write_tick(client.id, out_);
    if (bytes == 0) return;
    for (std::size_t i = 0; i < bytes; ++i) digest_ = base::mix64(digest_ ^ out_[i]);
    const auto tick = read_tick({out_, bytes});
    ASSERT_TRUE(tick);
    ASSERT_TRUE(client.table.apply(*tick));
    if (tick->correction != Correction::none) client.at = tick->corrected_place;
    ASSERT_FALSE(client.table.find(client.id)) << "nobody sees oneself";
  }

  base::Random random_;
  OpenGround ground_;
  Space space_;
  std::int64_t now_s_ = 0;
  std::vector<Client> people_;
  std::vector<std::pair<std::uint64_t, ResumeToken>> lost_;
  std::uint64_t accounts_ = 0;
  std::size_t joined_ = 0;
  std::size_t refused_ = 0;
  std::size_t resumed_ = 0;
  std::size_t most_people_ = 0;
  std::uint64_t digest_ = 0;
  std::uint8_t out_[kTickBytesMax];
};

TEST(Day, twenty_four_hours_of_coming_and_going_leave_nothing_behind) {
  Day day(2026);
  day.run_s(86'400);
  EXPECT_GT(day.joined(), 500u);
  EXPECT_GT(day.resumed(), 50u);
  EXPECT_GT(day.refused(), 0u);
  EXPECT_EQ(day.most_people(), kPeopleMax);
  // Rows of those who have just gone wait for a second until nobody sees them.
  EXPECT_LE(day.space().held().rows, kPeopleMax + 20);
  day.everybody_goes();
  const Space::Held held = day.space().held();
  EXPECT_EQ(day.space().people(), 0u);
  EXPECT_EQ(held.tokens, held.suspended);
  EXPECT_EQ(held.blocks, 0u);
  EXPECT_LE(held.objects, held.suspended * kObjectsOfOneMax);
  EXPECT_LE(held.groups, held.suspended);
}

TEST(Day, the_same_seed_gives_the_same_bytes) {
  Day one(7), same(7), other(8);
  one.run_s(7200);
  same.run_s(7200);
  other.run_s(7200);
  EXPECT_NE(one.digest(), 0u);
  EXPECT_EQ(one.digest(), same.digest());
  EXPECT_NE(one.digest(), other.digest());
}

}  // namespace
}  // namespace citiverse::presence
