// What people do together, as their clients hear it.
#include "presence/gathering.h"

#include <cmath>

#include <gtest/gtest.h>

#include "testing/presence_crowd.h"

namespace citiverse::presence {
namespace {

using testing_fixtures::Crowd;
using testing_fixtures::Visitor;

class Rules : public GatheringRules {
 public:
  base::Result<void> may_group(const Profile& who) override {
    if (who.is_guest) return base::fail(base::ErrorCode::denied, "guests make no groups");
    return {};
  }
  base::Result<void> may_invite(const Profile&, const Profile& whom) override {
    if (whom.is_minor) return base::fail(base::ErrorCode::denied, "not this one");
    return {};
  }
  bool is_muted(const Profile& listener, const Profile& other) override { return listener.account == 1 && other.account == 2; }
  std::optional<geo::Vec2d> find_object(std::string_view id) override {
    if (id != "place-n1") return std::nullopt;
    return geo::Vec2d{300, 400};
  }
  std::string fresh_code() override { return "code0000000000000" + std::to_string(next_++); }
  std::vector<Elsewhere> elsewhere(const Profile&, std::string_view code) override {
    return code == in_hall ? std::vector<Elsewhere>{{"Dan", "abc", "Great hall"}} : std::vector<Elsewhere>{};
  }
  std::string in_hall;

 private:
  int next_ = 1;
};

// Somebody with account 3 is silent; words are proved by themselves.
class Words : public ThingWords {
 public:
  base::Result<Witness> put_on_thing(const Profile& who, std::string_view text, std::uint64_t) override {
    if (who.account == 3) return base::fail(base::ErrorCode::denied, "you may not talk now");
    return Witness{"2027-01-15T08:00:00Z", "proof:" + std::string(text)};
  }
};

// Notes what it is asked for; the test answers.
class Keeper : public ObjectKeeper {
 public:
  base::Result<void> may_stay(const Profile& who, std::string_view) override {
    if (who.is_guest) return base::fail(base::ErrorCode::denied, "stays: an account is needed");
    return {};
  }
  base::Result<void> keep(const SharedObject& object) override {
    asked.push_back(object);
    return {};
  }
  void settled(const SharedObject& object) override { moved.push_back(object); }
  void taken_away(const SharedObject& object) override { away.push_back(object.kept); }
  std::vector<SharedObject> asked;
  std::vector<SharedObject> moved;
  std::vector<std::uint64_t> away;
};

// Three who stand together, and what each of them says.
class GatheringTest : public ::testing::Test {
 protected:
  GatheringTest() : gathering(crowd.space(), rules, &keeper, &words) {
    gathering.add_to(table);
    crowd.on_goes = [this](PersonId person) { gathering.goes(person); };
    crowd.run_s(1);
  }

  void say(Visitor& from, std::string_view json) {
    EXPECT_TRUE(dispatch_say(table, crowd.space(), from.id(), json, static_cast<std::uint64_t>(crowd.now_us() / 1000)));
  }
  static std::string id(const Visitor& visitor) { return std::to_string(visitor.id()); }
  static std::string last(const Visitor& visitor) { return visitor.told().empty() ? "" : visitor.told().back(); }
  static bool heard(const Visitor& visitor, std::string_view words) { return last(visitor).find(words) != std::string::npos; }

  Crowd crowd;
  // As the disk would answer the last wish.
  static KeptObject kept_of(const SharedObject& object, std::uint64_t id) {
    return {.id = id,
            .owner = object.account,
            .owner_name = object.by,
            .shape = object.shape,
            .text = object.text,
            .at = object.at,
            .is_locked = object.is_locked,
            .stays_until = ObjectTime(std::chrono::seconds(1'800'000'000))};
  }
  // A sign that Ana lets stay, object 1, kept as 77; it stands free.
  void put_sign() {
    say(ana, R"({"t":"object","do":"make","shape":"sign","at":[1,1,0],"text":"Hello","stays":true})");
    gathering.kept(1, kept_of(keeper.asked.back(), 77), "thing77");
    say(ana, R"({"t":"object","do":"release","object":1})");
  }

  Rules rules;
  Keeper keeper;
  Words words;
  Gathering gathering;
  SayTable table;
  Visitor& ana = crowd.join({0, 0});
  Visitor& ben = crowd.join({200, 0});
  Visitor& cem = crowd.join({0, 300});
};

TEST_F(GatheringTest, names_are_told_of_those_whom_one_sees_and_of_nobody_else) {
  Visitor& far = crowd.join({90'000, 90'000});
  say(ana, R"({"t":"who","people":[)" + id(ben) + "," + id(far) + "]}");
  EXPECT_EQ(last(ana), R"({"t":"people","people":[{"person":)" + id(ben) +
                           R"(,"name":"v2","guest":false,"personal_m":1.2,"muted":true}],"gone":[)" + id(far) + "]}");
  crowd.space().set_hidden(ben.id(), true);
  say(ana, R"({"t":"who","people":[)" + id(ben) + "]}");
  EXPECT_TRUE(heard(ana, R"("people":[],"gone":[)" + id(ben)));
}

TEST_F(GatheringTest, wrong_messages_are_answered_by_what_is_wrong_with_them) {
  say(ana, R"({"t":"dance"})");
  EXPECT_TRUE(heard(ana, R"("code":"unknown_kind")"));
  say(ana, R"({"t":"meet","friends":true})");
  EXPECT_TRUE(heard(ana, "unknown_member"));
  say(ana, R"({"t":"who","people":[]})");
  EXPECT_TRUE(heard(ana, R"("code":"bad_input")"));
  say(ana, R"({"t":"react","kind":32})");
  EXPECT_TRUE(heard(ana, "kind"));
  say(ana, R"({"t":"go","point":[1]})");
  EXPECT_TRUE(heard(ana, "point"));
  say(ana, R"({"t":"go","point":[1,2],"person":3})");
  EXPECT_TRUE(heard(ana, "exactly one"));
  EXPECT_FALSE(dispatch_say(table, crowd.space(), ana.id(), R"({"t":1})", 0));
  EXPECT_FALSE(dispatch_say(table, crowd.space(), ana.id(), "[]", 0));
  EXPECT_FALSE(dispatch_say(table, crowd.space(), ana.id(), R"({"t":"meet","t":"go"})", 0));
}

TEST_F(GatheringTest, a_reaction_reaches_those_near_and_a_hidden_one_nobody) {
  say(ana, R"({"t":"react","kind":1})");
  EXPECT_EQ(last(ben), R"({"t":"reacted","from":)" + id(ana) + R"(,"kind":1})");
  const std::size_t before = ben.told().size();
  crowd.space().set_hidden(ana.id(), true);
  say(ana, R"({"t":"react","kind":1})");
  EXPECT_EQ(ben.told().size(), before);
}

TEST_F(GatheringTest, whoever_is_followed_knows_it) {
  say(ana, R"({"t":"follow","person":)" + id(ben) + "}");
  EXPECT_EQ(last(ben), R"({"t":"followed","from":)" + id(ana) + R"(,"on":true})");
  say(ana, R"({"t":"follow","person":null})");
  EXPECT_EQ(last(ben), R"({"t":"followed","from":)" + id(ana) + R"(,"on":false})");
  Visitor& far = crowd.join({90'000, 90'000});
  say(ana, R"({"t":"follow","person":)" + id(far) + "}");
  EXPECT_TRUE(heard(ana, "not_found"));
}

TEST_F(GatheringTest, a_block_ends_following) {
  say(ana, R"({"t":"follow","person":)" + id(ben) + "}");
  crowd.space().set_blocked(ana.id(), ben.id(), true);
  EXPECT_EQ(crowd.space().following(ana.id()), kNobody);
}

TEST_F(GatheringTest, a_group_is_made_joined_by_its_code_found_and_left) {
  say(ana, R"({"t":"group","make":true})");
  const std::string code = "code00000000000001";
  EXPECT_TRUE(heard(ana, code));
  say(ana, R"({"t":"group","invite":)" + id(ben) + "}");
  EXPECT_EQ(last(ben), R"({"t":"invited","from":)" + id(ana) + R"(,"name":"v1","code":")" + code + R"("})");
  say(ben, R"({"t":"group","join":")" + code + R"("})");
  EXPECT_TRUE(heard(ana, R"("name":"v2")"));
  ben.walk_to({200, 400, 0});
  say(ana, R"({"t":"meet"})");
  EXPECT_EQ(last(ana), R"({"t":"where","people":[{"person":)" + id(ben) +
                           R"(,"name":"v2","distance_m":4.5,"bearing_deg":27,"x_m":2,"y_m":4}]})");
  crowd.space().set_hidden(ben.id(), true);
  say(ana, R"({"t":"meet"})");
  EXPECT_EQ(last(ana), R"({"t":"where","people":[]})");
  say(ben, R"({"t":"group","leave":true})");
  EXPECT_EQ(last(ben), R"({"t":"group","members":[]})");
  EXPECT_FALSE(heard(ana, "v2"));
}

TEST_F(GatheringTest, the_leader_passes_on_when_they_go_and_the_rest_hear_of_it) {
  say(ana, R"({"t":"group","make":true})");
  say(ben, R"({"t":"group","join":"code00000000000001"})");
  say(cem, R"({"t":"group","join":"code00000000000001"})");
  say(ben, R"({"t":"group","remove":)" + id(cem) + "}");
  EXPECT_TRUE(heard(ben, "denied"));
  crowd.space().leave(ana.id());
  EXPECT_TRUE(heard(ben, R"("leader":)" + id(ben)));
  EXPECT_TRUE(heard(cem, R"("leader":)" + id(ben)));
}

TEST_F(GatheringTest, a_tour_is_led_joined_and_ended) {
  say(ana, R"({"t":"group","make":true})");
  say(ben, R"({"t":"group","join":"code00000000000001"})");
  say(ana, R"({"t":"tour","lead":true})");
  EXPECT_EQ(last(ben), R"({"t":"tour","leader":)" + id(ana) + R"(,"on":true,"joined":[]})");
  say(ben, R"({"t":"tour","join":true})");
  EXPECT_EQ(last(ana), R"({"t":"tour","leader":)" + id(ana) + R"(,"on":true,"joined":[)" + id(ben) + "]}");
  say(ana, R"({"t":"tour","lead":false})");
  EXPECT_EQ(last(ben), R"({"t":"tour","leader":)" + id(ana) + R"(,"on":false,"joined":[]})");
  say(ben, R"({"t":"tour","join":true})");
  EXPECT_TRUE(heard(ben, "conflict"));
}

TEST_F(GatheringTest, after_a_restart_a_code_brings_a_group_together_again) {
  say(ana, R"({"t":"group","join":"codefrombefore0001"})");
  say(ben, R"({"t":"group","join":"codefrombefore0001"})");
  EXPECT_TRUE(heard(ana, R"("name":"v2")"));
  say(ben, R"({"t":"group","join":"short"})");
  EXPECT_TRUE(heard(ben, "bad_input"));
}

TEST_F(GatheringTest, one_goes_to_a_point_an_object_or_ones_group_and_not_too_often) {
  say(ana, R"({"t":"go","object":"place-n1"})");
  EXPECT_EQ(last(ana), R"({"t":"moved","x_m":300,"y_m":400,"place":"place-n1"})");
  say(ana, R"({"t":"go","point":[1,2]})");
  EXPECT_TRUE(heard(ana, "limit"));
  crowd.run_s(2);
  say(ana, R"({"t":"go","person":)" + id(ben) + "}");
  EXPECT_TRUE(heard(ana, "denied"));
  say(ana, R"({"t":"group","make":true})");
  say(ben, R"({"t":"group","join":"code00000000000001"})");
  say(ana, R"({"t":"go","person":)" + id(ben) + "}");
  const Place beside = *crowd.space().place(ana.id());
  const Place there = *crowd.space().place(ben.id());
  const double apart_m = std::hypot(beside.x - there.x, beside.y - there.y) / 100.0;
  EXPECT_GE(apart_m, 1.2) << "in nobody's personal space";
  EXPECT_LE(apart_m, 3);
  crowd.run_s(2);
  say(ana, R"({"t":"go","point":[1e9,-1e9]})");
  EXPECT_EQ(crowd.space().place(ana.id()), (Place{100'000, -100'000, 0}));
}

TEST_F(GatheringTest, personal_space_is_told_to_those_who_see_one) {
  say(ana, R"({"t":"space","personal_m":2.5})");
  EXPECT_TRUE(heard(ben, R"("personal_m":2.5)"));
  say(ana, R"({"t":"space","personal_m":4})");
  EXPECT_TRUE(heard(ana, "personal_m"));
}

TEST_F(GatheringTest, an_object_is_made_held_moved_locked_and_goes_with_its_owner) {
  say(ana, R"({"t":"object","do":"make","shape":"ball","at":[1,1,0]})");
  EXPECT_EQ(last(ben), R"({"t":"objects","objects":[{"object":1,"shape":"ball","at":[1,1,0],"owner":)" + id(ana) +
                           R"(,"holder":)" + id(ana) + R"(,"locked":false}]})");
  say(ben, R"({"t":"object","do":"take","object":1})");
  EXPECT_TRUE(heard(ben, "conflict"));
  crowd.space().take(ana.id(), ObjectMove{1, {150, 100, 50}, {0, 0, 0, 32767}});
  crowd.run_s(0.2);
  EXPECT_EQ(ben.objects().at(1), (Place{150, 100, 50}));
  crowd.space().take(ben.id(), ObjectMove{1, {0, 0, 0}, {}});       // Not the holder.
  crowd.space().take(ana.id(), ObjectMove{1, {50'000, 0, 0}, {}});  // Out of reach.
  EXPECT_EQ(crowd.space().objects().find(1)->at, (Place{150, 100, 50}));
  say(ana, R"({"t":"object","do":"lock","object":1})");
  say(ana, R"({"t":"object","do":"release","object":1})");
  say(ben, R"({"t":"object","do":"take","object":1})");
  EXPECT_TRUE(heard(ben, "denied"));
  say(ana, R"({"t":"object","do":"unlock","object":1})");
  say(ben, R"({"t":"object","do":"take","object":1})");
  EXPECT_TRUE(heard(ana, R"("holder":)" + id(ben)));
  say(ben, R"({"t":"object","do":"remove","object":1})");
  EXPECT_TRUE(heard(ben, "denied"));
  say(cem, R"({"t":"object","do":"list"})");
  EXPECT_TRUE(heard(cem, R"("all":true)"));
  crowd.space().leave(ana.id());
  EXPECT_EQ(last(ben), R"({"t":"objects","objects":[],"gone":[1]})");
}

TEST_F(GatheringTest, what_somebody_held_who_goes_stands_free_and_all_who_are_near_hear_it) {
  say(ana, R"({"t":"object","do":"make","shape":"ball","at":[1,1,0]})");
  say(ana, R"({"t":"object","do":"release","object":1})");
  say(ben, R"({"t":"object","do":"take","object":1})");
  EXPECT_TRUE(heard(cem, R"("holder":)" + id(ben)));
  crowd.space().leave(ben.id());
  EXPECT_TRUE(heard(ana, R"("object":1)"));
  EXPECT_FALSE(heard(ana, "holder"));
  EXPECT_FALSE(heard(cem, "holder"));
  say(cem, R"({"t":"object","do":"take","object":1})");
  EXPECT_TRUE(heard(ana, R"("holder":)" + id(cem)));
}

TEST_F(GatheringTest, whoever_is_invisible_carries_nothing_that_would_tell_where_they_are) {
  say(ana, R"({"t":"object","do":"make","shape":"ball","at":[1,1,0]})");
  EXPECT_TRUE(heard(ben, R"("holder":)" + id(ana)));
  say(ana, R"({"t":"hide","on":true})");
  EXPECT_TRUE(heard(ben, R"("object":1)"));
  EXPECT_FALSE(heard(ben, "holder"));
  say(ana, R"({"t":"object","do":"take","object":1})");
  EXPECT_TRUE(heard(ana, "conflict"));
  say(ana, R"({"t":"object","do":"make","shape":"ball"})");
  EXPECT_TRUE(heard(ana, "conflict"));
}

TEST_F(GatheringTest, strangers_are_told_nothing_of_what_a_minor_puts_down_or_carries) {
  Visitor& kim = crowd.join_as({300, 0}, {.account = 90, .name = "Kim", .organisations = {7}, .is_minor = true});
  Visitor& tea = crowd.join_as({0, 300}, {.account = 91, .name = "Tea", .organisations = {7}});
  crowd.run_s(1);
  say(kim, R"({"t":"object","do":"make","shape":"kite","at":[3,1,0]})");
  EXPECT_TRUE(heard(tea, "kite"));
  EXPECT_FALSE(heard(ben, "kite"));
  say(ben, R"({"t":"object","do":"list"})");
  EXPECT_EQ(last(ben), R"({"t":"objects","all":true,"objects":[]})");
  crowd.space().take(kim.id(), ObjectMove{1, {350, 100, 50}, {0, 0, 0, 32767}});
  crowd.run_s(1);
  EXPECT_EQ(tea.objects().at(1), (Place{350, 100, 50}));
  EXPECT_FALSE(ben.objects().contains(1));
  // A thing that strangers knew goes out of their sight in a minor's hands, and comes back when it stands free.
  say(tea, R"({"t":"object","do":"make","shape":"drum","at":[1,3,0]})");
  say(tea, R"({"t":"object","do":"release","object":2})");
  EXPECT_TRUE(heard(ben, "drum"));
  say(kim, R"({"t":"object","do":"take","object":2})");
  EXPECT_EQ(last(ben), R"({"t":"objects","objects":[],"gone":[2]})");
  say(kim, R"({"t":"object","do":"release","object":2})");
  EXPECT_TRUE(heard(ben, "drum"));
}

TEST_F(GatheringTest, what_is_to_stay_is_named_once_it_is_kept_and_stands_when_its_owner_has_gone) {
  say(ana, R"({"t":"object","do":"make","shape":"sign","at":[1,1,0],"text":"Hello","stays":true})");
  ASSERT_EQ(keeper.asked.size(), 1u);
  EXPECT_FALSE(heard(ben, "thing")) << "not acknowledged before it is kept";
  EXPECT_FALSE(heard(ben, "owner")) << "whose it is must not tell later that they are here";
  gathering.kept(1, kept_of(keeper.asked.back(), 77), "thing77");
  EXPECT_EQ(last(ben), R"({"t":"objects","objects":[{"object":1,"shape":"sign","at":[1,1,0],"holder":)" + id(ana) +
                           R"(,"locked":false,"text":"Hello","by":"v1","thing":"thing77",)"
                           R"("stays_until":"2027-01-15T08:00:00Z"}]})");
  EXPECT_TRUE(heard(ana, R"("owner":)" + id(ana)));
  crowd.space().leave(ana.id());
  EXPECT_TRUE(heard(ben, R"("object":1)"));
  EXPECT_FALSE(heard(ben, "holder"));
  ASSERT_EQ(crowd.space().objects().all().size(), 1u);
  EXPECT_EQ(crowd.space().objects().find(1)->owner, kNobody);
}

TEST_F(GatheringTest, whoever_comes_again_owns_what_they_left) {
  put_sign();
  crowd.space().leave(ana.id());
  Visitor& again = crowd.join_as({0, 0}, {.account = ana.account(), .name = "Ana"});
  say(again, R"({"t":"object","do":"list"})");
  EXPECT_TRUE(heard(again, R"("owner":)" + id(again)));
  say(again, R"({"t":"object","do":"lock","object":1})");
  EXPECT_TRUE(keeper.moved.back().is_locked);
  say(ben, R"({"t":"object","do":"take","object":1})");
  EXPECT_TRUE(heard(ben, "denied"));
}

TEST_F(GatheringTest, its_keeper_hears_where_somebody_carried_it_when_they_put_it_down_or_go) {
  put_sign();
  keeper.moved.clear();
  say(ben, R"({"t":"object","do":"take","object":1})");
  crowd.space().take(ben.id(), ObjectMove{1, {250, 100, 0}, {0, 0, 0, 32767}});
  EXPECT_TRUE(keeper.moved.empty());
  crowd.space().leave(ben.id());
  ASSERT_EQ(keeper.moved.size(), 1u);
  EXPECT_EQ(keeper.moved.back().at, (Place{250, 100, 0}));
  EXPECT_EQ(keeper.moved.back().kept, 77u);
}

TEST_F(GatheringTest, what_stays_goes_from_the_disk_first_and_then_from_everybodys_sight) {
  put_sign();
  say(ben, R"({"t":"object","do":"remove","object":1})");
  EXPECT_TRUE(heard(ben, "denied"));
  say(ana, R"({"t":"object","do":"remove","object":1})");
  EXPECT_EQ(keeper.away, std::vector<std::uint64_t>{77});
  EXPECT_FALSE(heard(ben, "gone"));
  gathering.gone(77);
  EXPECT_EQ(last(ben), R"({"t":"objects","objects":[],"gone":[1]})");
  gathering.gone(77);
  // Taken away before it was kept: it is not kept after all.
  say(ana, R"({"t":"object","do":"make","shape":"sign","at":[1,1,0],"stays":true})");
  say(ana, R"({"t":"object","do":"remove","object":2})");
  gathering.kept(2, kept_of(keeper.asked.back(), 78), "thing78");
  EXPECT_EQ(keeper.away.back(), 78u);
}

TEST_F(GatheringTest, what_cannot_be_kept_goes_with_its_owner_who_is_told_why) {
  say(ana, R"({"t":"object","do":"make","shape":"sign","at":[1,1,0],"stays":true})");
  gathering.not_kept(1, {base::ErrorCode::limit, "8 things of yours stay already"});
  EXPECT_TRUE(heard(ana, "8 things of yours"));
  EXPECT_TRUE(heard(ben, R"("owner":)" + id(ana)));
  say(ana, R"({"t":"object","do":"make","shape":"sign","at":[1,1,0],"stays":true})");
  crowd.space().leave(ana.id());
  EXPECT_NE(crowd.space().objects().find(2), nullptr);
  gathering.not_kept(2, {base::ErrorCode::limit, "8 things of yours stay already"});
  EXPECT_EQ(last(ben), R"({"t":"objects","objects":[],"gone":[2]})");
  EXPECT_TRUE(crowd.space().objects().all().empty());
  Visitor& guest = crowd.join_as({100, 0}, {.account = 80, .is_guest = true});
  say(guest, R"({"t":"object","do":"make","shape":"sign","stays":true})");
  EXPECT_TRUE(heard(guest, "an account is needed"));
  say(guest, R"({"t":"object","do":"make","shape":"sign","stays":1})");
  EXPECT_TRUE(heard(guest, "stays: true or false"));
}

TEST_F(GatheringTest, what_stood_before_stands_again_but_not_for_those_who_are_blocked) {
  crowd.space().set_apart_from(cem.id(), {500});
  KeptObject before{.id = 90, .owner = 500, .owner_name = "Dan", .shape = "chair", .at = {100, 100, 0}};
  gathering.stand(before, "thing90");
  gathering.stand(before, "thing90");
  EXPECT_EQ(crowd.space().objects().all().size(), 1u);
  EXPECT_TRUE(heard(ben, R"("by":"Dan")"));
  EXPECT_FALSE(heard(cem, "Dan"));
  say(cem, R"({"t":"object","do":"list"})");
  EXPECT_EQ(last(cem), R"({"t":"objects","all":true,"objects":[]})");
  crowd.space().set_apart_from(cem.id(), 500, false);
  say(cem, R"({"t":"object","do":"list"})");
  EXPECT_TRUE(heard(cem, "Dan"));
  before.id = 91;
  before.at = {90'000'000, 0, 0};
  gathering.stand(before, "thing91");
  EXPECT_EQ(crowd.space().objects().all().size(), 1u) << "outside of the space";
}

TEST_F(GatheringTest, words_on_a_thing_are_held_as_talk_is_can_be_reported_and_spare_who_muted) {
  say(cem, R"({"t":"object","do":"make","shape":"sign","text":"I still speak"})");
  EXPECT_TRUE(heard(cem, "you may not talk now"));
  EXPECT_TRUE(crowd.space().objects().all().empty());
  say(cem, R"({"t":"object","do":"make","shape":"ball"})");
  EXPECT_TRUE(heard(ana, "ball")) << "a thing without words is no talk";
  say(ben, R"({"t":"object","do":"make","shape":"sign","at":[1,1,0],"text":"  Hello  "})");
  EXPECT_TRUE(heard(cem, R"("text":"Hello","proof":"proof:Hello")"));
  EXPECT_TRUE(heard(ana, R"("shape":"sign")"));
  EXPECT_FALSE(heard(ana, "Hello")) << "Ana has muted Ben";
  say(ana, R"({"t":"object","do":"list"})");
  EXPECT_FALSE(heard(ana, "Hello"));
  say(ana, R"({"t":"object","do":"make","shape":"no word but words"})");
  EXPECT_TRUE(heard(ana, "bad_input"));
}

TEST_F(GatheringTest, a_group_tells_nobody_of_a_member_who_is_blocked_or_invisible) {
  say(ana, R"({"t":"group","make":true})");
  const std::string join = R"({"t":"group","join":"code00000000000001"})";
  say(ben, join);
  say(cem, join);
  say(ana, R"({"t":"tour","lead":true})");
  crowd.space().set_blocked(ana.id(), ben.id(), true);
  gathering.sight_changed(ben.id());
  EXPECT_FALSE(heard(ben, "v1"));
  EXPECT_TRUE(heard(ben, "v3"));
  EXPECT_TRUE(heard(ben, R"("leader":0)"));
  say(cem, R"({"t":"tour","join":true})");
  EXPECT_TRUE(heard(ben, R"("on":false)"));
  EXPECT_TRUE(heard(ana, R"("joined":[)" + id(cem)));
  say(cem, R"({"t":"hide","on":true})");
  EXPECT_FALSE(heard(ana, "v3"));
  EXPECT_EQ(crowd.space().people_shown(), 2u);
  say(cem, R"({"t":"hide","on":false})");
  EXPECT_TRUE(heard(ana, "v3"));
  EXPECT_FALSE(heard(ana, "v2"));
  crowd.space().suspend(cem.id(), crowd.now_us());
  EXPECT_EQ(crowd.space().people_shown(), 2u);
}

TEST_F(GatheringTest, nobody_makes_more_objects_than_their_share) {
  for (std::size_t i = 0; i < kObjectsOfOneMax; ++i) say(ana, R"({"t":"object","do":"make","shape":"cone"})");
  say(ana, R"({"t":"object","do":"make","shape":"cone"})");
  EXPECT_TRUE(heard(ana, R"("code":"limit")"));
}

}  // namespace
}  // namespace citiverse::presence
