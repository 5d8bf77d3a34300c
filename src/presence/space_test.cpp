// Who sees whom, where they are allowed to be, and that a client which applies the ticks knows what the server knows.
#include "presence/space.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "base/random.h"
#include "testing/presence_crowd.h"

namespace citiverse::presence {
namespace {

using testing_fixtures::Crowd;
using testing_fixtures::Visitor;

TEST(Space, two_who_stand_together_see_each_other_and_each_step) {
  Crowd crowd;
  Visitor& ana = crowd.join({0, 0});
  Visitor& ben = crowd.join({500, 0});
  crowd.run_s(1);
  ASSERT_TRUE(ana.sees(ben) && ben.sees(ana));
  for (int i = 0; i < 50; ++i) {
    ben.walk_to({500 + 10 * i, 7 * i, 0}, static_cast<std::uint8_t>(i), i % 7 == 0 ? 1 : 0);
    crowd.run_s(0.1);
    EXPECT_EQ(ana.row_of(ben).place, (Place{500 + 10 * i, 7 * i, 0}));
    EXPECT_EQ(ana.row_of(ben).heading, i);
  }
}

TEST(Space, who_goes_leaves_the_slots_of_all) {
  Crowd crowd;
  Visitor& ana = crowd.join({0, 0});
  Visitor& ben = crowd.join({500, 0});
  crowd.run_s(1);
  ASSERT_TRUE(ana.sees(ben));
  crowd.space().leave(ben.id());
  crowd.run_s(0.2);
  EXPECT_FALSE(ana.sees(ben));
  EXPECT_EQ(ana.table().people(), 0u);
}

TEST(Space, people_who_arrive_together_stand_in_nobody_and_on_the_ground_that_is_free) {
  Crowd crowd;
  std::vector<Visitor*> people;
  for (int i = 0; i < 30; ++i) people.push_back(&crowd.arrive());
  const auto apart_m = [&](const Visitor& a, const Visitor& b) {
    const Place one = *crowd.space().place(a.id());
    const Place other = *crowd.space().place(b.id());
    return std::hypot(one.x - other.x, one.y - other.y) / 100.0;
  };
  for (std::size_t i = 0; i < people.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) EXPECT_GE(apart_m(*people[i], *people[j]), 1.2) << i << " and " << j;
  // A teleport to where somebody stands ends beside them.
  const Place taken = *crowd.space().place(people[3]->id());
  crowd.space().teleport(people[20]->id(), {taken.x / 100.0, taken.y / 100.0}, crowd.now_us());
  EXPECT_GE(apart_m(*people[20], *people[3]), 1.2);
  EXPECT_LE(apart_m(*people[20], *people[3]), 10);
  // Hundreds find the least crowded place: the search is bounded, and nobody is refused.
  for (int i = 0; i < 300; ++i) crowd.arrive();
  EXPECT_EQ(crowd.space().people(), 330u);
}

TEST(Space, who_comes_to_a_place_of_their_own_stands_in_nobody_and_stays_there_where_it_is_free) {
  Crowd crowd;
  const Place free = *crowd.space().place(crowd.join({500, 500}).id());
  EXPECT_EQ(free, (Place{500, 500, 0}));
  for (int i = 0; i < 10; ++i) {
    const Place taken = *crowd.space().place(crowd.join({500, 500}).id());
    EXPECT_GE(std::hypot(taken.x - free.x, taken.y - free.y), 50) << "a body's width";
    EXPECT_LE(std::hypot(taken.x - free.x, taken.y - free.y), 700);
  }
}

TEST(Space, strangers_get_no_place_of_a_minor_whose_group_and_class_do) {
  Crowd crowd;
  Visitor& child = crowd.join_as({0, 0}, {.account = 900, .name = "Kim", .organisations = {7}, .is_minor = true});
  Visitor& stranger = crowd.join_as({200, 0}, {.account = 901, .name = "Sam", .organisations = {8}});
  Visitor& teacher = crowd.join_as({0, 200}, {.account = 902, .name = "Tea", .organisations = {8, 7}});
  Visitor& parent = crowd.join_as({0, 400}, {.account = 903, .name = "Pat"});
  ASSERT_TRUE(crowd.space().groups().make(child.id(), "abcdefghijklmnop"));
  ASSERT_TRUE(crowd.space().groups().join(parent.id(), "abcdefghijklmnop"));
  const PersonId family[] = {child.id(), parent.id()};
  crowd.space().regroup(family);
  crowd.run_s(2);
  EXPECT_FALSE(stranger.sees(child));
  EXPECT_TRUE(teacher.sees(child));
  EXPECT_TRUE(parent.sees(child));
  EXPECT_TRUE(child.sees(stranger)) << "what a minor sees is not limited";
  EXPECT_FALSE(crowd.space().is_known_to(stranger.id(), child.id()));
  EXPECT_TRUE(crowd.space().is_known_to(child.id(), stranger.id()));
  std::vector<PersonId> near;
  crowd.space().near(child.id(), 25, 100, near);
  EXPECT_EQ(std::ranges::count(near, stranger.id()), 0) << "who does not see them does not hear them";
  EXPECT_EQ(std::ranges::count(near, teacher.id()), 1);
  // Who leaves the group becomes a stranger at once.
  crowd.space().groups().leave(parent.id());
  crowd.space().regroup(family);
  crowd.run_s(1);
  EXPECT_FALSE(parent.sees(child));
}

TEST(Space, nobody_beyond_the_radius_is_seen_except_ones_group) {
  Crowd crowd;
  Visitor& ana = crowd.join({0, 0});
  Visitor& far = crowd.join({30'000, 0});
  Visitor& friend_far = crowd.join({60'000, 0});
  ASSERT_TRUE(crowd.space().groups().make(ana.id(), "abcdefghijklmnop"));
  ASSERT_TRUE(crowd.space().groups().join(friend_far.id(), "abcdefghijklmnop"));
  const PersonId people[] = {ana.id(), friend_far.id()};
  crowd.space().regroup(people);
  crowd.run_s(1);
  EXPECT_FALSE(ana.sees(far));
  EXPECT_TRUE(ana.sees(friend_far));
  EXPECT_TRUE(friend_far.sees(ana));
  crowd.space().groups().leave(friend_far.id());
  crowd.space().regroup(people);
  crowd.run_s(1);
  EXPECT_FALSE(ana.sees(friend_far));
}

TEST(Space, a_block_hides_both_from_each_other_at_once_and_only_them) {
  Crowd crowd;
  Visitor& ana = crowd.join({0, 0});
  Visitor& ben = crowd.join({100, 0});
  Visitor& cem = crowd.join({200, 0});
  crowd.run_s(1);
  ASSERT_TRUE(ana.sees(ben) && ben.sees(ana));
  crowd.space().set_blocked(ben.id(), ana.id(), true);
  crowd.run_s(0.1);
  EXPECT_FALSE(ana.sees(ben) || ben.sees(ana));
  EXPECT_FALSE(crowd.space().may_meet(ana.id(), ben.id()));
  std::vector<PersonId> near;
  crowd.space().near(ana.id(), 50, 10, near);
  EXPECT_EQ(near, std::vector<PersonId>{cem.id()});
  ben.walk_to({50, 0, 0});
  crowd.run_s(5);
  EXPECT_FALSE(ana.sees(ben) || ben.sees(ana));
  EXPECT_TRUE(ana.sees(cem) && cem.sees(ana) && ben.sees(cem) && cem.sees(ben));
  crowd.space().set_blocked(ana.id(), ben.id(), false);
  crowd.run_s(1);
  EXPECT_TRUE(ana.sees(ben) && ben.sees(ana));
}

TEST(Space, the_hidden_see_and_are_not_seen) {
  Crowd crowd;
  Visitor& ana = crowd.join({0, 0});
  Visitor& ben = crowd.join({100, 0});
  crowd.run_s(1);
  crowd.space().set_hidden(ben.id(), true);
  crowd.run_s(0.2);
  EXPECT_FALSE(ana.sees(ben));
  EXPECT_TRUE(ben.sees(ana));
  std::vector<PersonId> near;
  crowd.space().near(ana.id(), 50, 10, near);
  EXPECT_TRUE(near.empty());
  crowd.space().set_hidden(ben.id(), false);
  crowd.run_s(1);
  EXPECT_TRUE(ana.sees(ben));
}

TEST(Space, a_lost_connection_comes_back_as_the_same_person_once) {
  Crowd crowd;
  Visitor& ana = crowd.join({0, 0});
  Visitor& ben = crowd.join({100, 0});
  crowd.run_s(1);
  const ResumeToken token = ben.welcome().token;
  crowd.space().suspend(ben.id(), crowd.now_us());
  crowd.run_s(1);
  EXPECT_FALSE(ana.sees(ben));
  Hello back{.token = token};
  const auto welcome = crowd.space().join({.account = ben.account()}, back, crowd.fresh_token(), crowd.now_us());
  ASSERT_TRUE(welcome);
  EXPECT_TRUE(welcome->is_resumed);
  EXPECT_EQ(welcome->person, ben.id());
  EXPECT_EQ(welcome->place, (Place{100, 0, 0}));
  crowd.run_s(1);
  EXPECT_TRUE(ana.sees(ben));
  // The token is spent, and another's is worth nothing.
  const auto replayed = crowd.space().join({.account = ben.account()}, back, crowd.fresh_token(), crowd.now_us());
  ASSERT_TRUE(replayed);
  EXPECT_FALSE(replayed->is_resumed);
  crowd.space().suspend(ana.id(), crowd.now_us());
  const auto stolen = crowd.space().join({.account = 999}, {.token = ana.welcome().token}, crowd.fresh_token(), crowd.now_us());
  ASSERT_TRUE(stolen);
  EXPECT_FALSE(stolen->is_resumed);
}

TEST(Space, who_comes_back_to_a_restarted_node_stands_where_they_were) {
  Crowd crowd;
  Hello hello{.token = ResumeToken{1, 2, 3}, .has_place = true, .place = {12'345, -6'789, 0}, .heading = 9};
  const auto welcome = crowd.space().join({.account = 5}, hello, crowd.fresh_token(), crowd.now_us());
  ASSERT_TRUE(welcome);
  EXPECT_FALSE(welcome->is_resumed);
  EXPECT_EQ(welcome->place, hello.place);
}

TEST(Space, a_full_space_says_so_and_takes_the_next_when_somebody_has_left) {
  Crowd crowd(3);
  Visitor& ana = crowd.join({0, 0});
  crowd.join({0, 0});
  crowd.join({0, 0});
  const auto refused = crowd.space().join({.account = 9}, {}, crowd.fresh_token(), crowd.now_us());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::limit);
  crowd.space().leave(ana.id());
  EXPECT_TRUE(crowd.space().join({.account = 9}, {}, crowd.fresh_token(), crowd.now_us()));
}

TEST(Space, the_nearest_are_seen_and_a_crowd_is_told_as_density) {
  Crowd crowd;
  base::Random random(3);
  for (int i = 0; i < 900; ++i)
    crowd.join({static_cast<std::int32_t>(random.uniform(0, 3000)), static_cast<std::int32_t>(random.uniform(0, 3000))}, 32);
  crowd.run_s(4);
  std::size_t nearest_seen = 0;
  for (Visitor& visitor : crowd.visitors()) {
    EXPECT_EQ(visitor.table().people(), 32u);
    const auto nearest = crowd.nearest_to(visitor, 16);
    for (const Visitor* other : nearest) nearest_seen += visitor.sees(*other) ? 1 : 0;
    EXPECT_GE(visitor.people_in_density(), 850u);
  }
  EXPECT_GE(nearest_seen, 900u * 16 * 99 / 100);
}

TEST(Space, at_one_point_everybody_is_seen_by_somebody_and_sees_others_over_time) {
  Crowd crowd;
  for (int i = 0; i < 600; ++i) crowd.join({0, 0}, 32);
  crowd.run_s(1);  // Who came was put aside where there was room: all walk to the point.
  for (Visitor& each : crowd.visitors()) each.walk_to({0, 0, 0});
  std::vector<std::set<PersonId>> met(600);
  std::vector<unsigned> seen_by(600, 0);
  for (int second = 0; second < 60; ++second) {
    crowd.run_s(1);
    for (std::size_t i = 0; i < 600; ++i) {
      for (Slot slot = 0; slot < 32; ++slot) {
        const PersonId person = crowd.visitors()[i].table().row(slot).person;
        if (person != kNobody) met[i].insert(person);
      }
    }
  }
  for (std::size_t i = 0; i < 600; ++i) {
    EXPECT_GE(met[i].size(), 60u) << i;
    for (std::size_t j = 0; j < 600; ++j) seen_by[j] += met[i].contains(crowd.visitors()[j].id()) ? 1 : 0;
  }
  for (std::size_t j = 0; j < 600; ++j) EXPECT_GE(seen_by[j], 10u) << j;
}

TEST(Space, with_many_slots_the_far_ones_come_at_lower_rates_and_none_waits_longer_than_four_ticks) {
  Crowd crowd;
  for (int i = 0; i < 120; ++i) crowd.join({50 * i, 0}, 128);
  crowd.run_s(3);
  Visitor& first = crowd.visitors().front();
  std::vector<unsigned> waits(120, 0), worst(120, 0);
  for (int tick = 0; tick < 40; ++tick) {
    for (std::size_t i = 1; i < 120; ++i)
      crowd.visitors()[i].walk_to({static_cast<std::int32_t>(50 * i), tick % 2 == 0 ? 5 : 10, 0});
    crowd.run_s(0.1);
    for (std::size_t i = 1; i < 120; ++i) {
      ASSERT_TRUE(first.sees(crowd.visitors()[i]));
      waits[i] = first.row_of(crowd.visitors()[i]).place.y == (tick % 2 == 0 ? 5 : 10) ? 0 : waits[i] + 1;
      worst[i] = std::max(worst[i], waits[i]);
    }
  }
  EXPECT_EQ(worst[1], 0u);
  EXPECT_EQ(worst[20], 0u);
  EXPECT_GE(worst[110], 1u);
  EXPECT_LE(*std::ranges::max_element(worst), 4u);
}

TEST(Space, somebody_alone_is_seen_beside_a_dense_crowd_with_many_slots_and_with_few) {
  for (const std::uint8_t slots : {32, 16, 8}) {
    Crowd crowd;
    Visitor& ana = crowd.join({0, 0}, slots);
    base::Random random(5);
    for (int i = 0; i < 400; ++i)
      crowd.join({static_cast<std::int32_t>(random.uniform(-500, 500)), static_cast<std::int32_t>(random.uniform(-500, 500))},
                 0, 1);
    const Visitor& alone = crowd.join({2800, 2800}, 0, 1);
    const Visitor& far = crowd.join({-6000, 6000}, 0, 1);
    bool is_seen = false;
    bool is_far_seen = false;
    for (int second = 0; second < 600 && !(is_seen && is_far_seen); ++second) {
      crowd.run_s(1);
      is_seen = is_seen || ana.sees(alone);
      is_far_seen = is_far_seen || ana.sees(far);
    }
    EXPECT_TRUE(is_seen) << "with " << int{slots} << " slots";
    EXPECT_TRUE(is_far_seen) << "with " << int{slots} << " slots";
  }
}

TEST(Space, who_looks_one_way_sees_those_in_view_first) {
  Crowd crowd;
  Visitor& ana = crowd.join({0, 0}, 8);
  std::vector<Visitor*> north, south;
  for (int i = 0; i < 8; ++i) north.push_back(&crowd.join({100 * i - 350, 1000}, 8));
  for (int i = 0; i < 8; ++i) south.push_back(&crowd.join({100 * i - 350, -900}, 8));
  crowd.space().take(ana.id(), View{.rate_hz = 10, .slots = 8, .radius_m = 100, .heading = 128, .half_opening = 40});
  crowd.run_s(3);
  EXPECT_GE(std::ranges::count_if(south, [&](const Visitor* visitor) { return ana.sees(*visitor); }), 7);
  crowd.space().take(ana.id(), View{.rate_hz = 10, .slots = 8, .radius_m = 100, .heading = 0, .half_opening = 40});
  crowd.run_s(6);
  std::size_t seen = 0;
  for (const Visitor* visitor : north) seen += ana.sees(*visitor) ? 1 : 0;
  EXPECT_GE(seen, 7u) << "one slot of few wanders";
}

TEST(Space, fewer_slots_are_obeyed_at_once) {
  Crowd crowd;
  Visitor& ana = crowd.join({0, 0}, 32);
  for (int i = 0; i < 20; ++i) crowd.join({10 * i, 50}, 32);
  crowd.run_s(1);
  EXPECT_EQ(ana.table().people(), 20u);
  crowd.space().take(ana.id(), View{.rate_hz = 10, .slots = 4, .radius_m = 100});
  crowd.run_s(1);
  EXPECT_EQ(ana.table().people(), 4u);
}

TEST(Space, a_client_of_two_ticks_a_second_gets_two) {
  Crowd crowd;
  Visitor& ana = crowd.join({0, 0}, 32, 2);
  Visitor& ben = crowd.join({100, 0});
  crowd.run_s(1);
  const unsigned before = ana.ticks();
  for (int i = 0; i < 100; ++i) {
    ben.walk_to({100 + i % 2, 0, 0});
    crowd.run_s(0.1);
  }
  EXPECT_GE(ana.ticks() - before, 19u);
  EXPECT_LE(ana.ticks() - before, 21u);
}

TEST(Space, a_teleport_is_a_new_entry_and_old_steps_do_not_undo_it) {
  Crowd crowd;
  Visitor& ana = crowd.join({0, 0});
  Visitor& ben = crowd.join({100, 0});
  crowd.run_s(1);
  crowd.space().teleport(ben.id(), {300, 300}, crowd.now_us());
  ben.send_move({110, 0, 0});  // Sent before the client has heard of it.
  crowd.run_s(0.2);
  ben.send_move({120, 0, 0});  // And so late that the news had left already.
  crowd.run_s(0.8);
  EXPECT_FALSE(ana.sees(ben));
  EXPECT_EQ(crowd.space().place(ben.id()), (Place{30'000, 30'000, 0}));
  EXPECT_EQ(ben.corrections().back().first, Correction::teleport);
  EXPECT_FALSE(crowd.space().may_teleport(ben.id(), crowd.now_us()));
  crowd.run_s(2);
  EXPECT_TRUE(crowd.space().may_teleport(ben.id(), crowd.now_us()));
}

TEST(Space, a_step_that_comes_late_or_twice_changes_nothing_and_counting_goes_on_past_its_end) {
  Crowd crowd;
  Visitor& ana = crowd.join({0, 0});
  crowd.run_s(1);
  const auto walk = [&](std::uint16_t sequence, std::int32_t x_cm) {
    crowd.space().take(ana.id(), Move{sequence, {x_cm, 0, 0}, 0, 0}, crowd.now_us());
    return crowd.space().place(ana.id())->x;
  };
  EXPECT_EQ(walk(65'534, 100), 100);
  EXPECT_EQ(walk(65'534, 150), 100) << "again";
  EXPECT_EQ(walk(65'533, 200), 100) << "late";
  EXPECT_EQ(walk(40'000, 250), 100) << "very late";
  EXPECT_EQ(walk(65'535, 120), 120);
  EXPECT_EQ(walk(0, 140), 140);
  EXPECT_EQ(walk(65'535, 120), 140);
  EXPECT_EQ(walk(1, 160), 160);
}

TEST(Space, far_walks_and_climbs_are_never_read_two_ways) {
  Crowd crowd;
  Visitor& ana = crowd.join({0, 0}, 32, 1);
  Visitor& ben = crowd.join({0, 100});
  crowd.space().take(ana.id(), View{.rate_hz = 1, .slots = 32, .radius_m = 500});
  Place at{0, 100, 0};
  for (int i = 0; i < 900; ++i) {
    at.x += i < 500 ? 80 : -80;
    at.z += i % 200 < 100 ? 35 : -35;
    ben.walk_to(at);
    crowd.run_s(0.1);
    if (i % 10 == 9 && ana.sees(ben)) {
      crowd.run_s(1.1);
      ASSERT_EQ(ana.row_of(ben).place, at) << i;
    }
  }
}

}  // namespace
}  // namespace citiverse::presence
